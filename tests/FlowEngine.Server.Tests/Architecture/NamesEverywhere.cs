#pragma warning disable IDE0130 // Two namespaces in one file: the floors of a test.
#pragma warning disable CA1812, CA1822, CA1823, CA1852, CS0649, CS0169, IDE0044, IDE0051, CA1801, IDE0060, CA1031, CA1065 // Read, never run.
namespace FlowEngine.Server.Tests.Architecture.Upper
{
    internal class Thing
    {
        public static int Count => 1;
    }

    internal interface IPart;

    internal sealed class Trouble : Exception;

    [AttributeUsage(AttributeTargets.Class)]
    internal sealed class MarkAttribute : Attribute;
}

namespace FlowEngine.Server.Tests.Architecture.Lower
{
    using FlowEngine.Server.Tests.Architecture.Upper;

    internal sealed class Derived : Thing;

    internal sealed class Implements : IPart;

    internal sealed class Field
    {
        private Thing? _thing;
    }

    internal sealed class Argument
    {
        public void Take(Thing? thing) { }
    }

    internal sealed class Result
    {
        public Thing? Give() => null;
    }

    internal sealed class Calls
    {
        public int Count() => Thing.Count;
    }

    internal sealed class Makes
    {
        public object Make() => new Thing();
    }

    internal sealed class Catches
    {
        public bool Try(Action action)
        {
            try
            {
                action();
                return true;
            }
            catch (Trouble)
            {
                return false;
            }
        }
    }

    internal sealed class Constraint<T>
        where T : IPart;

    [Mark]
    internal sealed class Marked;

    internal sealed class Lists
    {
        public object Make() => new List<Thing[]>();
    }

    internal sealed class InALambda
    {
        public Func<object> Make() => () => new Thing();
    }

    internal sealed class Awaits
    {
        public async Task<int> CountAsync()
        {
            await Task.Yield();
            return Thing.Count;
        }
    }
}
