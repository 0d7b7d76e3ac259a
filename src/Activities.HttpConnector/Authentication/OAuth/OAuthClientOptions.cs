using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Authentication.OAuth;

/// <summary>Shared and immutable. A client of an OAuth 2.0 token endpoint.</summary>
public sealed class OAuthClientOptions
{
    /// <summary>The client id.</summary>
    public required string ClientId { get; init; }

    /// <summary>The client secret.</summary>
    public required string ClientSecret { get; init; }

    /// <summary>The key of <see cref="OAuthCredentialPlacement.Assertion"/>, in PEM; "" (the default) where there is a secret.</summary>
    public string ClientKey { get; init; } = "";

    /// <summary>The key's id for the token endpoint; null (the default) for none.</summary>
    public string? KeyId { get; init; }

    /// <summary>The parameter <c>audience</c>; null (the default) for none.</summary>
    public string? Audience { get; init; }

    /// <summary>The parameter <c>resource</c> of RFC 8707; null (the default) for none.</summary>
    public string? Resource { get; init; }

    /// <summary>The token endpoint, parsed by <see cref="RequestUri.TryParse"/>.</summary>
    public required Uri TokenUri { get; init; }

    /// <summary>Where id and secret go. Default <see cref="OAuthCredentialPlacement.Header"/>.</summary>
    public OAuthCredentialPlacement Placement { get; init; } = OAuthCredentialPlacement.Header;

    /// <summary>Scopes, separated by spaces; null or empty asks for the server's default.</summary>
    public string? Scopes { get; init; }

    /// <summary>Further headers of the token request; they never replace <c>authorization</c> in the header style. Default none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> TokenRequestHeaders { get; init; } = [];

    /// <summary>How long a token request may take. Default 10 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
