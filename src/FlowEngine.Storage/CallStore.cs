using System.Security.Cryptography;
using FlowEngine.Storage.Engines;
using FlowEngine.Storage.Protection;

namespace FlowEngine.Storage;

/// <summary>Shared and immutable: a queued call as it is listed.</summary>
internal record StoredCallSummary
{
    /// <summary>Its id.</summary>
    public string Id { get; init; } = "";

    /// <summary>The connector.</summary>
    public string Connector { get; init; } = "";

    /// <summary>The flow.</summary>
    public string FlowId { get; init; } = "";

    /// <summary>The number of its run; null when that is gone.</summary>
    public long? RunNumber { get; init; }

    /// <summary>The activity.</summary>
    public string Activity { get; init; } = "";

    /// <summary>How many bytes it has.</summary>
    public int Size { get; init; }

    /// <summary>How often its delivery began.</summary>
    public int Attempts { get; init; }

    /// <summary>Why the last delivery failed, or null.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The same in words, or null.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>When it was queued.</summary>
    public UnixTime CreatedAt { get; init; }

    /// <summary>When it is delivered next.</summary>
    public UnixTime DueAt { get; init; }

    /// <summary>When it was given up, or null.</summary>
    public UnixTime? DeadAt { get; init; }
}

/// <summary>Shared and immutable: a call that this node is to deliver.</summary>
internal sealed record ClaimedCall
{
    /// <summary>Its id.</summary>
    public string Id { get; init; } = "";

    /// <summary>The connector.</summary>
    public string Connector { get; init; } = "";

    /// <summary>The flow.</summary>
    public string FlowId { get; init; } = "";

    /// <summary>The run.</summary>
    public string RunId { get; init; } = "";

    /// <summary>The activity.</summary>
    public string Activity { get; init; } = "";

    /// <summary>What to send.</summary>
    public byte[] Content { get; init; } = [];

    /// <summary>Which delivery of it this is, from 1.</summary>
    public int Attempts { get; init; }

    /// <summary>When it was queued.</summary>
    public UnixTime CreatedAt { get; init; }
}

/// <summary>Shared and immutable: what waits for a connector.</summary>
internal sealed record CallCount
{
    /// <summary>The connector.</summary>
    public string Connector { get; init; } = "";

    /// <summary>How many, those that were given up included.</summary>
    public long Count { get; init; }

    /// <summary>How many of them were given up.</summary>
    public long Dead { get; init; }

    /// <summary>How many bytes those have together that wait.</summary>
    public long Bytes { get; init; }
}

/// <summary>
/// Per process, thread-safe: calls that wait to be delivered. They come with the save of their run, see <see cref="RunExtras.Calls"/>.
/// Any number of nodes may take some at once.
/// </summary>
internal sealed class CallStore(StorageDatabase database, RunSeals seals, CallOptions options, TimeProvider time)
{
    /// <summary>Parts of a trace that tell of deliveries come behind all that the run itself stored.</summary>
    private const int FirstDeliveryPart = 1_000_000_000;

    /// <summary>How many calls that were given up are kept for one connector; the oldest go first.</summary>
    internal const int MostDead = 1_000;

    /// <summary>What a node that took a call gets beyond the time of the delivery, before another takes it for lost.</summary>
    private const int Lease = 5_000;

    /// <summary>No call is due later than this: what is was stored before the clock was set back.</summary>
    private static readonly TimeSpan LatestDue = TimeSpan.FromHours(2);

    /// <summary>The connectors that have calls to deliver now.</summary>
    public Task<IReadOnlyList<string>> ListDueAsync(CancellationToken cancellationToken) =>
        database.ListAsync<string>(
            "select distinct connector from queued_calls where dead_at is null and (due_at <= @now or due_at > @late)",
            Now(),
            cancellationToken
        );

    /// <summary>Takes some calls of a connector, the longest due first. Another node takes them when this one does not say within their
    /// time what became of them.</summary>
    public async Task<IReadOnlyList<ClaimedCall>> ClaimAsync(string connector, int limit, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // A claim whose answer was lost is due again by itself.
        var calls = await database
            .TransactAsync<IReadOnlyList<ClaimedCall>>(
                async (connection, transaction) =>
                    [
                        .. await Dapper
                            .SqlMapper.QueryAsync<ClaimedCall>(
                                connection,
                                StorageDatabase.Command(
                                    $"""
                                    update queued_calls set attempts = attempts + 1, due_at = @now + timeout_ms + {Lease}
                                    where id in (
                                        select id from queued_calls where connector = @connector and dead_at is null
                                          and (due_at <= @now or due_at > @late) order by due_at limit @limit {database.SkipLocked})
                                    returning id as Id, connector as Connector, flow_id as FlowId, run_id as RunId, activity as Activity,
                                      sealed_content as Content, attempts as Attempts, created_at as CreatedAt
                                    """,
                                    new
                                    {
                                        connector,
                                        limit,
                                        now = now.ToUnixTimeMilliseconds(),
                                        late = (now + LatestDue).ToUnixTimeMilliseconds(),
                                    },
                                    transaction,
                                    cancellationToken
                                )
                            )
                            .ConfigureAwait(false),
                    ],
                cancellationToken
            )
            .ConfigureAwait(false);
        return [.. calls.Select(call => call with { Content = seals.OpenCall(call.Content) })];
    }

    /// <summary>Removes a call that arrived, and tells its run's trace.</summary>
    /// <param name="call">The call.</param>
    /// <param name="traceStep">A JSON array of one step, UTF-8.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public Task DeliveredAsync(ClaimedCall call, byte[] traceStep, CancellationToken cancellationToken) =>
        database.WriteAsync(
            $"{AddToTrace} delete from queued_calls where id = @id;",
            new
            {
                id = call.Id,
                runId = call.RunId,
                part = NewPart(),
                steps = seals.SealTrace(traceStep),
            },
            cancellationToken
        );

