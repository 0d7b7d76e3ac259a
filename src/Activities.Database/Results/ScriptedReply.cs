using FlowEngine.Context;
using FlowEngine.Errors;

namespace FlowEngine.Database.Results;

/// <summary>Reads the reply of a golden case: <c>{ "rows": […], "affectedRows"?, "truncated"? }</c> or
/// <c>{ "error": { "event"?, "code", "message"? } }</c>. Stateless.</summary>
internal static class ScriptedReply
{
    /// <summary>Reads a reply.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="maxRows">The activity's limit, which cuts the rows as it would a database's.</param>
    /// <param name="result">What the reply puts into the context; missing for an error.</param>
    /// <param name="error">The reply's error, or null.</param>
    /// <returns>Null, or why the reply cannot be used.</returns>
    public static string? Read(FlowValue reply, int maxRows, out FlowValue result, out FlowError? error)
    {
        result = default;
        error = null;
        if (reply.IsMissing)
            return "The case has no reply left for the activity.";

        var given = reply.Get("error");
        if (!given.IsNothing)
            return ReadError(given, out error);

        var affected = 0L;
        var truncated = false;
        if (!reply.Get("rows").TryGetArray(out var rows))
            return "The reply has neither \"rows\" nor \"error\".";
        foreach (ref readonly var row in rows.AsSpan())
        {
            if (row.Kind != FlowValueKind.Object)
                return "Each of the reply's \"rows\" must be an object.";
        }
        if (reply.Get("affectedRows") is { IsMissing: false } count && !count.TryGetInteger(out affected))
            return "The reply's \"affectedRows\" is not a whole number.";
        if (reply.Get("truncated") is { IsMissing: false } cut && !cut.TryGetBoolean(out truncated))
            return "The reply's \"truncated\" is neither true nor false.";

        if (rows.Count > maxRows)
        {
            rows = FlowArray.Of(rows.AsSpan()[..maxRows]);
            truncated = true;
        }
        result = QueryResult.Of(rows, affected, truncated);
        return null;
    }

    private static string? ReadError(FlowValue given, out FlowError? error)
    {
        error = null;
        if (!given.Get("code").TryGetText(out var code) || code.Length == 0)
            return "The reply's \"error\" has no \"code\".";
        var @event = given.Get("event");
        if (!@event.IsNothing && @event.ToText() != DatabaseActivity.ErrorEvent)
            return $"The reply's error has the event '{@event.ToText()}', which Database "
                + $"does not have; its event is '{DatabaseActivity.ErrorEvent}'.";
        error = new FlowError(
            code,
            given.Get("message").TryGetText(out var message) ? message : $"The case replies with the error {code}."
        );
        return null;
    }
}
