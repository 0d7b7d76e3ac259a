using System.Globalization;
using FlowEngine.Context;

namespace FlowEngine.Tracing;

/// <summary>Turns a trace into data that may be shown and stored: redacted. Stateless.</summary>
public static class TraceWriter
{
    /// <summary>The steps as an array of <c>{ activity, type, startedAt, durationMs, outcome, input, output, dropped, writes, warnings, error, children }</c>; what a step
    /// does not have is left out.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="redactor">Takes the secrets out.</param>
    /// <param name="client">The inputs of the run, which go with the first step as <c>client</c>; missing or empty for none.</param>
    public static FlowValue ToValue(IEnumerable<TraceStep> steps, Redactor redactor, FlowValue client = default) =>
        FlowValue.From(FlowArray.From(steps.Select((step, index) => ToValue(step, redactor, index == 0 ? client : default))));

    private static FlowValue ToValue(TraceStep step, Redactor redactor, FlowValue client)
    {
        var view = new FlowObjectBuilder(8);
        if (client.TryGetObject(out var inputs) && inputs.Count > 0)
            view.Set("client", redactor.Redact(client));
        view.Set("activity", FlowValue.From(step.Activity));
        view.Set("type", FlowValue.From(step.Type));
        view.Set("startedAt", FlowValue.From(step.StartedAt.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)));
        view.Set("durationMs", FlowValue.From(Math.Round(step.Duration.TotalMilliseconds, 3)));
        if (step.Outcome is not null)
            view.Set("outcome", FlowValue.From(step.Outcome));
        if (!step.Input.IsMissing)
            view.Set("input", redactor.Redact(step.Input));
        if (!step.Output.IsMissing)
            view.Set("output", redactor.Redact(step.Output));
        if (step.Dropped > 0)
            view.Set("dropped", FlowValue.From(step.Dropped));
        if (step.Writes.Count > 0)
            view.Set("writes", FlowValue.From(FlowArray.From(step.Writes.Select(FlowValue.From))));
        if (step.Warnings.Count > 0)
        {
            view.Set("warnings", FlowValue.From(FlowArray.From(step.Warnings.Select(warning =>
            {
                var pair = new FlowObjectBuilder(2);
                pair.Set("code", FlowValue.From(warning.Code));
                pair.Set("message", FlowValue.From(redactor.Redact(warning.Message)));
                return FlowValue.From(pair.Build());
            }))));
        }
        if (step.Error is { } error)
            view.Set("error", redactor.Redact(error.ToValue()));
        if (step.Children.Count > 0)
            view.Set("children", ToValue(step.Children, redactor, default));
        return FlowValue.From(view.Build());
    }
}
