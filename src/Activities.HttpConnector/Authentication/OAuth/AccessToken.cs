using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Authentication.OAuth;

/// <summary>Shared and immutable. An access token and how long it lives from the moment it was asked for.</summary>
internal sealed class AccessToken
{
    /// <summary>What a token lives that comes without <c>expires_in</c>.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromSeconds(300);

    private static readonly TimeSpan MaxMargin = TimeSpan.FromSeconds(30);

    /// <summary>A token of a token endpoint, used for its lifetime less 10 %, at most 30 s less.</summary>
    public AccessToken(string value, TimeSpan lifetime)
        : this(value, lifetime, TimeSpan.FromTicks(Math.Min(lifetime.Ticks / 10, MaxMargin.Ticks))) { }

    private AccessToken(string value, TimeSpan lifetime, TimeSpan margin) => (Value, UsedFor) = (value, lifetime - margin);

    /// <summary>The token itself: a secret.</summary>
    public string Value { get; }

    /// <summary>How long it is used.</summary>
    public TimeSpan UsedFor { get; }

    /// <summary>A token of a grant, whose time has its margin already.</summary>
    public static AccessToken Of(string value, TimeSpan usableFor) => new(value, usableFor, TimeSpan.Zero);
}

/// <summary>Shared and immutable. A token or the fault <c>http.token</c>; exactly one.</summary>
internal sealed class TokenResult
{
    public TokenResult(AccessToken token) => Token = token;

    public TokenResult(string problem) => Fault = new(HttpFaultCodes.Token, problem);

    public AccessToken? Token { get; }

    public HttpFault? Fault { get; }
}
