using System.Security.Cryptography;
using System.Text.Json;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Execution;
using FlowEngine.Storage;
using Microsoft.AspNetCore.DataProtection;

namespace FlowEngine.AspNetCore.Web.Management.Sessions;

/// <summary>
/// Per process, thread-safe: the console's sessions. Each lives in a cookie that scripts cannot read and other sites cannot use, sealed
/// with the key ring that all nodes share. What is stored decides whether
/// it still counts: the session, which signing out removes, and the person.
/// </summary>
internal sealed class ConsoleSessions(IDataProtectionProvider protection, ConsoleSessionStore store, KnownPeople people, TimeProvider time)
{
    private const string CookieName = "flowengine-console";

    private readonly IDataProtector _protector = protection.CreateProtector("FlowEngine.Console", "session");

    /// <summary>Who calls, by the request's cookie; null for nobody. A cookie that is getting old is renewed on the way.</summary>
    public async Task<Caller?> FindAsync(HttpContext http)
    {
        if (Open(http.Request) is not { } session)
            return null;
        var now = time.GetUtcNow();
        if (
            session.IsOver(now)
            || !await store.IsOpenAsync(session.Id, session.Name, http.RequestAborted)
            || await people.FindAsync(session.Name, http.RequestAborted) is not { } person
            || person.SecurityStamp != session.Stamp
            || Roles.Find(person.Role) is not { } role
        )
        {
            return null;
        }
        if (session.Renewed(now) is { } renewed)
            Give(http, session = renewed);
        return new Caller(person.Name, role, session);
    }

    /// <summary>Begins a session.</summary>
    /// <param name="http">The request, whose answer gives the cookie.</param>
    /// <param name="user">The person.</param>
    /// <param name="note">What the audit log is told of it; null for nothing.</param>
    /// <param name="csrfToken">The token of the session that it takes over from, which the page goes on using; null for a new one.</param>
    public async Task<ConsoleSession> BeginAsync(HttpContext http, ConsoleUser user, AuditNote? note, string? csrfToken = null)
    {
        var session = ConsoleSession.Begin(user, csrfToken ?? RunId.New(), time.GetUtcNow());
        await store.AddAsync(session.Id, session.Name, session.StartedAt + ConsoleSession.LongestTime, note, http.RequestAborted);
        Give(http, session);
        return session;
    }

    /// <summary>Ends a session: the cookie goes, and whatever copy there is of it is over.</summary>
    public async Task EndAsync(HttpContext http, ConsoleSession session, AuditNote note)
    {
        // Whoever closes the page now has signed out all the same.
        await store.RemoveAsync(session.Id, note, CancellationToken.None);
        http.Response.Cookies.Delete(NameFor(http.Request), ConsoleCookie.OptionsFor(http.Request));
    }

    private void Give(HttpContext http, ConsoleSession session) =>
        http.Response.Cookies.Append(NameFor(http.Request), _protector.Protect(session.ToText()), ConsoleCookie.OptionsFor(http.Request));

    private ConsoleSession? Open(HttpRequest request)
    {
        if (request.Cookies[NameFor(request)] is not { Length: > 0 } cookie)
            return null;
        try
        {
            return ConsoleSession.Read(_protector.Unprotect(cookie));
        }
        catch (Exception error) when (error is CryptographicException or JsonException)
        {
            return null;
        }
    }

    private static string NameFor(HttpRequest request) => ConsoleCookie.NameFor(request, CookieName);
}
