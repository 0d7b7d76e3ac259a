using System.CommandLine;
using FlowEngine.AspNetCore.Web.Management.Sessions;
using FlowEngine.Server.Hosting;
using FlowEngine.Storage;

namespace FlowEngine.Server.Cli.Users;

/// <summary>Per process, single-threaded: <c>users remove</c>.</summary>
internal sealed class UsersRemoveCommand : CliCommand
{
    private readonly Argument<string> _name = PersonArguments.Name();
    private readonly StorageArguments _storage;

    public UsersRemoveCommand()
        : base("remove", "Removes a person; their sessions end. The last admin stays.", "flowengine users remove grace --data data")
    {
        Arguments.Add(_name);
        _storage = new StorageArguments(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var name = parsed.GetValue(_name)!.ToLowerInvariant();
        await using var storage = await _storage.OpenAsync(parsed, cancellationToken);
        if (await storage.Users.FindAsync(name, cancellationToken) is null)
            return await StorageArguments.RefuseAsync(CliErrors.User, $"There is no '{name}'.");
        var note = new AuditNote(StorageArguments.Actor, AuditAction.UserDelete, $"user:{name}");
        if (!await storage.Users.DeleteAsync(name, note, cancellationToken))
            return await StorageArguments.RefuseAsync(ConsoleErrors.LastAdmin, $"'{name}' is the only admin.");
        Console.WriteLine($"{name} is removed.");
        return ExitCodes.Completed;
    }
}
