using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.AspNetCore.Web.Management.Sessions;
using FlowEngine.Context;
using FlowEngine.Identity;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.People;

/// <summary>A person of the console.</summary>
/// <param name="Name">The name they sign in with.</param>
/// <param name="Role">What they may do.</param>
/// <param name="CreatedAt">When they were added.</param>
/// <param name="UpdatedAt">When password or role last changed.</param>
internal sealed record Person(
    string Name,
    [property: OneOf("viewer", "designer", "admin")] string Role,
    UnixTime CreatedAt,
    UnixTime UpdatedAt
);

/// <summary>The people of the console.</summary>
/// <param name="Users">All of them, by name.</param>
internal sealed record PersonList(IReadOnlyList<Person> Users);

/// <summary>Somebody to add.</summary>
/// <param name="Name">The name they sign in with.</param>
/// <param name="Password">Their first password.</param>
/// <param name="Role">What they may do.</param>
internal sealed record NewPerson(
    [ShortText] string Name,
    [Text] string Password,
    [ShortText] [property: OneOf("viewer", "designer", "admin")] string Role
) : IRequestBody<NewPerson>;

/// <summary>Somebody who was added.</summary>
/// <param name="Name">Their name, in lower case.</param>
/// <param name="Role">What they may do.</param>
internal sealed record AddedPerson(string Name, [property: OneOf("viewer", "designer", "admin")] string Role);

/// <summary>What changes of somebody; what is not there stays.</summary>
/// <param name="Role">What they may do.</param>
/// <param name="Password">Their new password.</param>
internal sealed record PersonChange(
    [ShortText] [property: OneOf("viewer", "designer", "admin")] string? Role = null,
    [Text] string? Password = null
) : IRequestBody<PersonChange>;

/// <summary>Stateless: <c>/api/users</c>: the people of the console.</summary>
internal static class UserEndpoints
{
    /// <summary>Lists them.</summary>
    public static async Task<PersonList> ListAsync(UserStore users, CancellationToken cancellationToken) =>
        new([
            .. (await users.ListAsync(cancellationToken)).Select(user => new Person(user.Name, user.Role, user.CreatedAt, user.UpdatedAt)),
        ]);

    /// <summary>Adds a person.</summary>
    public static async Task<AddedPerson> AddAsync(
        HttpContext http,
        NewPerson body,
        Caller caller,
        UserStore users,
        KnownPeople people,
        ConsolePasswords passwords
    )
    {
        var (name, role) = (body.Name.ToLowerInvariant(), RoleIn(body.Role));
        PersonRules.CheckName(name);
        PersonRules.CheckPassword(body.Password);
        var hash = await passwords.HashAsync(http, caller, body.Password);
        var note = new AuditNote(caller.Name, AuditAction.UserAdd, $"user:{name}", DetailOf(role));
        if (!await users.AddAsync(name, hash, Roles.Name(role), note, http.RequestAborted))
            throw new ApiException(StatusCodes.Status409Conflict, ConsoleErrors.UserExists, $"There is already '{name}'.");
        people.Forget(name);
        return new AddedPerson(name, Roles.Name(role));
    }

    /// <summary>Changes role, password or both.</summary>
    public static async Task ChangeAsync(
        HttpContext http,
        string name,
        PersonChange body,
        Caller caller,
        UserStore users,
        KnownPeople people,
        ConsolePasswords passwords
    )
    {
        var role = body.Role is { } text ? RoleIn(text) : (Role?)null;
        if (body.Password is not null)
            PersonRules.CheckPassword(body.Password);
        if (role is null && body.Password is null)
            throw new ApiException(StatusCodes.Status400BadRequest, ApiErrors.Body, "Neither 'role' nor 'password' is there.");

        var user = await UserAsync(http, name, users);
        var hash = body.Password is null ? null : await passwords.HashAsync(http, caller, body.Password);
        var notes = new List<AuditNote>();
        if (role is { } changed)
            notes.Add(new AuditNote(caller.Name, AuditAction.UserRole, $"user:{user.Name}", DetailOf(changed)));
        if (hash is not null)
            notes.Add(new AuditNote(caller.Name, AuditAction.UserPassword, $"user:{user.Name}"));
        if (!await users.ChangeAsync(user.Name, hash, role is { } given ? Roles.Name(given) : null, notes, http.RequestAborted))
            throw new ApiException(StatusCodes.Status409Conflict, ConsoleErrors.LastAdmin);
        people.Forget(user.Name);
    }

    /// <summary>Removes a person.</summary>
    public static async Task DeleteAsync(HttpContext http, string name, Caller caller, UserStore users, KnownPeople people)
    {
        var user = await UserAsync(http, name, users);
        var note = new AuditNote(caller.Name, AuditAction.UserDelete, $"user:{user.Name}");
        if (!await users.DeleteAsync(user.Name, note, http.RequestAborted))
            throw new ApiException(StatusCodes.Status409Conflict, ConsoleErrors.LastAdmin);
        people.Forget(user.Name);
    }

    private static async Task<ConsoleUser> UserAsync(HttpContext http, string name, UserStore users) =>
        (name.Length <= 256 && !name.Contains('\0', StringComparison.Ordinal) ? await users.FindAsync(name, http.RequestAborted) : null)
        ?? throw ApiQuery.NotFound("There is nobody of this name.");

    private static Role RoleIn(string name) =>
        Roles.Find(name) ?? throw new ApiException(StatusCodes.Status422UnprocessableEntity, ConsoleErrors.Role);

    private static string DetailOf(Role role) => AuditNote.DetailOf(("role", FlowValue.From(Roles.Name(role))));
}
