using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>
/// Stateless: escapes in JSON texts only what JSON demands, as <c>JSON.stringify</c> and <see cref="FlowEngine.Json.JsonWriting"/> do:
/// quotes, backslashes,
/// control characters and halves of surrogate pairs. Answers are JSON, never part of a page, so that nothing of HTML has to be escaped.
/// </summary>
internal sealed unsafe class JsonTextEncoder : JavaScriptEncoder
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Select(c => (char)c),
        '"',
        '\\',
        .. Enumerable.Range(0xD800, 0x800).Select(c => (char)c),
    ]);

    /// <summary>The one there is.</summary>
    public static JsonTextEncoder Instance { get; } = new();

    /// <inheritdoc/>
    public override int MaxOutputCharactersPerInputCharacter => 6;

    /// <inheritdoc/>
    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < 0x20 or '"' or '\\';

    /// <inheritdoc/>
    public override int FindFirstCharacterToEncode(char* text, int textLength) =>
        new ReadOnlySpan<char>(text, textLength).IndexOfAny(Escaped);

    /// <inheritdoc/>
    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var output = new Span<char>(buffer, bufferLength);
        var escape = unicodeScalar switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\b' => "\\b",
            '\f' => "\\f",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            < 0x20 => "\\u" + unicodeScalar.ToString("x4", CultureInfo.InvariantCulture),
            _ => null,
        };
        if (escape is not null)
        {
            numberOfCharactersWritten = escape.TryCopyTo(output) ? escape.Length : 0;
            return numberOfCharactersWritten > 0;
        }
        return new Rune(unicodeScalar).TryEncodeToUtf16(output, out numberOfCharactersWritten);
    }
}
