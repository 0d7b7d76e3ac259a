using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FlowEngine.Storage.Engines;
using FlowEngine.Storage.Protection;

namespace FlowEngine.Storage;

/// <summary>
/// Per process, thread-safe: which run each start is that came with an <c>Idempotency-Key</c>. It is stored before the run begins, so
/// that whatever happens to its server, the
/// same key finds the same run for a day. Keys and requests are kept as hashes that nobody can try without the root key: they may be
/// secrets, or hold some.
/// </summary>
internal sealed class StartKeys(StorageDatabase database, RootKey rootKey, TimeProvider time)
{
    private readonly byte[] _hashKey = rootKey.Derive("start keys");

    /// <summary>How long a key is kept: a day.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromDays(1);

    /// <summary>Takes a key for a run, or finds the run that it was taken for.</summary>
    /// <param name="scope">Whose key it is, and for what. The same key of another is another.</param>
    /// <param name="key">The key.</param>
    /// <param name="request">The request that it came with.</param>
    /// <param name="runId">The run, if the key is free.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="StorageException">The database does not answer: then nothing may begin.</exception>
    public async Task<TakenKey> TakeAsync(string scope, string key, byte[] request, string runId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var fingerprint = HashOf(request);
        // A key whose day is over is free, whether or not it was cleaned away.
        var row = await database
            .WriteFirstAsync<Row>(
                """
                insert into start_keys (hash, fingerprint, run_id, expires_at) values (@hash, @fingerprint, @runId, @until)
                on conflict (hash) do update set
                    fingerprint = case when start_keys.expires_at <= @now then excluded.fingerprint else start_keys.fingerprint end,
                    run_id = case when start_keys.expires_at <= @now then excluded.run_id else start_keys.run_id end,
                    expires_at = case when start_keys.expires_at <= @now then excluded.expires_at else start_keys.expires_at end
                returning run_id as RunId, fingerprint as Fingerprint, expires_at as ExpiresAt
                """,
                new
                {
                    hash = HashOf(Encoding.UTF8.GetBytes($"{scope}\n{key}")),
                    fingerprint,
                    runId,
                    until = (UnixTime)(now + Lifetime),
                    now = (UnixTime)now,
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        return new TakenKey(row!.RunId, row.Fingerprint == fingerprint, row.ExpiresAt);
    }

    private string HashOf(byte[] content) => Base64Url.EncodeToString(HMACSHA256.HashData(_hashKey, content));

    private sealed record Row
    {
        public string RunId { get; init; } = "";

        public string Fingerprint { get; init; } = "";

        public UnixTime ExpiresAt { get; init; }
    }
}

/// <summary>Shared and immutable: the run that a key stands for.</summary>
/// <param name="RunId">The run.</param>
/// <param name="IsSameRequest">Whether it was taken by the same request.</param>
/// <param name="ExpiresAt">When it is free again.</param>
internal readonly record struct TakenKey(string RunId, bool IsSameRequest, UnixTime ExpiresAt);
