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

/// <summary>Shared and immutable: compares with a literal value, prepared when the flow was compiled.</summary>
internal sealed class LiteralRule(ContextPath key, Comparison comparison) : Rule
{
    public override bool Holds(ReadContext context, ref FlowError? failure, CancellationToken cancellationToken) =>
        comparison(key.Evaluate(context));
}

/// <summary>Shared and immutable: compares with a value in which templates stand.</summary>
internal sealed class TemplateRule(ContextPath key, Operator @operator, JsonTemplate value) : Rule
{
    public override bool Holds(ReadContext context, ref FlowError? failure, CancellationToken cancellationToken) =>
        @operator.Prepare(value.Evaluate(context))(key.Evaluate(context));
}

/// <summary>Shared and immutable: looks for a regular expression. A pattern that a
/// template made and that cannot be used does not match; the trace warns of it.</summary>
internal sealed class MatchesRule(ContextPath key, Regex? literal, JsonTemplate pattern) : Rule
{
    public override bool Holds(ReadContext context, ref FlowError? failure, CancellationToken cancellationToken)
    {
        var regex = literal;
        if (regex is null && (Operators.TextOf(pattern.Evaluate(context)) is not { } text || (regex = RegexPattern.Get(text)) is null))
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
