namespace FlowEngine.Screens;

/// <summary>
/// Shared and thread-safe: how hard a password is to guess, by zxcvbn (Wheeler, USENIX Security 2016), which knows common passwords, names,
/// words, dates and keyboard rows. 0 is guessed at once, 4 very hardly; NIST SP 800-63B asks for such a check in place of rules about
/// characters.
/// </summary>
public static class PasswordStrength
{
    /// <summary>The least score of a password that is taken.</summary>
    public const int Enough = 3;

    /// <summary>How many characters are looked at. The time grows faster than the length, and what is hard to guess so far is no easier by what
    /// follows.</summary>
    public const int MostCharacters = 64;

    private const int MostNear = 20;
    private static readonly Lazy<Zxcvbn.Zxcvbn> Estimator = new(() => new Zxcvbn.Zxcvbn());

    /// <summary>The score of a password, 0 to 4.</summary>
    /// <param name="password">The password. It is neither kept nor told to anybody.</param>
    /// <param name="near">What those know who guess: the address and the name of the person. At most 20 texts are looked at.</param>
    public static int Of(string password, params IEnumerable<string> near)
    {
        if (password.Length == 0)
            return 0;
        var looked = Cut(password);
        // One that repeats a few characters is not made better by its length.
        if (looked.Distinct().Count() < 5)
            return Math.Min(1, Score(looked, near));
        return Score(looked, near);
    }

    private static int Score(string password, IEnumerable<string> near)
    {
        var words = near.Where(word => word.Length is > 2 and <= MostCharacters)
            .SelectMany(word => word.Split(['@', '.', ' ', '-', '_'], StringSplitOptions.RemoveEmptyEntries).Append(word))
            .Where(word => word.Length > 2)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Take(MostNear);
        return Math.Clamp(Estimator.Value.EvaluatePassword(password, [.. words]).Score, 0, 4);
    }

    private static string Cut(string text) => text.Length <= MostCharacters ? text : text[..MostCharacters];
}
