using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using FlowEngine.Attempts;
using FlowEngine.Server.Storage.Engines;
using FlowEngine.Server.Storage.Protection;

namespace FlowEngine.Server.Storage;

/// <summary>Per process, thread-safe: counts tries in the database, for all nodes. What is stored of a key is a hash under a key that follows from the root key, so that
/// the table does not tell who signs in, and nobody who reads it can try names out.</summary>
internal sealed class StoredAttempts(StorageDatabase database, RootKey rootKey) : AttemptCounter
{
    private const string Columns = "tries as Tries, since as Since, locked_until as LockedUntil, wait as Wait, expires_at as ExpiresAt";

    private readonly byte[] _hashKey = rootKey.Derive("attempts");

    /// <inheritdoc/>
    public override async ValueTask<bool> TryCountAsync(AttemptKey key, AttemptLimit limit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hash = HashOf(key);
        return await database.TransactAsync(
            async (connection, transaction) =>
            {
                // An update that changes nothing locks the row: of many tries at once, each waits for the one before.
                var row = await connection.QueryFirstAsync<Row>(StorageDatabase.Command(
                    $"""
                    insert into attempts (key, tries, since, locked_until, wait, expires_at) values (@hash, 0, 0, 0, 0, 0)
                    on conflict (key) do update set tries = attempts.tries returning {Columns}
                    """,
                    new { hash }, transaction, cancellationToken)).ConfigureAwait(false);
                if (!row.State.TryCount(limit, now, out var next))
                    return false;
                await WriteAsync(hash, next, connection, transaction, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask TakeBackAsync(AttemptKey key, CancellationToken cancellationToken)
    {
        var hash = HashOf(key);
        await database.TransactAsync(
            async (connection, transaction) =>
            {
                if (await ReadAsync(hash, connection, transaction, cancellationToken).ConfigureAwait(false) is { } row)
                    await WriteAsync(hash, row.State.TakeBack(), connection, transaction, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask ForgetAsync(AttemptKey key, CancellationToken cancellationToken) =>
        await database.WriteAsync("delete from attempts where key = @hash", new { hash = HashOf(key) }, cancellationToken).ConfigureAwait(false);

    private string HashOf(AttemptKey key) => Base64Url.EncodeToString(HMACSHA256.HashData(_hashKey, Encoding.UTF8.GetBytes(key.ToString())));

    private Task<Row?> ReadAsync(string hash, DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken) =>
        connection.QueryFirstOrDefaultAsync<Row>(StorageDatabase.Command(
            $"select {Columns} from attempts where key = @hash{database.Lock}",
            new { hash }, transaction, cancellationToken));

    private static Task<int> WriteAsync(string hash, AttemptState state, DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(StorageDatabase.Command(
            "update attempts set tries = @tries, since = @since, locked_until = @locked, wait = @wait, expires_at = @expires where key = @hash",
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
            cancellationToken));

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
