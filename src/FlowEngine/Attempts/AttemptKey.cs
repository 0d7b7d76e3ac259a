using System.Globalization;
using System.Text;

namespace FlowEngine.Attempts;

/// <summary>Shared and immutable: what tries are counted for: an account, or whatever the flow names, at one activity of one flow.</summary>
public readonly record struct AttemptKey
{
    /// <summary>Longer texts are told apart by their beginning alone.</summary>
    private const int MaxLength = 1024;

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

    /// <summary>The account's text, folded.</summary>
    public string Text { get; }

    /// <summary>Makes a key.</summary>
    /// <param name="flowId">The flow.</param>
    /// <param name="activityId">The activity.</param>
    /// <param name="text">The text that the flow names. Case, accents, invisible characters and the space around it do not matter: many databases find the same person
    /// by all of these spellings, and each would have tries of its own.</param>
    public static AttemptKey Of(string flowId, string activityId, string text) => new(flowId, activityId, Fold(text));

    /// <inheritdoc/>
    public override string ToString() => $"{FlowId}\n{ActivityId}\n{Text}";

    private static string Fold(string text)
    {
        if (text.Length > MaxLength)
            text = text[..MaxLength];
        if (Ascii.IsValid(text))
            return text.Trim().ToLowerInvariant();

        // Half a pair of surrogates cannot be hashed as UTF-8.
        var folded = new StringBuilder(text.Length);
        foreach (var c in Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format))
                folded.Append(Plain(c));
        }
        return folded.ToString().Trim().ToUpperInvariant().ToLowerInvariant();
    }

    /// <summary>A Latin letter without its accents, and the plain form of a wide one. By tables, because a server without ICU cannot decompose.</summary>
    private static char Plain(char c)
    {
        if (c is >= '\uff01' and <= '\uff5e')
            return (char)(c - 0xfee0);
        var plain = c is >= '\u00c0' and < '\u0250' ? Latin[c - 0xc0] : c is >= '\u1e00' and < '\u1f00' ? LatinAdditional[c - 0x1e00] : ' ';
        return plain == ' ' ? c : plain;
    }
}
