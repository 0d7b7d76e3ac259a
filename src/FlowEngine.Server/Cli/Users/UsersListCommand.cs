using System.CommandLine;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Context;
using FlowEngine.Json;

namespace FlowEngine.Server.Cli.Users;

/// <summary>Per process, single-threaded: <c>users list</c>.</summary>
internal sealed class UsersListCommand : CliCommand
{
    private readonly Option<string> _format = Formats.Option(Formats.Text, Formats.Json);
    private readonly StorageArguments _storage;

    public UsersListCommand()
        : base(
            "list",
            "Lists the people of the console.",
            "flowengine users list --data data",
            "flowengine users list --data data --format json"
        )
    {
        Options.Add(_format);
        _storage = new StorageArguments(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var storage = await _storage.OpenAsync(parsed, cancellationToken);
        var users = await storage.Users.ListAsync(cancellationToken);
        if (parsed.GetValue(_format) == Formats.Json)
        {
            Console.WriteLine(
                JsonWriting.ToText(
                    FlowValue.Object(
                        (
                            "users",
                            FlowValue.Array(
                                users.Select(user =>
                                    FlowValue.Object(
                                        ("name", FlowValue.From(user.Name)),
                                        ("role", FlowValue.From(user.Role)),
                                        ("createdAt", FlowValue.From(user.CreatedAt.ToText())),
                                        ("updatedAt", FlowValue.From(user.UpdatedAt.ToText()))
                                    )
                                )
                            )
                        )
                    )
                )
            );
        }
        else
        {
            TextTable.Write(
                ["NAME", "ROLE", "ADDED", "CHANGED"],
                users.Select(user => new[] { user.Name, user.Role, TextTable.Time(user.CreatedAt), TextTable.Time(user.UpdatedAt) })
            );
        }
        return ExitCodes.Completed;
    }
}
