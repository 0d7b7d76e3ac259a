namespace FlowEngine.Execution;

/// <summary>Shared and immutable: in which ways an activity may fail where it leaves by an error event, or by an outcome of its own for
/// failures. A flow's <c>accepts</c> may name each of them (SPEC 6.3).</summary>
public sealed class FailureWays
{
    /// <summary>Makes it.</summary>
    /// <param name="codes">The codes of the errors, such as <c>http.timeout</c>.</param>
    /// <param name="statuses">The statuses of the answers that are failures; null (the default) for what has no status.</param>
    public FailureWays(IEnumerable<string> codes, IEnumerable<int>? statuses = null)
    {
        Codes = [.. codes];
        Statuses = [.. statuses ?? []];
    }

    /// <summary>Nobody knows: the failure can only be accepted as a whole, by the name of the event or outcome.</summary>
    public static FailureWays Unknown { get; } = new([]);

    /// <summary>The codes of the errors.</summary>
    public IReadOnlyList<string> Codes { get; }

    /// <summary>The statuses of the answers that are failures, in ascending order.</summary>
    public IReadOnlyList<int> Statuses { get; }

    /// <summary>The word for a code, by which <c>accepts</c> may name it: what stands behind its last dot.</summary>
    public static string WordOf(string code) => code[(code.LastIndexOf('.') + 1)..];
}
