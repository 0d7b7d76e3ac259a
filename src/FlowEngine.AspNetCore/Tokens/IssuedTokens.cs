namespace FlowEngine.AspNetCore.Tokens;

/// <summary>Shared and immutable: the tokens of a login. Never logged.</summary>
/// <param name="SessionJwt">The session token.</param>
/// <param name="RefreshJwt">The one-time refresh token.</param>
/// <param name="SessionExpiration">When the session token expires.</param>
internal sealed record IssuedTokens(string SessionJwt, string RefreshJwt, DateTimeOffset SessionExpiration);
