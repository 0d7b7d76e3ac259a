using System.Text;
using FlowEngine.Context;
using FlowEngine.Database.Engines;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Workers;

namespace FlowEngine.Database.Queries;

/// <summary>Says what happened to a query and what to do. Stateless. No message holds a password or a parameter's value.</summary>
internal static class QueryMessages
{
    /// <summary>Shorter values are masked only where they stand alone, as they are parts of ordinary words.</summary>
    private const int DistinctiveLength = 4;

    /// <summary>Servers quote the beginning of a long value; this much of it is looked for.</summary>
    private const int QuotedLength = 32;

    /// <summary>Too many wait for a thread already.</summary>
    public static FlowError Busy(SqlEngine engine, FairWorkers workers) =>
        FlowError.Of(
            DatabaseErrors.Busy,
            $"{workers.MaxQueuedOfLane} queries like this one of {engine.Target} wait for "
                + $"{engine.Name} already, or {workers.MaxQueued} in all. {DatabaseErrors.Busy.Advice}"
        );

    /// <summary>The commit was sent, and nobody knows what became of it.</summary>
    public static FlowError OutcomeUnknown(SqlEngine engine, QueryLimits limits) =>
        FlowError.Of(
            DatabaseErrors.OutcomeUnknown,
            $"{engine.Target} did not confirm the commit before the connection or the {limits.Time.TotalSeconds:0.###} s ended: "
                + $"whether it wrote is unknown, and it was not tried again. {DatabaseErrors.OutcomeUnknown.Advice}"
        );

    /// <summary>The query was too slow.</summary>
    public static FlowError Timeout(SqlEngine engine, QueryPhase phase, int maxPoolSize, QueryLimits limits) =>
        phase switch
        {
            QueryPhase.Queued => FlowError.Of(
                DatabaseErrors.Busy,
                $"Other queries of {engine.Target} kept {engine.Name} busy for "
                    + $"{limits.Time.TotalSeconds:0.###} s, and this one was not begun. {DatabaseErrors.Busy.Advice}"
            ),
            QueryPhase.Opening when engine.IsDiscreet => Unusable(engine),
            _ => TimeoutOf(engine, phase, maxPoolSize, limits),
        };

    private static FlowError TimeoutOf(SqlEngine engine, QueryPhase phase, int maxPoolSize, QueryLimits limits) =>
        FlowError.Of(
            DatabaseErrors.Timeout,
            phase switch
            {
                QueryPhase.Waiting => $"All {maxPoolSize} connections to {engine.Target} were in use for "
                    + $"{limits.Time.TotalSeconds:0.###} s. Raise maxPoolSize, or find the queries that hold them.",
                QueryPhase.Opening => $"{engine.Name} did not accept a connection to {engine.Target} within "
                    + $"{limits.Time.TotalSeconds:0.###} s. Check that the server runs and can be reached.",
                _ when limits.ReadOnly => $"{engine.Name} did not answer the query within {limits.Time.TotalSeconds:0.###} "
                    + "s. Look for a lock or a missing index, or raise the timeout.",
                QueryPhase.Committing => $"{engine.Name} could not commit within {limits.Time.TotalSeconds:0.###} s, and "
                    + "it was rolled back. Look for others that keep a lock, or raise the timeout.",
                _ => $"{engine.Name} did not finish the query within {limits.Time.TotalSeconds:0.###} s, and "
                    + "it was rolled back. Look for a lock or a missing index, or raise the timeout.",
            }
        );

