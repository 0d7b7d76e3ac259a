using FlowEngine.Context;
using FlowEngine.Settings;

namespace FlowEngine.Database;

/// <summary>Bound once, then read only: what stands in for the answer to one statement.</summary>
public class StatementReplySettings
{
    /// <summary>The rows.</summary>
    [Setting("The rows, each an object.", Initial = "[{}]")]
    public FlowValue Rows { get; set; }

    /// <summary>How many rows were changed. Default 0.</summary>
    [Setting("How many rows were changed.")]
    public int AffectedRows { get; set; }

    /// <summary>Whether there were more rows. Default false.</summary>
    [Setting("Whether there were more rows.")]
    public bool Truncated { get; set; }
}