    /// <summary>Has a call delivered again later; for good when <paramref name="traceStep"/> tells the end of it.</summary>
    /// <param name="call">The call as this node took it; when another has taken it since, nothing changes.</param>
    /// <param name="errorCode">Why it failed.</param>
    /// <param name="errorMessage">The same in words, without secrets.</param>
    /// <param name="pause">How long it rests.</param>
    /// <param name="traceStep">A JSON array of one step, UTF-8, when it is given up; null when it is not.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public Task FailedAsync(
        ClaimedCall call,
        string errorCode,
        string errorMessage,
        TimeSpan pause,
        byte[]? traceStep,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        return database.WriteAsync(
            $"""
            {(traceStep is null ? "" : AddToTrace)}
            update queued_calls set due_at = @due, error_code = @errorCode, error_message = @errorMessage, dead_at = @dead,
              expires_at = @expires
            where id = @id and attempts = @attempts;
            {(traceStep is null ? "" : RemoveOldestDead)}
            """,
            new
            {
                id = call.Id,
                attempts = call.Attempts,
                connector = call.Connector,
                errorCode,
                errorMessage,
                due = (UnixTime)(now + pause),
                dead = traceStep is null ? (long?)null : now.ToUnixTimeMilliseconds(),
                expires = traceStep is null ? (long?)null : (now + options.Retention).ToUnixTimeMilliseconds(),
                runId = call.RunId,
                part = NewPart(),
                steps = traceStep is null ? null : seals.SealTrace(traceStep),
            },
            cancellationToken
        );
    }

    /// <summary>What waits, by connector.</summary>
    public Task<IReadOnlyList<CallCount>> CountAsync(CancellationToken cancellationToken) =>
        database.ListAsync<CallCount>(
            "select connector as Connector, count(*) as Count, count(dead_at) as Dead, coalesce(sum(case "
                + "when dead_at is null then size else 0 end), 0) as Bytes from queued_calls group by connector",
            null,
            cancellationToken
        );

    /// <summary>Lists calls, the newest first.</summary>
    /// <param name="connector">Of that connector alone; null for all.</param>
    /// <param name="isDead">Those that were given up, or those that were not; null for both.</param>
    /// <param name="before">Those before this one, by time and id; null for the first page.</param>
    /// <param name="limit">How many.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public Task<IReadOnlyList<StoredCallSummary>> ListAsync(
        string? connector,
        bool? isDead,
        (long Time, string Id)? before,
        int limit,
        CancellationToken cancellationToken
    ) =>
        database.ListAsync<StoredCallSummary>(
            $"""
            select c.id as Id, c.connector as Connector, c.flow_id as FlowId, r.number as RunNumber, c.activity as Activity,
              c.size as Size, c.attempts as Attempts,
                c.error_code as ErrorCode, c.error_message as ErrorMessage, c.created_at as CreatedAt, c.due_at as DueAt,
                  c.dead_at as DeadAt
            from queued_calls c left join runs r on r.id = c.run_id
            where 1 = 1 {(connector is null ? "" : "and c.connector = @connector")} {isDead switch
            {
                null => "",
                true => "and c.dead_at is not null",
                false => "and c.dead_at is null",
            }}
                {(before is null ? "" : "and (c.created_at, c.id) < (@at, @id)")}
            order by c.created_at desc, c.id desc limit @limit
            """,
            new
            {
                connector,
                at = before?.Time,
                id = before?.Id,
                limit,
            },
            cancellationToken
        );

    /// <summary>Has a call delivered now, also one that was given up; its time begins anew.</summary>
    /// <returns>Whether there is such a call.</returns>
    public async Task<bool> RetryAsync(string id, AuditNote note, CancellationToken cancellationToken) =>
        await database
            .ChangeAsync<string>(
                "update queued_calls set due_at = @now, created_at = case when dead_at is null "
                    + "then created_at else @now end, dead_at = null, expires_at = null where id = @id returning id",
                new { id, now = (UnixTime)time.GetUtcNow() },
                note,
                time.GetUtcNow(),
                cancellationToken
            )
            .ConfigureAwait(false)
            is not null;

    /// <summary>Removes a call undelivered.</summary>
    /// <returns>Whether there was such a call.</returns>
    public async Task<bool> RemoveAsync(string id, AuditNote note, CancellationToken cancellationToken) =>
        await database
            .ChangeAsync<string>(
                "delete from queued_calls where id = @id returning id",
                new { id },
                note,
                time.GetUtcNow(),
                cancellationToken
            )
            .ConfigureAwait(false)
            is not null;

    // Whoever makes an API refuse calls, call after call, must not fill the storage with them.
    private static readonly string RemoveOldestDead = $"""
        delete from queued_calls where id in (
            select id from queued_calls where connector = @connector and dead_at is not null order by dead_at desc,
              id desc limit 100 offset {MostDead});
        """;

    // Only while the call is there: a second time, or after another node, it tells nothing.
    private const string AddToTrace = """
        insert into run_traces (run_number, part, steps, sealed_steps)
        select r.number, @part, '[]', @steps from runs r join queued_calls c on c.run_id = r.id where c.id = @id on conflict do nothing;
        """;

    /// <summary>In the order of time for ten days, and hardly ever the same twice for one run.</summary>
    private int NewPart() =>
        FirstDeliveryPart + ((int)(time.GetUtcNow().ToUnixTimeSeconds() % 900_000) * 1_000) + RandomNumberGenerator.GetInt32(1_000);

    private object Now()
    {
        var now = time.GetUtcNow();
        return new { now = (UnixTime)now, late = (UnixTime)(now + LatestDue) };
    }
}
