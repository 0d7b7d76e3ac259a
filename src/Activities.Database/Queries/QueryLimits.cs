using FlowEngine.Context;
using FlowEngine.Errors;

namespace FlowEngine.Database.Queries;

/// <summary>Shared and immutable: how far a query may go.</summary>
/// <param name="TimeoutSeconds">For everything from waiting for a connection to the last row.</param>
/// <param name="MaxRows">The rows that are read at most.</param>
/// <param name="ReadOnly">Whether it must not write.</param>
internal sealed record QueryLimits(int TimeoutSeconds, int MaxRows, bool ReadOnly)
{
    /// <summary>How many characters all values of a result may have together; what has no text
    /// counts as eight. As much as the answer of an API may have bytes by default.</summary>
    public const int MaxCharacters = 5 * 1024 * 1024;

    /// <summary>The time that it has.</summary>
    public TimeSpan Time { get; private init; } = TimeSpan.FromSeconds(TimeoutSeconds);

    /// <summary>The clock that it is taken by. Default the system's.</summary>
    public TimeProvider Clock { get; private init; } = TimeProvider.System;

    /// <summary>The limits of a query that may take no longer than that.</summary>
    public QueryLimits Within(TimeSpan left, TimeProvider clock) =>
        this with
        {
            Time = left < Time ? left : Time,
            TimeoutSeconds = Math.Min(TimeoutSeconds, Math.Max(1, (int)Math.Ceiling(left.TotalSeconds))),
            Clock = clock,
        };

    /// <summary>Whether what it returns, the server's words about it included, is a secret. Default false.</summary>
    public bool IsSensitive { get; init; }
}

/// <summary>Shared and immutable: how a query ended.</summary>
/// <param name="Result">What goes under the context key; missing when there is an error.</param>
/// <param name="Error">The error, or null.</param>
/// <param name="Statement">Of several statements the index of the one that failed; null (the default) for none of them.</param>
internal readonly record struct QueryOutcome(FlowValue Result, FlowError? Error, int? Statement = null);

/// <summary>Shared and immutable: what one statement gave.</summary>
/// <param name="Result">Its result.</param>
/// <param name="RecordsAffected">How many rows were changed; -1 when the engine does not say.</param>
/// <param name="IsComplete">Whether it was read to its end.</param>
internal readonly record struct StatementRead(FlowValue Result, int RecordsAffected, bool IsComplete);

/// <summary>How far a query has come.</summary>
internal enum QueryPhase
{
    /// <summary>It waits until the connector has a connection to spare.</summary>
    Waiting,

    /// <summary>It waits for a thread, where the driver needs one.</summary>
    Queued,

    /// <summary>It connects.</summary>
    Opening,

    /// <summary>It begins its transaction; the query has not been sent.</summary>
    Beginning,

    /// <summary>The query runs.</summary>
    Running,

    /// <summary>What it wrote is being committed.</summary>
    Committing,
}
