using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace FlowEngine.Storage.Protection;

/// <summary>Per process, thread-safe: makes vaults, and keeps the material of the ring's keys for them, so that a vault never waits for the
/// database: as long as it is not there, Data Protection seals.</summary>
/// <param name="application">The name that Data Protection puts in front of all purposes.</param>
/// <param name="provider">Data Protection over the key ring.</param>
/// <param name="ring">The ring's keys.</param>
/// <param name="time">The clock.</param>
internal sealed class Vaults(string application, IDataProtectionProvider provider, IKeyManager ring, TimeProvider time)
{
    private const string Owner = "FlowEngine.Storage";

    private readonly ConcurrentDictionary<Guid, ReadOnlyMemory<byte>> _keys = new();
    private int _isLoading;

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>A vault.</summary>
    /// <param name="purpose">What is sealed in it, such as <c>runs</c>. Never changes: it is part of the encryption.</param>
    public Vault Of(string purpose) => new(this, provider.CreateProtector(Owner, purpose), purpose);

    /// <summary>All purposes of a vault.</summary>
    public IReadOnlyList<string> PurposesOf(string purpose) => [application, Owner, purpose];

    /// <summary>The material of a key of the ring; null when it is not there yet: it is asked for, and there the next time.</summary>
    public ReadOnlyMemory<byte>? FindKey(Guid id)
    {
        if (_keys.TryGetValue(id, out var key))
            return key;
        if (Interlocked.Exchange(ref _isLoading, 1) == 0)
            _ = Task.Run(TryLoad);
        return null;
    }

    /// <summary>Reads the keys of the ring.</summary>
    /// <exception cref="StorageException">The database does not answer.</exception>
    public void Load()
    {
        foreach (var key in ring.GetAllKeys())
        {
            if (!_keys.ContainsKey(key.KeyId) && MaterialOf(key) is { } material)
                _keys[key.KeyId] = material;
        }
    }

    private void TryLoad()
    {
        try
        {
            Load();
        }
#pragma warning disable CA1031 // Data Protection, which then seals, tells of whatever is wrong with the ring.
        catch (Exception)
#pragma warning restore CA1031
        {
            // It is asked for again.
        }
        finally
        {
            Volatile.Write(ref _isLoading, 0);
        }
    }

    /// <summary>The material of a key that seals with AES-256-GCM; null of any other. It is what the ring stores of the key.</summary>
    private static ReadOnlyMemory<byte>? MaterialOf(IKey key)
    {
        try
        {
            var descriptor = key.Descriptor.ExportToXml().SerializedDescriptorElement;
            if (
                (string?)descriptor.Element("encryption")?.Attribute("algorithm") != "AES_256_GCM"
                || (string?)descriptor.Element("masterKey")?.Element("value") is not { } text
            )
                return null;
            // Pinned, so that the collector leaves no copies of it.
            var read = Convert.FromBase64String(text);
            var material = GC.AllocateUninitializedArray<byte>(read.Length, pinned: true);
            read.CopyTo(material, 0);
            CryptographicOperations.ZeroMemory(read);
            return material;
        }
#pragma warning disable CA1031 // Data Protection goes on without a key that it cannot read, and so does the start of the server.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }
}
