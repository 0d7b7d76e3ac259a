using FlowEngine.Storage.Engines;

namespace FlowEngine.Storage;

/// <summary>Shared and immutable: who changed what.</summary>
internal sealed record AuditEntry
{
    /// <summary>Its place in the log.</summary>
    public long Number { get; init; }

    /// <summary>When.</summary>
    public UnixTime At { get; init; }

    /// <summary>Who: a console user's name, or <c>management key</c>, <c>command line</c>, <c>server</c>.</summary>
    public string Actor { get; init; } = "";

    /// <summary>What was done, such as <c>flow.publish</c>.</summary>
    public string Action { get; init; } = "";

    /// <summary>To what, such as <c>flow:login</c>.</summary>
    public string Subject { get; init; } = "";

    /// <summary>More about it as JSON, without secrets; null for nothing.</summary>
    public string? Detail { get; init; }
}

/// <summary>Per process, thread-safe: the audit log. It only grows.</summary>
internal sealed class AuditLog(StorageDatabase database, TimeProvider time)
{
    private const string Columns = "number as Number, at as At, actor as Actor, action as Action, subject as Subject, detail as Detail";

    /// <summary>Writes an entry.</summary>
    public Task WriteAsync(string actor, AuditAction action, string subject, string? detail, CancellationToken cancellationToken) =>
        database.WriteOnceAsync<long>(
            "insert into audit_log (at, actor, action, subject, detail) values (@now, @actor, @action, @subject, @detail) returning number",
            new
            {
                now = (UnixTime)time.GetUtcNow(),
                actor,
                action = action.Name,
                subject,
                detail,
            },
            cancellationToken
        );

    /// <summary>Reads entries, the newest first.</summary>
    /// <param name="subject">What they are about; null for all.</param>
    /// <param name="actor">Who did it; null for all.</param>
    /// <param name="before">Only those of lower numbers: the last of the page before; null for the first page.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public Task<IReadOnlyList<AuditEntry>> ListAsync(
        string? subject,
        string? actor,
        long? before,
        int limit,
        CancellationToken cancellationToken
    ) =>
        database.ListAsync<AuditEntry>(
            $"select {Columns} from audit_log where number < @before {(subject is null ? "" : "and subject = @subject")} "
                + $"{(actor is null ? "" : "and actor = @actor")} order by number desc limit @limit",
            new
            {
                subject,
                actor,
                before = before ?? long.MaxValue,
                limit,
            },
            cancellationToken
        );
}
