using System.CommandLine;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Sessions;
using FlowEngine.Context;
using FlowEngine.Identity;
using FlowEngine.Server.Hosting;
using FlowEngine.Storage;

namespace FlowEngine.Server.Cli.Users;

/// <summary>Per process, single-threaded: <c>users set-role</c> and <c>users set-password</c>.</summary>
internal sealed class UsersChangeCommand : CliCommand
{
    private readonly Argument<string> _name = PersonArguments.Name();
    private readonly Option<string>? _role;
    private readonly PasswordSource? _password;
    private readonly StorageArguments _storage;

    public UsersChangeCommand(string command, string description, bool hasRole, params string[] examples)
        : base(command, description, examples)
    {
        Arguments.Add(_name);
        if (hasRole)
            Options.Add(_role = PersonArguments.Role());
        else
            _password = new PasswordSource(this);
        _storage = new StorageArguments(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var name = parsed.GetValue(_name)!.ToLowerInvariant();
        var role = _role is null ? null : parsed.GetValue(_role);
        await using var storage = await _storage.OpenAsync(parsed, cancellationToken);
        if (await storage.Users.FindAsync(name, cancellationToken) is null)
            return await StorageArguments.RefuseAsync(CliErrors.User, $"There is no '{name}'.");
        var hash = _password is null ? null : PasswordHash.Create(await _password.ReadAsync(parsed, cancellationToken));
        var note = new AuditNote(
            StorageArguments.Actor,
            role is null ? AuditAction.UserPassword : AuditAction.UserRole,
            $"user:{name}",
            role is null ? null : AuditNote.DetailOf(("role", FlowValue.From(role)))
        );
        if (!await storage.Users.ChangeAsync(name, hash, role, [note], cancellationToken))
            return await StorageArguments.RefuseAsync(ConsoleErrors.LastAdmin, $"'{name}' is the only admin.");
        Console.WriteLine(role is null ? $"{name} has the new password." : $"{name} is {role} now.");
        return ExitCodes.Completed;
    }
}
