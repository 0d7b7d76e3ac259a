using System.CommandLine;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.Storage;

namespace FlowEngine.Server.Cli.Keys;

/// <summary>Per process, single-threaded: <c>keys list</c>.</summary>
internal sealed class KeysListCommand : CliCommand
{
    private readonly Option<string> _format = Formats.Option(Formats.Text, Formats.Json);
    private readonly StorageArguments _storage;

    public KeysListCommand()
        : base(
            "list",
            "Lists the keys of the key set: the one that signs, the next one, and "
                + "those whose tokens have not all expired. Private halves are never shown.",
            "flowengine keys list --data data",
            "flowengine keys list --data data --format json"
        )
    {
        Options.Add(_format);
        _storage = new StorageArguments(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using var storage = await _storage.OpenAsync(parsed, cancellationToken);
        var now = TimeProvider.System.GetUtcNow();
        var keys = await storage.SigningKeys.ListAsync(now, cancellationToken);
        if (parsed.GetValue(_format) == Formats.Json)
        {
            Console.WriteLine(
                JsonWriting.ToText(
                    FlowValue.Object(
                        (
                            "keys",
                            FlowValue.Array(
                                keys.Select(key =>
                                    FlowValue.Object(
                                        ("id", FlowValue.From(key.Id)),
                                        ("state", FlowValue.From(StateOf(key, now))),
                                        ("createdAt", FlowValue.From(key.CreatedAt.ToText())),
                                        ("activeFrom", FlowValue.From(key.ActiveFrom.ToText())),
                                        ("retiredAt", key.RetiredAt is { } retired ? FlowValue.From(retired.ToText()) : FlowValue.Null),
                                        ("expiresAt", key.ExpiresAt is { } expires ? FlowValue.From(expires.ToText()) : FlowValue.Null)
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
                ["KEY", "STATE", "SIGNS FROM", "SIGNS UNTIL", "VERIFIES UNTIL"],
                keys.Select(key =>
                    new[]
                    {
                        key.Id,
                        StateOf(key, now),
                        TextTable.Time(key.ActiveFrom),
                        TextTable.Time(key.RetiredAt),
                        TextTable.Time(key.ExpiresAt),
                    }
                )
            );
        }
        return ExitCodes.Completed;
    }

    /// <summary><c>next</c>: it signs soon; <c>signing</c>; <c>verifying</c>: its tokens are still out.</summary>
    private static string StateOf(StoredSigningKey key, UnixTime now) =>
        key.RetiredAt is { } retired && retired.Milliseconds <= now.Milliseconds ? "verifying"
        : key.ActiveFrom.Milliseconds > now.Milliseconds ? "next"
        : "signing";
}
