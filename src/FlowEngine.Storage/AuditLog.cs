using System.Data.Common;
using Dapper;
using FlowEngine.Context;
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

/// <summary>Shared and immutable: what the audit log is to be told of a change.</summary>
/// <param name="Actor">Who does it.</param>
/// <param name="Action">What they do.</param>
/// <param name="Subject">To what, such as <c>flow:login</c>.</param>
/// <param name="Detail">More about it as JSON, without secrets; null for nothing.</param>
internal sealed record AuditNote(string Actor, AuditAction Action, string Subject, string? Detail = null)
{
    /// <summary>The detail that these members make.</summary>
    public static string DetailOf(params ReadOnlySpan<(string Name, FlowValue Value)> members) => FlowValue.Object(members).ToJson();
}

/// <summary>
/// Per process, thread-safe: the audit log. It only grows. What is stored and what is told of it go in one transaction: each change that
/// a person can make
/// takes its note, and <see cref="AuditedChanges"/> is the one place that writes it.
/// </summary>
internal sealed class AuditLog(StorageDatabase database, TimeProvider time)
{
    private const string Columns = "number as Number, at as At, actor as Actor, action as Action, subject as Subject, detail as Detail";

    /// <summary>Tells of something that changes nothing that is stored.</summary>
    public Task WriteAsync(AuditNote note, CancellationToken cancellationToken) =>
        database.TransactAsync(
            async (connection, transaction) =>
            {
                await AuditedChanges.TellAsync(connection, transaction, [note], time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
                return true;
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

/// <summary>Stateless: changes that are told of: both are stored, or neither.</summary>
internal static class AuditedChanges
{
    private const string Insert =
        "insert into audit_log (at, actor, action, subject, detail) values (@at, @actor, @action, @subject, @detail)";

    /// <summary>Executes a statement that changes something.</summary>
    /// <param name="database">The database.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="arguments">The parameters.</param>
    /// <param name="note">What is told of it when it changed something; null for a change that no person made.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>The first row that it returns; default when it returns none, and then nothing changed.</returns>
    public static Task<T?> ChangeAsync<T>(
        this StorageDatabase database,
        string sql,
        object? arguments,
        AuditNote? note,
        UnixTime now,
        CancellationToken cancellationToken
    ) =>
        database.TransactAsync(
            async (connection, transaction) =>
            {
                var changed = await connection
                    .QueryFirstOrDefaultAsync<T>(StorageDatabase.Command(sql, arguments, transaction, cancellationToken))
                    .ConfigureAwait(false);
                if (changed is not null && note is not null)
                    await TellAsync(connection, transaction, [note], now, cancellationToken).ConfigureAwait(false);
                return changed;
            },
            cancellationToken
        );

    /// <summary>Tells of a change in its transaction.</summary>
    public static async Task TellAsync(
        DbConnection connection,
        DbTransaction transaction,
        IEnumerable<AuditNote> notes,
        UnixTime now,
        CancellationToken cancellationToken
    )
    {
        foreach (var note in notes)
        {
            var arguments = new
            {
                at = now,
                actor = note.Actor,
                action = note.Action.Name,
                subject = note.Subject,
                detail = note.Detail,
            };
            await connection.ExecuteAsync(StorageDatabase.Command(Insert, arguments, transaction, cancellationToken)).ConfigureAwait(false);
        }
    }
}
