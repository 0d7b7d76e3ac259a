using FlowEngine.Activities;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Tests.Execution;

/// <summary>What a probe does, decided by the run: <c>ok</c>, <c>fail</c>, <c>throw</c> or <c>wait</c> (until it is cancelled).</summary>
public sealed class ProbeSettings
{
    [Setting("What happens.", Required = true)]
    public Template Do { get; set; } = Template.Empty;

    [Setting("What is written to connectors.<contextKey>.")]
    public JsonTemplate Value { get; set; } = JsonTemplate.None;

    [Setting("Where the value goes.", Editor = SettingEditors.ContextKey)]
    public string ContextKey { get; set; } = "probe";
}

/// <summary>An activity that ends as a test wants it to.</summary>
[Activity("Probe", "For tests.", Outcomes = ["Success"], ErrorEvents = ["Probe Failed", "Probe Broken"], CanRunInParallel = true)]
public sealed class Probe(ProbeSettings settings) : FlowActivity
{
    public static readonly ErrorCode Code = new("probe.failed", "The probe failed.", "Nothing.");

    /// <summary>The step keys that executions of this process have seen.</summary>
    public static List<string> StepKeys { get; } = [];

    public override async ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken)
    {
        lock (StepKeys)
            StepKeys.Add(context.StepKey);
        if (context.Step is { } step)
            step.Input = settings.Value.Evaluate(context);
        switch (settings.Do.EvaluateText(context, ValueEncoder.None).ToText())
        {
            case "fail":
                return Outcome.Error(0, Code, "The probe failed.");
            case "throw":
                throw new InvalidOperationException("secret-in-an-exception");
            case "wait":
                await Task.Delay(Timeout.Infinite, cancellationToken);
                break;
        }
        context.SetConnector(settings.ContextKey, settings.Value.Evaluate(context));
        return Outcome.Success;
    }
}
