using System.Text;

namespace FlowEngine.HttpConnector.Wire;

/// <summary>Per header and request, single-threaded: writes one header with several values as a field line each (RFC 9110, 5.2). .NET
/// joins them, so they are one value to it, in which a character that no value may have stands between them.</summary>
/// <param name="name">The header's name.</param>
internal sealed class RepeatedField(string name) : Encoding
{
    /// <summary>Stands between the values; <see cref="RequestHeaders.Check"/> lets no value have it.</summary>
    public const char Separator = '\u001F';

    private readonly string _line = $"\r\n{name}: ";

    /// <inheritdoc/>
    public override int GetByteCount(char[] chars, int index, int count) => UTF8.GetByteCount(Lines(chars.AsSpan(index, count)));

    /// <inheritdoc/>
    public override int GetBytes(ReadOnlySpan<char> chars, Span<byte> bytes) => UTF8.GetBytes(Lines(chars), bytes);

    /// <inheritdoc/>
    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        GetBytes(chars.AsSpan(charIndex, charCount), bytes.AsSpan(byteIndex));

    /// <inheritdoc/>
    public override int GetMaxByteCount(int charCount) => UTF8.GetMaxByteCount(charCount * _line.Length);

    /// <inheritdoc/>
    public override int GetCharCount(byte[] bytes, int index, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public override int GetMaxCharCount(int byteCount) => throw new NotSupportedException();

    private string Lines(ReadOnlySpan<char> value) => value.ToString().Replace($"{Separator}", _line, StringComparison.Ordinal);
}
