using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Shared and immutable: HTML. Written as an interpolated string, whose literal parts are markup and whose values are escaped, so
/// that no value can
/// become markup.</summary>
public readonly struct Markup
{
    /// <summary>Escapes what HTML demands and leaves letters of every script readable.</summary>
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly string? _html;

    private Markup(string html) => _html = html;

    /// <summary>Nothing.</summary>
    public static Markup Empty => default;

    /// <summary>Whether there is nothing.</summary>
    public bool IsEmpty => string.IsNullOrEmpty(_html);

    /// <summary>Markup from an interpolated string.</summary>
    public static Markup Of(ref Builder html) => new(html.ToText());

    /// <summary>An attribute with a blank before it; nothing when the value is null or empty.</summary>
    public static Markup Attribute(string name, string? value) =>
        string.IsNullOrEmpty(value) ? Empty : new($" {name}=\"{Encoder.Encode(value)}\"");

    /// <summary>An attribute without a value; nothing when it does not apply.</summary>
    public static Markup Flag(string name, bool applies) => applies ? new(" " + name) : Empty;

    /// <summary>The same with more attributes at its first element; as it is where it has none.</summary>
    internal Markup WithFirst(Markup attributes)
    {
        var html = _html?.TrimStart() ?? "";
        var end = html.AsSpan().IndexOfAny(' ', '>');
        return html.StartsWith('<') && end > 1 ? new($"{html[..end]}{attributes._html}{html[end..]}") : this;
    }

    /// <summary>One after the other.</summary>
    public static Markup Join(IEnumerable<Markup> parts) => new(string.Concat(parts.Select(part => part._html)));

    /// <summary>The HTML.</summary>
    public override string ToString() => _html ?? "";

    /// <summary>Collects an interpolated string: literals as they are, values
    /// escaped. It fits inside double-quoted attributes and between tags.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Builder(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _text = new(literalLength + formattedCount * 24);

        /// <summary>Markup as it stands in the source.</summary>
        public void AppendLiteral(string literal) => _text.Append(literal);

        /// <summary>A value, escaped.</summary>
        public void AppendFormatted(string? value)
        {
            if (!string.IsNullOrEmpty(value))
                _text.Append(Encoder.Encode(value));
        }

        /// <summary>A number.</summary>
        public void AppendFormatted(int value) => _text.Append(value.ToString(CultureInfo.InvariantCulture));

        /// <summary>Markup, as it is.</summary>
        public void AppendFormatted(Markup markup) => _text.Append(markup._html);

        internal string ToText() => _text.ToString();
    }
}