    /// <summary>The engine or its driver reported a failure.</summary>
    public static FlowError Of(SqlEngine engine, SqlFailure failure, QueryPhase phase, QueryLimits limits, ReadOnlySpan<FlowValue> values)
    {
        // Before the query is sent, whatever went wrong is the connection's fault; except a lock that SQLite waits for.
        var code = phase <= QueryPhase.Beginning && failure.Code == DatabaseErrors.Query ? DatabaseErrors.Connect : failure.Code;
        if (
            code == DatabaseErrors.Blocked
            || code == DatabaseErrors.OwnDatabase
            || code == DatabaseErrors.File
            || code == DatabaseErrors.Statements
            || (code == DatabaseErrors.TooLarge && failure.EngineCode is null)
        )
            return FlowError.Of(code, $"{failure.Text} {code.Advice}");
        if (
            engine.IsDiscreet
            && !failure.IsServers
            && (code == DatabaseErrors.Connect || (code == DatabaseErrors.Timeout && phase <= QueryPhase.Opening))
        )
            return Unusable(engine);
        var message = new StringBuilder();
        if (code == DatabaseErrors.Connect)
            message.Append(
                phase switch
                {
                    <= QueryPhase.Beginning => $"{engine.Name} cannot be used: no connection to {engine.Target}",
                    _ => $"The connection to {engine.Target} was lost",
                }
            );
        else if (code == DatabaseErrors.ReadOnly && !limits.ReadOnly)
            message.Append($"The query may write, but {engine.Target} is itself read only");
        else if (code == DatabaseErrors.ReadOnly)
            message.Append($"The read-only query tried to write, and {engine.Name} kept it from it");
        else if (code == DatabaseErrors.Timeout)
            message.Append(
                phase <= QueryPhase.Opening
                    ? $"{engine.Name} did not accept a connection to {engine.Target} in time"
                    : $"{engine.Name} gave up waiting for a lock, or the query was cancelled on the server"
            );
        else
            message.Append(phase == QueryPhase.Committing ? $"{engine.Name} refused to commit" : $"{engine.Name} refused the query");

        if (failure.EngineCode is { } engineCode)
            message.Append($" ({engineCode})");
        if (phase > QueryPhase.Beginning && limits.IsSensitive)
            message.Append(". The server's words are withheld, because the result is sensitive");
        else if (phase > QueryPhase.Beginning && ContainSensitive(values))
            message.Append(". The server's words are withheld, because a parameter is sensitive");
        else if (failure.Text is { } text)
            message.Append(": ").Append(Mask(text.TrimEnd('.'), values));
        message
            .Append(". ")
            .Append(
                code == DatabaseErrors.ReadOnly && !limits.ReadOnly
                    ? "Connect to a database that can be written."
                    : failure.Advice ?? (code == DatabaseErrors.Connect ? engine.ConnectAdvice : code.Advice)
            );
        return FlowError.Of(code, message.ToString());
    }

    /// <summary>One answer for a port that is closed, one that is silent, one where
    /// something else answers, and a file that is none or not a database.</summary>
    private static FlowError Unusable(SqlEngine engine) =>
        FlowError.Of(
            DatabaseErrors.Connect,
            $"{engine.Name} cannot be used: no usable database at {engine.Target}. {engine.ConnectAdvice}"
        );

    private static bool ContainSensitive(ReadOnlySpan<FlowValue> values)
    {
        foreach (ref readonly var value in values)
        {
            if (value.ContainsSensitive())
                return true;
        }
        return false;
    }

    private static string Mask(string text, ReadOnlySpan<FlowValue> values)
    {
        foreach (ref readonly var value in values)
        {
            if (value.TryGetArray(out var array))
                text = Mask(text, array.AsSpan());
            else if (value.TryGetObject(out var obj))
                text = Mask(text, obj.Values);
            else if (value.Kind is FlowValueKind.String or FlowValueKind.Number)
                text = Mask(text, value.ToText());
        }
        return text;
    }

    private static string Mask(string text, string value)
    {
        if (value.Length == 0)
            return text;
        var beginning = value.Length > QuotedLength ? value[..QuotedLength] : value;
        for (var start = 0; (start = text.IndexOf(beginning, start, StringComparison.OrdinalIgnoreCase)) >= 0; )
        {
            var end = start + beginning.Length;
            while (end < text.Length && end - start < value.Length && text[end] == value[end - start])
                end++;
            var standsAlone =
                (start == 0 || !char.IsLetterOrDigit(text[start - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end]));
            if (!standsAlone && value.Length < DistinctiveLength)
            {
                start = end;
                continue;
            }
            text = string.Concat(text.AsSpan(0, start), JsonWriting.Mask, text.AsSpan(end));
            start += JsonWriting.Mask.Length;
        }
        return text;
    }
}
