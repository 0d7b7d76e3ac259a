using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.AspNetCore.Web.Management.Sessions;
using FlowEngine.Context;
using FlowEngine.Identity;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.People;

/// <summary>Stateless: <c>/api/users</c>: the people of the console.</summary>
internal static class UserEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapUsers(this IEndpointRouteBuilder api)
    {
        api.MapGet("/users", ListAsync).RequireRole(Role.Admin);
        api.MapPost("/users", AddAsync).RequireRole(Role.Admin);
        api.MapPatch("/users/{name}", ChangeAsync).RequireRole(Role.Admin);
        api.MapDelete("/users/{name}", DeleteAsync).RequireRole(Role.Admin);
    }

    private static async Task ListAsync(HttpContext http, UserStore users) =>
        await ApiAnswer.WriteAsync(
            http,
            ApiJson.Object(
                (
                    "users",
                    ApiJson.Array(
                        (await users.ListAsync(http.RequestAborted)).Select(user =>
                            ApiJson.Object(
                                ("name", FlowValue.From(user.Name)),
                                ("role", FlowValue.From(user.Role)),
                                ("createdAt", ApiJson.Time(user.CreatedAt)),
                                ("updatedAt", ApiJson.Time(user.UpdatedAt))
                            )
                        )
                    )
                )
            )
        );

    private static async Task AddAsync(
        HttpContext http,
        Caller caller,
        UserStore users,
        KnownPeople people,
        ConsolePasswords passwords,
        AuditLog audit
    )
    {
        var body = await ApiBody.ReadAsync(http);
        var (name, password, role) = (
            ApiBody.Id(body, "name").ToLowerInvariant(),
            ApiBody.Text(body, "password"),
            RoleIn(ApiBody.Id(body, "role"))
        );
        PersonRules.CheckName(name);
        PersonRules.CheckPassword(password);
        if (!await users.AddAsync(name, await passwords.HashAsync(http, caller, password), Roles.Name(role), http.RequestAborted))
            throw new ApiException(StatusCodes.Status409Conflict, ConsoleErrors.UserExists, $"There is already '{name}'.");
        people.Forget(name);
        await audit.WriteAsync(caller.Name, AuditAction.UserAdd, $"user:{name}", Detail(role), http.RequestAborted);
        await ApiAnswer.WriteAsync(
            http,
            StatusCodes.Status201Created,
            ApiJson.Object(("name", FlowValue.From(name)), ("role", FlowValue.From(Roles.Name(role))))
        );
    }

    private static async Task ChangeAsync(
        HttpContext http,
        string name,
        Caller caller,
        UserStore users,
        KnownPeople people,
        ConsolePasswords passwords,
        AuditLog audit
    )
    {
        var body = await ApiBody.ReadAsync(http);
        var role = ApiBody.OptionalId(body, "role") is { } text ? RoleIn(text) : (Role?)null;
        var password = body.Get("password").IsNothing ? null : ApiBody.Text(body, "password");
        if (password is not null)
            PersonRules.CheckPassword(password);
        if (role is null && password is null)
            throw new ApiException(StatusCodes.Status400BadRequest, ApiErrors.Body, "Neither 'role' nor 'password' is there.");

        var user = await UserAsync(http, name, users);
        var hash = password is null ? null : await passwords.HashAsync(http, caller, password);
        if (!await users.ChangeAsync(user.Name, hash, role is { } given ? Roles.Name(given) : null, http.RequestAborted))
            throw new ApiException(StatusCodes.Status409Conflict, ConsoleErrors.LastAdmin);
        people.Forget(user.Name);
        if (role is { } changed)
            await audit.WriteAsync(caller.Name, AuditAction.UserRole, $"user:{user.Name}", Detail(changed), http.RequestAborted);
        if (password is not null)
            await audit.WriteAsync(caller.Name, AuditAction.UserPassword, $"user:{user.Name}", null, http.RequestAborted);
        await ApiAnswer.DoneAsync(http);
    }

    private static async Task DeleteAsync(HttpContext http, string name, Caller caller, UserStore users, KnownPeople people, AuditLog audit)
    {
        var user = await UserAsync(http, name, users);
        if (!await users.DeleteAsync(user.Name, http.RequestAborted))
            throw new ApiException(StatusCodes.Status409Conflict, ConsoleErrors.LastAdmin);
        people.Forget(user.Name);
        await audit.WriteAsync(caller.Name, AuditAction.UserDelete, $"user:{user.Name}", null, http.RequestAborted);
        await ApiAnswer.DoneAsync(http);
    }

    private static async Task<ConsoleUser> UserAsync(HttpContext http, string name, UserStore users) =>
        (name.Length <= 256 && !name.Contains('\0', StringComparison.Ordinal) ? await users.FindAsync(name, http.RequestAborted) : null)
        ?? throw ApiQuery.NotFound("There is nobody of this name.");

    private static Role RoleIn(string name) =>
        Roles.Find(name) ?? throw new ApiException(StatusCodes.Status422UnprocessableEntity, ConsoleErrors.Role);

    private static string Detail(Role role) => ApiJson.Object(("role", FlowValue.From(Roles.Name(role)))).ToJson();
}
