using FlowEngine.Storage.Engines;

namespace FlowEngine.Storage;

/// <summary>Per process, thread-safe: which sessions of the console there are, by the hash of their
/// id. One that was ended has ended on every node, and so has every copy of its cookie.</summary>
internal sealed class ConsoleSessionStore(StorageDatabase database, TimeProvider time)
{
    /// <summary>Begins a session.</summary>
    public Task AddAsync(string id, string name, UnixTime expiresAt, AuditNote? note, CancellationToken cancellationToken) =>
        database.ChangeAsync<string>(
            "insert into console_sessions (hash, name, expires_at) values (@hash, @name, @expiresAt) "
                + "on conflict (hash) do nothing returning name",
            new
            {
                hash = SecretHash.Of(id),
                name,
                expiresAt,
            },
            note,
            time.GetUtcNow(),
            cancellationToken
        );

    /// <summary>Whether a session is that person's, and has not ended.</summary>
    public async Task<bool> IsOpenAsync(string id, string name, CancellationToken cancellationToken) =>
        await database
            .FirstAsync<int>(
                "select 1 from console_sessions where hash = @hash and name = @name and expires_at > @now",
                new
                {
                    hash = SecretHash.Of(id),
                    name,
                    now = (UnixTime)time.GetUtcNow(),
                },
                cancellationToken
            )
            .ConfigureAwait(false) == 1;

    /// <summary>Ends a session.</summary>
    public Task RemoveAsync(string id, AuditNote? note, CancellationToken cancellationToken) =>
        database.ChangeAsync<string>(
            "delete from console_sessions where hash = @hash returning name",
            new { hash = SecretHash.Of(id) },
            note,
            time.GetUtcNow(),
            cancellationToken
        );
}
