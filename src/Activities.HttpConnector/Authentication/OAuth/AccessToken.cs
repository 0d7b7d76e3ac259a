namespace FlowEngine.HttpConnector.Authentication.OAuth;

/// <summary>Shared and immutable. An access token and how long it lives from the moment it was asked for.</summary>
internal sealed class AccessToken(string value, TimeSpan lifetime)
{
    /// <summary>What a token lives that comes without <c>expires_in</c>.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromSeconds(300);

    private static readonly TimeSpan MaxMargin = TimeSpan.FromSeconds(30);

    /// <summary>The token itself: a secret.</summary>
    public string Value { get; } = value;

    /// <summary>How long it is used: its lifetime less 10 %, at most 30 s less.</summary>
    public TimeSpan UsedFor { get; } = lifetime - TimeSpan.FromTicks(Math.Min(lifetime.Ticks / 10, MaxMargin.Ticks));
}

/// <summary>Shared and immutable. A token or the fault <c>http.token</c>; exactly one.</summary>
internal sealed class TokenResult
{
    public TokenResult(AccessToken token) => Token = token;

    public TokenResult(string problem) => Fault = new(HttpFaultCodes.Token, problem);

    public AccessToken? Token { get; }

    public HttpFault? Fault { get; }
}
