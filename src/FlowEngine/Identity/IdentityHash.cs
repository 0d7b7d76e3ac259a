using System.Buffers.Binary;
using System.Security.Cryptography;

namespace FlowEngine.Identity;

/// <summary>The hashes of ASP.NET Core Identity, version 3: base64 of a format byte, the PBKDF2 function, its iterations, the salt and the subkey. Stateless.</summary>
internal static class IdentityHash
{
    private const byte Version3 = 1;
    private const int HeaderLength = 13;
    private const int MaxIterations = 2_000_000;
    private const int MaxLength = 256;

    public static PasswordMatch Verify(byte[] password, string hash)
    {
        var decoded = new byte[MaxLength];
        if (!Convert.TryFromBase64String(hash, decoded, out var length) || length < HeaderLength || decoded[0] != Version3)
            return PasswordMatch.Unusable;

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
            return PasswordMatch.Unusable;

        var salt = decoded.AsSpan(HeaderLength, (int)saltLength);
        var expected = decoded.AsSpan(HeaderLength + (int)saltLength, (int)subkeyLength);
        var actual = Rfc2898DeriveBytes.Pbkdf2(password, salt, (int)iterations, function.Value, expected.Length);
        return CryptographicOperations.FixedTimeEquals(actual, expected) ? PasswordMatch.Yes : PasswordMatch.No;
    }
}
