using System.Globalization;
using System.Numerics;
using System.Text;
using FlowEngine.Context;
using FlowEngine.Database.Queries;
using Npgsql;
using NpgsqlTypes;

namespace FlowEngine.Database.Engines.Postgres;

/// <summary>Types a value as PostgreSQL types a literal: 5 is an integer, 5000000000 a bigint, 1.5 a numeric, and a text is of whatever
/// type its place asks for. Stateless.</summary>
internal static class PostgresParameter
{
    /// <summary>The parameter of a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="declared">Whether a parameter that would go without a type is declared as text, or an array of texts.</param>
    public static NpgsqlParameter Of(FlowValue value, bool declared)
    {
        switch (value.Kind)
        {
            case FlowValueKind.Boolean:
                value.TryGetBoolean(out var boolean);
                return Typed(NpgsqlDbType.Boolean, boolean);
            case FlowValueKind.Number:
                return OfNumber(value, declared);
            case FlowValueKind.Array:
                value.TryGetArray(out var array);
                return OfArray(value, array!, declared);
            case FlowValueKind.String or FlowValueKind.Object:
                return Text(value.ToText(), declared);
            default:
                return Typed(declared ? NpgsqlDbType.Text : NpgsqlDbType.Unknown, DBNull.Value);
        }
    }

    /// <summary>Whether a value's parameter goes without a type.</summary>
    public static bool IsUntyped(FlowValue value) => Of(value, declared: false).NpgsqlDbType == NpgsqlDbType.Unknown;

    private static NpgsqlParameter OfNumber(FlowValue value, bool declared)
    {
        if (value.TryGetInteger(out var integer))
            return integer is >= int.MinValue and <= int.MaxValue
                ? Typed(NpgsqlDbType.Integer, (int)integer)
                : Typed(NpgsqlDbType.Bigint, integer);
        if (ExactNumber.TryGet(value, out var number))
            return Typed(NpgsqlDbType.Numeric, number);
        if (BigInteger.TryParse(value.ToText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var large))
            return Typed(NpgsqlDbType.Numeric, large);
        // A fraction beyond what a decimal holds: the digits as they are.
        return Text(value.ToText(), declared);
    }

    private static NpgsqlParameter OfArray(FlowValue value, FlowArray array, bool declared) =>
        ArrayKind.Of(array) switch
        {
            ArrayKind.Kind.Texts when declared => Typed(
                NpgsqlDbType.Array | NpgsqlDbType.Text,
                array.Select(item => item.TryGetText(out var text) ? text : null).ToArray()
            ),
            ArrayKind.Kind.Texts or ArrayKind.Kind.LongNumbers => Text(Literal(array), declared: false),
            ArrayKind.Kind.Booleans => Typed(
                NpgsqlDbType.Array | NpgsqlDbType.Boolean,
                array.Select(item => item.TryGetBoolean(out var boolean) ? boolean : (bool?)null).ToArray()
            ),
            ArrayKind.Kind.Integers => Typed(
                NpgsqlDbType.Array | NpgsqlDbType.Integer,
                array.Select(item => item.TryGetInteger(out var integer) ? (int)integer : (int?)null).ToArray()
            ),
            ArrayKind.Kind.Longs => Typed(
                NpgsqlDbType.Array | NpgsqlDbType.Bigint,
                array.Select(item => item.TryGetInteger(out var integer) ? integer : (long?)null).ToArray()
            ),
            ArrayKind.Kind.Numbers => Typed(
                NpgsqlDbType.Array | NpgsqlDbType.Numeric,
                array.Select(item => ExactNumber.TryGet(item, out var number) ? number : (decimal?)null).ToArray()
            ),
            _ => Text(value.ToJson(), declared),
        };

    private static NpgsqlParameter Text(string text, bool declared) => Typed(declared ? NpgsqlDbType.Text : NpgsqlDbType.Unknown, text);

    private static NpgsqlParameter Typed(NpgsqlDbType type, object value) => new() { NpgsqlDbType = type, Value = value };

    /// <summary>An array of texts or numbers in PostgreSQL's own form: {"a","b",NULL}.</summary>
    private static string Literal(FlowArray array)
    {
        var literal = new StringBuilder("{");
        foreach (ref readonly var item in array.AsSpan())
        {
            if (literal.Length > 1)
                literal.Append(',');
            if (item.IsNothing)
            {
                literal.Append("NULL");
                continue;
            }
            literal.Append('"');
            foreach (var c in item.ToText())
            {
                if (c is '"' or '\\')
                    literal.Append('\\');
                literal.Append(c);
            }
            literal.Append('"');
        }
        return literal.Append('}').ToString();
    }
}
