namespace FlowEngine.Settings;

/// <summary>Advice that names what was probably meant. Stateless.</summary>
public static class Suggestion
{
    /// <summary>Among more names than this nothing is suggested: a large flow
    /// with an error at every activity must still be answered at once.</summary>
    private const int MaxCandidates = 300;

    /// <summary>"Did you mean …?" when a candidate is close, otherwise the list of candidates; null when there are none.</summary>
    public static string? For(string name, IEnumerable<string> candidates)
    {
        var all = candidates.Distinct().Take(MaxCandidates + 1).ToList();
        if (all.Count is 0 or > MaxCandidates)
            return null;
        if (Nearest(name, all) is { } best)
            return DidYouMean(best);
        return all.Count <= 30 ? $"Use one of: {string.Join(", ", all)}." : null;
    }

    /// <summary>The advice to take a name instead.</summary>
    public static string DidYouMean(string name) => $"Did you mean '{name}'?";

    /// <summary>The candidate that is close to a name; null for none, and among too many.</summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        var all = candidates.Distinct().Take(MaxCandidates + 1).ToList();
        if (all.Count > MaxCandidates)
            return null;
        var nearest = Math.Max(2, name.Length / 4) + 1;
        string? best = null;
        foreach (var candidate in all)
        {
            // The lengths alone are a lower bound, which spares most comparisons.
            if (Math.Abs(candidate.Length - name.Length) >= nearest || Distance(name, candidate) is var distance && distance >= nearest)
                continue;
            nearest = distance;
            best = candidate;
        }
        return best;
    }

    /// <summary>The Levenshtein distance without regard to case; texts over 64 characters count as far apart.</summary>
    private static int Distance(string left, string right)
    {
        if (left.Length > 64 || right.Length > 64)
            return int.MaxValue;

        Span<int> row = stackalloc int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
            row[j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]) ? 0 : 1;
                var next = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + cost);
                diagonal = row[j];
                row[j] = next;
            }
        }
        return row[right.Length];
    }
}
