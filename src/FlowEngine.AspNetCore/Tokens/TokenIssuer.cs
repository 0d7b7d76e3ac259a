using System.Security.Cryptography;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Settings;

namespace FlowEngine.AspNetCore.Tokens;

/// <summary>Per process, thread-safe: issues session tokens: ES256 JWTs (RFC
/// 7519) with custom claims at the top level, in their JSON types.</summary>
/// <param name="key">The key that signs now.</param>
/// <param name="issuer">The claim <c>iss</c>.</param>
/// <param name="audience">The claim <c>aud</c> of flows that name none.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenIssuer(Func<SigningKey> key, string issuer, string audience, TimeProvider time)
{
    /// <summary>Makes an issuer with one key.</summary>
    public TokenIssuer(SigningKey key, string issuer, string audience, TimeProvider time)
        : this(() => key, issuer, audience, time) { }

    /// <summary>Makes an issuer for <c>run</c>: with the key of <c>Tokens:SigningKey</c> (a PEM text, <c>env:NAME</c> or <c>file:PATH</c>),
    /// else one that ends with the process and travels in the token's header.</summary>
    /// <exception cref="SettingsException">The key cannot be used.</exception>
    public static TokenIssuer Create(TokenOptions options, string project)
    {
        var signingKey = KeyOf(options);
        return new TokenIssuer(
            signingKey,
            options.Issuer?.OriginalString ?? $"http://127.0.0.1:5080/{project}",
            project,
            TimeProvider.System
        );
    }

    /// <summary>The session token of a completed run, whose <c>user.userId</c> is set.</summary>
    public string Issue(FlowRun run) => Issue(SessionContent.Of(run), out _);

    /// <summary>A session token.</summary>
    /// <param name="content">What it says.</param>
    /// <param name="expiresAt">When it expires.</param>
    public string Issue(SessionContent content, out DateTimeOffset expiresAt)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var expiry = now + content.SessionMinutes * 60L;
        expiresAt = DateTimeOffset.FromUnixTimeSeconds(expiry);
        var payload = new FlowObjectBuilder(16);
        payload.Set("iss", FlowValue.From(issuer));
        payload.Set("aud", FlowValue.From(content.Audience ?? audience));
        payload.Set("sub", FlowValue.From(content.Subject));
        payload.Set("iat", FlowValue.From(now));
        payload.Set("exp", FlowValue.From(expiry));
        payload.Set("jti", FlowValue.From(RunId.New()));
        content.Claims.TryGetObject(out var claims);
        foreach (var (name, value) in claims ?? FlowObject.Empty)
        {
            // The compiler refuses registered names; a plan of another making must not forge them either.
            if (name is not ("iss" or "aud" or "sub" or "iat" or "exp" or "jti" or "nbf"))
                payload.Set(name, value);
        }
        return key().Sign(JsonWriting.ToUtf8(FlowValue.From(payload.Build())));
    }

    private static SigningKey KeyOf(TokenOptions options)
    {
        if (options.SigningKey is not { } secret)
            return SigningKey.Ephemeral();
        if (!secret.TryReveal(out var pem, out var problem))
            throw new SettingsException($"Tokens:SigningKey: {problem!.Message}");
        try
        {
            return SigningKey.FromPem(pem);
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            throw new SettingsException("Tokens:SigningKey is not the PEM of a private key on the curve P-256.");
        }
    }
}
