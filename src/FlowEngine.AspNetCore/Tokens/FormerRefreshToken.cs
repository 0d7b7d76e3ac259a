using FlowEngine.Errors;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FlowEngine.AspNetCore.Tokens;

/// <summary>
/// Stateless: reads the refresh tokens of the release before, which were JWTs. Such a token is exchanged once, for one of today's, so that
/// an upgrade signs nobody out; it is refused as soon as the key that signed it is gone
/// from the key set. None is issued any more: this goes with the release after next.
/// </summary>
internal static class FormerRefreshToken
{
    /// <summary>The header <c>typ</c>, which a session token does not have.</summary>
    public const string Type = "refresh+jwt";

    private static readonly JsonWebTokenHandler Handler = new() { MaximumTokenSizeInBytes = 16 * 1024 };

    /// <summary>Clocks of nodes may differ by so much.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    /// <summary>Reads a token that somebody sent.</summary>
    /// <returns>The token, or why it is refused.</returns>
    public static async Task<(RefreshToken? Token, ErrorCode? Problem)> ReadAsync(
        string text,
        SigningKeys keys,
        string issuer,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (Parse(text) is not { } parsed || await keys.FindAsync(parsed.Kid, cancellationToken) is not { } key)
            return (null, TokenErrors.Invalid);

        var result = await Handler.ValidateTokenAsync(
            parsed,
            new TokenValidationParameters
            {
                ValidIssuer = issuer,
                ValidAudience = $"{issuer}/refresh",
                ValidTypes = [Type],
                ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
                IssuerSigningKey = key.Key,
                // Below, on our own clock.
                ValidateLifetime = false,
            }
        );
        if (!result.IsValid || !parsed.TryGetPayloadValue<string>("fam", out var family) || parsed.Id.Length == 0)
            return (null, TokenErrors.Invalid);
        return new DateTimeOffset(parsed.ValidTo, TimeSpan.Zero) + Skew < time.GetUtcNow()
            ? (null, TokenErrors.Expired)
            : (new RefreshToken(family, parsed.Id), null);
    }

    private static JsonWebToken? Parse(string text)
    {
        try
        {
            return Handler.CanReadToken(text) ? Handler.ReadJsonWebToken(text) : null;
        }
        catch (Exception error) when (error is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }
}
