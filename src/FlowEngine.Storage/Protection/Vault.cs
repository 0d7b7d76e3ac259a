using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace FlowEngine.Storage.Protection;

/// <summary>
/// Per process, thread-safe: encrypts what is stored, for one purpose: what was sealed for another cannot be opened. What is sealed has
/// the format of Data Protection, which opens it; it is only made with a subkey that is kept for a while (<see cref="Subkey"/>).
/// </summary>
internal sealed class Vault
{
    /// <summary>How many threads seal at once without waiting for one another; each place has a subkey of its own.</summary>
    private static readonly int Places = Math.Min(Environment.ProcessorCount, 16);

    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(10);

    private readonly string _purpose;
    private readonly Vaults _vaults;
    private readonly IDataProtector _protector;
    private readonly Place[] _places = new Place[Places];

    /// <summary>Makes a vault; see <see cref="Vaults.Of"/>.</summary>
    public Vault(Vaults vaults, IDataProtector protector, string purpose)
    {
        (_vaults, _protector, _purpose) = (vaults, protector, purpose);
        for (var i = 0; i < _places.Length; i++)
            _places[i] = new Place();
    }

    /// <summary>Encrypts.</summary>
    public byte[] Seal(byte[] plain)
    {
        var place = _places[(uint)Thread.GetCurrentProcessorId() % _places.Length];
        lock (place.Gate)
        {
            if (place.Subkey is { IsSpent: false } || Renew(place))
                return place.Subkey!.Seal(plain);
        }
        return _protector.Protect(plain);
    }

    /// <summary>Encrypts text to text.</summary>
    public string Seal(string plain) => Convert.ToBase64String(Seal(Encoding.UTF8.GetBytes(plain)));

    /// <summary>Decrypts.</summary>
    /// <exception cref="StorageException">The data was damaged, or its key is gone (<see cref="StorageErrors.Unreadable"/>).</exception>
    public byte[] Open(byte[] @sealed)
    {
        try
        {
            return _protector.Unprotect(@sealed);
        }
        catch (CryptographicException error)
        {
            throw new StorageException(StorageErrors.Unreadable, "The key ring does not open it.", error);
        }
    }

    /// <summary>Decrypts text.</summary>
    /// <exception cref="StorageException">As <see cref="Open(byte[])"/>.</exception>
    public string Open(string @sealed)
    {
        try
        {
            return Encoding.UTF8.GetString(Open(Convert.FromBase64String(@sealed)));
        }
        catch (FormatException error)
        {
            throw new StorageException(StorageErrors.Unreadable, "It is not what was stored.", error);
        }
    }

    /// <summary>Gives a place its next subkey.</summary>
    /// <returns>Whether there is one. If not, Data Protection seals itself, and it is tried again some time later.</returns>
    private bool Renew(Place place)
    {
        if (place.Subkey is null && place.TriedAt is { } tried && _vaults.Time.GetElapsedTime(tried) < TryAgain)
            return false;
        place.Subkey?.Dispose();
        place.Subkey = NewSubkey();
        place.TriedAt = _vaults.Time.GetTimestamp();
        return place.Subkey is not null;
    }

    /// <summary>A subkey of the ring's key of today, which Data Protection names in whatever it seals; null when that key's material is
    /// not there yet, or is of another kind.</summary>
    private Subkey? NewSubkey()
    {
        var keyId = Subkey.KeyIdOf(_protector.Protect([]));
        if (_vaults.FindKey(keyId) is not { } key)
            return null;
        var subkey = new Subkey(key.Span, keyId, _vaults.PurposesOf(_purpose), _vaults.Time);
        if (IsReadable(subkey))
            return subkey;
        subkey.Dispose();
        return null;
    }

    /// <summary>Nothing is sealed with a subkey before Data Protection itself has opened something that it sealed.</summary>
    private bool IsReadable(Subkey subkey)
    {
        var probe = RandomNumberGenerator.GetBytes(32);
        try
        {
            return _protector.Unprotect(subkey.Seal(probe)).AsSpan().SequenceEqual(probe);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Per vault and place: the subkey that it seals with now.</summary>
    private sealed class Place
    {
        public Lock Gate { get; } = new();

        public Subkey? Subkey { get; set; }

        public long? TriedAt { get; set; }
    }
}
