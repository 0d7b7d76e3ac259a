using Dapper;
using FlowEngine.Storage.Engines;
using FlowEngine.Storage.Protection;

namespace FlowEngine.Storage;

/// <summary>Shared and immutable: a key that signs tokens.</summary>
internal sealed record StoredSigningKey
{
    /// <summary>The key's id, <c>kid</c>.</summary>
    public string Id { get; init; } = "";

    /// <summary>The private key, PKCS #8. Encrypted in the database.</summary>
    public byte[] PrivateKey { get; init; } = [];

    /// <summary>When it was made and published.</summary>
    public UnixTime CreatedAt { get; init; }

    /// <summary>From when on it signs.</summary>
    public UnixTime ActiveFrom { get; init; }

    /// <summary>From when on the next one signs; null while there is none.</summary>
    public UnixTime? RetiredAt { get; init; }

    /// <summary>When the last token it signed has expired; null until it is retired and that is known.</summary>
    public UnixTime? ExpiresAt { get; init; }
}

/// <summary>Per process, thread-safe: the keys that sign tokens.</summary>
internal sealed class SigningKeyStore(StorageDatabase database, Vaults vaults)
{
    private readonly Vault _vault = vaults.Of("signing keys");

    /// <summary>The keys whose tokens may not all have expired, the oldest first.</summary>
    public async Task<IReadOnlyList<StoredSigningKey>> ListAsync(UnixTime now, CancellationToken cancellationToken)
    {
        var rows = await database
            .ListAsync<StoredSigningKey>(
                """
                select id as Id, sealed_key as PrivateKey, created_at as CreatedAt, active_from as ActiveFrom, retired_at as RetiredAt,
                  expires_at as ExpiresAt
                from signing_keys where expires_at is null or expires_at > @now order by active_from, id
                """,
                new { now },
                cancellationToken
            )
            .ConfigureAwait(false);
        return [.. rows.Select(row => row with { PrivateKey = _vault.Open(row.PrivateKey) })];
    }

    /// <summary>Adds a key and retires the others from the moment it signs, those too
    /// that would have signed longer because their successor still waits.</summary>
    public Task AddAsync(StoredSigningKey key, AuditNote note, CancellationToken cancellationToken) =>
        database.ChangeAsync<string>(
            """
            insert into signing_keys (id, sealed_key, created_at, active_from) values (@Id, @PrivateKey, @CreatedAt, @ActiveFrom)
              on conflict (id) do nothing returning id;
            update signing_keys set retired_at = @ActiveFrom where id <> @Id and (retired_at is null or retired_at > @ActiveFrom);
            """,
            new
            {
                key.Id,
                PrivateKey = _vault.Seal(key.PrivateKey),
                key.CreatedAt,
                key.ActiveFrom,
            },
            note,
            key.CreatedAt,
            cancellationToken
        );

    /// <summary>Adds the very first key. Of several nodes at once, one does.</summary>
    /// <returns>Whether this one did.</returns>
    public Task<bool> TryAddFirstAsync(StoredSigningKey key, CancellationToken cancellationToken) =>
        database.TransactAsync(
            async (connection, transaction) =>
            {
                var arguments = new
                {
                    key.Id,
                    PrivateKey = _vault.Seal(key.PrivateKey),
                    key.CreatedAt,
                    key.ActiveFrom,
                };
                // A row that is always there stands for the lock that an empty table cannot give.
                await connection
                    .ExecuteAsync(
                        StorageDatabase.Command(
                            "update settings set value = value where name = 'catalogue.revision'",
                            null,
                            transaction,
                            cancellationToken
                        )
                    )
                    .ConfigureAwait(false);
                return await connection
                        .ExecuteAsync(
                            StorageDatabase.Command(
                                """
                                insert into signing_keys (id, sealed_key, created_at, active_from) select @Id, @PrivateKey, @CreatedAt,
                                  @ActiveFrom
                                where not exists (select 1 from signing_keys where retired_at is null)
                                """,
                                arguments,
                                transaction,
                                cancellationToken
                            )
                        )
                        .ConfigureAwait(false) > 0;
            },
            cancellationToken
        );

    /// <summary>Ends a key that has stopped signing: from now on nothing that it signed counts.</summary>
    /// <returns>Whether there was such a key. One that signs, or will, is left alone: another has to take over first.</returns>
    public async Task<bool> RevokeAsync(string id, UnixTime now, AuditNote note, CancellationToken cancellationToken) =>
        await database
            .ChangeAsync<string>(
                "update signing_keys set expires_at = @now where id = @id and retired_at "
                    + "<= @now and (expires_at is null or expires_at > @now) returning id",
                new { id, now },
                note,
                now,
                cancellationToken
            )
            .ConfigureAwait(false)
            is not null;

    /// <summary>Decides when keys that have stopped signing expire: with the longest session token. No other token is signed.</summary>
    /// <param name="stoppedBefore">Keys retired before then sign nowhere any more.</param>
    /// <param name="longestSession">How long a session token can live.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public Task SettleAsync(UnixTime stoppedBefore, TimeSpan longestSession, CancellationToken cancellationToken) =>
        database.WriteAsync(
            "update signing_keys set expires_at = retired_at + @longest where expires_at is null and retired_at < @stoppedBefore",
            new { stoppedBefore, longest = (long)longestSession.TotalMilliseconds },
            cancellationToken
        );
}
