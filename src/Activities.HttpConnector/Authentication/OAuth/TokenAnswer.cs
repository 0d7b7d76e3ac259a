using System.Globalization;
using System.Text.Json;
using FlowEngine.Context;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.Json;
using FlowEngine.Tracing;

namespace FlowEngine.HttpConnector.Authentication.OAuth;

/// <summary>Per process, thread-safe. Reads a token endpoint's answer: RFC
/// 6749 sections 5.1 and 5.2, and what servers make of them.</summary>
internal static class TokenAnswer
{
    private const int MaxShown = 200;
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(365);

    public static TokenResult Read(HttpReply reply, OAuthClientOptions options)
    {
        var from = $"The token endpoint at '{options.TokenUri.Host}' answered {reply.StatusCode}";
        try
        {
            var json = JsonReading.Parse(reply.Body.Span);
            if (json.Kind != FlowValueKind.Object)
                return new($"{from} with JSON that is no object. Check authUrl.");
            return reply.StatusCode is >= 200 and < 300 && Text(json, "error") is null
                ? ReadToken(json, from)
                : new($"{from}{OAuthError(json, options)}. Check client id, secret and scopes.");
        }
        catch (JsonException)
        {
            return new(
                $"{from} with {(reply.Body.IsEmpty ? "an empty body" : reply.MediaType ?? "an unknown type")}, "
                    + "not with JSON. Check authUrl, or ask its owner."
            );
        }
    }

    private static TokenResult ReadToken(FlowValue json, string from)
    {
        if (Text(json, "access_token") is not { Length: > 0 } token)
            return new($"{from} without an access_token. Check authUrl.");
        if (RequestHeaders.Check("authorization", token) is not null)
            return new($"{from} with an access_token that cannot be sent in a header. Ask its owner.");
        // RFC 6749 section 7.1: a token of a type that is not understood must not be used. Apigee writes "BearerToken".
        if (Text(json, "token_type") is { } type && !IsBearer(type))
            return new($"{from} with a token of another type than Bearer, which is not supported.");
        return new(new AccessToken(token, Lifetime(json)));
    }

    private static bool IsBearer(string type) =>
        type.Equals("bearer", StringComparison.OrdinalIgnoreCase) || type.Equals("bearertoken", StringComparison.OrdinalIgnoreCase);

    private static TimeSpan Lifetime(FlowValue json)
    {
        var value = json.Get("expires_in");
        var text = value.Kind is FlowValueKind.Number or FlowValueKind.String ? value.ToText() : null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && !double.IsNaN(seconds)
            ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, LongestLifetime.TotalSeconds))
            : AccessToken.DefaultLifetime;
    }

    private static string OAuthError(FlowValue json, OAuthClientOptions options)
    {
        if (Text(json, "error") is not { } error)
            return "";

        var description = Text(json, "error_description");
        return $": {Shown(error, options)}{(description is null ? "" : $" ({Shown(description, options)})")}";
    }

    // Some servers echo what they were sent. Redacted before it is cut, lest half a secret remain.
    private static string Shown(string text, OAuthClientOptions options)
    {
        string[] secrets =
        [
            options.ClientSecret,
            TokenEndpoint.FormEncode(options.ClientSecret),
            BasicAuthentication.Encode(TokenEndpoint.FormEncode(options.ClientId), TokenEndpoint.FormEncode(options.ClientSecret))[
                "Basic ".Length..
            ],
            .. options.TokenRequestHeaders.Select(header => header.Value),
        ];
        text = new Redactor(secrets, ignoresCase: true).Redact(text);
        var shown = string.Concat(text.Take(MaxShown).Select(c => char.IsControl(c) ? ' ' : c));
        return text.Length > MaxShown ? shown + "…" : shown;
    }

    private static string? Text(FlowValue json, string name) => json.Get(name).TryGetText(out var text) ? text : null;
}
