using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>
/// Shared and immutable: binds a run to the browser that began it. The browser holds a secret in a cookie of its own for each run, so that
/// two tabs that begin at once do not take it from each other. The run is
/// given a hash of the secret, and the form's anti-forgery token is another.
/// </summary>
internal sealed class BrowserBinding
{
    private const string CookieName = "fe_browser";

    private readonly string _secret;

    private BrowserBinding(string secret) => _secret = secret;

    /// <summary>What the run knows the browser by.</summary>
    public string Key => Derive("run", "");

    public static BrowserBinding New() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));

    /// <summary>The binding that the browser sent; null for none.</summary>
    public static BrowserBinding? Of(HttpRequest request) =>
        request.Cookies.TryGetValue(CookieName, out var secret) && secret.Length is > 20 and < 100 ? new(secret) : null;

    /// <summary>Gives the browser its secret, for this run's pages alone.</summary>
    public void Give(HttpResponse response, string runPath, TimeSpan lifetime) =>
        response.Cookies.Append(CookieName, _secret, CookieFor(response, runPath, lifetime));

    /// <summary>The anti-forgery token of a run's forms: only pages that this
    /// browser was given have it, and no other site can read it.</summary>
    public string TokenFor(string executionId) => Derive("form", executionId);

    public bool IsTokenFor(string executionId, string token) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(TokenFor(executionId)), Encoding.UTF8.GetBytes(token));

    /// <summary>Signs a text that the browser keeps for us.</summary>
    public string Sign(string text) => Derive("kept", text);

    public static CookieOptions CookieFor(HttpResponse response, string runPath, TimeSpan lifetime) =>
        new()
        {
            Path = runPath,
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = response.HttpContext.Request.IsHttps,
            MaxAge = lifetime,
            IsEssential = true,
        };

    private string Derive(string purpose, string text) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(_secret), Encoding.UTF8.GetBytes(purpose + "\n" + text)));
}
