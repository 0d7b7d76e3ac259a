namespace FlowEngine.Server.Tokens;

/// <summary>Shared and immutable: how tokens are issued.</summary>
internal sealed record TokenOptions
{
    /// <summary>The claim <c>iss</c>: the server's public URL and the project id, as in <c>https://login.example.com/default</c>.</summary>
    /// <remarks>The published clients accept a token when the last or last but one segment of its issuer is their project id.</remarks>
    public required string Issuer { get; init; }

    /// <summary>The claim <c>aud</c> of flows that name none. Default <c>default</c>.</summary>
    public string Audience { get; init; } = "default";

    /// <summary>
    /// For how long after its use a refresh token still gets an answer: the same successor as the first time. Default 10 s: enough for a double click, two tabs and
    /// an answer that was lost on the way. Zero makes every second use end the login.
    /// </summary>
    public TimeSpan RefreshGrace { get; init; } = TimeSpan.FromSeconds(10);
}
