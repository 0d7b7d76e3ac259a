namespace FlowEngine.Storage;

/// <summary>
/// Shared and immutable: what can stand in the audit log. These are all: nothing else can be written, whichever door it comes through,
/// and the console has a sentence for each (<c>src/console/people/sentence.ts</c>). A name never changes once it was released.
/// </summary>
internal sealed class AuditAction
{
    /// <summary>Somebody made the first admin.</summary>
    public static readonly AuditAction ConsoleSetup = new("console.setup");

    /// <summary>Somebody signed in to the console.</summary>
    public static readonly AuditAction SessionBegin = new("session.begin");

    /// <summary>Somebody signed out.</summary>
    public static readonly AuditAction SessionEnd = new("session.end");

    /// <summary>Somebody was added to the console's people; detail: <c>role</c>.</summary>
    public static readonly AuditAction UserAdd = new("user.add");

    /// <summary>Somebody's role was changed; detail: <c>role</c>.</summary>
    public static readonly AuditAction UserRole = new("user.role");

    /// <summary>Somebody's password was changed, by themselves or others.</summary>
    public static readonly AuditAction UserPassword = new("user.password");

    /// <summary>Somebody was removed.</summary>
    public static readonly AuditAction UserDelete = new("user.delete");

    /// <summary>Somebody began a draft, or went on with one of another's.</summary>
    public static readonly AuditAction FlowDraft = new("flow.draft");

    /// <summary>A draft was discarded.</summary>
    public static readonly AuditAction FlowDraftDiscard = new("flow.draft_discard");

    /// <summary>A draft was published; detail: <c>version</c>, <c>note</c>.</summary>
    public static readonly AuditAction FlowPublish = new("flow.publish");

    /// <summary>An old version was published again; detail: <c>version</c>, <c>note</c>.</summary>
    public static readonly AuditAction FlowRestore = new("flow.restore");

    /// <summary>A flow was deleted.</summary>
    public static readonly AuditAction FlowDelete = new("flow.delete");

    /// <summary>A connector was added.</summary>
    public static readonly AuditAction ConnectorAdd = new("connector.add");

    /// <summary>A connector was changed.</summary>
    public static readonly AuditAction ConnectorSave = new("connector.save");

    /// <summary>A connector was deleted.</summary>
    public static readonly AuditAction ConnectorDelete = new("connector.delete");

    /// <summary>A connector was tried out.</summary>
    public static readonly AuditAction ConnectorTest = new("connector.test");

    /// <summary>Flows and connectors took effect together, from a folder; detail: <c>flows</c>, <c>connectors</c>, <c>deletedFlows</c>,
    /// <c>deletedConnectors</c>, <c>untold</c>, <c>note</c>.</summary>
    public static readonly AuditAction EnvironmentApply = new("environment.apply");

    /// <summary>A run was cancelled; detail: <c>flow</c>.</summary>
    public static readonly AuditAction RunCancel = new("run.cancel");

    /// <summary>A durable call that waits, or was given up, is delivered now.</summary>
    public static readonly AuditAction CallRetry = new("call.retry");

    /// <summary>A durable call was removed, and is never delivered.</summary>
    public static readonly AuditAction CallRemove = new("call.remove");

    /// <summary>A signing key was replaced; detail: <c>now</c>.</summary>
    public static readonly AuditAction KeyRotate = new("key.rotate");

    /// <summary>A signing key was revoked.</summary>
    public static readonly AuditAction KeyRevoke = new("key.revoke");

    private AuditAction(string name) => Name = name;

    /// <summary>All of them, in the order declared.</summary>
    public static IEnumerable<AuditAction> All { get; } =
    [
        .. typeof(AuditAction)
            .GetFields()
            .Where(member => member.FieldType == typeof(AuditAction))
            .Select(member => (AuditAction)member.GetValue(null)!),
    ];

    /// <summary>As it is stored and as the API answers it, such as <c>flow.publish</c>.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
