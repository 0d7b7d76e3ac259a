using System.Text.Json;
using FlowEngine.Errors;
using FlowEngine.Json;

namespace FlowEngine.Server.Cli;

/// <summary>Stateless: finds the line of a JSON Pointer, for people and for code review tools.</summary>
internal static class JsonLines
{
    /// <summary>The line, counted from 1, of the place that a diagnostic names, or of the nearest thing around it; null when the file cannot be read.</summary>
    public static int? Find(Diagnostic diagnostic)
    {
        if (diagnostic.File is null || !File.Exists(diagnostic.File))
            return null;

        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(diagnostic.File);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        var segments = diagnostic.Pointer.Split('/').Skip(1).Select(segment => segment.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
        try
        {
            var offset = Offset(bytes, [.. segments]);
            return 1 + bytes.AsSpan(0, (int)offset).Count((byte)'\n');
        }
        catch (JsonException error)
        {
            return (int)(error.LineNumber ?? 0) + 1;
        }
    }

    private static long Offset(ReadOnlySpan<byte> utf8, ReadOnlySpan<string> segments)
    {
        var start = utf8.StartsWith("\uFEFF"u8) ? 3 : 0;
        var reader = new Utf8JsonReader(utf8[start..], new JsonReaderOptions { MaxDepth = JsonReading.MaxDepth });
        reader.Read();
        var found = reader.TokenStartIndex;
        foreach (var segment in segments)
        {
            if (!Enter(ref reader, segment, ref found))
                break;
        }
        // The rest is read too: a syntax error after the place is the problem then.
        while (reader.Read())
        {
        }
        return found + start;
    }

    /// <summary>Moves from the start of an object or array to the start of a member's or element's value.</summary>
    private static bool Enter(ref Utf8JsonReader reader, string segment, ref long found)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isMember = reader.ValueTextEquals(segment);
                var name = reader.TokenStartIndex;
                reader.Read();
                if (isMember)
                {
                    found = name;
                    return true;
                }
                reader.Skip();
            }
            return false;
        }

        if (reader.TokenType != JsonTokenType.StartArray || !int.TryParse(segment, out var index))
            return false;
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            if (i == index)
            {
                found = reader.TokenStartIndex;
                return true;
            }
            reader.Skip();
        }
        return false;
    }
}
