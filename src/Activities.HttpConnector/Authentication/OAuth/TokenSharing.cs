using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Authentication.OAuth;

/// <summary>Shared and immutable: what a token endpoint granted, or why it granted nothing; exactly one. Never logged.</summary>
/// <param name="Token">The access token: a secret; null when there is none.</param>
/// <param name="UsableFor">How long the token may be used from the moment it was asked for: a little less than it lives.</param>
/// <param name="Problem">Why there is none, without secrets; null when there is one.</param>
public sealed record TokenGrant(string? Token, TimeSpan UsableFor, string? Problem);

/// <summary>
/// Per process, thread-safe: where the access tokens of connectors come from when a process has none that it may use: from the token
/// endpoint (the default), or from another process that asked it already.
/// </summary>
public abstract class TokenSharing
{
    /// <summary>Every process asks for itself.</summary>
    public static TokenSharing None { get; } = new OwnTokens();

    /// <summary>Gets a token.</summary>
    /// <param name="key">Stands for the client, its secret, the endpoint and the scopes; holds none of them.</param>
    /// <param name="refused">A token that an API has refused, which is not to come back; null for none.</param>
    /// <param name="fetch">Asks the token endpoint.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A token with the time that is left of it, or the problem.</returns>
    public abstract Task<TokenGrant> GetAsync(
        string key,
        string? refused,
        Func<CancellationToken, Task<TokenGrant>> fetch,
        CancellationToken cancellationToken
    );

    private sealed class OwnTokens : TokenSharing
    {
        public override Task<TokenGrant> GetAsync(
            string key,
            string? refused,
            Func<CancellationToken, Task<TokenGrant>> fetch,
            CancellationToken cancellationToken
        ) => fetch(cancellationToken);
    }
}
