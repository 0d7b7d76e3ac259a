using System.Globalization;
using FlowEngine.AspNetCore.Runs.Calls;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Calls;

/// <summary>Which calls to list.</summary>
/// <param name="Status">Waiting, or given up.</param>
/// <param name="Connector">Of this connector.</param>
/// <param name="Limit">How many.</param>
/// <param name="Cursor">The <c>next</c> of the page before.</param>
internal sealed record CallsQuery([OneOf("queued", "dead")] string? Status, string? Connector, PageSize Limit, string? Cursor)
    : IRequestQuery<CallsQuery>;

/// <summary>A durable call that waits to be delivered, or was given up.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">Whether it waits, or was given up.</param>
/// <param name="Connector">Its connector.</param>
/// <param name="Flow">The flow that left it.</param>
/// <param name="Activity">The activity that left it.</param>
/// <param name="Run">The number of the run that left it; null when that is gone.</param>
/// <param name="Size">How many bytes it is.</param>
/// <param name="Deliveries">How often it was tried.</param>
/// <param name="Error">What the last try said.</param>
/// <param name="CreatedAt">When it was left.</param>
/// <param name="DueAt">When it is tried next; null when it was given up.</param>
[SchemaName("QueuedCall")]
internal sealed record QueuedCallView(
    string Id,
    [property: OneOf("queued", "dead")] string Status,
    string Connector,
    string Flow,
    string Activity,
    long? Run,
    long Size,
    int Deliveries,
    CallError? Error,
    UnixTime CreatedAt,
    UnixTime? DueAt
);

/// <summary>Why a delivery failed.</summary>
/// <param name="Code">The stable code.</param>
/// <param name="Message">What happened.</param>
internal sealed record CallError(string Code, string? Message);

/// <summary>Calls, the newest first.</summary>
/// <param name="Calls">The calls.</param>
/// <param name="Next">The <c>cursor</c> of the next page; null at the end.</param>
internal sealed record QueuedCallPage(IReadOnlyList<QueuedCallView> Calls, string? Next);

/// <summary>Stateless: calls that wait to be delivered, or were given up. What is in them is told to nobody.</summary>
internal static class CallEndpoints
{
    /// <summary>Lists calls.</summary>
    public static async Task<QueuedCallPage> ListAsync(CallsQuery query, CallStore calls, CancellationToken cancellationToken)
    {
        var limit = query.Limit.Count;
        bool? isDead = query.Status switch
        {
            null => null,
            "queued" => false,
            "dead" => true,
            _ => throw ApiQuery.Wrong("status", "queued or dead"),
        };
        var before = query.Cursor is { } cursor
            ? Read(cursor) ?? throw ApiQuery.Wrong("cursor", "the 'next' of a page before")
            : ((long, string)?)null;
        var rows = await calls.ListAsync(query.Connector, isDead, before, limit + 1, cancellationToken);
        var next =
            rows.Count > limit
                ? string.Create(CultureInfo.InvariantCulture, $"{rows[limit - 1].CreatedAt.Milliseconds}.{rows[limit - 1].Id}")
                : null;
        return new QueuedCallPage([.. rows.Take(limit).Select(View)], next);
    }

    /// <summary>Has a call delivered now.</summary>
    public static async Task RetryAsync(string id, Caller caller, CallStore calls, CallQueue queue, CancellationToken cancellationToken)
    {
        if (!await calls.RetryAsync(id, new AuditNote(caller.Name, AuditAction.CallRetry, $"call:{id}"), cancellationToken))
            throw new ApiException(StatusCodes.Status404NotFound, CallErrors.Gone);
        queue.Ring();
    }

    /// <summary>Removes a call undelivered.</summary>
    public static async Task RemoveAsync(string id, Caller caller, CallStore calls, CancellationToken cancellationToken)
    {
        if (!await calls.RemoveAsync(id, new AuditNote(caller.Name, AuditAction.CallRemove, $"call:{id}"), cancellationToken))
            throw new ApiException(StatusCodes.Status404NotFound, CallErrors.Gone);
    }

    private static QueuedCallView View(StoredCallSummary call) =>
        new(
            call.Id,
            call.DeadAt is null ? "queued" : "dead",
            call.Connector,
            call.FlowId,
            call.Activity,
            call.RunNumber,
            call.Size,
            call.Attempts,
            call.ErrorCode is null ? null : new CallError(call.ErrorCode, call.ErrorMessage),
            call.CreatedAt,
            call.DeadAt is null ? call.DueAt : null
        );

    private static (long, string)? Read(string cursor)
    {
        var dot = cursor.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && long.TryParse(cursor.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            ? (time, cursor[(dot + 1)..])
            : null;
    }
}
