using System.IO.Pipelines;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.Model;
using Microsoft.AspNetCore.Http.Features;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>
/// What a request's body says, as a record: a handler takes it as a parameter. Its members are checked by what they are declared as:
/// texts by
/// <see cref="ShortTextAttribute"/>, <see cref="TextAttribute"/>, <see cref="NoteAttribute"/> or <see cref="ContentAttribute"/>, and
/// whatever is not nullable has to be
/// there. Members that are not known are passed over.
/// </summary>
/// <typeparam name="TSelf">The record.</typeparam>
internal interface IRequestBody<TSelf> : IBindableFromHttpContext<TSelf>
    where TSelf : class, IRequestBody<TSelf>
{
    static async ValueTask<TSelf?> IBindableFromHttpContext<TSelf>.BindAsync(HttpContext context, ParameterInfo parameter) =>
        await RequestBody.ReadAsync<TSelf>(context);
}

/// <summary>How large a body may be.</summary>
internal enum BodySize
{
    /// <summary>As much as the caller may send: see <see cref="ApiOptions"/>.</summary>
    OfCaller,

    /// <summary>A flow or connector: as much as a file of one may have.</summary>
    Definition,

    /// <summary>Flows and connectors together: as much as four files may have.</summary>
    Environment,
}

/// <summary>Shared and immutable: the metadata of an endpoint that takes a body.</summary>
/// <param name="Size">How large it may be.</param>
/// <param name="IsOptional">Whether no body stands for an empty object.</param>
internal sealed record BodyRule(BodySize Size, bool IsOptional);

/// <summary>The feature of a request whose caller is known: it may send more than anybody may.</summary>
internal interface IKnownCaller;

/// <summary>A text of at most 256 characters: an id, a name. One that has to be there is not empty.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class ShortTextAttribute : Attribute;

/// <summary>A text of any length that is not empty.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class TextAttribute : Attribute;

/// <summary>A text of any length, also an empty one.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class NoteAttribute : Attribute;

/// <summary>The content of a file, whatever it is, which is only read.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class ContentAttribute : Attribute;

/// <summary>Stateless: reads bodies.</summary>
internal static class RequestBody
{
    /// <summary>Reads the body of a request as a record.</summary>
    /// <exception cref="ApiException">It is not one JSON object, larger than the caller may send, or a member is not what it has to
    /// be.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext http)
        where T : class
    {
        using var buffer = await ReadBytesAsync(http);
        var options = http.RequestServices.GetRequiredService<JsonContract>().Options;
        return Read((JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)), buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    /// <summary>Reads the body of a request that may come again under the same key: also as it was sent, when it has one.</summary>
    /// <exception cref="ApiException">As in <see cref="ReadAsync{T}"/>.</exception>
    public static async Task<(T Body, FlowObject? Sent)> ReadWithKeyAsync<T>(HttpContext http, string header)
        where T : class
    {
        using var buffer = await ReadBytesAsync(http);
        var options = http.RequestServices.GetRequiredService<JsonContract>().Options;
        var utf8 = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
        var body = Read((JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)), utf8.Span);
        return (body, http.Request.Headers.ContainsKey(header) ? Parse(utf8.Span) : null);
    }

    /// <summary>Reads a body whose members are not known here.</summary>
    /// <exception cref="ApiException">As in <see cref="ReadAsync{T}"/>.</exception>
    public static async Task<FlowObject> ReadObjectAsync(HttpContext http)
    {
        using var buffer = await ReadBytesAsync(http);
        return Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    /// <summary>An object in a body whose members are not known here.</summary>
    /// <exception cref="ApiException">It is none.</exception>
    public static FlowObject ObjectIn(FlowObject body, string name) =>
        body.Get(name).TryGetObject(out var value) ? value : throw Wrong("/" + name, "an object");

    /// <summary>A record of a body.</summary>
    /// <exception cref="ApiException">As in <see cref="ReadAsync{T}"/>.</exception>
    internal static T Read<T>(JsonTypeInfo<T> type, ReadOnlySpan<byte> utf8)
        where T : class
    {
        if (utf8.IsEmpty)
            utf8 = "{}"u8;
        T? body;
        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = JsonReading.MaxDepth });
            body = JsonSerializer.Deserialize(ref reader, type);
            if (reader.Read())
                throw new JsonException();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NotSupportedException)
        {
            // Whether it is JSON at all comes first, and which member is wrong then.
            Parse(utf8);
            throw Find((error as JsonException)?.Path, type);
        }
        if (body is null)
            throw NotAnObject();
        return BodyCheck.Of(type).IsWrong(body, out var pointer, out var what) ? throw Wrong(pointer, what) : body;
    }

    private static FlowObject Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return FlowObject.Empty;
        try
        {
            return JsonReading.Parse(utf8).TryGetObject(out var body) ? body : throw NotAnObject();
        }
        catch (Exception error)
            when (error is JsonException or InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            throw new ApiException(StatusCodes.Status400BadRequest, ApiErrors.Body, "The body is not JSON, or nests too deeply.");
        }
    }

    /// <summary>The member that a reader's path such as <c>$.options.client</c> leads to, and what it has to be.</summary>
    private static ApiException Find(string? path, JsonTypeInfo type)
    {
        var (pointer, at, last) = ("", type, (JsonPropertyInfo?)null);
        foreach (var name in (path ?? "").Split('.', '[').Skip(1))
        {
            last = at?.Properties.FirstOrDefault(property => property.Name == name);
            if (last is null)
                break;
            pointer = JsonPointer.At(pointer, name);
            at = last.PropertyType.IsClass && last.PropertyType != typeof(string) ? last.Options.GetTypeInfo(last.PropertyType) : null;
        }
        return pointer.Length == 0 ? NotAnObject() : Wrong(pointer, last is null ? "what it has to be" : BodyCheck.KindOf(last));
    }

    private static ApiException NotAnObject() => new(StatusCodes.Status400BadRequest, ApiErrors.Body, "The body is not a JSON object.");

    private static ApiException Wrong(string pointer, string what) =>
        new(StatusCodes.Status400BadRequest, ApiErrors.Body, $"'{pointer[(pointer.LastIndexOf('/') + 1)..]}' is not {what}.")
        {
            Members = new ProblemMembers { Pointer = pointer },
        };

    private static async Task<MemoryStream> ReadBytesAsync(HttpContext http)
    {
        var rule = http.GetEndpoint()?.Metadata.GetMetadata<BodyRule>() ?? new BodyRule(BodySize.OfCaller, false);
        var limits = http.RequestServices.GetRequiredService<ApiOptions>();
        var limit = limits.MaxRequestBytes;
        if (rule.Size != BodySize.OfCaller)
            Allow(http, 2L * (limit = rule.Size == BodySize.Definition ? JsonFile.MaxBytes : 4 * JsonFile.MaxBytes));
        else if (http.Features.Get<IKnownCaller>() is null)
            Allow(http, ApiOptions.HardBytesOf(limit = limits.MaxAnonymousBytes));

        var buffer = await CopyAsync(http, limit);
        if (buffer.Length == 0)
            return rule.IsOptional
                ? buffer
                : throw new ApiException(StatusCodes.Status400BadRequest, ApiErrors.Body, "The request has no body.");
        return http.Request.HasJsonContentType()
            ? buffer
            : throw new ApiException(StatusCodes.Status415UnsupportedMediaType, ApiErrors.Body, "The body is not application/json.");
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

    /// <summary>Some of what Kestrel refuses of a body, such as the size of a chunk that is no number there is, comes as the failure of a
    /// connection.</summary>
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
}
