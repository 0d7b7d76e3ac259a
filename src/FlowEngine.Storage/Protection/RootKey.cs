using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FlowEngine.Connectors;
using FlowEngine.Settings;

namespace FlowEngine.Storage.Protection;

/// <summary>
/// Per process, thread-safe: the key that encrypts the key ring, which encrypts everything else. It is never in the database, so a copy of
/// the database alone opens nothing: it comes from the setting <c>Storage:RootKey</c>,
/// or is the file <c>root.key</c> of the data folder, which only its owner can read.
/// </summary>
/// <remarks>The nodes of a cluster need the same one, so it must be given
/// there. A backup needs it too; keep it apart from the database's.</remarks>
internal sealed class RootKey
{
    /// <summary>The setting of the database that tells its key from others.</summary>
    public const string CheckSetting = "storage.root_key_check";
    private const int ShortestText = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly byte[] _key;

    private RootKey(ReadOnlySpan<byte> source) =>
        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, source.ToArray(), 32, info: "FlowEngine root key"u8.ToArray());

    /// <summary>Finds the key, or makes the file on the very first start, and
    /// checks that it is the one that this database was set up with.</summary>
    /// <param name="options">Where the key is.</param>
    /// <param name="check">Gives what the database keeps of its key under <see cref="CheckSetting"/>, or null; with a value it keeps that
    /// if there is none.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <remarks>Called under the start lock.</remarks>
    /// <exception cref="StorageException">There is none, it is too short, or
    /// it is another one (<see cref="StorageErrors.RootKey"/>).</exception>
    public static async Task<RootKey> OpenAsync(
        StorageSetup options,
        Func<string?, CancellationToken, Task<string?>> check,
        CancellationToken cancellationToken
    )
    {
        var known = await check(null, cancellationToken).ConfigureAwait(false);
        var key = options.Storage.RootKey is { IsEmpty: false } given ? FromSetting(given) : FromFile(options, isFirstStart: known is null);
        var own = Convert.ToHexString(key.Derive("check"));
        known ??= await check(own, cancellationToken).ConfigureAwait(false);
        return known == own ? key : throw new StorageException(StorageErrors.RootKey, "It does not fit this database.");
    }

    /// <summary>Derives a key of 32 bytes for another purpose.</summary>
    public byte[] Derive(string purpose) => HKDF.Expand(HashAlgorithmName.SHA256, _key, 32, Encoding.UTF8.GetBytes(purpose));

    /// <summary>Encrypts with AES-256-GCM: nonce, tag, data.</summary>
    public byte[] Seal(ReadOnlySpan<byte> plain)
    {
        var output = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(output.AsSpan(0, NonceSize));
        using var aes = new AesGcm(Derive("key ring"), TagSize);
        aes.Encrypt(output.AsSpan(0, NonceSize), plain, output.AsSpan(NonceSize + TagSize), output.AsSpan(NonceSize, TagSize));
        return output;
    }

    /// <summary>Decrypts what <see cref="Seal"/> encrypted.</summary>
    /// <exception cref="CryptographicException">It was damaged or encrypted with another key.</exception>
    public byte[] Open(ReadOnlySpan<byte> @sealed)
    {
        if (@sealed.Length < NonceSize + TagSize)
            throw new CryptographicException("Too short.");
        var plain = new byte[@sealed.Length - NonceSize - TagSize];
        using var aes = new AesGcm(Derive("key ring"), TagSize);
        aes.Decrypt(@sealed[..NonceSize], @sealed[(NonceSize + TagSize)..], @sealed.Slice(NonceSize, TagSize), plain);
        return plain;
    }

    private static RootKey FromSetting(Secret given)
    {
        if (!given.TryReveal(out var text, out var problem))
            throw new StorageException(StorageErrors.RootKey, $"Storage:RootKey: {problem!.Message}");
        return text.Length >= ShortestText
            ? new RootKey(Encoding.UTF8.GetBytes(text))
            : throw new StorageException(
                StorageErrors.RootKey,
                $"Storage:RootKey has fewer than {ShortestText} characters; take random ones, such as those of 'openssl rand -base64 32'."
            );
    }

    private static RootKey FromFile(StorageSetup options, bool isFirstStart)
    {
        if (options.IsCluster)
            throw new StorageException(StorageErrors.RootKey, "A cluster needs the setting Storage:RootKey, the same on all nodes.");
        var file = Path.Combine(options.DataFolder, "root.key");
        try
        {
            if (!File.Exists(file))
            {
                if (!isFirstStart)
                    throw new StorageException(StorageErrors.RootKey, $"The file {file} is gone.");
                Directory.CreateDirectory(options.DataFolder);
                // Written aside and renamed, so that a crash in between leaves no half key.
                using (var stream = PrivateFile.Open(file + ".new", FileMode.Create, FileShare.None))
                {
                    stream.Write(Encoding.ASCII.GetBytes(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))));
                    stream.Flush(flushToDisk: true);
                }
                File.Move(file + ".new", file);
            }
            var text = File.ReadAllText(file).Trim();
            return text.Length >= ShortestText
                ? new RootKey(Encoding.UTF8.GetBytes(text))
                : throw new StorageException(StorageErrors.RootKey, $"The file {file} is damaged.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(StorageErrors.RootKey, $"The file {file} cannot be used: {error.Message}", error);
        }
    }
}
