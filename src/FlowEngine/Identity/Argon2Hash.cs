using System.Globalization;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;

namespace FlowEngine.Identity;

/// <summary>Argon2id (RFC 9106) in PHC string format. Stateless. All work is done
/// on the calling thread, whatever number of lanes a hash asks for.</summary>
internal static class Argon2Hash
{
    private const int Version = 19;

    private static readonly Parameters Default = new(19_456, 2, 1);

    /// <summary>What a stored hash may ask for: 256 MiB, 16 passes, 16 lanes, and 1 GiB in all passes together (about 3 s).</summary>
    private static readonly (int Memory, int Passes, int Lanes, long Work) Most = (262_144, 16, 16, 1_048_576);

    private const double NanosecondsByKibibyte = 1_100;

    /// <summary>A hash like those that are made here, of nobody's password.</summary>
    public static string Decoy { get; } = DecoyOf(Default, 32);

    private readonly record struct Parameters(int Memory, int Passes, int Lanes)
    {
        public bool AreAllowed =>
            Lanes >= 1
            && Lanes <= Most.Lanes
            && Passes >= 1
            && Passes <= Most.Passes
            && Memory >= 8 * Lanes
            && Memory <= Most.Memory
            && (long)Memory * Passes <= Most.Work;
    }

    public static string Create(byte[] password, byte[] salt)
    {
        return Write(Default, salt, Compute(password, salt, Default, 32));
    }

    public static PasswordMatch Verify(byte[] password, string phc)
    {
        if (!TryParse(phc, out var parameters, out var salt, out var expected))
            return PasswordMatch.Unusable;
        var actual = Compute(password, salt, parameters, expected.Length);
        return CryptographicOperations.FixedTimeEquals(actual, expected) ? PasswordMatch.Yes : PasswordMatch.No;
    }

    /// <summary>What a comparison costs; null when the hash cannot be used.</summary>
    public static PasswordWork? WorkOf(string phc) =>
        TryParse(phc, out var parameters, out _, out var hash)
            ? new PasswordWork(parameters.Memory * (double)parameters.Passes * NanosecondsByKibibyte, DecoyOf(parameters, hash.Length))
            : null;

    private static string DecoyOf(Parameters parameters, int length) => Write(parameters, new byte[16], new byte[length]);

    private static string Write(Parameters parameters, byte[] salt, byte[] hash) =>
        $"$argon2id$v={Version}$m={parameters.Memory},t={parameters.Passes},p={parameters.Lanes}${Encode(salt)}${Encode(hash)}";

    private static byte[] Compute(byte[] password, byte[] salt, Parameters parameters, int length)
    {
        var argon2 = new Argon2BytesGenerator();
        argon2.Init(
            new Argon2Parameters.Builder(Argon2Parameters.Argon2id)
                .WithVersion(Version)
                .WithMemoryAsKB(parameters.Memory)
                .WithIterations(parameters.Passes)
                .WithParallelism(parameters.Lanes)
                .WithSalt(salt)
                .Build()
        );
        var hash = new byte[length];
        argon2.GenerateBytes(password, hash);
        return hash;
    }

    private static bool TryParse(string phc, out Parameters parameters, out byte[] salt, out byte[] hash)
    {
        parameters = default;
        salt = hash = [];
        if (phc.Length > 512 || phc.Split('$') is not ["", "argon2id", "v=19", var settings, var encodedSalt, var encodedHash])
            return false;
        if (settings.Split(',') is not [['m', '=', .. var memory], ['t', '=', .. var passes], ['p', '=', .. var lanes]])
            return false;
        if (!TryParse(memory, out var m) || !TryParse(passes, out var t) || !TryParse(lanes, out var p))
            return false;
        parameters = new Parameters(m, t, p);
        return parameters.AreAllowed && TryDecode(encodedSalt, 8, out salt) && TryDecode(encodedHash, 16, out hash);
    }

    private static bool TryParse(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>Base64 without padding, as the PHC format has it.</summary>
    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static bool TryDecode(string text, int least, out byte[] bytes)
    {
        bytes = new byte[64];
        if (
            text.Contains('=', StringComparison.Ordinal)
            || !Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), bytes, out var length)
            || length < least
        )
            return false;
        bytes = bytes[..length];
        return true;
    }
}
