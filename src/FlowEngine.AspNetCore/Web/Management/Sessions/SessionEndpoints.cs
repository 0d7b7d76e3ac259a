using System.Reflection;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Identity;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Sessions;

/// <summary>Stateless: <c>/api/session</c> and <c>/api/setup</c>: signing in to the console, and its first admin.</summary>
internal static class SessionEndpoints
{
    private static readonly string Version =
        typeof(SessionEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? "";

    /// <summary>Maps them.</summary>
    public static void MapSessions(this IEndpointRouteBuilder api)
    {
        api.MapGet("/session", (HttpContext http, Caller? caller) => WriteAsync(http, caller?.Name, caller?.Role, caller?.Session))
            .AllowAnybody();
        api.MapPost("/session", SignInAsync).AllowAnybody();
        api.MapDelete("/session", SignOutAsync).RequireRole(Role.Viewer);
        api.MapPost("/session/password", ChangePasswordAsync).RequireRole(Role.Viewer);
        api.MapPost("/setup", SetUpAsync).AllowAnybody();
    }

    private static async Task SignInAsync(
        HttpContext http,
        UserStore users,
        ConsoleSessions sessions,
        ConsolePasswords passwords,
        SignInLimit limit,
        KnownDevices devices,
        AuditLog audit
    )
    {
        var body = await ApiBody.ReadAsync(http);
        var (name, password) = (ApiBody.Id(body, "name").ToLowerInvariant(), PasswordOf(body, "password"));
        var origin = limit.OriginOf(http, name);
        limit.Check(http, origin);
        var user = await users.FindAsync(name, http.RequestAborted);
        // A try that finds no place is none: nothing is left of it. And no place is held while the database is asked.
        using var place = passwords.Enter(http, origin, limit);
        var attempt = limit.Begin(http, origin);
        // A name that nobody has takes the same time.
        if (!await VerifyAsync(http, attempt, place, password, user?.PasswordHash ?? "") || user is null)
            throw new ApiException(StatusCodes.Status401Unauthorized, ConsoleErrors.Credentials);

        attempt.Succeeded();
        devices.Remember(http, user.Name);
        await audit.WriteAsync(user.Name, AuditAction.SessionBegin, $"user:{user.Name}", null, http.RequestAborted);
        await WriteAsync(http, user.Name, Roles.Find(user.Role), await sessions.BeginAsync(http, user));
    }

    private static async Task SignOutAsync(HttpContext http, Caller caller, ConsoleSessions sessions, AuditLog audit)
    {
        if (caller.Session is { } session)
        {
            await sessions.EndAsync(http, session);
            await audit.WriteAsync(caller.Name, AuditAction.SessionEnd, $"user:{caller.Name}", null, http.RequestAborted);
        }
        await ApiAnswer.DoneAsync(http);
    }

    private static async Task ChangePasswordAsync(
        HttpContext http,
        Caller caller,
        UserStore users,
        KnownPeople people,
        ConsoleSessions sessions,
        ConsoleSessionStore store,
        ConsolePasswords passwords,
        SignInLimit limit,
        AuditLog audit
    )
    {
        var body = await ApiBody.ReadAsync(http);
        var (current, password) = (PasswordOf(body, "current"), PasswordOf(body, "password"));
        if (caller.Session is not { } session)
            throw new ApiException(StatusCodes.Status403Forbidden, ApiErrors.Forbidden, "The management key has no password.");
        PersonRules.CheckPassword(password);
        var origin = limit.OriginOf(caller);
        limit.Check(http, origin);
        var user = await users.FindAsync(caller.Name, http.RequestAborted);
        using var place = passwords.Enter(http, origin, limit);
        var attempt = limit.Begin(http, origin);
        if (user is null || !await VerifyAsync(http, attempt, place, current, user.PasswordHash))
            throw new ApiException(StatusCodes.Status401Unauthorized, ConsoleErrors.Credentials, "The current password is wrong.");

        attempt.Succeeded();
        await users.ChangeAsync(caller.Name, await passwords.HashAsync(http, caller, password), null, http.RequestAborted);
        people.Forget(caller.Name);
        await audit.WriteAsync(caller.Name, AuditAction.UserPassword, $"user:{caller.Name}", null, http.RequestAborted);
        // All sessions of before have ended, this one too: here is its successor.
        if (await users.FindAsync(caller.Name, http.RequestAborted) is { } changed)
            await sessions.BeginAsync(http, changed, session.CsrfToken);
        await store.RemoveAsync(session.Id, http.RequestAborted);
        await ApiAnswer.DoneAsync(http);
    }

    private static async Task SetUpAsync(
        HttpContext http,
        UserStore users,
        SetupTokens tokens,
        ConsoleSessions sessions,
        KnownPeople people,
        SignInLimit limit,
        KnownDevices devices,
        AuditLog audit
    )
    {
        var body = await ApiBody.ReadAsync(http);
        var (token, name, password) = (
            ApiBody.Id(body, "token"),
            ApiBody.Id(body, "name").ToLowerInvariant(),
            PasswordOf(body, "password")
        );
        PersonRules.CheckName(name);
        PersonRules.CheckPassword(password);
        var attempt = limit.Begin(http, limit.OriginOf(http, null));
        // Hashed here: whoever gets that far has the link, once, and must not lose it to a full queue.
        if (
            !await tokens.TakeAsync(token, http.RequestAborted)
            || !await users.AddAsync(name, PasswordHash.Create(password), Roles.Name(Role.Admin), http.RequestAborted)
            || await users.FindAsync(name, http.RequestAborted) is not { } user
        )
        {
            throw new ApiException(StatusCodes.Status403Forbidden, ConsoleErrors.Setup);
        }

        attempt.Succeeded();
        devices.Remember(http, user.Name);
        await tokens.ClearAsync(http.RequestAborted);
        people.Forget(name);
        await audit.WriteAsync(name, AuditAction.ConsoleSetup, $"user:{name}", null, http.RequestAborted);
        await WriteAsync(http, user.Name, Role.Admin, await sessions.BeginAsync(http, user));
    }

    /// <summary>Compares a password. A try whose turn did not come in time does not count.</summary>
    private static async Task<bool> VerifyAsync(HttpContext http, SignInTry attempt, FairPlace place, string password, string hash)
    {
        try
        {
            return await ConsolePasswords.VerifyAsync(http, place, password, hash);
        }
        catch (ApiException)
        {
            attempt.DidNotTakePlace();
            throw;
        }
    }

    private static async Task WriteAsync(HttpContext http, string? name, Role? role, ConsoleSession? session)
    {
        var users = http.RequestServices.GetRequiredService<UserStore>();
        await ApiAnswer.WriteAsync(
            http,
            ApiJson.Object(
                (
                    "user",
                    role is { } known
                        ? ApiJson.Object(("name", ApiJson.Text(name)), ("role", FlowValue.From(Roles.Name(known))))
                        : FlowValue.Null
                ),
                ("csrfToken", session is null ? FlowValue.Missing : FlowValue.From(session.CsrfToken)),
                ("setupRequired", FlowValue.From(session is null && !await users.AnyAsync(http.RequestAborted))),
                ("project", FlowValue.From(http.RequestServices.GetRequiredService<Project>().Id)),
                ("version", FlowValue.From(Version))
            )
        );
    }

    /// <summary>A password as it came: no longer than one can be, so that nobody has us hash megabytes.</summary>
    private static string PasswordOf(FlowObject body, string name)
    {
        var password = ApiBody.Text(body, name);
        return password.Length <= PersonRules.MostPasswordLength
            ? password
            : throw new ApiException(StatusCodes.Status422UnprocessableEntity, ConsoleErrors.Password);
    }
}
