namespace FlowEngine.AspNetCore.Tokens;

/// <summary>Shared and immutable: how tokens are issued.</summary>
internal sealed record TokenRules
{
    /// <summary>The claim <c>iss</c>.</summary>
    public required string Issuer { get; init; }

    /// <summary>The claim <c>aud</c> of flows that name none.</summary>
    public required string Audience { get; init; }

    /// <summary>For how long after its use a refresh token is answered again as the first time without being counted as late. Default 10 s:
    /// enough for a double click and two tabs.</summary>
    public TimeSpan RefreshGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For how many tokens in a row one that comes again after the grace, while its successor was never used, is still answered.
    /// Default 5: an outage costs one, and one exchange without is enough to begin anew. Zero makes every use after the grace end the
    /// login.</summary>
    public int LateRepeats { get; init; } = 5;
}
