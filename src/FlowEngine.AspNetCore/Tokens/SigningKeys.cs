using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Tokens;

/// <summary>
/// Per process, thread-safe: the keys that sign tokens, as the database had them a moment ago. A new key is published at once and signs two
/// minutes later, when every node and its clients can know it; the old one stays published until the last token it signed has expired.
/// </summary>
/// <remarks>A database that does not answer changes nothing: the keys known last go on.</remarks>
internal sealed class SigningKeys : IDisposable
{
    /// <summary>How old the knowledge of a node may be. Far less than a minute, so that every node sees a rotation within one.</summary>
    public static readonly TimeSpan RefreshPeriod = TimeSpan.FromSeconds(20);

    /// <summary>How long a key is published before it signs.</summary>
    public static readonly TimeSpan Lead = TimeSpan.FromMinutes(2);

    /// <summary>How soon after the last look an unknown key id makes a node look again: ids come from outside.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    /// <summary>The longest session that a flow may ask for (<c>tokens.sessionMinutes</c>
    /// is at most 1440), and some for the clocks.</summary>
    private static readonly TimeSpan LongestSession = TimeSpan.FromMinutes(1445);

    private readonly SigningKeyStore _store;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private volatile Snapshot _known = new([], [], 0);

    private SigningKeys(SigningKeyStore store, TimeProvider time)
    {
        _store = store;
        _time = time;
    }

    /// <summary>The key that signs now.</summary>
    public SigningKey Current
    {
        get
        {
            var (entries, now) = (_known.Entries, _time.GetUtcNow());
            for (var i = entries.Length - 1; i > 0; i--)
            {
                if (entries[i].ActiveFrom <= now)
                    return entries[i].Key;
            }
            return entries[0].Key;
        }
    }

    /// <summary>Reads the keys; makes the first one when there is none.</summary>
    public static async Task<SigningKeys> OpenAsync(SigningKeyStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        var keys = new SigningKeys(store, time);
        await keys.RefreshAsync(cancellationToken);
        if (keys._known.Entries.Length == 0)
        {
            var (pkcs8, id) = SigningKey.Generate();
            UnixTime now = time.GetUtcNow();
            await store.TryAddFirstAsync(
                new StoredSigningKey
                {
                    Id = id,
                    PrivateKey = pkcs8,
                    CreatedAt = now,
                    ActiveFrom = now,
                },
                cancellationToken
            );
            await keys.RefreshAsync(cancellationToken);
        }
        return keys;
    }

    /// <summary>Makes a new key, which takes over in two minutes; at once when the old one must not sign any more.</summary>
    /// <returns>The new key's id.</returns>
    public async Task<string> RotateAsync(bool atOnce, string actor, CancellationToken cancellationToken)
    {
        var (pkcs8, id) = SigningKey.Generate();
        var now = _time.GetUtcNow();
        await _store.AddAsync(
            new StoredSigningKey
            {
                Id = id,
                PrivateKey = pkcs8,
                CreatedAt = now,
                ActiveFrom = atOnce ? now : now + Lead,
            },
            new AuditNote(actor, AuditAction.KeyRotate, $"key:{id}", AuditNote.DetailOf(("now", FlowValue.From(atOnce)))),
            cancellationToken
        );
        await RefreshAsync(cancellationToken);
        return id;
    }

    /// <summary>The key of that id; null when there is none or its tokens have expired.</summary>
    public async ValueTask<SigningKey?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (_known.Find(id) is { } key)
            return key;
        await RefreshUnlessFreshAsync(LookAgain, cancellationToken);
        return _known.Find(id);
    }

    /// <summary>The public keys as a JSON Web Key Set (RFC 7517, 5), UTF-8. Clients
    /// may keep it for as long as <see cref="Lead"/> less a minute.</summary>
    public async ValueTask<byte[]> KeySetAsync(CancellationToken cancellationToken)
    {
        await RefreshUnlessFreshAsync(RefreshPeriod, cancellationToken);
        return _known.KeySet;
    }

    /// <summary>Reads the keys again, and decides when those that signed last expire.</summary>
    /// <exception cref="StorageException">The database does not answer.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            await ReadAsync(cancellationToken);
        }
        finally
        {
            _refreshing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _refreshing.Dispose();

    private async ValueTask RefreshUnlessFreshAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        // The age is counted by no clock: one that is set back would stop all reading until it has caught up.
        if (_time.GetElapsedTime(_known.ReadAt) < age)
            return;
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            // Of many that wait, one reads.
            if (_time.GetElapsedTime(_known.ReadAt) >= age)
                await ReadAsync(cancellationToken);
        }
        catch (StorageException error) when (error.Code == StorageErrors.Unavailable && _known.Entries.Length > 0)
        {
            // What is known goes on.
        }
        finally
        {
            _refreshing.Release();
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var (now, readAt) = (_time.GetUtcNow(), _time.GetTimestamp());
        var rows = await _store.ListAsync(now, cancellationToken);
        if (rows.Any(row => row.ExpiresAt is null && row.RetiredAt is { } retired && retired < (DateTimeOffset)now - Lead))
            await _store.SettleAsync(now - Lead, LongestSession, cancellationToken);

        // Keys are kept over readings: each one holds handles of the operating system.
        var before = _known;
        Entry[] entries = [.. rows.Select(row => new Entry(SignsFrom(row), before.Find(row.Id) ?? SigningKey.FromPkcs8(row.PrivateKey)))];
        _known = new Snapshot(entries, WriteKeySet(entries), readAt);
    }

    /// <summary>A key that was replaced before its time came never signs.</summary>
    private static DateTimeOffset SignsFrom(StoredSigningKey key) =>
        key.RetiredAt is { } retired && retired.Milliseconds <= key.ActiveFrom.Milliseconds ? DateTimeOffset.MaxValue : key.ActiveFrom;

    private static byte[] WriteKeySet(Entry[] entries)
    {
        var keys = entries.Select(entry =>
        {
            var jwk = new FlowObjectBuilder(7);
            foreach (var (name, value) in entry.Key.PublicJwk)
                jwk.Set(name, value);
            jwk.Set("kid", FlowValue.From(entry.Key.Id));
            jwk.Set("use", FlowValue.From("sig"));
            jwk.Set("alg", FlowValue.From("ES256"));
            return FlowValue.From(jwk.Build());
        });
        return JsonWriting.ToUtf8(FlowValue.From(FlowShape.Of("keys").With(FlowValue.Array(keys))));
    }

    private sealed record Entry(DateTimeOffset ActiveFrom, SigningKey Key);

    private sealed record Snapshot(Entry[] Entries, byte[] KeySet, long ReadAt)
    {
        public SigningKey? Find(string id) => Array.Find(Entries, entry => entry.Key.Id == id)?.Key;
    }
}
