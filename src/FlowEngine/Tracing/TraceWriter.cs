using System.Globalization;
using FlowEngine.Context;

namespace FlowEngine.Tracing;

/// <summary>Turns a trace into data that may be shown and stored: redacted. Stateless.</summary>
public static class TraceWriter
{
    /// <summary>The steps as an array of <c>{ activity, type, startedAt, durationMs, outcome, input, output, warnings, error, children }</c>; what a step does not
    /// have is left out.</summary>
    public static FlowValue ToValue(IEnumerable<TraceStep> steps, Redactor redactor) =>
        FlowValue.From(FlowArray.From(steps.Select(step => ToValue(step, redactor))));

    private static FlowValue ToValue(TraceStep step, Redactor redactor)
    {
        var view = new FlowObjectBuilder(8);
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
            view.Set("children", ToValue(step.Children, redactor));
        return FlowValue.From(view.Build());
    }
}
