using System.CommandLine;
using FlowEngine.AspNetCore.Tokens;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Context;
using FlowEngine.Storage;

namespace FlowEngine.Server.Cli.Keys;

/// <summary>Per process, single-threaded: <c>keys rotate</c>.</summary>
internal sealed class KeysRotateCommand : CliCommand
{
    private readonly Option<bool> _now = new("--now")
    {
        Description =
            "The new key signs at once, for when the old one must not any more. Clients "
            + "that keep the key set may refuse new tokens until they read it again.",
    };

    private readonly StorageArguments _storage;

    public KeysRotateCommand()
        : base(
            "rotate",
            "Makes a new key. It is published at once and signs two minutes later, when every "
                + "server and its clients know it; tokens of the old key verify until they expire.",
            "flowengine keys rotate --data data",
            "flowengine keys rotate --now --database \"Host=db;Database=flowengine;Username=flowengine\" "
                + "--set Storage:RootKey=file:/run/secrets/root.key"
        )
    {
        Options.Add(_now);
        _storage = new StorageArguments(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var atOnce = parsed.GetValue(_now);
        await using var storage = await _storage.OpenAsync(parsed, cancellationToken);
        using var keys = await SigningKeys.OpenAsync(storage.SigningKeys, TimeProvider.System, cancellationToken);
        var id = await keys.RotateAsync(atOnce, StorageArguments.Actor, cancellationToken);
        Console.WriteLine(
            atOnce
                ? $"The key {id} signs from now on; running servers know it within {SigningKeys.RefreshPeriod.TotalSeconds:0} seconds."
                : $"The key {id} is published, and signs in {SigningKeys.Lead.TotalMinutes:0} minutes."
        );
        return ExitCodes.Completed;
    }
}
