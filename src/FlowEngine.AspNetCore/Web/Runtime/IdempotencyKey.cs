using System.Text;
using FlowEngine.AspNetCore.Runs;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Context;
using FlowEngine.Json;

namespace FlowEngine.AspNetCore.Web.Runtime;

/// <summary>
/// Stateless: the header <c>Idempotency-Key</c> of draft-ietf-httpapi-idempotency-key-header: a text in quotes, or without, as many
/// clients send it; 1 to 255 visible characters.
/// </summary>
internal static class IdempotencyKey
{
    /// <summary>The header's name.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>
    /// How many characters the key of a start has that anybody may make. Whoever sends the same key and request gets the same run: a key
    /// that others could think of would give them
    /// the login that somebody else is in the middle of. A UUID has 36.
    /// </summary>
    public const int ShortestOfAnybody = 16;

    private const int Longest = 255;

    /// <summary>The key of a request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="scope">Whose key it is, and for what.</param>
    /// <param name="body">The request's body, which the same key must not come with another of; null where the request has no key.</param>
    /// <param name="shortest">How many characters it has at least.</param>
    /// <returns>The key; null when the request has none.</returns>
    /// <exception cref="ApiException">It is none that can be used.</exception>
    public static StartKey? Of(HttpContext http, string scope, FlowObject? body, int shortest = 1)
    {
        if (!http.Request.Headers.TryGetValue(Header, out var values))
            return null;
        if (values.Count != 1 || Read(values[0] ?? "") is not { } key)
            throw Wrong("It is not one text of 1 to 255 visible characters.");
        if (key.Length < shortest)
            throw Wrong($"It has fewer than {shortest} characters: others could guess it, and with it the run.");
        return new StartKey(scope, key, JsonWriting.ToUtf8(FlowValue.From(body!)));
    }

    /// <summary>The key in the header's value; null when it is none.</summary>
    internal static string? Read(string value)
    {
        var key =
            value.StartsWith('"') ? Unquote(value)
            : value.AsSpan().ContainsAny('"', '\\', ',') ? null
            : value;
        return key is { Length: >= 1 and <= Longest } && !key.AsSpan().ContainsAnyExceptInRange('!', '~') ? key : null;
    }

    /// <summary>A string of RFC 9651, 3.3.3; null when it is none.</summary>
    private static string? Unquote(string value)
    {
        var text = new StringBuilder(value.Length);
        for (var i = 1; i < value.Length; i++)
        {
            if (value[i] == '"')
                return i == value.Length - 1 ? text.ToString() : null;
            if (value[i] == '\\' && (++i == value.Length || value[i] is not ('"' or '\\')))
                return null;
            text.Append(value[i]);
        }
        return null;
    }

    private static ApiException Wrong(string message) => new(StatusCodes.Status400BadRequest, ApiErrors.IdempotencyKey, message);
}
