namespace FlowEngine.Compilation.Failures;

/// <summary>Shared and immutable: some of the failures, or all of them.</summary>
internal sealed class FailureSet
{
    private readonly HashSet<int>? _some;

    private FailureSet(HashSet<int>? some) => _some = some;

    /// <summary>None of them.</summary>
    public static FailureSet None { get; } = new([]);

    /// <summary>All of them.</summary>
    public static FailureSet All { get; } = new(null);

    /// <summary>Whether it is all of them.</summary>
    public bool IsAll => _some is null;

    /// <summary>Those in it, when it is not all of them.</summary>
    public IEnumerable<int> Some => _some ?? [];

    /// <summary>These.</summary>
    public static FailureSet Of(IEnumerable<int> some) => some.ToHashSet() is { Count: > 0 } set ? new(set) : None;

    /// <summary>Those in one of the two.</summary>
    public FailureSet Or(FailureSet other) =>
        _some is null || other._some is null ? All
        : _some.Count == 0 ? other
        : other._some.Count == 0 ? this
        : new([.. _some, .. other._some]);

    /// <summary>Those in both.</summary>
    public FailureSet And(FailureSet other) =>
        _some is null ? other
        : other._some is null ? this
        : Of(_some.Where(other._some.Contains));
}
