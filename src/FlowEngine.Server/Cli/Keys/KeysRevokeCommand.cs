using System.CommandLine;
using FlowEngine.AspNetCore.Tokens;
using FlowEngine.Server.Hosting;
using FlowEngine.Storage;

namespace FlowEngine.Server.Cli.Keys;

/// <summary>Per process, single-threaded: <c>keys revoke</c>.</summary>
internal sealed class KeysRevokeCommand : CliCommand
{
    private readonly Argument<string> _id = new("KEY") { Description = "The key's id, as 'keys list' shows it." };
    private readonly StorageArguments _storage;

    public KeysRevokeCommand()
        : base(
            "revoke",
            "Takes a key that has leaked out of the key set, after 'keys rotate --now': what "
                + "it signed does not count any more, and whoever holds such a token signs in again.",
            "flowengine keys revoke 4f6nq2c8 --data data"
        )
    {
        Arguments.Add(_id);
        _storage = new StorageArguments(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var id = parsed.GetValue(_id)!;
        await using var storage = await _storage.OpenAsync(parsed, cancellationToken);
        var note = new AuditNote(StorageArguments.Actor, AuditAction.KeyRevoke, $"key:{id}");
        if (!await storage.SigningKeys.RevokeAsync(id, TimeProvider.System.GetUtcNow(), note, cancellationToken))
            return await StorageArguments.RefuseAsync(CliErrors.Key, $"'{id}' cannot be revoked.");
        Console.WriteLine($"The key {id} is revoked; running servers know it within {SigningKeys.RefreshPeriod.TotalSeconds:0} seconds.");
        return ExitCodes.Completed;
    }
}
