using System.CommandLine;
using FlowEngine.AspNetCore.Web.Management.Access;

namespace FlowEngine.Server.Cli.Users;

/// <summary>Shared and immutable: the arguments that the commands for people have in common.</summary>
internal static class PersonArguments
{
    /// <summary>The person's name.</summary>
    public static Argument<string> Name() => new("NAME") { Description = "The name that the person signs in with; case does not matter." };

    /// <summary>The person's role.</summary>
    public static Option<string> Role()
    {
        var option = new Option<string>("--role")
        {
            Description =
                "What the person may do: look, change flows and connectors, or "
                + "everything. A designer can publish a flow that signs anybody in.",
            HelpName = "viewer|designer|admin",
            Required = true,
        };
        option.AcceptOnlyFromAmong([.. Enum.GetValues<Role>().Select(Roles.Name)]);
        return option;
    }
}
