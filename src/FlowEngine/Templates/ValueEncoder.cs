using System.Text.Encodings.Web;

namespace FlowEngine.Templates;

/// <summary>Shared and immutable: how a value is encoded for the place it lands in (SPEC 4). Literal text is never encoded.</summary>
public sealed class ValueEncoder
{
    private readonly Func<string, string>? _encode;

    private ValueEncoder(Func<string, string>? encode) => _encode = encode;

    /// <summary>As it is: headers (checked when they are set), text bodies, terminals.</summary>
    public static ValueEncoder None { get; } = new(null);

    /// <summary>Percent-encoded but for the unreserved characters (RFC 3986, 2.3): a URL's path segment or query value.</summary>
    public static ValueEncoder Url { get; } = new(Uri.EscapeDataString);

    /// <summary>HTML-escaped: text and attribute values of a screen.</summary>
    public static ValueEncoder Html { get; } = new(HtmlEncoder.Default.Encode);

    /// <summary>Encodes one value's text.</summary>
    public string Encode(string text) => _encode is null ? text : _encode(text);
}
