using System.Text;
using Acornima.Ast;
using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;

namespace FlowEngine.Scripting;

/// <summary>
/// Bounds what <c>{...x}</c>, <c>{ a, ...rest } = x</c> and <c>for (k in x)</c> take apart: of a long text each character is a key of its
/// own, which takes gigabytes and is no function that could be guarded. So a call
/// is put around x, and a read of a guarded property into the pattern. Stateless.
/// </summary>
internal static class KeyLimit
{
    /// <summary>The name of the function and the property; scripts may not use it.</summary>
    public const string Name = "$$own";

    /// <summary>How many keys a text or array may have there.</summary>
    private const int MaxKeys = ScriptLimits.SubjectLength / 2;

    /// <summary>Finds what must be put into a script, in no order.</summary>
    public static List<Insertion> Find(Node root, string source)
    {
        var found = new List<Insertion>();
        var pending = new Stack<Node>();
        pending.Push(root);
        while (pending.TryPop(out var node))
        {
            switch (node)
            {
                case ObjectExpression obj:
                    foreach (var member in obj.Properties)
                    {
                        if (member is SpreadElement spread)
                            Surround(spread.Argument, found);
                    }
                    break;
                case ForInStatement loop:
                    Surround(loop.Right, found);
                    break;
                case ObjectPattern pattern when HasRest(pattern):
                    found.Add(new Insertion(source.IndexOf('{', pattern.Start) + 1, $"{Name}:{{}}=0,"));
                    break;
            }
            foreach (var child in node.ChildNodes)
                pending.Push(child);
        }
        return found;
    }

    /// <summary>The source with the insertions, which are in order.</summary>
    public static string Apply(string source, IReadOnlyList<Insertion> insertions)
    {
        var text = new StringBuilder(source);
        for (var i = insertions.Count - 1; i >= 0; i--)
            text.Insert(insertions[i].Offset, insertions[i].Text);
        return text.ToString();
    }

    /// <summary>Gives an engine the function and the property.</summary>
    public static void Install(Engine engine)
    {
        var function = new ClrFunction(engine, "", (_, arguments) => Check(arguments.Length > 0 ? arguments[0] : JsValue.Undefined));
        engine.Global.FastSetProperty(Name, new PropertyDescriptor(function, writable: false, enumerable: false, configurable: false));
        var getter = new ClrFunction(
            engine,
            "",
            (thisValue, _) =>
            {
                Check(thisValue);
                return JsValue.Undefined;
            }
        );
        foreach (
            var prototype in new[] { (ObjectInstance)engine.Global.Get("String").Get("prototype"), engine.Intrinsics.Array.PrototypeObject }
        )
            prototype.FastSetProperty(
                Name,
                new GetSetPropertyDescriptor(getter, JsValue.Undefined, enumerable: false, configurable: false)
            );
    }

    private static JsValue Check(JsValue value) =>
        CollectionGuards.KeysOf(value) <= MaxKeys ? value : throw ScriptGuards.TooLarge("Taking apart a text or array of that length");

    private static bool HasRest(ObjectPattern pattern)
    {
        foreach (var member in pattern.Properties)
        {
            if (member is RestElement)
                return true;
        }
        return false;
    }

    private static void Surround(Node node, List<Insertion> found)
    {
        // A blank, because a keyword may stand right before it; twice, for an expression with a comma.
        found.Add(new Insertion(node.Start, $" {Name}(("));
        found.Add(new Insertion(node.End, "))"));
    }

    /// <summary>Shared and immutable: a text that is put into a source.</summary>
    /// <param name="Offset">Where.</param>
    /// <param name="Text">What.</param>
    internal readonly record struct Insertion(int Offset, string Text);
}
