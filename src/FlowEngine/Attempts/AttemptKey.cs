using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FlowEngine.Attempts;

/// <summary>Shared and immutable: what tries are counted for: an account,
/// or whatever the flow names, at one activity of one flow.</summary>
public readonly record struct AttemptKey
{
    /// <summary>Longer texts are told apart by their beginning alone.</summary>
    private const int MaxLength = 1024;

    /// <summary>Begins the text of an account's key. No other begins so: space around texts is taken away, and this is space.</summary>
    private const string AccountMark = "\n";

    /// <summary>U+00C0 to U+024F; a space for what has no plain form.</summary>
    private const string Latin =
        "aaaaaaaceeeeiiiidnooooo ouuuuy saaaaaaaceeeeiiiidnooooo ouuuuy yaaaaaaccccccccddddeeeeeeeeeegggg"
        + "gggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnn nnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
        + "                                oo             uu                   dddlllnnnaaiioouuuuuuuuuu aa"
        + "aa    ggkkoooo  jdddgg  nnaa    aaaaeeeeiiiioooorrrruuuusstt  hh      aaeeooooooooyy            "
        + "                ";

    /// <summary>U+1E00 to U+1EFF.</summary>
    private const string LatinAdditional =
        "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrr"
        + "ssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyas  s aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
        + "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy      ";

    private AttemptKey(string flowId, string activityId, string text) => (FlowId, ActivityId, Text) = (flowId, activityId, text);

    /// <summary>The flow.</summary>
    public string FlowId { get; }

    /// <summary>The activity.</summary>
    public string ActivityId { get; }

    /// <summary>The text, folded; of an account, a hash.</summary>
    public string Text { get; }

    /// <summary>The key of a text of which nothing else is known.</summary>
    /// <param name="flowId">The flow.</param>
    /// <param name="activityId">The activity.</param>
    /// <param name="text">The text that the flow names. Case, accents, invisible characters and the space around it do not matter, so that
    /// a person who spells it otherwise has no tries of their own.</param>
    public static AttemptKey Of(string flowId, string activityId, string text) => new(flowId, activityId, Fold(text));

    /// <summary>The key of a text beside which the account itself is counted: see <see cref="OfAccount"/>.</summary>
    /// <param name="flowId">The flow.</param>
    /// <param name="activityId">The activity.</param>
    /// <param name="text">The text that the flow names. Case and the space around it do not matter. Everything else does: what only looks
    /// alike may be somebody else's account.</param>
    public static AttemptKey OfText(string flowId, string activityId, string text) =>
        new(flowId, activityId, Cut(text).Trim().ToLowerInvariant());

    /// <summary>
    /// The key of an account that was found: whatever spelling it was found by, and whatever the database takes for the same, it is one
    /// key; and no other account has it.
    /// </summary>
    /// <param name="flowId">The flow.</param>
    /// <param name="activityId">The activity.</param>
    /// <param name="secret">What the account alone has, such as its stored hash. The key holds a hash of it.</param>
    public static AttemptKey OfAccount(string flowId, string activityId, string secret) =>
        new(flowId, activityId, AccountMark + Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(secret))));

    /// <summary>A key of which the text is folded already.</summary>
    internal static AttemptKey Saved(string flowId, string activityId, string text) => new(flowId, activityId, text);

    /// <inheritdoc/>
    public override string ToString() => $"{FlowId}\n{ActivityId}\n{Text}";

    private static string Cut(string text)
    {
        if (text.Length > MaxLength)
            text = text[..MaxLength];
        // Half a pair of surrogates cannot be hashed as UTF-8.
        return Ascii.IsValid(text) ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
    }

    private static string Fold(string text)
    {
        text = Cut(text);
        if (Ascii.IsValid(text))
            return text.Trim().ToLowerInvariant();

        var folded = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (
                CharUnicodeInfo.GetUnicodeCategory(c)
                is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format)
            )
                folded.Append(Plain(c));
        }
        return folded.ToString().Trim().ToUpperInvariant().ToLowerInvariant();
    }

    /// <summary>A Latin letter without its accents, and the plain form of a wide
    /// one. By tables, because a server without ICU cannot decompose.</summary>
    private static char Plain(char c)
    {
        if (c is >= '\uff01' and <= '\uff5e')
            return (char)(c - 0xfee0);
        var plain =
            c is >= '\u00c0' and < '\u0250' ? Latin[c - 0xc0]
            : c is >= '\u1e00' and < '\u1f00' ? LatinAdditional[c - 0x1e00]
            : ' ';
        return plain == ' ' ? c : plain;
    }
}
