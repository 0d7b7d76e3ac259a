namespace FlowEngine.Server.Cli.Keys;

/// <summary>Per process, single-threaded: <c>keys</c>, the group of the commands for the keys that sign tokens.</summary>
internal sealed class KeysCommand : CliCommand
{
    public KeysCommand()
        : base(
            "keys",
            "Lists, rotates and revokes the keys that sign tokens, while the server runs.",
            "flowengine keys list --data data",
            "flowengine keys rotate --data data"
        )
    {
        Subcommands.Add(new KeysListCommand());
        Subcommands.Add(new KeysRotateCommand());
        Subcommands.Add(new KeysRevokeCommand());
    }
}
