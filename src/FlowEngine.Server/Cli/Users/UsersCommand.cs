namespace FlowEngine.Server.Cli.Users;

/// <summary>Per process, single-threaded: <c>users</c>, the group of the commands for the people of the console.</summary>
internal sealed class UsersCommand : CliCommand
{
    public UsersCommand()
        : base(
            "users",
            "Manages the people who may sign in to the console, while the server runs.",
            "flowengine users add grace --role admin --data data",
            "flowengine users list --data data"
        )
    {
        Subcommands.Add(new UsersListCommand());
        Subcommands.Add(new UsersAddCommand());
        Subcommands.Add(
            new UsersChangeCommand(
                "set-role",
                "Gives a person another role; their sessions end.",
                hasRole: true,
                "flowengine users set-role grace --role designer --data data"
            )
        );
        Subcommands.Add(
            new UsersChangeCommand(
                "set-password",
                "Gives a person another password; their sessions end. It is asked for, or "
                    + "read from a file or standard input, and never stands on the command line.",
                hasRole: false,
                "flowengine users set-password grace --data data",
                "flowengine users set-password grace --data data --password-file grace.txt"
            )
        );
        Subcommands.Add(new UsersRemoveCommand());
    }
}
