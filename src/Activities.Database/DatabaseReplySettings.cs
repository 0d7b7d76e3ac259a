using FlowEngine.Settings;

namespace FlowEngine.Database;

/// <summary>Bound once, then read only: what stands in for a database's answer in a golden case or a try.</summary>
public sealed class DatabaseReplySettings : StatementReplySettings
{
    /// <summary>In place of the other members, where the activity has several statements: the answer to each.</summary>
    [Setting("In place of the others, where the activity has several statements: the answer to each.")]
    public IReadOnlyList<StatementReplySettings> Statements { get; set; } = [];
}
