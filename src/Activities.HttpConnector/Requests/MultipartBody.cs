using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.Templates;

namespace FlowEngine.HttpConnector.Requests;

/// <summary>
/// Stateless: a body as multipart/form-data (RFC 7578), its names as browsers write them (HTML Living Standard, "multipart form data"). The
/// boundary follows from the content: each attempt at a request sends the same bytes.
/// </summary>
internal static partial class MultipartBody
{
    private const int BoundaryBytes = 16;

    /// <summary>Checks the parts and makes their template.</summary>
    public static JsonTemplate Compile(GenericHttpSettings settings, ActivityCompilation compilation)
    {
        var at = compilation.At("parts");
        if (settings.Parts.Count == 0)
            compilation.Error(HttpErrors.Body, "parts", "A multipart body has no parts.", "Add \"parts\", or choose another bodyType.");
        if (!settings.Body.IsMissing)
            compilation.Error(HttpErrors.Body, "body", "A multipart body is its parts.", "Move what \"body\" has into \"parts\".");
        for (var i = 0; i < settings.Parts.Count; i++)
        {
            var part = settings.Parts[i];
            if (part.Value is null == part.File is null)
                compilation.Problems.Error(HttpErrors.Body, at.At(i), "A part is either a field or a file.", "Give \"value\" or \"file\".");
            if (part.Filename is not null && part.File is null)
                compilation.Problems.Error(HttpErrors.Body, at.At(i).At("filename"), "Only a file has a name of a file.", "Remove it.");
            if (part.ContentType is { } type && !IsMediaType(type))
                compilation.Problems.Error(
                    HttpErrors.Body,
                    at.At(i).At("contentType"),
                    "This is no content type.",
                    "Write one such as image/png."
                );
        }
        return new PartsTemplate([.. settings.Parts]);
    }

    /// <summary>Writes the body.</summary>
    /// <param name="parts">What <see cref="Compile"/>'s template gave.</param>
    /// <param name="body">The bytes.</param>
    /// <param name="contentType">The content type, with the boundary.</param>
    /// <returns>Null, or which part is no base64.</returns>
    public static HttpFault? Write(FlowValue parts, out byte[] body, out string contentType)
    {
        (body, contentType) = ([], "");
        var written = new List<(string Head, byte[] Content)>();
        if (parts.TryGetArray(out var items))
        {
            foreach (var part in items)
            {
                if (ContentOf(part, out var content) is { } fault)
                    return fault;
                if (content is not null)
                    written.Add((HeadOf(part), content));
            }
        }
        var boundary = BoundaryFor(written);
        using var bytes = new MemoryStream();
        foreach (var (head, content) in written)
        {
            bytes.Write(Encoding.UTF8.GetBytes($"--{boundary}\r\n{head}\r\n\r\n"));
            bytes.Write(content);
            bytes.Write("\r\n"u8);
        }
        bytes.Write(Encoding.UTF8.GetBytes($"--{boundary}--\r\n"));
        (body, contentType) = (bytes.ToArray(), $"multipart/form-data; boundary={boundary}");
        return null;
    }

    /// <summary>The body as it is sent, with the sizes of files in place of what they hold.</summary>
    public static string Outline(FlowValue parts, string? contentType)
    {
        var boundary = contentType is not null && BoundaryIn().Match(contentType) is { Success: true } found ? found.Groups[1].Value : "";
        var outline = new StringBuilder();
        if (parts.TryGetArray(out var items))
        {
            foreach (var part in items)
            {
                if (ContentOf(part, out var content) is null && content is not null)
                    outline
                        .Append($"--{boundary}\r\n{HeadOf(part)}\r\n\r\n")
                        .Append(part.Get("value").IsMissing ? SizeOf(content.Length) : Encoding.UTF8.GetString(content))
                        .Append("\r\n");
            }
        }
        return outline.Append($"--{boundary}--\r\n").ToString();
    }

    public static string SizeOf(int bytes) => bytes == 1 ? "(1 byte)" : $"({bytes} bytes)";

    private static HttpFault? ContentOf(FlowValue part, out byte[]? content)
    {
        var file = part.Get("file");
        content = null;
        if (part.Get("value") is { IsMissing: false } value)
        {
            content = Encoding.UTF8.GetBytes(value.ToText());
            return null;
        }
        if (file.IsNothing)
            return null;
        return Base64Body.TryRead(file, out content)
            ? null
            : new HttpFault(HttpFaultCodes.Body, $"The file of the part '{part.Get("name").ToText()}' is no base64. Nothing was sent.");
    }

    private static string HeadOf(FlowValue part)
    {
        var head = new StringBuilder($"Content-Disposition: form-data; name=\"{Quote(part.Get("name").ToText())}\"");
        var isFile = !part.Get("file").IsMissing;
        if (isFile)
            head.Append($"; filename=\"{Quote(part.Get("filename").ToText())}\"");
        if (part.Get("contentType").TryGetText(out var type))
            head.Append($"\r\nContent-Type: {type}");
        else if (isFile)
            head.Append("\r\nContent-Type: application/octet-stream");
        return head.ToString();
    }

    /// <summary>What would end the name is percent-encoded; everything else stands there in UTF-8.</summary>
    private static string Quote(string name) => EndsNames().Replace(name, match => Uri.HexEscape(match.Value[0]));

    [GeneratedRegex(@"boundary=""?([^"";\s]+)", RegexOptions.CultureInvariant)]
    private static partial Regex BoundaryIn();

    [GeneratedRegex(@"[""\r\n]", RegexOptions.CultureInvariant)]
    private static partial Regex EndsNames();

    /// <summary>A text that stands in no part, because it is a hash of all of them.</summary>
    private static string BoundaryFor(List<(string Head, byte[] Content)> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (head, content) in parts)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{head}\n{content.Length}\n"));
            hash.AppendData(content);
        }
        return "flowengine-" + Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, BoundaryBytes));
    }

    private static bool IsMediaType(string text)
    {
        var kind = text.Split(';', 2)[0].Split('/');
        return kind.Length == 2
            && RequestHeaders.IsToken(kind[0].Trim())
            && RequestHeaders.IsToken(kind[1].Trim())
            && RequestHeaders.Check("content-type", text) is null;
    }

    private sealed class PartsTemplate(PartSettings[] parts) : JsonTemplate
    {
        public override FlowValue Evaluate(ReadContext context) =>
            FlowValue.Array(
                parts.Select(part =>
                {
                    var evaluated = new FlowObjectBuilder(5);
                    evaluated.Set("name", FlowValue.From(part.Name));
                    if (part.Value is not null)
                        evaluated.Set("value", part.Value.EvaluateText(context, ValueEncoder.None));
                    if (part.File is not null)
                        evaluated.Set("file", FileOf(part.File, context));
                    if (part.Filename is not null)
                        evaluated.Set("filename", part.Filename.EvaluateText(context, ValueEncoder.None));
                    if (part.ContentType is not null)
                        evaluated.Set("contentType", FlowValue.From(part.ContentType));
                    return FlowValue.From(evaluated.Build());
                })
            );

        /// <summary>Null for a path that leads to nothing.</summary>
        private static FlowValue FileOf(Template file, ReadContext context) =>
            file.IsSingleExpression && file.Parts[0].Expression!.Evaluate(context) is { IsNothing: true }
                ? FlowValue.Null
                : file.EvaluateText(context, ValueEncoder.None);
    }
}
