using System.Globalization;
using FlowEngine.Context;

namespace FlowEngine.Conditions;

/// <summary>The equality of conditions (SPEC 5): the values, or their texts, are the same; null and missing are "". Stateless.</summary>
/// <remarks>
/// Numbers are the same by value (1.0 is 1, and a numeric 1.50 is 1.5), a number and a text by text (404 is "404" but not "404.0"), arrays
/// element by element and objects member by member whatever their order, or by their compact JSON. Texts are compared ordinally.
/// </remarks>
internal static class ValueEquality
{
    public static bool AreSame(in FlowValue left, in FlowValue right)
    {
        if (left.Kind == right.Kind)
            return left.Equals(right);

        if (right.TryGetText(out var text))
            return HasText(left, text);
        if (left.TryGetText(out text))
            return HasText(right, text);
        return left.IsNothing && right.IsNothing;
    }

    /// <summary>Whether the value's text is this one, without making the text of the simple kinds.</summary>
    public static bool HasText(in FlowValue value, ReadOnlySpan<char> text)
    {
        switch (value.Kind)
        {
            case FlowValueKind.Missing or FlowValueKind.Null:
                return text.IsEmpty;
            case FlowValueKind.Boolean:
                value.TryGetBoolean(out var boolean);
                return text.SequenceEqual(boolean ? "true" : "false");
            case FlowValueKind.String:
                value.TryGetText(out var own);
                return text.SequenceEqual(own);
            case FlowValueKind.Number when value.IsIntegerForm:
                Span<char> digits = stackalloc char[20];
                value.RawBits.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
                return text.SequenceEqual(digits[..length]);
            default:
                return text.SequenceEqual(value.ToText());
        }
    }
}
