using System.Globalization;
using FlowEngine.Execution;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Overview;

/// <summary>Stateless: how long calls took, as far as counts by <see cref="RunCounts.DurationBounds"/> tell.</summary>
internal static class Durations
{
    /// <summary>Within how many milliseconds a share of calls ended: between two bounds, as if they were spread evenly.</summary>
    /// <param name="rows">Counts of <see cref="RunCountKind.CallDuration"/>, of one connector.</param>
    /// <param name="share">The share, from 0 to 1.</param>
    /// <returns>Null where there are none; the last bound for what took longer.</returns>
    public static int? Quantile(IEnumerable<CountRow> rows, double share)
    {
        var counts = new long[RunCounts.DurationBounds.Count + 1];
        foreach (var row in rows)
        {
            var bound = int.TryParse(row.Item, NumberStyles.None, CultureInfo.InvariantCulture, out var within) ? within : int.MaxValue;
            var place = 0;
            while (place < RunCounts.DurationBounds.Count && RunCounts.DurationBounds[place] < bound)
                place++;
            counts[place] += row.Amount;
        }
        var total = counts.Sum();
        if (total == 0)
            return null;
        var (rank, before) = (share * total, 0L);
        for (var i = 0; i < RunCounts.DurationBounds.Count; i++)
        {
            if (before + counts[i] >= rank && counts[i] > 0)
            {
                var (low, high) = (i == 0 ? 0 : RunCounts.DurationBounds[i - 1], RunCounts.DurationBounds[i]);
                return (int)Math.Ceiling(low + (high - low) * (rank - before) / counts[i]);
            }
            before += counts[i];
        }
        return RunCounts.DurationBounds[^1];
    }
}
