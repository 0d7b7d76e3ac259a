using System.Globalization;
using FlowEngine.Context;

namespace FlowEngine.Tracing;

/// <summary>Turns a trace into data that may be shown and stored: redacted. Stateless.</summary>
public static class TraceWriter
{
    /// <summary>How many warnings of a step are told where there is a limit.</summary>
    private const int MaxWarnings = 20;

    /// <summary>The steps as an array of <c>{ activity, type, startedAt, durationMs, outcome, input, output, message, queued, dropped,
    /// writes, warnings, error, children, truncated }</c>; what a step does not have is left
    /// out. <c>truncated</c> is true where something was cut for lack of room.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="redactor">Takes the secrets out.</param>
    /// <param name="client">The inputs of the run, which go with the first step as <c>client</c>; missing or empty for none.</param>
    /// <param name="room">How much may be told; null (the default) for all of it.</param>
    public static FlowValue ToValue(IEnumerable<TraceStep> steps, Redactor redactor, FlowValue client = default, TraceRoom? room = null) =>
        FlowValue.Array(
            steps
                .TakeWhile(_ => room is not { HasSteps: false })
                .Select((step, index) => ToValue(step, redactor, index == 0 ? client : default, room))
        );

    private static FlowValue ToValue(TraceStep step, Redactor redactor, FlowValue client, TraceRoom? room)
    {
        var view = new FlowObjectBuilder(8);
        room?.TakeStep(step);
        if (room is { HasValues: false })
            return WithoutValues(step, view);
        var isCut = false;
        if (client.TryGetObject(out var inputs) && inputs.Count > 0)
            view.Set("client", Shown(client));
        view.Set("activity", FlowValue.From(step.Activity));
        view.Set("type", FlowValue.From(step.Type));
        view.Set("startedAt", FlowValue.From(step.StartedAt.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)));
        view.Set("durationMs", FlowValue.From(Math.Round(step.Duration.TotalMilliseconds, 3)));
        if (step.Outcome is not null)
            view.Set("outcome", FlowValue.From(step.Outcome));
        if (!step.Input.IsMissing)
            view.Set("input", Shown(step.Input));
        if (!step.Output.IsMissing)
            view.Set("output", Shown(step.Output));
        if (step.Message is { } message)
            view.Set("message", Shown(FlowValue.From(message)));
        if (step.HasQueued)
            view.Set("queued", FlowValue.True);
        if (step.Dropped > 0)
            view.Set("dropped", FlowValue.From(step.Dropped));
        if (step.Writes.Count > 0)
            view.Set("writes", FlowValue.Texts(step.Writes));
        if (step.Warnings.Count > 0)
        {
            view.Set(
                "warnings",
                FlowValue.Array(
                    step.Warnings.Take(room is null ? int.MaxValue : MaxWarnings)
                        .Select(warning =>
                        {
                            var pair = new FlowObjectBuilder(2);
                            pair.Set("code", FlowValue.From(warning.Code));
                            pair.Set("message", Shown(FlowValue.From(warning.Message)));
                            return FlowValue.From(pair.Build());
                        })
                )
            );
        }
        if (step.Error is { } error)
            view.Set("error", Shown(error.ToValue()));
        if (step.Children.Count > 0)
            view.Set("children", ToValue(step.Children, redactor, default, room));
        if (isCut || (room is not null && step.Warnings.Count > MaxWarnings))
            view.Set("truncated", FlowValue.True);
        return FlowValue.From(view.Build());

        FlowValue Shown(FlowValue value)
        {
            var redacted = redactor.Redact(value);
            return room is null ? redacted : room.Take(redacted, ref isCut);
        }
    }

    /// <summary>That the step was, when there is no room for more.</summary>
    private static FlowValue WithoutValues(TraceStep step, FlowObjectBuilder view)
    {
        view.Set("activity", FlowValue.From(step.Activity));
        view.Set("type", FlowValue.From(step.Type));
        view.Set("startedAt", FlowValue.From(step.StartedAt.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)));
        view.Set("durationMs", FlowValue.From(Math.Round(step.Duration.TotalMilliseconds, 3)));
        if (step.Outcome is not null)
            view.Set("outcome", FlowValue.From(step.Outcome));
        view.Set("truncated", FlowValue.True);
        return FlowValue.From(view.Build());
    }
}
