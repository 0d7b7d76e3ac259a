using FlowEngine.Execution;

namespace FlowEngine.Compilation.Failures;

/// <summary>Shared and immutable: some of the statuses that an answer can have, a bit for each.</summary>
internal sealed class StatusSet
{
    private const int Count = 1000;

    private readonly ulong[] _bits;

    private StatusSet(ulong[] bits) => _bits = bits;

    /// <summary>All statuses there can be.</summary>
    public static IEnumerable<int> All => Enumerable.Range(100, Count - 100);

    /// <summary>Whether there is none in it.</summary>
    public bool IsEmpty => Array.TrueForAll(_bits, bits => bits == 0);

    /// <summary>These.</summary>
    public static StatusSet Of(IEnumerable<int> statuses)
    {
        var bits = new ulong[(Count + 63) / 64];
        foreach (var status in statuses)
            bits[status / 64] |= 1UL << (status % 64);
        return new StatusSet(bits);
    }

    /// <summary>Those in both.</summary>
    public StatusSet And(StatusSet other)
    {
        var bits = new ulong[_bits.Length];
        for (var i = 0; i < bits.Length; i++)
            bits[i] = _bits[i] & other._bits[i];
        return new StatusSet(bits);
    }

    /// <summary>Whether the same are in both.</summary>
    public bool Equals(StatusSet other) => _bits.AsSpan().SequenceEqual(other._bits);
}

/// <summary>Shared and immutable: the statuses of an activity's answers.</summary>
/// <param name="Failing">Those of failures.</param>
/// <param name="Succeeding">Those of successes.</param>
internal sealed record StatusSets(StatusSet Failing, StatusSet Succeeding)
{
    /// <summary>Those that an activity says.</summary>
    public static StatusSets Of(FailureWays ways) => new(StatusSet.Of(ways.Statuses), StatusSet.Of(ways.Successes));
}
