using System.Collections.Frozen;
using FlowEngine.Conditions;
using FlowEngine.Context;

namespace FlowEngine.Screens;

/// <summary>
/// Stateless: the rules in the <c>showIf</c> of a screen that is shown: <c>{ key, operator, value }</c>, the key of an input of that screen,
/// or <c>{ match, rules }</c>. They hold nothing that whoever sees the screen may not read. Pages decide them again while somebody types, and
/// the server when the screen is submitted.
/// </summary>
public static class ShownRules
{
    private const string KeyPrefix = "form.";
    private static readonly FlowShape OfOne = FlowShape.Of("key", "operator", "value");
    private static readonly FlowShape OfGroup = FlowShape.Of("match", "rules");

    /// <summary>The operators that pages decide exactly as the server does. A regular expression, or a number that is divided, is not the
    /// same in both.</summary>
    private static readonly FrozenSet<string> Live = new[]
    {
        "equal",
        "not-equal",
        "contains",
        "doesnt-contains",
        "starts-with",
        "ends-with",
        "in",
        "not-in",
        "empty",
        "not-empty",
        "is-true",
        "is-false",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The operators that may ask for an input of the same screen.</summary>
    public static IEnumerable<string> Operators => Live.Order(StringComparer.Ordinal);

    /// <summary>Whether a rule holds. One that is not understood does not.</summary>
    /// <param name="rule">The rule; missing for always.</param>
    /// <param name="valueOf">What stands in an input.</param>
    public static bool Holds(FlowValue rule, Func<string, FlowValue> valueOf)
    {
        if (rule.IsMissing)
            return true;
        if (rule.Get("rules").TryGetArray(out var rules))
            return rule.Get("match").ToText() == "any" ? rules.Any(one => Holds(one, valueOf)) : rules.All(one => Holds(one, valueOf));
        var key = rule.Get("key").ToText();
        if (!key.StartsWith(KeyPrefix, StringComparison.Ordinal) || !IsLive(rule.Get("operator").ToText()))
            return false;
        var left = valueOf(key[KeyPrefix.Length..]);
        return Conditions.Operators.Compare(rule.Get("operator").ToText(), rule.Get("value"))?.Invoke(left) == true;
    }

    internal static bool IsLive(string @operator) => Live.Contains(@operator);

    internal static FlowValue Comparison(string name, string @operator, FlowValue value) =>
        FlowValue.From(OfOne.With(FlowValue.From(KeyPrefix + name), FlowValue.From(@operator), value.IsMissing ? FlowValue.Null : value));

    internal static FlowValue Group(IEnumerable<FlowValue> rules, bool all) =>
        FlowValue.From(OfGroup.With(FlowValue.From(all ? "all" : "any"), FlowValue.Array(rules)));
}
