using FlowEngine.Context;
using FlowEngine.Database.Queries;
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

        return ReadRows(reply, "The reply", maxRows, out result);
    }

    /// <summary>Reads the reply to several statements: <c>{ "statements": [ { "rows": […] }, … ] }</c> or
    /// <c>{ "error": { "code", "message"?, "statement"? } }</c>.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="maxRows">The activity's limit.</param>
    /// <param name="run">The statements, which are made of what those before them are given.</param>
    /// <param name="outcome">How the transaction ends.</param>
    /// <returns>Null, or why the reply cannot be used.</returns>
    public static string? Read(FlowValue reply, int maxRows, TransactionRun run, out QueryOutcome outcome)
    {
        outcome = default;
        if (reply.IsMissing)
            return "The case has no reply left for the activity.";
        run.Begin();
        if (reply.Get("error") is { IsNothing: false } given)
        {
            var problem = ReadError(given, out var error);
            outcome = new QueryOutcome(default, error, given.Get("statement").TryGetInteger(out var index) ? (int)index : null);
            return problem;
        }
        if (!reply.Get("statements").TryGetArray(out var statements))
            return "The reply has neither \"statements\" nor \"error\".";
        if (statements.Count != run.Statements.Count)
            return $"The reply's \"statements\" has {statements.Count} elements; the activity has {run.Statements.Count} statements.";
        foreach (var statement in statements)
        {
            run.Next();
            if (ReadRows(statement, $"The reply's statement {run.Done + 1}", maxRows, out var result) is { } problem)
                return problem;
            run.Take(result);
        }
        outcome = new QueryOutcome(run.Result, null);
        return null;
    }

    private static string? ReadRows(FlowValue reply, string subject, int maxRows, out FlowValue result)
    {
        result = default;
        var affected = 0L;
        var truncated = false;
        if (!reply.Get("rows").TryGetArray(out var rows))
            return $"{subject} has neither \"rows\" nor \"error\".";
        foreach (ref readonly var row in rows.AsSpan())
        {
            if (row.Kind != FlowValueKind.Object)
                return $"{subject} has \"rows\" that are not all objects.";
        }
        if (reply.Get("affectedRows") is { IsMissing: false } count && !count.TryGetInteger(out affected))
            return $"{subject} has an \"affectedRows\" that is not a whole number.";
        if (reply.Get("truncated") is { IsMissing: false } cut && !cut.TryGetBoolean(out truncated))
            return $"{subject} has a \"truncated\" that is neither true nor false.";

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
