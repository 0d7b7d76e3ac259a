using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace FlowEngine.Storage.Protection;

/// <summary>Per process, thread-safe: encrypts what is stored, for one purpose: what was sealed for another cannot be opened.</summary>
internal sealed class Vault
{
    private readonly IDataProtector _protector;

    /// <summary>Makes a vault.</summary>
    /// <param name="provider">The key ring.</param>
    /// <param name="purpose">What is sealed in it, such as <c>runs</c>. Never changes: it is part of the encryption.</param>
    public Vault(IDataProtectionProvider provider, string purpose) => _protector = provider.CreateProtector("FlowEngine.Storage", purpose);

    /// <summary>Encrypts.</summary>
    public byte[] Seal(byte[] plain) => _protector.Protect(plain);

    /// <summary>Encrypts text to text.</summary>
    public string Seal(string plain) => Convert.ToBase64String(_protector.Protect(Encoding.UTF8.GetBytes(plain)));

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
}
