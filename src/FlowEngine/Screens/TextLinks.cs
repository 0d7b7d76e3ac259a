using System.Text;
using System.Text.RegularExpressions;
using FlowEngine.Errors;
using FlowEngine.Templates;

namespace FlowEngine.Screens;

/// <summary>Shared and immutable: a piece of a text, as it is or as a link.</summary>
/// <param name="Text">The words.</param>
/// <param name="Address">Where they lead; null for nowhere.</param>
public readonly record struct TextPiece(string Text, string? Address);

/// <summary>
/// Stateless: links in texts, written as <c>[words](https://…)</c> and in no other way. A link is one only where the flow wrote its address,
/// so that a value in a text, which anybody may have entered, is never one.
/// </summary>
public static partial class TextLinks
{
    /// <summary>How long an address may be.</summary>
    public const int LongestAddress = 2_000;

    /// <summary>The addresses in a text, as it was written: safe ones only.</summary>
    /// <param name="source">The text of a flow, templates and all.</param>
    public static IEnumerable<string> In(string source) =>
        source.Contains("](", StringComparison.Ordinal)
            ? Form().Matches(source).Select(match => match.Groups["to"].Value).Where(IsAddress).Distinct(StringComparer.Ordinal)
            : [];

    /// <summary>The pieces of a text.</summary>
    /// <param name="text">The text, with its values.</param>
    /// <param name="isAllowed">Whether the flow wrote an address.</param>
    public static IReadOnlyList<TextPiece> Pieces(string text, Predicate<string> isAllowed)
    {
        if (!text.Contains("](", StringComparison.Ordinal))
            return [new TextPiece(text, null)];
        var pieces = new List<TextPiece>();
        var plain = new StringBuilder();
        var at = 0;
        foreach (Match match in Form().Matches(text))
        {
            var address = match.Groups["to"].Value;
            if (!IsAddress(address) || !isAllowed(address))
                continue;
            plain.Append(text, at, match.Index - at);
            at = match.Index + match.Length;
            if (plain.Length > 0)
                pieces.Add(new TextPiece(plain.ToString(), null));
            plain.Clear();
            pieces.Add(new TextPiece(match.Groups["words"].Value, address));
        }
        plain.Append(text, at, text.Length - at);
        if (plain.Length > 0)
            pieces.Add(new TextPiece(plain.ToString(), null));
        return pieces;
    }

    /// <summary>The words of a text without the addresses of its links, for a place where none can stand.</summary>
    public static string Plain(string text) =>
        text.Contains("](", StringComparison.Ordinal)
            ? Form().Replace(text, match => IsAddress(match.Groups["to"].Value) ? match.Groups["words"].Value : match.Value)
            : text;

    /// <summary>Reports the links of a text that will not be any.</summary>
    internal static void Check(Template text, SourceLocation at, DiagnosticBag problems)
    {
        if (!text.Source.Contains("](", StringComparison.Ordinal))
            return;
        foreach (Match match in Form().Matches(text.Source))
        {
            if (!IsAddress(match.Groups["to"].Value))
                problems.Error(
                    FlowErrors.TextLink,
                    at,
                    $"“{match.Groups["words"].Value}” does not lead to an address that a page may link to."
                );
        }
    }

    private static bool IsAddress(string address) =>
        address.Length <= LongestAddress
        && !address.Contains("{{", StringComparison.Ordinal)
        && !address.Any(char.IsWhiteSpace)
        && SafeUrl.Of(address) is not null;

    [GeneratedRegex(@"\[(?<words>[^\[\]]+)\]\((?<to>[^()\s]*(?:\{\{[^()]*\}\}[^()\s]*)?)\)", RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
