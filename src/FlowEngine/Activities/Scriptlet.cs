using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Scripting;
using FlowEngine.Settings;
using FlowEngine.Templates;
using FlowEngine.Workers;

namespace FlowEngine.Activities;

/// <summary>Bound once, then read only: the settings of Scriptlet.</summary>
public sealed class ScriptletSettings
{
    /// <summary>The JavaScript.</summary>
    [Setting(
        "JavaScript: the body of a function. What it returns becomes scripts.<contextKey>.",
        Required = true,
        Editor = SettingEditors.JavaScript,
        Initial = "\"return {};\""
    )]
    public string Code { get; set; } = "";

    /// <summary>The named variables.</summary>
    [Setting("The variables that the script sees, by name.", Editor = SettingEditors.Members)]
    public JsonTemplate Arguments { get; set; } = JsonTemplate.None;

    /// <summary>Where the result is put.</summary>
    [Setting("Where the result is put: scripts.<contextKey>. Default the activity's id.", Editor = SettingEditors.ContextKey)]
    public string ContextKey { get; set; } = "";

    /// <summary>Whether the result is a secret.</summary>
    [Setting("Whether the result is a secret: redacted in traces, logs and errors, whatever becomes of it.")]
    public bool Sensitive { get; set; }
}

/// <summary>Shared and immutable: runs JavaScript under limits of time, memory and recursion.</summary>
/// <remarks>It runs on a thread of <see cref="ScriptWorkers"/>, unless it is so short and simple that it ends sooner than it could be
/// handed over. When an argument is sensitive, or the setting says so, so is all of the result,
/// and an error's message is withheld: the script may have put the value into either.</remarks>
[Activity(
    "Scriptlet",
    "Runs a piece of JavaScript.",
    Category = "Logic",
    Outcomes = ["Success"],
    ErrorEvents = ["Scriptlet Failed"],
    CanRunInParallel = true,
    Icon = "code",
    Tone = ActivityTone.Script,
    Stem = "script",
    Summary = "{code}"
)]
[Writes("scripts.{contextKey}.*", "Member of what the scriptlet returns", MembersOf = "code")]
[Writes("scripts.{contextKey}", "What the scriptlet returns")]
public sealed class Scriptlet : FlowActivity
{
    private static readonly FailureWays Ways = new([
        FlowErrors.ScriptFailed.Code,
        FlowErrors.ScriptLimit.Code,
        FlowErrors.ScriptBusy.Code,
        FlowErrors.ScriptResult.Code,
        FlowErrors.Budget.Code,
    ]);

    private readonly ScriptProgram? _program;
    private readonly JsonTemplate _arguments;
    private readonly string _contextKey;
    private readonly bool _isSensitive;

    internal Scriptlet(ScriptletSettings settings, ActivityCompilation compilation)
    {
        compilation.CheckContextKey(settings.ContextKey);
        _contextKey = settings.ContextKey.Length > 0 ? settings.ContextKey : compilation.Definition.Id;
        _arguments = settings.Arguments;
        _isSensitive = settings.Sensitive || compilation.HoldsCode("scripts", _contextKey);
        var names = ArgumentNames(compilation);
        if (settings.Code.Length > 0 && names is not null)
            _program = ScriptCompiler.CompileBody(settings.Code, names, compilation.At("code"), compilation.Problems);
    }

    /// <summary>As long as a script may take; nothing for one that ends at once.</summary>
    public override LongestWait LongestWait => _program is { IsBrief: false } ? new(ScriptLimits.Time) : default;

    /// <inheritdoc/>
    public override ContextWrites WritesByOutcome(int outcome) => ContextWrites.Script(_contextKey, ValueShape.Any);

    /// <inheritdoc/>
    public override ContextWrites WritesByError(int errorEvent) => ContextWrites.Nothing;

    /// <inheritdoc/>
    public override FailureWays WaysByError(int errorEvent) => Ways;

    /// <inheritdoc/>
    public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken)
    {
        var input = _arguments.Evaluate(context);
        if (context.Step is { } begun)
            begun.Input = input;

        if (context.TimeLeft is { } left)
            return WithinAsync(left, context, input, cancellationToken);
        return _program!.IsBrief
            ? new(Finish(context, input, Run(context, input, cancellationToken)))
            : HandOverAsync(context, input, cancellationToken);
    }

    private async ValueTask<Outcome> HandOverAsync(RunContext context, FlowValue input, CancellationToken cancellationToken)
    {
        var (result, busy) = await context
            .Run.Services.Scripts.RunAsync(context.Run.Plan.FlowId, () => Run(context, input, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        return busy is null ? Finish(context, input, result) : Outcome.Error(0, busy);
    }

    /// <summary>Runs the script in what is left of the flow's time budget.</summary>
    private async ValueTask<Outcome> WithinAsync(TimeSpan left, RunContext context, FlowValue input, CancellationToken cancellationToken)
    {
        if (left == TimeSpan.Zero)
            return Outcome.Error(0, FlowErrors.Budget, "The flow's time budget was over before the script began.");
        using var budget = new CancellationTokenSource(left, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, budget.Token);
        var hasBegun = _program!.IsBrief;
        try
        {
            if (hasBegun)
                return Finish(context, input, Run(context, input, either.Token));
            var (result, busy) = await context
                .Run.Services.Scripts.RunAsync(
                    context.Run.Plan.FlowId,
                    () =>
                    {
                        hasBegun = true;
                        return Run(context, input, either.Token);
                    },
                    either.Token
                )
                .ConfigureAwait(false);
            return busy is null ? Finish(context, input, result) : Outcome.Error(0, busy);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return hasBegun
                ? Outcome.Error(
                    0,
                    FlowErrors.ScriptLimit,
                    $"The script did not end within {left.TotalSeconds:0.###} s, the rest of the flow's time budget."
                )
                : Outcome.Error(0, FlowErrors.Budget, "The flow's time budget was over while the script waited for a thread.");
        }
    }

    private ScriptResult Run(RunContext context, FlowValue input, CancellationToken cancellationToken) =>
        _program!.Run(input.TryGetObject(out var arguments) ? arguments.Values : [], context.Time, cancellationToken);

    private Outcome Finish(RunContext context, FlowValue input, ScriptResult result)
    {
        if (result.Problem is { } problem)
            return Outcome.Error(0, problem);

        var value = result.Value.WithSensitive(_isSensitive || input.ContainsSensitive());
        context.SetScript(_contextKey, value);
        if (context.Step is { } step)
            step.Output = value;
        return Outcome.Success;
    }

    /// <summary>The names of the arguments; null, with the problem reported, when they cannot be variables.</summary>
    private static string[]? ArgumentNames(ActivityCompilation compilation)
    {
        var json = compilation.Definition.Json.Get("arguments");
        if (json.IsNothing)
            return [];
        if (!json.TryGetObject(out var arguments))
        {
            compilation.Error(FlowErrors.Type, "arguments", "'arguments' is not an object.", "Write { \"<name>\": <value> }.");
            return null;
        }

        var names = arguments.Shape.Names.ToArray();
        var wrong = Array.FindAll(names, name => !ScriptCompiler.IsVariableName(name));
        foreach (var name in wrong)
            compilation.Problems.Error(
                FlowErrors.Value,
                compilation.At("arguments").At(name),
                $"'{name}' cannot be a variable in JavaScript.",
                "Use letters, digits, '_' and '$', and no reserved word."
            );
        return wrong.Length == 0 ? names : null;
    }
}
