using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using FlowEngine.Errors;

namespace FlowEngine.Conditions;

/// <summary>Regular expressions that run in linear time. Per process,
/// thread-safe: those made while flows run are kept, up to a number.</summary>
internal static class RegexPattern
{
    /// <summary>How long a pattern that is made while a flow runs may be, in characters.</summary>
    private const int MaxLength = 1000;

    private const int MaxKept = 256;

    private static readonly ConcurrentDictionary<string, Regex> Kept = new(StringComparer.Ordinal);

    /// <summary>Compiles a pattern without backtracking; null, with the problem reported, when that cannot be done.</summary>
    public static Regex? Parse(string pattern, string asWritten, SourceLocation at, DiagnosticBag problems)
    {
        if (Make(pattern, out var reason) is { } regex)
            return regex;
        problems.Error(FlowErrors.Regex, at, $"'{asWritten}' is not a regular expression that can be used: {reason}.");
        return null;
    }

    /// <summary>A pattern that a template made; null when it cannot be used.</summary>
    public static Regex? Get(string pattern)
    {
        if (Kept.TryGetValue(pattern, out var kept))
            return kept;
        if (pattern.Length > MaxLength || Make(pattern, out _) is not { } regex)
            return null;
        if (Kept.Count >= MaxKept)
            Kept.Clear();
        return Kept.GetOrAdd(pattern, regex);
    }

    private static Regex? Make(string pattern, out string reason)
    {
        reason = "";
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            reason =
                error is ArgumentException ? error.Message.ReplaceLineEndings(" ").TrimEnd('.')
                : error.Message.Contains("automata", StringComparison.Ordinal) ? "it is too large"
                : "it needs backtracking";
            return null;
        }
    }
}
