using System.Text.Json;
using FlowEngine.Errors;
using FlowEngine.Json;

namespace FlowEngine.Model;

/// <summary>Per file and single-threaded: goes through JSON token by token, without recursion, and always knows where it is.</summary>
internal ref struct JsonWalk
{
    private readonly List<Level> _levels = [];
    private readonly int _offset;
    private readonly ReadOnlySpan<byte> _utf8;
    private Utf8JsonReader _reader;
    private int _lastEnd;

    /// <summary>Begins before the first token.</summary>
    /// <param name="utf8">The file, with or without a byte order mark.</param>
    public JsonWalk(ReadOnlySpan<byte> utf8)
    {
        _offset = utf8.StartsWith("\uFEFF"u8) ? 3 : 0;
        _utf8 = utf8;

        // One level more than files may have, so that this walk and not the reader says what is wrong with a file that nests too deeply.
        _reader = new Utf8JsonReader(utf8[_offset..], new JsonReaderOptions { MaxDepth = JsonReading.MaxDepth + 1 });
    }

    /// <summary>One array or object that is open: where the walk stands in it.</summary>
    private struct Level
    {
        public bool IsArray;
        public int Index;
        public string? Name;
    }

    /// <summary>The kind of token that was read.</summary>
    public readonly JsonTokenType Token => _reader.TokenType;

    /// <summary>Where the token begins, in bytes from the beginning of the file.</summary>
    public readonly int TokenStart => _offset + (int)_reader.TokenStartIndex;

    /// <summary>How many arrays and objects are open; one that was just opened counts.</summary>
    public readonly int Depth => _levels.Count;

    /// <summary>The name of the member that was read last in the innermost object.</summary>
    public readonly string Name => _levels[^1].Name!;

    /// <summary>The index of the element that was read last in the innermost array; null in an object and outside.</summary>
    public readonly int? Index(int depth) => _levels[depth].IsArray ? _levels[depth].Index : null;

    /// <summary>The place of the member or element that was read last.</summary>
    public readonly SourceLocation Location(string? file)
    {
        var at = SourceLocation.Root(file);
        foreach (var level in _levels)
        {
            if (level.IsArray && level.Index >= 0)
                at = at.At(level.Index);
            else if (level.Name is not null)
                at = at.At(level.Name);
        }
        return at;
    }

    /// <summary>Goes to the next token.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="JsonException">The file is broken here; <see cref="Break"/> says where.</exception>
    public bool Read()
    {
        _lastEnd = (int)_reader.BytesConsumed;
        if (!_reader.Read())
            return false;

        switch (_reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                Top().Name = ReadText();
                break;
            case JsonTokenType.EndArray or JsonTokenType.EndObject:
                _levels.RemoveAt(_levels.Count - 1);
                break;
            case JsonTokenType.StartArray or JsonTokenType.StartObject:
                CountElement();
                _levels.Add(new Level { IsArray = _reader.TokenType == JsonTokenType.StartArray, Index = -1 });
                if (_levels.Count > JsonReading.MaxDepth)
                    throw new JsonException($"Arrays and objects nest more than {JsonReading.MaxDepth} deep.");
                break;
            case JsonTokenType.String:
                CountElement();
                if (_reader.ValueIsEscaped)
                    ReadText();
                break;
            default:
                CountElement();
                break;
        }
        return true;
    }

    /// <summary>After a <see cref="JsonException"/>: the innermost place that
    /// was being read, and the offset at which the file is broken.</summary>
    public (SourceLocation Location, int Offset) Break(string? file, JsonException error)
    {
        // Behind a comma the next element or member has begun, though no token of it could be read.
        var next = _lastEnd;
        var utf8 = _utf8[_offset..];
        while (next < utf8.Length && utf8[next] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            next++;
        if (_levels.Count > 0)
        {
            ref var top = ref Top();
            var isBehindComma = next < utf8.Length && utf8[next] == (byte)',';
            if (top.IsArray && (isBehindComma || top.Index < 0))
                top.Index++;
            else if (isBehindComma)
                top.Name = null;
        }

        var offset = error.LineNumber is { } line ? OffsetOf(utf8, line, error.BytePositionInLine ?? 0) : (int)_reader.TokenStartIndex;
        return (Location(file), _offset + offset);
    }

    private static int OffsetOf(ReadOnlySpan<byte> utf8, long line, long bytes)
    {
        var start = 0;
        for (; line > 0; line--)
        {
            var feed = utf8[start..].IndexOf((byte)'\n');
            if (feed < 0)
                break;
            start += feed + 1;
        }
        return (int)Math.Min(start + bytes, utf8.Length);
    }

    private readonly ref Level Top() => ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_levels)[^1];

    private readonly void CountElement()
    {
        if (_levels.Count > 0 && _levels[^1].IsArray)
            Top().Index++;
    }

    private readonly string ReadText()
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw new JsonException("A text has half a surrogate pair (\\ud800 to \\udfff), which is no character.", error);
        }
    }
}
