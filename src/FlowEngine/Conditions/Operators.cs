using System.Collections.Frozen;
using FlowEngine.Context;

namespace FlowEngine.Conditions;

/// <summary>The operators of SPEC 5, but for <c>matches</c>, whose pattern is compiled with the flow. Stateless.</summary>
internal static class Operators
{
    /// <summary>The name of the operator with a regular expression.</summary>
    public const string Matches = "matches";

    /// <summary>The name of the operator that holds for whatever is something.</summary>
    public const string NotEmpty = "not-empty";

    private const string InName = "in";
    private const string NotInName = "not-in";
    private const string InRangeName = "in-range";
    private const string NotInRangeName = "not-in-range";

    private static readonly Comparison Never = (in FlowValue _) => false;
    private static readonly Comparison Always = (in FlowValue _) => true;

    private static readonly FrozenDictionary<string, Operator> ByName = new Operator[]
    {
        Binary("equal", right => (in FlowValue left) => ValueEquality.AreSame(left, right)),
        Binary("not-equal", right => (in FlowValue left) => !ValueEquality.AreSame(left, right)),
        Binary("contains", right => Contains(right, wanted: true)),
        Binary("doesnt-contains", right => Contains(right, wanted: false)),
        Binary(
            "starts-with",
            right =>
                TextOf(right) is { } text
                    ? (in FlowValue left) => left.TryGetText(out var own) && own.StartsWith(text, StringComparison.Ordinal)
                    : Never
        ),
        Binary(
            "ends-with",
            right =>
                TextOf(right) is { } text
                    ? (in FlowValue left) => left.TryGetText(out var own) && own.EndsWith(text, StringComparison.Ordinal)
                    : Never
        ),
        Numeric("greater-than", order => order > 0),
        Numeric("greater-than-or-equal", order => order >= 0),
        Numeric("less-than", order => order < 0),
        Numeric("less-than-or-equal", order => order <= 0),
        Binary(InRangeName, right => InRange(right) ?? Never),
        Binary(NotInRangeName, right => InRange(right) is { } inside ? (in FlowValue left) => !inside(left) : Always),
        Binary(
            "devised-by",
            right =>
                DecimalNumber.TryFrom(right, out var divisor)
                    ? (in FlowValue left) => DecimalNumber.TryFrom(left, out var number) && number.IsDivisibleBy(divisor)
                    : Never
        ),
        Binary(InName, right => In(right) ?? Never),
        Binary(NotInName, right => In(right) is { } listed ? (in FlowValue left) => !listed(left) : Never),
        Unary("empty", (in FlowValue value) => IsEmpty(value)),
        Unary(NotEmpty, (in FlowValue value) => !IsEmpty(value)),
        Unary("is-true", (in FlowValue value) => TruthOf(value) == true),
        Unary("is-false", (in FlowValue value) => TruthOf(value) == false),
        Unary("is-email", (in FlowValue value) => value.TryGetText(out var text) && ContactFormats.IsEmail(text)),
        Unary("is-phone", (in FlowValue value) => value.TryGetText(out var text) && ContactFormats.IsPhone(text)),
    }.ToFrozenDictionary(o => o.Name, StringComparer.Ordinal);

    /// <summary>The names of all operators.</summary>
    public static IEnumerable<string> Names => ByName.Keys.Append(Matches);

    /// <summary>The operator of that name, or null.</summary>
    public static Operator? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>A comparison with a literal value, <c>matches</c> included; null where there is none.</summary>
    public static Comparison? Compare(string name, FlowValue value)
    {
        if (name != Matches)
            return Find(name)?.Prepare(value);
        return TextOf(value) is { } pattern && RegexPattern.Get(pattern) is { } regex
            ? (in FlowValue left) => TextOf(left) is { } subject && regex.IsMatch(subject)
            : null;
    }

    /// <summary>The texts of the values that a rule names one by one: the one that it compares with, or those of its list. A range names
    /// none.</summary>
    public static IEnumerable<string> Listed(string name, FlowValue value)
    {
        if (name is InRangeName or NotInRangeName)
            return [];
        if (value.TryGetArray(out var items))
            return items.Select(item => item.ToText());
        return name is InName or NotInName ? value.ToText().Split(',', StringSplitOptions.TrimEntries) : [value.ToText()];
    }

