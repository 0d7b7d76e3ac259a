using System.Buffers;
using System.Globalization;

namespace FlowEngine.Identity;

/// <summary>bcrypt in its modular crypt format. Stateless.</summary>
/// <remarks>bcrypt uses the first 72 bytes of a password and no more; what comes after them is ignored here as everywhere.</remarks>
internal static class BcryptHash
{
    /// <summary>The highest cost that a stored hash may ask for: 2^15 rounds, about 3 s.</summary>
    private const int MaxCost = 15;

    /// <summary>The format and the cost.</summary>
    private const int SettingsLength = 7;

    private const double NanosecondsByRound = 88_000;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create(
        "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    );

    public static PasswordMatch Verify(string password, string hash)
    {
        if (!IsUsable(hash))
            return PasswordMatch.Unusable;
        try
        {
            return BCrypt.Net.BCrypt.Verify(password, hash) ? PasswordMatch.Yes : PasswordMatch.No;
        }
        catch (Exception error) when (error is BCrypt.Net.SaltParseException or ArgumentException or FormatException)
        {
            return PasswordMatch.Unusable;
        }
    }

    /// <summary>What a comparison costs; null when the hash cannot be used.</summary>
    public static PasswordWork? WorkOf(string hash) =>
        IsUsable(hash)
            ? new PasswordWork(
                NanosecondsByRound * (1 << Cost(hash)),
                string.Concat(hash.AsSpan(0, SettingsLength), new string('.', hash.Length - SettingsLength))
            )
            : null;

    private static int Cost(string hash) => int.Parse(hash.AsSpan(4, 2), NumberStyles.None, CultureInfo.InvariantCulture);

    private static bool IsUsable(string hash) =>
        hash.Length == 60
        && hash[2] is 'a' or 'b' or 'y'
        && hash[3] == '$'
        && hash[6] == '$'
        && int.TryParse(hash.AsSpan(4, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var cost)
        && cost is >= 4 and <= MaxCost
        && hash.AsSpan(7).IndexOfAnyExcept(Alphabet) < 0;
}
