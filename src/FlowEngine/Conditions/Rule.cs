using System.Text.RegularExpressions;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Scripting;
using FlowEngine.Templates;
using FlowEngine.Workers;

namespace FlowEngine.Conditions;

/// <summary>Shared and immutable: a rule of a condition, compiled.</summary>
internal abstract class Rule
{
    /// <summary>Whether it may take long, and so must run on a thread of
    /// <see cref="ScriptWorkers"/>: a script in it is not brief.</summary>
    public virtual bool MayTakeLong => false;

    /// <summary>Whether the rule holds.</summary>
    /// <param name="context">The run's data.</param>
    /// <param name="failure">Why it could not be decided, which fails the run;
    /// it then counts as not holding, and no further rule is asked.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public abstract bool Holds(ReadContext context, ref FlowError? failure, CancellationToken cancellationToken);
}

/// <summary>Shared and immutable: asks of a value what is known when the flow is compiled.</summary>
internal abstract class KnownRule(ContextPath key) : Rule
{
    /// <summary>The path of the value.</summary>
    public ContextPath Key { get; } = key;

    /// <summary>Whether it asks for nothing but that there is a value.</summary>
    public virtual bool AsksForAny => false;

    /// <summary>Whether it holds for a value.</summary>
    public abstract bool HoldsFor(in FlowValue value);

    public sealed override bool Holds(ReadContext context, ref FlowError? failure, CancellationToken cancellationToken) =>
        HoldsFor(Key.Evaluate(context));
}

/// <summary>Shared and immutable: compares with a literal value, prepared when the flow was compiled.</summary>
internal sealed class LiteralRule(ContextPath key, Operator @operator, FlowValue value) : KnownRule(key)
{
    private readonly Comparison _comparison = @operator.Prepare(value);

    public override bool AsksForAny { get; } = @operator.Name == Operators.NotEmpty;

    public override bool HoldsFor(in FlowValue value) => _comparison(value);
}

/// <summary>Shared and immutable: compares with a value in which templates stand.</summary>
internal sealed class TemplateRule(ContextPath key, Operator @operator, JsonTemplate value) : Rule
{
    public override bool Holds(ReadContext context, ref FlowError? failure, CancellationToken cancellationToken) =>
        @operator.Prepare(value.Evaluate(context))(key.Evaluate(context));
}

/// <summary>Shared and immutable: looks for a regular expression.</summary>
internal sealed class MatchesRule(ContextPath key, Regex regex) : KnownRule(key)
{
    public override bool HoldsFor(in FlowValue value) => Operators.TextOf(value) is { } subject && regex.IsMatch(subject);
}

/// <summary>Shared and immutable: looks for a regular expression that a template makes. One that cannot be used does not match; the trace
/// warns of it.</summary>
internal sealed class TemplateMatchesRule(ContextPath key, JsonTemplate pattern) : Rule
{
    public override bool Holds(ReadContext context, ref FlowError? failure, CancellationToken cancellationToken)
    {
        if (Operators.TextOf(pattern.Evaluate(context)) is not { } text || RegexPattern.Get(text) is not { } regex)
        {
            // Without the pattern: it may hold a sensitive value.
            context.Warn(FlowErrors.Regex, $"The regular expression that {key} is matched with cannot be used; the rule does not hold.");
            return false;
        }
        return Operators.TextOf(key.Evaluate(context)) is { } subject && regex.IsMatch(subject);
    }
}

/// <summary>Shared and immutable: rules of which all must hold, or any one; the rest is not asked once that is decided.</summary>
internal sealed class GroupRule(Rule[] rules, bool all) : Rule
{
    /// <summary>The rules.</summary>
    public IReadOnlyList<Rule> Rules => rules;

    /// <summary>Whether all of them must hold.</summary>
    public bool IsAll => all;

    public override bool MayTakeLong { get; } = Array.Exists(rules, rule => rule.MayTakeLong);

    public override bool Holds(ReadContext context, ref FlowError? failure, CancellationToken cancellationToken)
    {
        foreach (var rule in rules)
        {
            var holds = rule.Holds(context, ref failure, cancellationToken);
            if (failure is not null)
                return false;
            if (holds != all)
                return holds;
        }
        return all;
    }
}

/// <summary>
/// Shared and immutable: a JavaScript expression that must be truthy, under a
/// scriptlet's limits. It sees the roots of the context that it names, as copies.
/// </summary>
/// <remarks>A script that fails fails the run: to take it as "does not hold" would
/// open the door that an <c>Else</c>, or a rule that denies, leads to.</remarks>
internal sealed class ScriptRule(ScriptProgram program, ContextRoot[] roots) : Rule
{
    /// <summary>The roots of the context that it sees.</summary>
    public IReadOnlyList<ContextRoot> Roots => roots;

    public override bool MayTakeLong => !program.IsBrief;

    public override bool Holds(ReadContext context, ref FlowError? failure, CancellationToken cancellationToken)
    {
        var values = new FlowValue[roots.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = context.Get(roots[i]);
        var result = program.Run(values, context.Time, cancellationToken);
        failure = result.Problem;
        return result.Value.TryGetBoolean(out var holds) && holds;
    }
}
