using FlowEngine.Context;

namespace FlowEngine.Database.Queries;

/// <summary>Tells which one type the elements of an array have. Stateless.</summary>
internal static class ArrayKind
{
    /// <summary>The type of all elements; null elements fit any.</summary>
    public enum Kind
    {
        /// <summary>Texts; or nothing but nulls, or nothing at all.</summary>
        Texts,

        /// <summary>Booleans.</summary>
        Booleans,

        /// <summary>Integers of 32 bits.</summary>
        Integers,

        /// <summary>Integers of 64 bits.</summary>
        Longs,

        /// <summary>Numbers that a decimal holds exactly.</summary>
        Numbers,

        /// <summary>Numbers, some of which a decimal does not hold.</summary>
        LongNumbers,

        /// <summary>No one type, or one that arrays do not have.</summary>
        Mixed,
    }

    /// <summary>The kind of an array.</summary>
    public static Kind Of(FlowArray array)
    {
        Kind? all = null;
        foreach (ref readonly var item in array.AsSpan())
        {
            if (item.IsNothing)
                continue;
            var kind = OfElement(item);
            if (all is null)
                all = kind;
            else if (all != kind)
                all = IsNumeric(all.Value) && IsNumeric(kind) ? (Kind)Math.Max((int)all, (int)kind) : Kind.Mixed;
            if (all == Kind.Mixed)
                return Kind.Mixed;
        }
        return all ?? Kind.Texts;
    }

    private static bool IsNumeric(Kind kind) => kind is Kind.Integers or Kind.Longs or Kind.Numbers or Kind.LongNumbers;

    private static Kind OfElement(FlowValue item) =>
        item.Kind switch
        {
            FlowValueKind.String => Kind.Texts,
            FlowValueKind.Boolean => Kind.Booleans,
            FlowValueKind.Number when item.TryGetInteger(out var integer) => integer is >= int.MinValue and <= int.MaxValue
                ? Kind.Integers
                : Kind.Longs,
            FlowValueKind.Number => ExactNumber.TryGet(item, out _) ? Kind.Numbers : Kind.LongNumbers,
            _ => Kind.Mixed,
        };
}