    /// <summary>Whether an operator asks what a value is, of which "nothing at all" is one answer: it has nothing to compare
    /// with.</summary>
    public static bool AsksForPresence(string name) => Find(name) is { TakesValue: false };

    /// <summary>The text of a text, number or boolean; null for anything else.</summary>
    public static string? TextOf(in FlowValue value) =>
        value.Kind is FlowValueKind.String or FlowValueKind.Number or FlowValueKind.Boolean ? value.ToText() : null;

    private static Operator Binary(string name, Func<FlowValue, Comparison> prepare) => new(name, true, prepare);

    private static Operator Unary(string name, Comparison comparison) => new(name, false, _ => comparison);

    private static Operator Numeric(string name, Func<int, bool> holds) =>
        Binary(
            name,
            right =>
                DecimalNumber.TryFrom(right, out var limit)
                    ? (in FlowValue left) => DecimalNumber.TryFrom(left, out var number) && holds(number.CompareTo(limit))
                    : Never
        );

    /// <summary>An array holds the value by the equality of <c>equal</c>; a string holds the text of a text, number or boolean. Anything
    /// else: neither contains nor doesn't.</summary>
    private static Comparison Contains(FlowValue right, bool wanted)
    {
        var text = TextOf(right);
        return (in FlowValue left) =>
        {
            if (left.TryGetArray(out var array))
                return Holds(array, right) == wanted;
            return text is not null && left.TryGetText(out var own) && own.Contains(text, StringComparison.Ordinal) == wanted;
        };
    }

    private static bool Holds(FlowArray array, in FlowValue value)
    {
        foreach (ref readonly var item in array.AsSpan())
        {
            if (ValueEquality.AreSame(item, value))
                return true;
        }
        return false;
    }

    /// <summary>"min,max", or an array of the two; null when they are not two numbers.</summary>
    private static Comparison? InRange(FlowValue right)
    {
        DecimalNumber low,
            high;
        if (right.TryGetText(out var text))
        {
            var comma = text.IndexOf(',', StringComparison.Ordinal);
            if (
                comma < 0
                || !DecimalNumber.TryParse(text.AsSpan(0, comma), out low)
                || !DecimalNumber.TryParse(text.AsSpan(comma + 1), out high)
            )
                return null;
        }
        else if (
            !right.TryGetArray(out var bounds)
            || bounds.Count != 2
            || !DecimalNumber.TryFrom(bounds[0], out low)
            || !DecimalNumber.TryFrom(bounds[1], out high)
        )
        {
            return null;
        }
        return (in FlowValue left) =>
            DecimalNumber.TryFrom(left, out var number) && number.CompareTo(low) >= 0 && number.CompareTo(high) <= 0;
    }

    /// <summary>An array, or a text whose items are separated by commas and trimmed;
    /// null for anything else. A text without items is an empty list.</summary>
    private static Comparison? In(FlowValue right)
    {
        if (right.TryGetArray(out var array))
            return (in FlowValue left) => Holds(array, left);
        if (!right.TryGetText(out var text))
            return null;

        var items = string.IsNullOrWhiteSpace(text) ? [] : text.Split(',', StringSplitOptions.TrimEntries);
        return (in FlowValue left) =>
        {
            foreach (var item in items)
            {
                if (ValueEquality.HasText(left, item))
                    return true;
            }
            return false;
        };
    }

    private static bool IsEmpty(in FlowValue value) =>
        value.Kind switch
        {
            FlowValueKind.Missing or FlowValueKind.Null => true,
            FlowValueKind.String => value.TryGetText(out var text) && text.Length == 0,
            FlowValueKind.Array => value.TryGetArray(out var array) && array.Count == 0,
            FlowValueKind.Object => value.TryGetObject(out var obj) && obj.Count == 0,
            _ => false,
        };

    private static bool? TruthOf(in FlowValue value)
    {
        if (value.TryGetBoolean(out var boolean))
            return boolean;
        if (value.TryGetText(out var text))
            return text == "true" ? true
                : text == "false" ? false
                : null;
        if (value.Kind != FlowValueKind.Number)
            return null;
        return DecimalNumber.TryFrom(value, out var number) ? number.CompareTo(default) != 0 : true;
    }
}
