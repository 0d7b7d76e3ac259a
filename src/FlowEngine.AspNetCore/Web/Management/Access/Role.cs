namespace FlowEngine.AspNetCore.Web.Management.Access;

/// <summary>What a person may do; each role may all that the one before it may.</summary>
internal enum Role
{
    /// <summary>Look.</summary>
    Viewer,

    /// <summary>Change flows and connectors.</summary>
    Designer,

    /// <summary>Everything: people and the audit log too.</summary>
    Admin,
}

/// <summary>Stateless: roles as they are stored and sent.</summary>
internal static class Roles
{
    /// <summary>The role of that name, in lower case; null when there is none.</summary>
    public static Role? Find(string name) =>
        name switch
        {
            "viewer" => Role.Viewer,
            "designer" => Role.Designer,
            "admin" => Role.Admin,
            _ => null,
        };

    /// <summary>The role's name.</summary>
    public static string Name(Role role) =>
        role switch
        {
            Role.Viewer => "viewer",
            Role.Designer => "designer",
            _ => "admin",
        };
}
