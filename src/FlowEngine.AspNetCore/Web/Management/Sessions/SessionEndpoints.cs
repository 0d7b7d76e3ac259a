using System.Reflection;
using System.Text.Json.Serialization;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Execution;
using FlowEngine.Identity;
using FlowEngine.Storage;
using FlowEngine.Workers;

namespace FlowEngine.AspNetCore.Web.Management.Sessions;

/// <summary>Who is signed in to the console, and what a page needs to know.</summary>
/// <param name="User">The caller; null for nobody.</param>
/// <param name="CsrfToken">What goes out as <c>X-CSRF-Token</c> with everything that changes something; missing without a session.</param>
/// <param name="SetupRequired">Whether there is nobody yet: the link that the server printed makes the first admin.</param>
/// <param name="Project">The project's id.</param>
/// <param name="Version">The server's version.</param>
internal sealed record Session(
    SignedIn? User,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CsrfToken,
    bool SetupRequired,
    string Project,
    string Version
);

/// <summary>A caller who is known.</summary>
/// <param name="Name">Their name, or <c>management key</c>.</param>
/// <param name="Role">What they may do.</param>
internal sealed record SignedIn(string Name, [property: OneOf("viewer", "designer", "admin")] string Role);

/// <summary>Who signs in.</summary>
/// <param name="Name">The name; case does not count.</param>
/// <param name="Password">The password.</param>
internal sealed record SignIn([ShortText] string Name, [Text] string Password) : IRequestBody<SignIn>;

/// <summary>Who is the first admin.</summary>
/// <param name="Token">The token of the link that the server printed.</param>
/// <param name="Name">The name to sign in with.</param>
/// <param name="Password">The password.</param>
internal sealed record Setup([ShortText] string Token, [ShortText] string Name, [Text] string Password) : IRequestBody<Setup>;

/// <summary>One's own new password.</summary>
/// <param name="Current">The password until now.</param>
/// <param name="Password">The new one.</param>
internal sealed record PasswordChange([Text] string Current, [Text] string Password) : IRequestBody<PasswordChange>;

/// <summary>Stateless: <c>/api/session</c> and <c>/api/setup</c>: signing in to the console, and its first admin.</summary>
internal static class SessionEndpoints
{
    private static readonly string Version =
        typeof(SessionEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? "";

    /// <summary>Who is signed in.</summary>
    public static Task<Session> FindAsync(HttpContext http, Caller? caller) => ViewAsync(http, caller?.Name, caller?.Role, caller?.Session);

    /// <summary>Signs in.</summary>
    public static async Task<Session> SignInAsync(
        HttpContext http,
        SignIn body,
        UserStore users,
        ConsoleSessions sessions,
        ConsolePasswords passwords,
        SignInLimit limit,
        KnownDevices devices
    )
    {
        var (name, password) = (body.Name.ToLowerInvariant(), Possible(body.Password));
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
        var note = new AuditNote(user.Name, AuditAction.SessionBegin, $"user:{user.Name}");
        return await ViewAsync(http, user.Name, Roles.Find(user.Role), await sessions.BeginAsync(http, user, note));
    }

    /// <summary>Signs out.</summary>
    public static async Task SignOutAsync(HttpContext http, Caller caller, ConsoleSessions sessions)
    {
        if (caller.Session is { } session)
            await sessions.EndAsync(http, session, new AuditNote(caller.Name, AuditAction.SessionEnd, $"user:{caller.Name}"));
    }

    /// <summary>Changes the caller's own password.</summary>
    public static async Task ChangePasswordAsync(
        HttpContext http,
        PasswordChange body,
        Caller caller,
        UserStore users,
        KnownPeople people,
        ConsoleSessions sessions,
        ConsoleSessionStore store,
        ConsolePasswords passwords,
        SignInLimit limit
    )
    {
        var (current, password) = (Possible(body.Current), Possible(body.Password));
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
        var note = new AuditNote(caller.Name, AuditAction.UserPassword, $"user:{caller.Name}");
        await users.ChangeAsync(caller.Name, await passwords.HashAsync(http, caller, password), null, [note], http.RequestAborted);
        people.Forget(caller.Name);
        // All sessions of before have ended, this one too: here is its successor.
        if (await users.FindAsync(caller.Name, http.RequestAborted) is { } changed)
            await sessions.BeginAsync(http, changed, null, session.CsrfToken);
        await store.RemoveAsync(session.Id, null, http.RequestAborted);
    }

    /// <summary>Makes the first admin.</summary>
    public static async Task<Session> SetUpAsync(
        HttpContext http,
        Setup body,
        UserStore users,
        SetupTokens tokens,
        ConsoleSessions sessions,
        KnownPeople people,
        SignInLimit limit,
        KnownDevices devices
    )
    {
        var (token, name, password) = (body.Token, body.Name.ToLowerInvariant(), Possible(body.Password));
        PersonRules.CheckName(name);
        PersonRules.CheckPassword(password);
        var attempt = limit.Begin(http, limit.OriginOf(http, null));
        var note = new AuditNote(name, AuditAction.ConsoleSetup, $"user:{name}");
        // Hashed here: whoever gets that far has the link, once, and must not lose it to a full queue.
        if (
            !await tokens.TakeAsync(token, http.RequestAborted)
            || !await users.AddAsync(name, PasswordHash.Create(password), Roles.Name(Role.Admin), note, http.RequestAborted)
            || await users.FindAsync(name, http.RequestAborted) is not { } user
        )
        {
            throw new ApiException(StatusCodes.Status403Forbidden, ConsoleErrors.Setup);
        }

        attempt.Succeeded();
        devices.Remember(http, user.Name);
        await tokens.ClearAsync(http.RequestAborted);
        people.Forget(name);
        return await ViewAsync(http, user.Name, Role.Admin, await sessions.BeginAsync(http, user, null));
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

    private static async Task<Session> ViewAsync(HttpContext http, string? name, Role? role, ConsoleSession? session)
    {
        var users = http.RequestServices.GetRequiredService<UserStore>();
        return new Session(
            role is { } known ? new SignedIn(name!, Roles.Name(known)) : null,
            session?.CsrfToken,
            session is null && !await users.AnyAsync(http.RequestAborted),
            http.RequestServices.GetRequiredService<Project>().Id,
            Version
        );
    }

    /// <summary>A password as it came: no longer than one can be, so that nobody has us hash megabytes.</summary>
    private static string Possible(string password) =>
        password.Length <= PersonRules.MostPasswordLength
            ? password
            : throw new ApiException(StatusCodes.Status422UnprocessableEntity, ConsoleErrors.Password);
}
