using System.Buffers.Binary;
using System.Security.Cryptography;

namespace FlowEngine.Identity;

/// <summary>The hashes of ASP.NET Core Identity, version 3: base64 of a format byte,
/// the PBKDF2 function, its iterations, the salt and the subkey. Stateless.</summary>
internal static class IdentityHash
{
    private const byte Version3 = 1;
    private const int HeaderLength = 13;
    private const int MaxIterations = 2_000_000;
    private const int MaxLength = 256;

    private readonly record struct Parameters(HashAlgorithmName Function, int Iterations, byte[] Decoded, int SaltLength)
    {
        public Span<byte> Salt => Decoded.AsSpan(HeaderLength, SaltLength);

        public Span<byte> Subkey => Decoded.AsSpan(HeaderLength + SaltLength);
    }

    public static PasswordMatch Verify(byte[] password, string hash)
    {
        if (!TryParse(hash, out var parsed))
            return PasswordMatch.Unusable;
        var actual = Rfc2898DeriveBytes.Pbkdf2(password, parsed.Salt, parsed.Iterations, parsed.Function, parsed.Subkey.Length);
        return CryptographicOperations.FixedTimeEquals(actual, parsed.Subkey) ? PasswordMatch.Yes : PasswordMatch.No;
    }

    /// <summary>What a comparison costs; null when the hash cannot be used.</summary>
    public static PasswordWork? WorkOf(string hash)
    {
        if (!TryParse(hash, out var parsed))
            return null;
        var (block, nanoseconds) =
            parsed.Function == HashAlgorithmName.SHA1 ? (20, 400)
            : parsed.Function == HashAlgorithmName.SHA256 ? (32, 400)
            : (64, 840);
        // Each block of the subkey takes all iterations.
        var blocks = (parsed.Subkey.Length + block - 1) / block;
        parsed.Salt.Clear();
        parsed.Subkey.Clear();
        return new PasswordWork((double)parsed.Iterations * blocks * nanoseconds, Convert.ToBase64String(parsed.Decoded));
    }

    private static bool TryParse(string hash, out Parameters parsed)
    {
        parsed = default;
        var decoded = new byte[MaxLength];
        if (!Convert.TryFromBase64String(hash, decoded, out var length) || length < HeaderLength || decoded[0] != Version3)
            return false;

        HashAlgorithmName? function = BinaryPrimitives.ReadUInt32BigEndian(decoded.AsSpan(1)) switch
        {
            0 => HashAlgorithmName.SHA1,
            1 => HashAlgorithmName.SHA256,
            2 => HashAlgorithmName.SHA512,
            _ => null,
        };
        var iterations = BinaryPrimitives.ReadUInt32BigEndian(decoded.AsSpan(5));
        var saltLength = BinaryPrimitives.ReadUInt32BigEndian(decoded.AsSpan(9));
        var subkeyLength = length - HeaderLength - (long)saltLength;
        if (function is null || iterations is 0 or > MaxIterations || saltLength < 16 || subkeyLength < 16)
            return false;
        parsed = new Parameters(function.Value, (int)iterations, decoded[..length], (int)saltLength);
        return true;
    }
}
