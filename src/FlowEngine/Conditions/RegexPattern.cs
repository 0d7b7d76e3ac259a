using System.Text.RegularExpressions;
using FlowEngine.Errors;

namespace FlowEngine.Conditions;

/// <summary>Regular expressions that run in linear time. Stateless.</summary>
internal static class RegexPattern
{
    /// <summary>Compiles a pattern without backtracking; null, with the problem reported, when that cannot be done.</summary>
    public static Regex? Parse(string pattern, string asWritten, SourceLocation at, DiagnosticBag problems)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            var reason = error is NotSupportedException ? "it needs backtracking" : error.Message.ReplaceLineEndings(" ");
            problems.Error(FlowErrors.Regex, at, $"'{asWritten}' is not a regular expression that can be used: {reason}.");
            return null;
        }
    }
}
