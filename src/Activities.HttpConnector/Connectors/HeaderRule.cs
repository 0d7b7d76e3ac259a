using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.HttpConnector.Connectors;

/// <summary>What becomes of a header whose value has a path without one.</summary>
public enum MissingHeader
{
    /// <summary>It is sent with nothing in the path's place.</summary>
    [SettingOption("\"empty\"", "Send it all the same", "With nothing in the place of what is missing.")]
    Empty,

    /// <summary>It is left out.</summary>
    [SettingOption("\"omit\"", "Leave the header out", "The request goes without it.")]
    Omit,

    /// <summary>The request is not sent.</summary>
    [SettingOption("\"fail\"", "Fail", "Nothing is sent: http.header_missing.")]
    Fail,
}

/// <summary>What becomes of a header whose value is an array.</summary>
public enum ManyHeaders
{
    /// <summary>One list, as HTTP writes lists.</summary>
    [SettingOption("\"join\"", "Join them", "One header, the values separated by a comma and a space.")]
    Join,

    /// <summary>The first value.</summary>
    [SettingOption("\"first\"", "Take the first", "The others are not sent.")]
    First,

    /// <summary>A header each.</summary>
    [SettingOption("\"repeat\"", "Repeat the header", "A header for each value.")]
    Repeat,

    /// <summary>The request is not sent.</summary>
    [SettingOption("\"fail\"", "Fail", "With more than one nothing is sent: http.header_many.")]
    Fail,
}

/// <summary>How a header's value is written.</summary>
public enum HeaderEncoding
{
    /// <summary>As it is, in UTF-8.</summary>
    [SettingOption("\"none\"", "As it is", "In UTF-8; a line break or another control character is http.header_invalid.")]
    None,

    /// <summary>In ASCII.</summary>
    [SettingOption("\"ascii\"", "In ASCII", "Each character that is not in ASCII becomes a question mark.")]
    Ascii,

    /// <summary>Percent-encoded.</summary>
    [SettingOption("\"percent\"", "Percent-encoded", "All but letters, digits and - . _ ~, as in a URL.")]
    Percent,

    /// <summary>As base64.</summary>
    [SettingOption("\"base64\"", "Base64", "Of its UTF-8 bytes, with padding.")]
    Base64,

    /// <summary>As an extended value of RFC 8187.</summary>
    [SettingOption("\"rfc8187\"", "RFC 8187", "UTF-8'' and percent-encoded, as filename* wants it.")]
    Rfc8187,
}

/// <summary>Bound once, then read only: a header's value, and what becomes of it where it is missing, many or not ASCII.</summary>
[Shorthand("value")]
public class HeaderRule
{
    private protected const string Rules = "Missing, many, not ASCII";

    /// <summary>The value.</summary>
    [Setting("The header's value; templates may stand in it.", StandIn = "whenMissing")]
    public virtual Template Value { get; set; } = Template.Empty;

    /// <summary>What becomes of it where a path has no value. Default it is sent with nothing in its place.</summary>
    [Setting(
        "When a path in the value has none (null, missing, an empty list), and no fallback: \"empty\" (the default), \"omit\", \"fail\" or "
            + "{ \"use\": text }, which stands in for the whole value.",
        Hint = "When a path in the value leads to nothing, or to an empty list.",
        Section = Rules,
        Folded = true
    )]
    public MissingHeaderRule WhenMissing { get; set; } = new();

    /// <summary>What becomes of a value that is an array. Default its elements are joined.</summary>
    [Setting("When the value is one path that leads to an array.", Section = Rules, Folded = true)]
    public ManyHeaders WhenMany { get; set; }

    /// <summary>How it is written. Default as it is.</summary>
    [Setting("How the value is written; of several each.", Section = Rules, Folded = true)]
    public HeaderEncoding Encode { get; set; }
}

/// <summary>Bound once, then read only: what becomes of a header without a value.</summary>
[Shorthand("then")]
public sealed class MissingHeaderRule
{
    /// <summary>What becomes of it; not where <see cref="Use"/> is given. Default it is sent with nothing in the place of what is
    /// missing.</summary>
    [Setting("What becomes of the header.")]
    public MissingHeader Then { get; set; }

    /// <summary>What is sent in place of the whole value; null (the default) for nothing.</summary>
    [Setting("What is sent in place of the whole value.", Label = "Send something else")]
    public Template? Use { get; set; }
}
