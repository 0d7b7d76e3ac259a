using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using FlowEngine.Storage.Engines;
using FlowEngine.Storage.Protection;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace FlowEngine.Storage;

/// <summary>Per process, thread-safe: the key ring of ASP.NET Data Protection, kept in the
/// database so that all nodes have the same, each key encrypted with the root key.</summary>
/// <remarks>Keys are never removed: what they encrypted must stay readable. A new one
/// is made 90 days after the last and published two days before it is used.</remarks>
internal sealed class KeyRing(StorageDatabase database, RootKey rootKey, TimeProvider time) : IXmlRepository, IXmlEncryptor
{
    /// <summary>
    /// What every key in the field says decrypts it: Data Protection stores the name of a .NET type. The type has moved since, and may
    /// move again; the name that is stored stays, so that a release before this one can still read the ring.
    /// </summary>
    internal const string StoredDecryptor = "FlowEngine.Server.Storage.Protection.KeyRingDecryptor, FlowEngine.Server";

    /// <summary>What Data Protection puts in front of all purposes. It is part of the encryption, so it never changes.</summary>
    public const string Application = "FlowEngine";

    private const string DecryptorAttribute = "decryptorType";

    /// <summary>Tells Data Protection to use this ring.</summary>
    /// <remarks>The host's own services (anti-forgery, cookies) are given the same ring.</remarks>
    public void Configure(IServiceCollection services)
    {
        services.AddSingleton(rootKey);
        services
            .AddDataProtection()
            .SetApplicationName(Application)
            .UseCryptographicAlgorithms(new AuthenticatedEncryptorConfiguration { EncryptionAlgorithm = EncryptionAlgorithm.AES_256_GCM });
        services.Configure<KeyManagementOptions>(options =>
        {
            options.XmlRepository = this;
            options.XmlEncryptor = this;
        });
    }

    /// <inheritdoc/>
    /// <remarks>Data Protection knows no asynchronous repository; it asks once a day.</remarks>
    public IReadOnlyCollection<XElement> GetAllElements() =>
        [
            .. Task.Run(() =>
                    database.ListAsync<string>("select xml from key_ring order by created_at, name", null, CancellationToken.None)
                )
                .GetAwaiter()
                .GetResult()
                .Select(XElement.Parse)
                .Select(key =>
                    Named(
                        key,
                        name => name.StartsWith(StoredDecryptor, StringComparison.Ordinal),
                        typeof(KeyRingDecryptor).AssemblyQualifiedName!
                    )
                ),
        ];

    /// <inheritdoc/>
    public void StoreElement(XElement element, string friendlyName)
    {
        var row = new
        {
            name = friendlyName,
            xml = Named(
                    new XElement(element),
                    name => name.StartsWith(typeof(KeyRingDecryptor).FullName!, StringComparison.Ordinal),
                    StoredDecryptor
                )
                .ToString(SaveOptions.DisableFormatting),
            now = (UnixTime)time.GetUtcNow(),
        };
        Task.Run(() =>
                database.WriteAsync(
                    "insert into key_ring (name, xml, created_at) values (@name, @xml, @now) on conflict (name) do nothing",
                    row,
                    CancellationToken.None
                )
            )
            .GetAwaiter()
            .GetResult();
    }

    /// <inheritdoc/>
    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var @sealed = rootKey.Seal(Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting)));
        return new EncryptedXmlInfo(new XElement("rootKeyEncrypted", Convert.ToBase64String(@sealed)), typeof(KeyRingDecryptor));
    }

    private static XElement Named(XElement key, Predicate<string> isOurs, string decryptor)
    {
        foreach (var attribute in key.DescendantsAndSelf().Attributes(DecryptorAttribute).Where(attribute => isOurs(attribute.Value)))
            attribute.Value = decryptor;
        return key;
    }
}

/// <summary>Per use: decrypts a key of the ring. Data Protection makes it from the services it was configured with.</summary>
/// <param name="services">Where the root key is.</param>
internal sealed class KeyRingDecryptor(IServiceProvider services) : IXmlDecryptor
{
    /// <inheritdoc/>
    public XElement Decrypt(XElement encryptedElement)
    {
        try
        {
            return XElement.Parse(
                Encoding.UTF8.GetString(services.GetRequiredService<RootKey>().Open(Convert.FromBase64String(encryptedElement.Value)))
            );
        }
        catch (FormatException error)
        {
            throw new CryptographicException("A key of the ring is damaged.", error);
        }
    }
}
