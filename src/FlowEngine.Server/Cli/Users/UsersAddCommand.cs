using System.CommandLine;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Sessions;
using FlowEngine.Context;
using FlowEngine.Identity;
using FlowEngine.Storage;

namespace FlowEngine.Server.Cli.Users;

/// <summary>Per process, single-threaded: <c>users add</c>.</summary>
internal sealed class UsersAddCommand : CliCommand
{
    private readonly Argument<string> _name = PersonArguments.Name();
    private readonly Option<string> _role = PersonArguments.Role();
    private readonly PasswordSource _password;
    private readonly StorageArguments _storage;

    public UsersAddCommand()
        : base(
            "add",
            "Adds a person to the console. The password is asked for, or read "
                + "from a file or standard input; it never stands on the command line.",
            "flowengine users add grace --role admin --data data",
            "flowengine users add grace --role admin --data data --password-file grace.txt"
        )
    {
        Arguments.Add(_name);
        Options.Add(_role);
        _password = new PasswordSource(this);
        _storage = new StorageArguments(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (name, role) = (parsed.GetValue(_name)!.ToLowerInvariant(), parsed.GetValue(_role)!);
        PersonRules.CheckName(name);
        await using var storage = await _storage.OpenAsync(parsed, cancellationToken);
        var hash = PasswordHash.Create(await _password.ReadAsync(parsed, cancellationToken));
        var note = new AuditNote(
            StorageArguments.Actor,
            AuditAction.UserAdd,
            $"user:{name}",
            AuditNote.DetailOf(("role", FlowValue.From(role)))
        );
        if (!await storage.Users.AddAsync(name, hash, role, note, cancellationToken))
            return await StorageArguments.RefuseAsync(ConsoleErrors.UserExists, $"'{name}' is there already.");
        Console.WriteLine($"{name} may sign in as {role}.");
        return ExitCodes.Completed;
    }
}
