using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FlowEngine.Bench.HandWritten;

/// <summary>Per process, thread-safe: signs a session token and a refresh token, ES256.</summary>
internal sealed class Tokens(ECDsaSecurityKey key, string issuer, TimeProvider time)
{
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly SigningCredentials _credentials = new(key, SecurityAlgorithms.EcdsaSha256);

    /// <summary>The tokens of a login, and what is stored of the second.</summary>
    public (string Session, string Refresh, DateTimeOffset Expires, RefreshFamily Family) Issue(User user, Claims claims)
    {
        var now = time.GetUtcNow();
        var (family, id) = (Login.NewId(), Login.NewId());
        var (sessionEnd, refreshEnd) = (now.AddMinutes(10), now.AddDays(28));
        var session = Sign(user.UserId, issuer, now, sessionEnd, Login.NewId(), null, new() { ["region"] = claims.Region ?? "" });
        var refresh = Sign(user.UserId, $"{issuer}/refresh", now, refreshEnd, id, "refresh+jwt", new() { ["fam"] = family });
        return (session, refresh, sessionEnd, new(family, user.UserId, [], Login.HashOf(id), refreshEnd));
    }

    private string Sign(
        string subject,
        string audience,
        DateTimeOffset now,
        DateTimeOffset end,
        string id,
        string? type,
        Dictionary<string, object> claims
    )
    {
        claims["sub"] = subject;
        claims["jti"] = id;
        return _handler.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = issuer,
                Audience = audience,
                IssuedAt = now.UtcDateTime,
                Expires = end.UtcDateTime,
                Claims = claims,
                TokenType = type,
                SigningCredentials = _credentials,
            }
        );
    }
}
