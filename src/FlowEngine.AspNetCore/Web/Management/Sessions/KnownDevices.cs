using System.Globalization;
using System.Security.Cryptography;
using FlowEngine.Execution;
using FlowEngine.Storage;
using Microsoft.AspNetCore.DataProtection;

namespace FlowEngine.AspNetCore.Web.Management.Sessions;

/// <summary>
/// Per process, thread-safe: the devices on which people of the console have signed in. Each has a cookie for each of them, sealed with the
/// key ring that all nodes share. It opens nothing; it only keeps the wrong tries of strangers from counting for its person there.
/// </summary>
internal sealed class KnownDevices(IDataProtectionProvider protection, TimeProvider time)
{
    /// <summary>How long a device is known after its last sign-in.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(180);

    private const string CookieName = "flowengine-device-";

    private readonly IDataProtector _protector = protection.CreateProtector("FlowEngine.Console", "device");

    /// <summary>The device by which a request comes, when that person signed in there before; else null.</summary>
    /// <param name="http">The request.</param>
    /// <param name="name">The person's name, in lower case.</param>
    public string? Find(HttpContext http, string name)
    {
        if (http.Request.Cookies[NameFor(http.Request, name)] is not { Length: > 0 and < 1000 } cookie)
            return null;
        try
        {
            return
                _protector.Unprotect(cookie).Split('\n') is [var device, var person, var until]
                && person == name
                && long.Parse(until, CultureInfo.InvariantCulture) > time.GetUtcNow().ToUnixTimeSeconds()
                ? device
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Remembers the device of somebody who has just signed in.</summary>
    public void Remember(HttpContext http, string name)
    {
        var until = time.GetUtcNow() + Lifetime;
        var text = string.Create(CultureInfo.InvariantCulture, $"{Find(http, name) ?? RunId.New()}\n{name}\n{until.ToUnixTimeSeconds()}");
        http.Response.Cookies.Append(NameFor(http.Request, name), _protector.Protect(text), ConsoleCookie.OptionsFor(http.Request, until));
    }

    /// <summary>One for each person, so that several may share a device; without the name itself.</summary>
    private static string NameFor(HttpRequest request, string name) =>
        ConsoleCookie.NameFor(request, CookieName + SecretHash.Of(name)[..12].ToLowerInvariant());
}
