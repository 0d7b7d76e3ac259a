using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using FlowEngine.Context;

namespace FlowEngine.Json;

/// <summary>Reads UTF-8 JSON (RFC 8259) into <see cref="FlowValue"/>s. Stateless.</summary>
/// <remarks>
/// Of two members of one name the last wins, as in <c>JSON.parse</c>. Objects in an array share a <see cref="FlowShape"/> when their names
/// agree, so that reading many rows allocates little beyond their texts.
/// </remarks>
public static class JsonReading
{
    /// <summary>How deeply arrays and objects may nest.</summary>
    public const int MaxDepth = 128;

    /// <summary>Reads one JSON value from text.</summary>
    /// <exception cref="JsonException">The text is not one JSON value, or nests too deeply.</exception>
    public static FlowValue Parse(string json) => Parse(Encoding.UTF8.GetBytes(json));

    /// <summary>Reads one JSON value from UTF-8 bytes. A byte order mark is skipped.</summary>
    /// <exception cref="JsonException">The bytes are not one JSON value, or nest too deeply.</exception>
    public static FlowValue Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith(Encoding.UTF8.Preamble))
            utf8 = utf8[3..];

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        FlowShape? shape = null;
        var value = ReadValue(ref reader, ref shape);
        if (reader.Read())
            throw new JsonException("There is more after the end of the value.");
        return value;
    }

    /// <summary>Reads the value that the reader stands on, and leaves the reader on the value's last token.</summary>
    public static FlowValue ReadValue(ref Utf8JsonReader reader)
    {
        FlowShape? shape = null;
        return ReadValue(ref reader, ref shape);
    }

    private static FlowValue ReadValue(ref Utf8JsonReader reader, ref FlowShape? expected)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var value = ReadObject(ref reader, expected);
                expected = value.Shape;
                return FlowValue.From(value);
            case JsonTokenType.StartArray:
                return FlowValue.From(ReadArray(ref reader));
            case JsonTokenType.String:
                return ReadText(ref reader);
            case JsonTokenType.Number:
                return ReadNumber(ref reader);
            case JsonTokenType.True:
                return FlowValue.True;
            case JsonTokenType.False:
                return FlowValue.False;
            default:
                return FlowValue.Null;
        }
    }

    private static FlowArray ReadArray(ref Utf8JsonReader reader)
    {
        var items = ArrayPool<FlowValue>.Shared.Rent(16);
        var count = 0;
        FlowShape? shape = null;
        try
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (count == items.Length)
                {
                    var larger = ArrayPool<FlowValue>.Shared.Rent(count * 2);
                    items.AsSpan(0, count).CopyTo(larger);
                    ArrayPool<FlowValue>.Shared.Return(items, clearArray: true);
                    items = larger;
                }
                items[count++] = ReadValue(ref reader, ref shape);
            }
            return FlowArray.Of(items.AsSpan(0, count));
        }
        finally
        {
            ArrayPool<FlowValue>.Shared.Return(items, clearArray: true);
        }
    }

    private static FlowObject ReadObject(ref Utf8JsonReader reader, FlowShape? expected)
    {
        FlowValue[]? values = null;
        FlowObjectBuilder? builder = null;
        var count = 0;
        FlowShape? nested = null;

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (builder is null)
            {
                if (expected is not null && count < expected.Count && NameIs(ref reader, expected.Names[count]))
                {
                    values ??= new FlowValue[expected.Count];
                    reader.Read();
                    values[count++] = ReadValue(ref reader, ref nested);
                    continue;
                }

                builder = new FlowObjectBuilder(Math.Max(count + 1, 4));
                for (var i = 0; i < count; i++)
                    builder.Set(expected!.Names[i], values![i]);
            }

            var name = ReadString(ref reader);
            reader.Read();
            builder.Set(name, ReadValue(ref reader, ref nested));
        }

        if (builder is not null)
            return builder.Build();
        if (count == 0)
            return FlowObject.Empty;
        if (count == expected!.Count)
            return new FlowObject(expected, values!);
        return new FlowObject(FlowShape.Own(expected.Names[..count].ToArray()), values!.AsSpan(0, count).ToArray());
    }

    private static bool NameIs(ref Utf8JsonReader reader, string name)
    {
        try
        {
            return reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: ReadString reports it.
            return false;
        }
    }

    private static FlowValue ReadText(ref Utf8JsonReader reader) => FlowValue.From(ReadString(ref reader));

    private static string ReadString(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            // A lone surrogate or bytes that are not UTF-8: the reader finds out only now.
            throw new JsonException("A text is not valid UTF-8 or has half a surrogate pair.", error);
        }
    }

    private static FlowValue ReadNumber(ref Utf8JsonReader reader)
    {
        if (reader.TryGetInt64(out var integer))
        {
            // "-0" reads as 0, as JSON.stringify writes it.
            return FlowValue.From(integer);
        }

        var text = reader.ValueSpan;
        if (!Utf8Parser.TryParse(text, out double number, out _) || !double.IsFinite(number))
            return FlowValue.FromNumberText(Encoding.ASCII.GetString(text));
        var value = FlowValue.From(number);
        if (!JsonNumber.NeedsExactText(text))
            return value;

        // Sixteen and more digits are kept as text only where the double would
        // lose one of them: 0.30000000000000004 is what a double writes.
        var exact = FlowValue.FromNumberText(Encoding.ASCII.GetString(text));
        return exact == value ? value : exact;
    }
}
