using System.IO.Pipelines;
using System.Text.Json;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.Model;
using Microsoft.AspNetCore.Http.Features;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>Stateless: reads the JSON object that a request brings, and its members.</summary>
internal static class ApiBody
{
    /// <summary>The longest id that is looked at.</summary>
    private const int MaxIdLength = 256;

    /// <summary>Reads the body.</summary>
    /// <param name="http">The request.</param>
    /// <param name="isOptional">Whether no body stands for an empty object.</param>
    /// <param name="isKnown">Whether the endpoint itself has found out who asks;
    /// under <c>/api</c> that is known by the <see cref="Caller"/>.</param>
    /// <exception cref="ApiException">It is not one JSON object, or larger than the caller may send.</exception>
    public static Task<FlowObject> ReadAsync(HttpContext http, bool isOptional = false, bool isKnown = false)
    {
        var limit = http.RequestServices.GetRequiredService<ApiOptions>();
        if (isKnown || http.Features.Get<Caller>() is not null)
            return ReadAsync(http, limit.MaxRequestBytes, isOptional);
        Allow(http, ApiOptions.HardBytesOf(limit.MaxAnonymousBytes));
        return ReadAsync(http, limit.MaxAnonymousBytes, isOptional);
    }

    /// <summary>Reads a body that may hold whole flows, from a caller who is known.</summary>
    /// <exception cref="ApiException">It is not one JSON object.</exception>
    public static Task<FlowObject> ReadLargeAsync(HttpContext http)
    {
        Allow(http, 2L * JsonFile.MaxBytes);
        return ReadAsync(http, JsonFile.MaxBytes, isOptional: false);
    }

    private static async Task<FlowObject> ReadAsync(HttpContext http, int limit, bool isOptional)
    {
        using var buffer = await CopyAsync(http, limit);
        if (buffer.Length == 0)
            return isOptional
                ? FlowObject.Empty
                : throw new ApiException(StatusCodes.Status400BadRequest, ApiErrors.Body, "The request has no body.");
        if (!http.Request.HasJsonContentType())
            throw new ApiException(StatusCodes.Status415UnsupportedMediaType, ApiErrors.Body, "The body is not application/json.");
        try
        {
            return JsonReading.Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)).TryGetObject(out var body)
                ? body
                : throw new ApiException(StatusCodes.Status400BadRequest, ApiErrors.Body, "The body is not a JSON object.");
        }
        catch (Exception error)
            when (error is JsonException or InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            throw new ApiException(StatusCodes.Status400BadRequest, ApiErrors.Body, "The body is not JSON, or nests too deeply.");
        }
    }

    private static void Allow(HttpContext http, long bytes)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = bytes;
    }

    /// <summary>Reads to the end even when it is too much, so that the client hears why instead of losing its connection.</summary>
    private static async Task<MemoryStream> CopyAsync(HttpContext http, int limit)
    {
        var buffer = new MemoryStream();
        var total = 0L;
        while (true)
        {
            var read = await ReadPartAsync(http);
            total += read.Buffer.Length;
            if (total <= limit)
            {
                foreach (var part in read.Buffer)
                    buffer.Write(part.Span);
            }
            http.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
        }
        return total <= limit ? buffer : throw new ApiException(StatusCodes.Status413PayloadTooLarge, ApiErrors.TooLarge);
    }

    /// <summary>Some of what Kestrel refuses of a body, such as the size of a chunk
    /// that is no number there is, comes as the failure of a connection.</summary>
    private static async ValueTask<ReadResult> ReadPartAsync(HttpContext http)
    {
        try
        {
            return await http.Request.BodyReader.ReadAsync(http.RequestAborted);
        }
        catch (IOException error) when (error is not BadHttpRequestException)
        {
            throw new ApiException(StatusCodes.Status400BadRequest, ApiErrors.Body, "The body's framing is damaged, or it ends too early.");
        }
    }

    /// <summary>A text that has to be there.</summary>
    public static string Id(FlowObject body, string name) =>
        OptionalId(body, name) is { Length: > 0 } text ? text : throw Wrong(name, "a text");

    /// <summary>A text; null when it is not given.</summary>
    public static string? OptionalId(FlowObject body, string name)
    {
        var value = body.Get(name);
        if (value.IsNothing)
            return null;
        return value.TryGetText(out var text) && text.Length <= MaxIdLength && IsPlain(text)
            ? text
            : throw Wrong(name, $"a text of at most {MaxIdLength} characters");
    }

    /// <summary>A text of any length that has to be there.</summary>
    public static string Text(FlowObject body, string name) =>
        body.Get(name).TryGetText(out var text) && text.Length > 0 && IsPlain(text) ? text : throw Wrong(name, "a text");

    /// <summary>The content of a file, whatever it is, which is only read: a text that has to be there, also an empty one.</summary>
    public static string Content(FlowObject body, string name) =>
        body.Get(name).TryGetText(out var text) ? text : throw Wrong(name, "a text");

    /// <summary>An object; an empty one when it is not given.</summary>
    public static FlowObject Members(FlowObject body, string name)
    {
        var value = body.Get(name);
        if (value.IsNothing)
            return FlowObject.Empty;
        return value.TryGetObject(out var members) ? members : throw Wrong(name, "an object");
    }

    /// <summary>An object that has to be there.</summary>
    public static FlowObject RequiredMembers(FlowObject body, string name) =>
        body.Get(name).TryGetObject(out var members) ? members : throw Wrong(name, "an object");

    /// <summary>A text of any length; "" when it is not given.</summary>
    public static string OptionalText(FlowObject body, string name)
    {
        var value = body.Get(name);
        if (value.IsNothing)
            return "";
        return value.TryGetText(out var text) && IsPlain(text) ? text : throw Wrong(name, "a text");
    }

    /// <summary>A whole number; null when it is not given.</summary>
    public static long? OptionalNumber(FlowObject body, string name)
    {
        var value = body.Get(name);
        if (value.IsNothing)
            return null;
        return value.TryGetInteger(out var number) ? number : throw Wrong(name, "a whole number");
    }

    /// <summary>The version of a client's copy of a flow: looked at for its type
    /// alone, because a run takes the published version and stays on it.</summary>
    public static void CheckVersion(FlowObject body)
    {
        var value = body.Get("version");
        if (!value.IsNothing && !value.TryGetInteger(out _))
            throw Wrong("version", "a whole number");
    }

    /// <summary>No database takes a NUL.</summary>
    private static bool IsPlain(string text) => !text.Contains('\0', StringComparison.Ordinal);

    private static ApiException Wrong(string name, string what) =>
        new(StatusCodes.Status400BadRequest, ApiErrors.Body, $"'{name}' is not {what}.");
}
