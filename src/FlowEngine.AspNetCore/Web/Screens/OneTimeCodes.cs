using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FlowEngine.AspNetCore.Runs;
using FlowEngine.AspNetCore.Tokens;
using FlowEngine.Context;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Shared and immutable: what a one-time code is exchanged for.</summary>
internal sealed record OneTimeGrant
{
    /// <summary>The run.</summary>
    public required string ExecutionId { get; init; }

    /// <summary>The flow.</summary>
    public required string FlowId { get; init; }

    /// <summary>Where the code was sent; whoever redeems it must name the same address.</summary>
    public required string RedirectUri { get; init; }

    /// <summary>The S256 challenge of RFC 7636 that the login began with; null when it had none.</summary>
    public string? CodeChallenge { get; init; }

    /// <summary>The tokens; null when the flow set no user.</summary>
    public IssuedTokens? Tokens { get; init; }

    /// <summary>The person: <c>user.*</c>.</summary>
    public FlowValue User { get; init; }

    /// <summary>The custom claims.</summary>
    public FlowValue Claims { get; init; }

    /// <summary>The End's outputs.</summary>
    public FlowValue Output { get; init; }
}

/// <summary>
/// Per process, thread-safe: the codes that carry the result of a hosted login to the application, so that no token ever stands in a URL. A
/// run makes one when it completes; it lives 60 seconds and is redeemed once; the storage behind it keeps the promises on every node.
/// </summary>
internal abstract class OneTimeCodes
{
    /// <summary>How long a code can be redeemed.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    /// <summary>Redeems a code. Whatever the answer, the code is used up.</summary>
    /// <param name="code">The code.</param>
    /// <param name="redirectUri">The address that the code was sent to.</param>
    /// <param name="codeVerifier">The verifier of RFC 7636, when the login began with a challenge; null otherwise.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The grant; null when the code is unknown, expired or used,
    /// or when the address or the verifier is not the right one.</returns>
    public async ValueTask<OneTimeGrant?> RedeemAsync(
        string code,
        string redirectUri,
        string? codeVerifier,
        CancellationToken cancellationToken
    )
    {
        var grant = await TakeAsync(code, cancellationToken);
        if (grant is null || grant.RedirectUri != redirectUri)
            return null;
        // A verifier without a challenge is refused too: somebody removed the
        // challenge from the request that began the login (RFC 9700, 4.8).
        return grant.CodeChallenge is null == codeVerifier is null && (codeVerifier is null || Matches(grant.CodeChallenge!, codeVerifier))
            ? grant
            : null;
    }

    /// <summary>Finds and removes the grant of a code in one step: of two callers at once, on any node, at most one gets it.</summary>
    /// <returns>The grant; null when the code is unknown, expired or taken.</returns>
    protected abstract ValueTask<OneTimeGrant?> TakeAsync(string code, CancellationToken cancellationToken);

    private static bool Matches(string challenge, string verifier)
    {
        var hash = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(verifier)));
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.UTF8.GetBytes(challenge));
    }
}
