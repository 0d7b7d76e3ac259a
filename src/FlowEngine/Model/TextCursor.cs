using System.Text;
using FlowEngine.Errors;

namespace FlowEngine.Model;

/// <summary>Per file and single-threaded: counts lines and columns on the way through a file's bytes, forward only.</summary>
internal ref struct TextCursor
{
    private readonly ReadOnlySpan<byte> _utf8;
    private int _offset;
    private int _line = 1;
    private int _column = 1;

    public TextCursor(ReadOnlySpan<byte> utf8)
    {
        _utf8 = utf8;
        _offset = utf8.StartsWith("\uFEFF"u8) ? 3 : 0;
    }

    /// <summary>The line and column of a byte, which must not lie before that of the last call.</summary>
    public TextPosition MoveTo(int offset)
    {
        offset = Math.Clamp(offset, _offset, _utf8.Length);
        var passed = _utf8[_offset..offset];
        _offset = offset;

        int feed;
        while ((feed = passed.IndexOf((byte)'\n')) >= 0)
        {
            _line++;
            _column = 1;
            passed = passed[(feed + 1)..];
        }
        _column += Encoding.UTF8.GetCharCount(passed);
        return new TextPosition(_line, _column);
    }
}
