using System.Text.Json.Serialization;
using FlowEngine.Context;

namespace FlowEngine.Errors;

/// <summary>An error of a run, as <c>error.*</c> in the context and in the trace. Shared and immutable.</summary>
/// <param name="Code">The stable code; see <c>docs/errors.md</c>.</param>
/// <param name="Message">What happened and what to do. Never holds a secret.</param>
/// <param name="Activity">The id of the activity, or null when the error is the run's own.</param>
/// <param name="Event">The error event, such as <c>Generic HTTP Error</c>, or null when the error fails the run.</param>
public sealed record FlowError(string Code, string Message, string? Activity = null, string? Event = null)
{
    /// <summary>The status of the answer that it tells of, by which errors of one code are counted apart; null (the default) for none. It
    /// is neither stored nor shown.</summary>
    [JsonIgnore]
    public int? Status { get; init; }

    private static readonly FlowShape Shape = FlowShape.Of("activity", "event", "code", "message");

    /// <summary>Makes an error with a code of the catalogue.</summary>
    public static FlowError Of(ErrorCode code, string message) => new(code.Code, message);

    /// <summary>The error as a value: <c>{ activity, event, code, message }</c>.</summary>
    public FlowValue ToValue() =>
        FlowValue.From(Shape.With(FlowValue.From(Activity), FlowValue.From(Event), FlowValue.From(Code), FlowValue.From(Message)));

    /// <summary>Reads what <see cref="ToValue"/> wrote; null for anything else.</summary>
    public static FlowError? FromValue(FlowValue value)
    {
        if (!value.Get("code").TryGetText(out var code))
            return null;
        value.Get("activity").TryGetText(out var activity);
        value.Get("event").TryGetText(out var @event);
        return new FlowError(code, value.Get("message").ToText(), activity, @event);
    }
}
