using System.CommandLine;

namespace FlowEngine.Server.Cli;

/// <summary>Per process, single-threaded: <c>connector</c>, the group of the commands for connectors.</summary>
internal sealed class ConnectorCommand : CliCommand
{
    public ConnectorCommand()
        : base(
            "connector",
            "Commands for connectors.",
            "flowengine connector test profile-api --connectors flows/connectors --endpoint /users/ada"
        ) => Subcommands.Add(new ConnectorTestCommand());
}
