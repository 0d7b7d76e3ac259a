using FlowEngine.Conditions;
using FlowEngine.Context;
using FlowEngine.Templates;

namespace FlowEngine.Screens;

/// <summary>Shared and immutable: when a component is shown. What it asks of the inputs of its own screen is decided by what stands in
/// them, here and live in a page; everything else is settled when the screen is shown.</summary>
internal abstract class ShowRule
{
    /// <summary>Whether it asks for inputs of its own screen.</summary>
    public abstract bool IsLive { get; }

    /// <summary>Whether it holds.</summary>
    /// <param name="context">The run's data as it was when the screen was shown.</param>
    /// <param name="entered">What stands in an input of the screen; missing for one that is not shown.</param>
    public abstract bool Holds(ReadContext context, Func<string, FlowValue> entered);

    /// <summary>What is left to decide while the screen is shown: true, false, or a rule of keys, operators and values; see
    /// <see cref="ShownRules"/>.</summary>
    /// <param name="context">The run's data.</param>
    /// <param name="isThere">Whether the input of that name can be shown at all.</param>
    public abstract FlowValue Left(ReadContext context, Predicate<string> isThere);
}

/// <summary>Shared and immutable: asks for what was known before the screen.</summary>
internal sealed class KnownShowRule(Rule rule) : ShowRule
{
    public override bool IsLive => false;

    public override bool Holds(ReadContext context, Func<string, FlowValue> entered)
    {
        FlowEngine.Errors.FlowError? failure = null;
        return rule.Holds(context, ref failure, CancellationToken.None) && failure is null;
    }

    public override FlowValue Left(ReadContext context, Predicate<string> isThere) => FlowValue.From(Holds(context, _ => default));
}

/// <summary>Shared and immutable: compares an input of the same screen with a literal value.</summary>
internal sealed class InputShowRule(string name, Operator @operator, FlowValue value) : ShowRule
{
    private readonly Comparison _comparison = @operator.Prepare(value);

    public override bool IsLive => true;

    public override bool Holds(ReadContext context, Func<string, FlowValue> entered)
    {
        var left = entered(name);
        return _comparison(left);
    }

    public override FlowValue Left(ReadContext context, Predicate<string> isThere) =>
        isThere(name) ? ShownRules.Comparison(name, @operator.Name, value) : FlowValue.From(_comparison(FlowValue.Missing));
}

/// <summary>Shared and immutable: rules of which all must hold, or any one.</summary>
internal sealed class GroupShowRule(IReadOnlyList<ShowRule> rules, bool all) : ShowRule
{
    public override bool IsLive { get; } = rules.Any(rule => rule.IsLive);

    public override bool Holds(ReadContext context, Func<string, FlowValue> entered) =>
        all ? rules.All(rule => rule.Holds(context, entered)) : rules.Any(rule => rule.Holds(context, entered));

    public override FlowValue Left(ReadContext context, Predicate<string> isThere)
    {
        var left = new List<FlowValue>(rules.Count);
        foreach (var rule in rules)
        {
            var one = rule.Left(context, isThere);
            if (!one.TryGetBoolean(out var known))
                left.Add(one);
            else if (known != all)
                return FlowValue.From(known);
        }
        return left.Count switch
        {
            0 => FlowValue.From(all),
            1 => left[0],
            _ => ShownRules.Group(left, all),
        };
    }
}
