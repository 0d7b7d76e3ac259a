using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FlowEngine.Context;
using FlowEngine.Json;

namespace FlowEngine.Server.Cli;

/// <summary>Stateless: JSON for files that people read: indented by two spaces, numbers and order as they are.</summary>
internal static class PrettyJson
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = JsonReading.MaxDepth,
        NewLine = "\n",
    };

    public static string Of(FlowValue value, bool redact = false)
    {
        using var document = JsonDocument.Parse(JsonWriting.ToText(value, redact), new JsonDocumentOptions { MaxDepth = JsonReading.MaxDepth });
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
            document.WriteTo(writer);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Writes the value and a line break to a file, or to standard output when there is none.</summary>
    public static async Task WriteAsync(FlowValue value, string? file, CancellationToken cancellationToken)
    {
        var text = Of(value) + "\n";
        if (file is null)
            await Console.Out.WriteAsync(text.AsMemory(), cancellationToken);
        else
            await File.WriteAllTextAsync(file, text, cancellationToken);
    }
}
