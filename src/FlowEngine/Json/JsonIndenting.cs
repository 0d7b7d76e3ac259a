using System.Buffers;
using System.Text;
using FlowEngine.Context;

namespace FlowEngine.Json;

/// <summary>Writes JSON for people to read: two spaces, one member or element a line, a line feed at the end. Stateless.</summary>
public static class JsonIndenting
{
    /// <summary>The value as indented JSON.</summary>
    public static string ToText(FlowValue value)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        Write(output, value, 0);
        output.Write("\n"u8);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void Write(ArrayBufferWriter<byte> output, FlowValue value, int depth)
    {
        if (value.TryGetArray(out var array) && array.Count > 0)
        {
            output.Write("["u8);
            for (var i = 0; i < array.Count; i++)
            {
                NewLine(output, i > 0, depth + 1);
                Write(output, array[i], depth + 1);
            }
            NewLine(output, false, depth);
            output.Write("]"u8);
        }
        else if (value.TryGetObject(out var obj) && obj.Count > 0)
        {
            output.Write("{"u8);
            var isFirst = true;
            foreach (var (name, member) in obj)
            {
                NewLine(output, !isFirst, depth + 1);
                isFirst = false;
                JsonWriting.WriteText(output, name);
                output.Write(": "u8);
                Write(output, member, depth + 1);
            }
            NewLine(output, false, depth);
            output.Write("}"u8);
        }
        else
        {
            JsonWriting.Write(output, value);
        }
    }

    private static void NewLine(ArrayBufferWriter<byte> output, bool isSeparated, int depth)
    {
        output.Write(isSeparated ? ",\n"u8 : "\n"u8);
        for (var i = 0; i < depth; i++)
            output.Write("  "u8);
    }
}
