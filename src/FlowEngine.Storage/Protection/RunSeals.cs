using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FlowEngine.Storage.Protection;

/// <summary>Per process, thread-safe: seals what is stored of runs: state, trace and
/// person, each for its own purpose, so that none can be put in another's place.</summary>
internal sealed class RunSeals(Vaults vaults, RootKey rootKey)
{
    private readonly Vault _states = vaults.Of("runs");
    private readonly Vault _traces = vaults.Of("run traces");
    private readonly Vault _people = vaults.Of("run people");
    private readonly Vault _references = vaults.Of("run references");
    private readonly Vault _calls = vaults.Of("queued calls");
    private readonly byte[] _personKey = rootKey.Derive("run person");
    private readonly byte[] _referenceKey = rootKey.Derive("run reference");

    /// <summary>Seals a state.</summary>
    public byte[] SealState(byte[] state) => _states.Seal(state);

    /// <summary>Opens a state.</summary>
    /// <exception cref="StorageException">It was damaged, or its key is gone.</exception>
    public byte[] OpenState(byte[] @sealed) => _states.Open(@sealed);

    /// <summary>Seals a part of a trace, UTF-8 JSON.</summary>
    public byte[] SealTrace(byte[] steps) => _traces.Seal(steps);

    /// <summary>Opens a part of a trace.</summary>
    /// <exception cref="StorageException">It was damaged, or its key is gone.</exception>
    public string OpenTrace(byte[] @sealed) => Encoding.UTF8.GetString(_traces.Open(@sealed));

    /// <summary>Seals whom a run is about, to be shown.</summary>
    public byte[] SealPerson(string person) => _people.Seal(Encoding.UTF8.GetBytes(person));

    /// <summary>Opens whom a run is about.</summary>
    /// <exception cref="StorageException">It was damaged, or its key is gone.</exception>
    public string OpenPerson(byte[] @sealed) => Encoding.UTF8.GetString(_people.Open(@sealed));

    /// <summary>Seals what a flow says its run is found by, to be shown.</summary>
    public byte[] SealReference(string reference) => _references.Seal(Encoding.UTF8.GetBytes(reference));

    /// <summary>Opens what a flow says its run is found by.</summary>
    /// <exception cref="StorageException">It was damaged, or its key is gone.</exception>
    public string OpenReference(byte[] @sealed) => Encoding.UTF8.GetString(_references.Open(@sealed));

    /// <summary>What a reference, an email or a loginId is found by, whatever its case and the spaces around it: the first 128 bits of its
    /// HMAC-SHA256 with a key that follows from the root key.</summary>
    public byte[] KeyOf(string reference) =>
        HMACSHA256.HashData(_referenceKey, Encoding.UTF8.GetBytes(reference.Trim().ToLowerInvariant()))[..16];

    /// <summary>Seals a call that waits to be delivered.</summary>
    public byte[] SealCall(byte[] content) => _calls.Seal(content);

    /// <summary>Opens a call that waits to be delivered.</summary>
    /// <exception cref="StorageException">It was damaged, or its key is gone.</exception>
    public byte[] OpenCall(byte[] @sealed) => _calls.Open(@sealed);

    /// <summary>What a person is found by, exactly: HMAC-SHA256 with a key that follows
    /// from the root key, as base64url. Without that key nobody can try names.</summary>
    public string HashOf(string person) => Base64Url.EncodeToString(HMACSHA256.HashData(_personKey, Encoding.UTF8.GetBytes(person)));
}
