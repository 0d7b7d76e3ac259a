using FlowEngine.Errors;

namespace FlowEngine.AspNetCore.Web.Management;

/// <summary>Shared and immutable: the codes of managing flows, connectors and runs.</summary>
internal static class ManagementErrors
{
    /// <summary>There is a flow of that id.</summary>
    public static readonly ErrorCode FlowExists = new(
        "flow.exists",
        "There is a flow of this id.",
        "Choose another id, or change that flow."
    );

    /// <summary>A flow that flows use.</summary>
    public static readonly ErrorCode FlowInUse = new(
        "flow.in_use",
        "Published flows use the flow as a subflow.",
        "Publish versions of the flows in usedBy that do without it, or delete them first."
    );

    /// <summary>A definition with another id than its address.</summary>
    public static readonly ErrorCode OtherId = new(
        "api.other_id",
        "The definition's id is not that of the address.",
        "Ids never change; begin a new flow or connector under the other id."
    );

    /// <summary>A draft that its own author would publish.</summary>
    public static readonly ErrorCode SecondPerson = new(
        "flow.second_person",
        "Flows are published by somebody else than who changed them.",
        "Have another designer look at the changes and publish them."
    );

    /// <summary>A plan that was made of another state.</summary>
    public static readonly ErrorCode EnvironmentChanged = new(
        "environment.changed",
        "Flows or connectors have changed since the plan was made: nothing was applied.",
        "Look at a new plan."
    );

    /// <summary>There is a connector of that id.</summary>
    public static readonly ErrorCode ConnectorExists = new(
        "connector.exists",
        "There is a connector of this id.",
        "Choose another id, or change that connector."
    );

    /// <summary>A connector that flows use.</summary>
    public static readonly ErrorCode ConnectorInUse = new(
        "connector.in_use",
        "Published flows use the connector.",
        "Publish versions of the flows in usedBy that do without it, or delete them."
    );

    /// <summary>A secret that is only a mask.</summary>
    public static readonly ErrorCode SecretMasked = new(
        "connector.secret_masked",
        "The secret is a mask, and there is no stored one that it could stand for.",
        "Enter the secret."
    );

    /// <summary>A kept secret that would go elsewhere.</summary>
    public static readonly ErrorCode SecretMoved = new(
        "connector.secret_moved",
        "Where the connector sends its secrets, or how safely, has changed: the stored secret does not go along.",
        "Enter the secret anew, to show that you know it."
    );

    /// <summary>A reference that only an admin may make.</summary>
    public static readonly ErrorCode SecretReference = new(
        "connector.secret_reference",
        "Only an admin may refer to an environment variable or file of the server.",
        "Enter the secret itself, or ask an admin to save the reference."
    );

    /// <summary>A try that cannot go on.</summary>
    public static readonly ErrorCode TryOver = new(
        "flow.try_over",
        "The try cannot go on: the definition changed, or it is more than an hour old.",
        "Begin the try again."
    );

    /// <summary>A run that has ended.</summary>
    public static readonly ErrorCode RunEnded = new("run.ended", "The run has ended.", "There is nothing left to cancel.");

    /// <summary>All of them, in the order declared.</summary>
    public static IReadOnlyList<ErrorCode> All => ErrorCatalogue.Of(typeof(ManagementErrors));
}
