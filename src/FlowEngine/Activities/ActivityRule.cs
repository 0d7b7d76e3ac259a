using FlowEngine.Conditions;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Templates;

namespace FlowEngine.Activities;

/// <summary>Shared and immutable: a rule of a condition that stands in a setting of an activity, and reads a value that only the activity
/// has, beside what the run has.</summary>
public sealed class ActivityRule
{
    private readonly Rule _rule;
    private readonly ContextRoot _root;

    private ActivityRule(Rule rule, ContextRoot root)
    {
        _rule = rule;
        _root = root;
    }

    /// <summary>Compiles a setting; its problems are reported.</summary>
    /// <param name="settings">The rule; null for none.</param>
    /// <param name="setting">The setting's name.</param>
    /// <param name="root">The root under which the rule finds the activity's value.</param>
    /// <param name="shape">What is known of that value.</param>
    /// <param name="compilation">The activity.</param>
    /// <returns>The rule; null for none, or for one with problems.</returns>
    public static ActivityRule? Compile(
        RuleSettings? settings,
        string setting,
        ContextRoot root,
        ValueShape shape,
        ActivityCompilation compilation
    )
    {
        if (settings is null || !compilation.Definition.Json.Get(setting).TryGetObject(out var json))
            return null;
        var problems = compilation.Problems;
        var (roots, read) = (problems.LocalRoots, problems.OnLocalRead);
        var name = root.ToString().ToLowerInvariant();
        problems.LocalRoots = [.. roots, name];
        problems.OnLocalRead = path =>
        {
            if (path.Root == name)
                compilation.CheckLocal(path, shape);
            else
                read?.Invoke(path);
        };
        try
        {
            return RuleCompiler.Compile(settings, json, compilation.At(setting), problems, depth: 1) is { } rule
                ? new ActivityRule(rule, root)
                : null;
        }
        finally
        {
            (problems.LocalRoots, problems.OnLocalRead) = (roots, read);
        }
    }

    /// <summary>Whether it holds.</summary>
    /// <param name="context">The run's data.</param>
    /// <param name="value">The activity's value.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>Whether it holds, and why that could not be decided; then it does not hold.</returns>
    public async ValueTask<(bool Holds, FlowError? Problem)> HoldsAsync(
        RunContext context,
        FlowValue value,
        CancellationToken cancellationToken
    )
    {
        var local = new LocalContext(context, _root) { Value = value };
        if (!_rule.MayTakeLong)
            return Decide();
        var (decided, busy) = await context
            .Run.Services.Scripts.RunAsync(context.Run.Plan.FlowId, Decide, cancellationToken)
            .ConfigureAwait(false);
        return busy is null ? decided : (false, busy);

        (bool Holds, FlowError? Problem) Decide()
        {
            FlowError? problem = null;
            var holds = _rule.Holds(local, ref problem, cancellationToken);
            return (holds && problem is null, problem);
        }
    }
}
