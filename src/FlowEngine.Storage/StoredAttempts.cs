using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using FlowEngine.Attempts;
using FlowEngine.Storage.Engines;
using FlowEngine.Storage.Protection;

namespace FlowEngine.Storage;

/// <summary>Per process, thread-safe: counts tries in the database, for all nodes. What is stored of a key is a hash under a key that
/// follows from the root key, so that the table does not tell who signs in, and nobody who reads it can try names out.</summary>
internal sealed class StoredAttempts(StorageDatabase database, RootKey rootKey) : AttemptCounter
{
    private const string Columns = "tries as Tries, since as Since, locked_until as LockedUntil, wait as Wait, expires_at as ExpiresAt";

    private readonly byte[] _hashKey = rootKey.Derive("attempts");

    /// <inheritdoc/>
    public override async ValueTask<bool> TryCountAsync(
        IReadOnlyList<AttemptKey> keys,
        AttemptLimit limit,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var hashes = HashesOf(keys);
        return await database
            .TransactAsync(
                async (connection, transaction) =>
                {
                    var next = new AttemptState[hashes.Length];
                    var isAllowed = true;
                    for (var i = 0; i < hashes.Length; i++)
                    {
                        // An update that changes nothing locks the row: of many tries at once, each waits for the one before.
                        var row = await connection
                            .QueryFirstAsync<Row>(
                                StorageDatabase.Command(
                                    $"""
                                    insert into attempts (key, tries, since, locked_until, wait, expires_at) values (@hash, 0, 0, 0, 0, 0)
                                    on conflict (key) do update set tries = attempts.tries returning {Columns}
                                    """,
                                    new { hash = hashes[i] },
                                    transaction,
                                    cancellationToken
                                )
                            )
                            .ConfigureAwait(false);
                        isAllowed &= row.State.TryCount(limit, now, out next[i]);
                    }
                    for (var i = 0; isAllowed && i < hashes.Length; i++)
                        await WriteAsync(hashes[i], next[i], connection, transaction, cancellationToken).ConfigureAwait(false);
                    return isAllowed;
                },
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask TakeBackAsync(IReadOnlyList<AttemptKey> keys, CancellationToken cancellationToken)
    {
        var hashes = HashesOf(keys);
        await database
            .TransactAsync(
                async (connection, transaction) =>
                {
                    foreach (var hash in hashes)
                    {
                        if (await ReadAsync(hash, connection, transaction, cancellationToken).ConfigureAwait(false) is { } row)
                            await WriteAsync(hash, row.State.TakeBack(), connection, transaction, cancellationToken).ConfigureAwait(false);
                    }
                    return true;
                },
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask ForgetAsync(IReadOnlyList<AttemptKey> keys, CancellationToken cancellationToken)
    {
        var hashes = HashesOf(keys);
        await database
            .TransactAsync(
                async (connection, transaction) =>
                {
                    foreach (var hash in hashes)
                        await connection
                            .ExecuteAsync(
                                StorageDatabase.Command(
                                    "delete from attempts where key = @hash",
                                    new { hash },
                                    transaction,
                                    cancellationToken
                                )
                            )
                            .ConfigureAwait(false);
                    return true;
                },
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <summary>In one order, in which all transactions lock their rows: no two wait for each other.</summary>
    private string[] HashesOf(IReadOnlyList<AttemptKey> keys)
    {
        var hashes = new string[keys.Count];
        for (var i = 0; i < hashes.Length; i++)
            hashes[i] = Base64Url.EncodeToString(HMACSHA256.HashData(_hashKey, Encoding.UTF8.GetBytes(keys[i].ToString())));
        Array.Sort(hashes, StringComparer.Ordinal);
        return hashes;
    }

    private Task<Row?> ReadAsync(string hash, DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken) =>
        connection.QueryFirstOrDefaultAsync<Row>(
            StorageDatabase.Command(
                $"select {Columns} from attempts where key = @hash{database.Lock}",
                new { hash },
                transaction,
                cancellationToken
            )
        );

    private static Task<int> WriteAsync(
        string hash,
        AttemptState state,
        DbConnection connection,
        DbTransaction transaction,
        CancellationToken cancellationToken
    ) =>
        connection.ExecuteAsync(
            StorageDatabase.Command(
                "update attempts set tries = @tries, since = @since, locked_until "
                    + "= @locked, wait = @wait, expires_at = @expires where key = @hash",
                new
                {
                    hash,
                    tries = state.Tries,
                    since = (UnixTime)state.Since,
                    locked = (UnixTime)state.LockedUntil,
                    wait = (long)state.Wait.TotalMilliseconds,
                    expires = (UnixTime)state.ForgetAt,
                },
                transaction,
                cancellationToken
            )
        );

    private sealed record Row
    {
        public int Tries { get; init; }

        public UnixTime Since { get; init; }

        public UnixTime LockedUntil { get; init; }

        public long Wait { get; init; }

        public UnixTime ExpiresAt { get; init; }

        public AttemptState State => new(Tries, Since, LockedUntil, TimeSpan.FromMilliseconds(Wait), ExpiresAt);
    }
}
