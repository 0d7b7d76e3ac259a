namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>
/// Stateless: sends answers in pieces, each when the one before is on its way. A single write would copy the whole answer into the
/// connection's buffer, however large it is, for as long as a client that
/// reads nothing stays; in pieces, a connection holds 64 KiB of it at most.
/// </summary>
internal static class AnswerPieces
{
    /// <summary>How many bytes are written at once.</summary>
    public const int Size = 16 * 1024;

    /// <summary>Writes the body. Ends when the client is gone, or takes it too slowly.</summary>
    /// <param name="response">The answer; its headers are set.</param>
    /// <param name="content">The body.</param>
    public static async Task SendAsync(this HttpResponse response, ReadOnlyMemory<byte> content)
    {
        var stop = response.HttpContext.RequestAborted;
        for (var rest = content; rest.Length > 0; rest = rest[Math.Min(Size, rest.Length)..])
            await response.Body.WriteAsync(rest[..Math.Min(Size, rest.Length)], stop);
    }

    /// <summary>An answer with this body, sent in pieces.</summary>
    /// <param name="content">The body.</param>
    /// <param name="contentType">Its type.</param>
    /// <param name="entityTag">Its entity tag, so that a client that has it gets a 304; null (the default) for none.</param>
    public static IResult Of(byte[] content, string contentType, Microsoft.Net.Http.Headers.EntityTagHeaderValue? entityTag = null) =>
        Results.Stream(new MemoryStream(content, writable: false), contentType, entityTag: entityTag);
}
