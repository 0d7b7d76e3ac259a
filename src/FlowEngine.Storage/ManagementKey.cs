using System.Security.Cryptography;
using System.Text;

namespace FlowEngine.Storage;

/// <summary>Per process, thread-safe: the management key, of which only the hash is stored.</summary>
/// <remarks>One SHA-256, no slow hash: a key is random and at least 32
/// characters long, and it is checked on every management request.</remarks>
internal sealed class ManagementKey(SettingStore settings)
{
    private const string Setting = "management.key_hash";

    /// <summary>The shortest key that is taken, in characters.</summary>
    public const int MinimumLength = 32;

    /// <summary>Whether a key was set.</summary>
    public async Task<bool> ExistsAsync(CancellationToken cancellationToken) =>
        await settings.FindAsync(Setting, cancellationToken).ConfigureAwait(false) is not null;

    /// <summary>Sets the key.</summary>
    /// <exception cref="ArgumentException">It is too short.</exception>
    public Task SetAsync(string key, CancellationToken cancellationToken)
    {
        Check(key);
        return settings.SetAsync(Setting, Hash(key), cancellationToken);
    }

    /// <summary>Sets the key unless there is one. Of several nodes at once, one wins.</summary>
    /// <returns>Whether this key counts now.</returns>
    /// <exception cref="ArgumentException">It is too short.</exception>
    public async Task<bool> TrySetFirstAsync(string key, CancellationToken cancellationToken)
    {
        Check(key);
        var hash = Hash(key);
        return await settings.FindOrAddAsync(Setting, hash, cancellationToken).ConfigureAwait(false) == hash;
    }

    /// <summary>Whether this is the key. Takes the same time for any wrong one.</summary>
    public async Task<bool> IsValidAsync(string key, CancellationToken cancellationToken) =>
        await settings.FindAsync(Setting, cancellationToken).ConfigureAwait(false) is { } hash
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(Hash(key)));

    private static void Check(string key)
    {
        if (key.Length < MinimumLength)
            throw new ArgumentException($"A management key has at least {MinimumLength} characters.", nameof(key));
    }

    private static string Hash(string key) => SecretHash.Of(key);
}
