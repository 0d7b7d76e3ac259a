using FlowEngine.Context;
using FlowEngine.Errors;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FlowEngine.Server.Tokens;

/// <summary>Shared and immutable: a refresh token: a JWT that the published clients can verify against the key set before they send it, as they do.</summary>
/// <param name="Family">The login it descends from, claim <c>fam</c>.</param>
/// <param name="Id">Its id, claim <c>jti</c>. What is stored is the hash of this, not of the token: an ECDSA signature can be changed into another valid one.</param>
/// <param name="Subject">Whose it is.</param>
/// <param name="IssuedAt">When it came into being.</param>
/// <param name="ExpiresAt">When it expires: with its login, however often it was exchanged.</param>
internal sealed record RefreshToken(string Family, string Id, string Subject, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>The header <c>typ</c>, which a session token does not have.</summary>
    private const string Type = "refresh+jwt";

    private static readonly FlowShape Shape = FlowShape.Of("iss", "aud", "sub", "iat", "exp", "jti", "fam");

    private static readonly JsonWebTokenHandler Handler = new() { MaximumTokenSizeInBytes = 16 * 1024 };

    /// <summary>Clocks of nodes may differ by so much.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    /// <summary>The token as it is sent. Its audience is ours alone, so that a service that checks the audience does not take it for a session token.</summary>
    public string Write(TokenIssuer issuer) => issuer.Sign(
        FlowValue.From(Shape.With(
            FlowValue.From(issuer.Issuer),
            FlowValue.From(AudienceOf(issuer.Issuer)),
            FlowValue.From(Subject),
            FlowValue.From(IssuedAt.ToUnixTimeSeconds()),
            FlowValue.From(ExpiresAt.ToUnixTimeSeconds()),
            FlowValue.From(Id),
            FlowValue.From(Family))),
        Type);

    /// <summary>Reads a token that somebody sent.</summary>
    /// <returns>The token, or why it is refused.</returns>
    public static async Task<(RefreshToken? Token, ErrorCode? Problem)> ReadAsync(string text, SigningKeys keys, string issuer, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Parse(text) is not { } parsed || await keys.FindAsync(parsed.Kid, cancellationToken).ConfigureAwait(false) is not { } key)
            return (null, TokenErrors.Invalid);

        var result = await Handler.ValidateTokenAsync(parsed, new TokenValidationParameters
        {
            ValidIssuer = issuer,
            ValidAudience = AudienceOf(issuer),
            ValidTypes = [Type],
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            IssuerSigningKey = key.Key,
            // Below, on our own clock.
            ValidateLifetime = false,
        }).ConfigureAwait(false);
        if (!result.IsValid || !parsed.TryGetPayloadValue<string>("fam", out var family) || parsed.Id.Length == 0)
            return (null, TokenErrors.Invalid);

        var expiresAt = new DateTimeOffset(parsed.ValidTo, TimeSpan.Zero);
        return expiresAt + Skew < time.GetUtcNow()
            ? (null, TokenErrors.Expired)
            : (new RefreshToken(family, parsed.Id, parsed.Subject, new DateTimeOffset(parsed.IssuedAt, TimeSpan.Zero), expiresAt), null);
    }

    private static string AudienceOf(string issuer) => $"{issuer}/refresh";

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
