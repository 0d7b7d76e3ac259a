using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FlowEngine.Storage.Protection;

/// <summary>
/// Not thread-safe: seals in the format of ASP.NET Core Data Protection, with a subkey that is derived once and kept, where Data Protection
/// derives one for each thing that it seals. The key modifier, from which the subkey follows, is random, so no two subkeys are the same, on
/// whatever nodes; it stands in front of what is sealed, as ever, and that is all that is needed to open it.
/// </summary>
/// <remarks>
/// The format: 32 bits that name it, the id of the ring's key, the key modifier, the nonce, the encrypted data, the tag. The subkey is
/// SP 800-108 in counter mode with HMAC-SHA512, from the ring's key, the purposes (as label) and the modifier (as context); the cipher is
/// AES-256-GCM. Nonces are random, 96 bits. NIST SP 800-38D, 8.3, allows 2^32 of them to a key; a subkey ends after 2^20, or after an hour,
/// by which it also follows the ring to its next key.
/// </remarks>
internal sealed class Subkey : IDisposable
{
    /// <summary>How much a subkey seals.</summary>
    public const int Most = 1 << 20;

    /// <summary>How long a subkey is used.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private const uint Format = 0x09F0C9F0;
    private const int FormatSize = sizeof(uint);
    private const int KeyIdSize = 16;
    private const int ModifierSize = 16;
    private const int PrefixSize = FormatSize + KeyIdSize + ModifierSize;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int KeySize = 32;

    /// <summary>What tells AES-256-GCM from other ciphers that one key could be used with: that it is authenticated, the sizes of key,
    /// nonce, block and tag, and the tag of nothing under a key that follows from nothing.</summary>
    private static readonly byte[] Cipher = CipherHeader();

    private readonly byte[] _prefix = new byte[PrefixSize];
    private readonly AesGcm _cipher;
    private readonly TimeProvider _time;
    private readonly long _since;
    private int _left;

    /// <summary>Makes one.</summary>
    /// <param name="key">The ring's key.</param>
    /// <param name="keyId">Its id.</param>
    /// <param name="purposes">What it is for, the application first.</param>
    /// <param name="time">The clock.</param>
    /// <param name="most">How much it seals.</param>
    public Subkey(ReadOnlySpan<byte> key, Guid keyId, IReadOnlyList<string> purposes, TimeProvider time, int most = Most)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_prefix, Format);
        keyId.TryWriteBytes(_prefix.AsSpan(FormatSize));
        var modifier = _prefix.AsSpan(FormatSize + KeyIdSize);
        RandomNumberGenerator.Fill(modifier);

        Span<byte> subkey = stackalloc byte[KeySize];
        ReadOnlySpan<byte> label = Label(_prefix.AsSpan(0, FormatSize + KeyIdSize), purposes);
        ReadOnlySpan<byte> context = [.. Cipher, .. modifier];
        SP800108HmacCounterKdf.DeriveBytes(key, HashAlgorithmName.SHA512, label, context, subkey);
        _cipher = new AesGcm(subkey, TagSize);
        CryptographicOperations.ZeroMemory(subkey);
        (_time, _since, _left) = (time, time.GetTimestamp(), most);
    }

    /// <summary>Whether another one is due.</summary>
    public bool IsSpent => _left <= 0 || _time.GetElapsedTime(_since) >= Longest;

    /// <summary>Encrypts.</summary>
    public byte[] Seal(ReadOnlySpan<byte> plain)
    {
        _left--;
        var output = GC.AllocateUninitializedArray<byte>(PrefixSize + NonceSize + plain.Length + TagSize);
        _prefix.CopyTo(output, 0);
        var nonce = output.AsSpan(PrefixSize, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        _cipher.Encrypt(nonce, plain, output.AsSpan(PrefixSize + NonceSize, plain.Length), output.AsSpan(^TagSize..));
        return output;
    }

    /// <summary>The id of the ring's key that something was sealed with.</summary>
    public static Guid KeyIdOf(ReadOnlySpan<byte> @sealed) => new(@sealed.Slice(FormatSize, KeyIdSize));

    /// <inheritdoc/>
    public void Dispose() => _cipher.Dispose();

    /// <summary>What a subkey is for: format and key, how many purposes, each purpose with its length.</summary>
    private static byte[] Label(ReadOnlySpan<byte> formatAndKey, IReadOnlyList<string> purposes)
    {
        using var label = new MemoryStream();
        using var writer = new BinaryWriter(label, new UTF8Encoding(false, throwOnInvalidBytes: true));
        writer.Write(formatAndKey);
        writer.Write(BinaryPrimitives.ReverseEndianness(purposes.Count));
        foreach (var purpose in purposes)
            writer.Write(purpose);
        writer.Flush();
        return label.ToArray();
    }

    private static byte[] CipherHeader()
    {
        Span<byte> key = stackalloc byte[KeySize];
        var nothing = ReadOnlySpan<byte>.Empty;
        SP800108HmacCounterKdf.DeriveBytes(nothing, HashAlgorithmName.SHA512, nothing, nothing, key);
        var header = new byte[18 + TagSize];
        header[1] = 1;
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(2), KeySize);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(6), NonceSize);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(10), 16);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(14), TagSize);
        using var cipher = new AesGcm(key, TagSize);
        cipher.Encrypt(new byte[NonceSize], [], [], header.AsSpan(18));
        return header;
    }
}
