using System.Collections.Frozen;

namespace FlowEngine.Database.Queries;

/// <summary>Shared and immutable: what a statement may be, by its words, so that it cannot end the transaction that it runs in.</summary>
/// <remarks>Each engine's transaction stands behind it.</remarks>
internal sealed class StatementWords
{
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _first;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _nowhere;

    /// <summary>Says what it may be.</summary>
    /// <param name="first">The words that it may begin with, separated by spaces.</param>
    /// <param name="nowhere">The words that stand nowhere in it.</param>
    public StatementWords(string first, string nowhere = "") => (_first, _nowhere) = (Words(first), Words(nowhere));

    /// <summary>Whether server or driver make sure that a text is one statement, whatever hides in its quotes and comments. Default
    /// false.</summary>
    public bool IsKnownToBeSingle { get; init; }

    /// <summary>What is wrong with a statement; null when nothing is.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="subject">What it is, with its article in small letters.</param>
    public string? Problem(string sql, List<SqlToken> tokens, string subject)
    {
        var title = $"{char.ToUpperInvariant(subject[0])}{subject[1..]}";
        var first = tokens.FindIndex(token => token.Kind != SqlTokenKind.Comment && sql[token.Start] != '(');
        if (first >= 0 && !(tokens[first].Kind == SqlTokenKind.Word && _first.Contains(TextOf(tokens[first]))))
            return $"{title} does not begin with '{TextOf(tokens[first])}'.";
        foreach (var token in tokens)
        {
            if (token.Kind == SqlTokenKind.Word && _nowhere.Contains(TextOf(token)))
                return $"'{TextOf(token)}' does not stand in {subject}.";
        }
        if (IsKnownToBeSingle)
            return null;

        // Without comments and backslashes there is one way only to read quotes, whatever the server's mode.
        var hides = tokens.Exists(token => token.Kind is SqlTokenKind.Quoted or SqlTokenKind.Comment && TextOf(token).Contains(';'));
        return hides && (tokens.Exists(token => token.Kind == SqlTokenKind.Comment) || sql.Contains('\\', StringComparison.Ordinal))
            ? $"{title} with a semicolon in a text or comment has no comment and no backslash, so that nobody can take it for two."
            : null;

        ReadOnlySpan<char> TextOf(SqlToken token) => sql.AsSpan(token.Start..token.End);
    }

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Words(string words) =>
        FrozenSet.Create(StringComparer.OrdinalIgnoreCase, words.Split(' ')).GetAlternateLookup<ReadOnlySpan<char>>();
}
