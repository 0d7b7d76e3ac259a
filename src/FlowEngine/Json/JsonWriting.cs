using System.Buffers;
using System.Buffers.Text;
using System.Text;
using FlowEngine.Context;

namespace FlowEngine.Json;

/// <summary>
/// Writes <see cref="FlowValue"/>s as UTF-8 JSON exactly as <c>JSON.stringify</c> does (ECMA-262, SerializeJSONProperty): compact, members
/// in order, and no escapes but those JSON demands. Stateless.
/// </summary>
public static class JsonWriting
{
    /// <summary>What stands in the place of a sensitive value.</summary>
    public const string Mask = "***";

    private static readonly SearchValues<char> Escaped = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Select(c => (char)c),
        '"',
        '\\',
        .. Enumerable.Range(0xD800, 0x800).Select(c => (char)c),
    ]);

    /// <summary>The value as JSON text.</summary>
    /// <param name="value">The value; missing is written as <c>null</c>.</param>
    /// <param name="redact">Whether each sensitive value is written as <see cref="Mask"/>.</param>
    public static string ToText(FlowValue value, bool redact = false)
    {
        var buffer = JsonBuffer.Take();
        Write(buffer, value, redact);
        var text = Encoding.UTF8.GetString(buffer.WrittenSpan);
        JsonBuffer.Return(buffer);
        return text;
    }

    /// <summary>The value as UTF-8 JSON.</summary>
    /// <param name="value">The value; missing is written as <c>null</c>.</param>
    /// <param name="redact">Whether each sensitive value is written as <see cref="Mask"/>.</param>
    public static byte[] ToUtf8(FlowValue value, bool redact = false)
    {
        var buffer = JsonBuffer.Take();
        Write(buffer, value, redact);
        var utf8 = buffer.WrittenSpan.ToArray();
        JsonBuffer.Return(buffer);
        return utf8;
    }

    /// <summary>Writes the value.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="value">The value; missing is written as <c>null</c>.</param>
    /// <param name="redact">Whether each sensitive value is written as <see cref="Mask"/>.</param>
    public static void Write(IBufferWriter<byte> output, FlowValue value, bool redact = false)
    {
        if (redact && value.IsSensitive)
        {
            output.Write("\"***\""u8);
            return;
        }

        switch (value.Kind)
        {
            case FlowValueKind.String:
                value.TryGetText(out var text);
                WriteText(output, text!);
                break;
            case FlowValueKind.Number:
                WriteNumber(output, value);
                break;
            case FlowValueKind.Boolean:
                value.TryGetBoolean(out var boolean);
                output.Write(boolean ? "true"u8 : "false"u8);
                break;
            case FlowValueKind.Array:
                value.TryGetArray(out var array);
                WriteArray(output, array!, redact);
                break;
            case FlowValueKind.Object:
                value.TryGetObject(out var obj);
                WriteObject(output, obj!, redact);
                break;
            default:
                output.Write("null"u8);
                break;
        }
    }

    /// <summary>Writes a JSON string with its quotes.</summary>
    public static void WriteText(IBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        Put(output, (byte)'"');
        while (true)
        {
            var special = text.IndexOfAny(Escaped);
            var plain = special < 0 ? text : text[..special];
            if (!plain.IsEmpty)
            {
                var span = output.GetSpan(Encoding.UTF8.GetMaxByteCount(plain.Length));
                output.Advance(Encoding.UTF8.GetBytes(plain, span));
            }
            if (special < 0)
                break;
            text = text[special..];
            text = text[WriteSpecial(output, text)..];
        }
        Put(output, (byte)'"');
    }

    /// <summary>Writes the first character of <paramref name="text"/>, which
    /// is not plain, and says how many UTF-16 units it took.</summary>
    private static int WriteSpecial(IBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        var c = text[0];
        if (char.IsHighSurrogate(c) && text.Length > 1 && char.IsLowSurrogate(text[1]))
        {
            output.Advance(Encoding.UTF8.GetBytes(text[..2], output.GetSpan(4)));
            return 2;
        }

        ReadOnlySpan<byte> escape = c switch
        {
            '"' => "\\\""u8,
            '\\' => "\\\\"u8,
            '\b' => "\\b"u8,
            '\f' => "\\f"u8,
            '\n' => "\\n"u8,
            '\r' => "\\r"u8,
            '\t' => "\\t"u8,
            _ => default,
        };
        if (escape.IsEmpty)
        {
            output.Write("\\u"u8);
            Utf8Formatter.TryFormat((ushort)c, output.GetSpan(4), out var written, new StandardFormat('x', 4));
            output.Advance(written);
        }
        else
        {
            output.Write(escape);
        }
        return 1;
    }

    private static void WriteNumber(IBufferWriter<byte> output, FlowValue value)
    {
        if (value.IsIntegerForm)
        {
            Utf8Formatter.TryFormat(value.RawBits, output.GetSpan(20), out var written);
            output.Advance(written);
            return;
        }
        var text = value.NumberText();
        output.Advance(Encoding.ASCII.GetBytes(text, output.GetSpan(text.Length)));
    }

    private static void WriteArray(IBufferWriter<byte> output, FlowArray array, bool redact)
    {
        Put(output, (byte)'[');
        var first = true;
        foreach (ref readonly var item in array.AsSpan())
        {
            if (!first)
                Put(output, (byte)',');
            first = false;
            Write(output, item, redact);
        }
        Put(output, (byte)']');
    }

    private static void WriteObject(IBufferWriter<byte> output, FlowObject value, bool redact)
    {
        Put(output, (byte)'{');
        var names = value.Shape.Names;
        var values = value.Values;
        var first = true;
        for (var i = 0; i < values.Length; i++)
        {
            // JSON.stringify leaves out members that have no value.
            if (values[i].IsMissing)
                continue;
            if (!first)
                Put(output, (byte)',');
            first = false;
            WriteText(output, names[i]);
            Put(output, (byte)':');
            Write(output, values[i], redact);
        }
        Put(output, (byte)'}');
    }

    private static void Put(IBufferWriter<byte> output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }
}
