namespace FlowEngine.Execution;

/// <summary>Shared and immutable: in which ways an activity may fail where it leaves by an error event, or by an outcome of its own for
/// failures. A flow's <c>accepts</c> may name each of them, and a condition may tell them apart (SPEC 6.3).</summary>
public sealed class FailureWays
{
    private readonly Func<IEnumerable<int>>? _findStatuses;
    private readonly Func<IEnumerable<int>>? _findSuccesses;
    private int[]? _statuses;
    private int[]? _successes;

    /// <summary>Makes it.</summary>
    /// <param name="codes">The codes of the errors, such as <c>http.timeout</c>.</param>
    /// <param name="statuses">Finds the statuses of the answers that are failures; null (the default) for what has no status.</param>
    /// <param name="successes">Finds the statuses of the answers that are successes.</param>
    public FailureWays(IEnumerable<string> codes, Func<IEnumerable<int>>? statuses = null, Func<IEnumerable<int>>? successes = null)
    {
        Codes = [.. codes];
        (_findStatuses, _findSuccesses) = (statuses, successes);
    }

    /// <summary>Nobody knows: the failure can only be accepted as a whole, by the name of the event or outcome.</summary>
    public static FailureWays Unknown { get; } = new([]);

    /// <summary>The codes of the errors.</summary>
    public IReadOnlyList<string> Codes { get; }

    /// <summary>The statuses of the answers that are failures.</summary>
    public IReadOnlyList<int> Statuses => _statuses ??= [.. _findStatuses?.Invoke() ?? []];

    /// <summary>The statuses of the answers that are successes.</summary>
    public IReadOnlyList<int> Successes => _successes ??= [.. _findSuccesses?.Invoke() ?? []];

    /// <summary>Whether there is no such way.</summary>
    internal bool IsEmpty => Codes.Count == 0 && _findStatuses?.Invoke().Any() is not true;

    /// <summary>The word for a code, by which <c>accepts</c> may name it: what stands behind its last dot.</summary>
    public static string WordOf(string code) => code[(code.LastIndexOf('.') + 1)..];
}
