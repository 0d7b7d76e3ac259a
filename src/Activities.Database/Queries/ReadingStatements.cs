using System.Collections.Frozen;

namespace FlowEngine.Database.Queries;

/// <summary>Shared and immutable: what a read-only query may be on an engine whose server
/// takes several statements in one text, or a statement that executes others.</summary>
/// <remarks>Each engine's transaction stands behind it. This keeps out what would end that transaction.</remarks>
internal sealed class ReadingStatements
{
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _first;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _nowhere;

    /// <summary>Says what it may be.</summary>
    /// <param name="first">The words that it may begin with, separated by spaces.</param>
    /// <param name="nowhere">The words that stand nowhere in it.</param>
    public ReadingStatements(string first, string nowhere) => (_first, _nowhere) = (Words(first), Words(nowhere));

    /// <summary>What is wrong with a read-only query; null when nothing is.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="tokens">Its tokens.</param>
    public string? Problem(string sql, List<SqlToken> tokens)
    {
        var first = tokens.FindIndex(token => token.Kind != SqlTokenKind.Comment && sql[token.Start] != '(');
        if (first >= 0 && !(tokens[first].Kind == SqlTokenKind.Word && _first.Contains(TextOf(tokens[first]))))
            return $"A read-only query does not begin with '{TextOf(tokens[first])}'.";
        foreach (var token in tokens)
        {
            if (token.Kind == SqlTokenKind.Word && _nowhere.Contains(TextOf(token)))
                return $"'{TextOf(token)}' does not stand in a read-only query.";
        }

        // Without comments and backslashes there is one way only to read quotes, whatever the server's mode.
        var hides = tokens.Exists(token => token.Kind is SqlTokenKind.Quoted or SqlTokenKind.Comment && TextOf(token).Contains(';'));
        return hides && (tokens.Exists(token => token.Kind == SqlTokenKind.Comment) || sql.Contains('\\', StringComparison.Ordinal))
            ? "A read-only query with a semicolon in a text or comment has no comment and no backslash, so that nobody can take it for two."
            : null;

        ReadOnlySpan<char> TextOf(SqlToken token) => sql.AsSpan(token.Start..token.End);
    }

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Words(string words) =>
        FrozenSet.Create(StringComparer.OrdinalIgnoreCase, words.Split(' ')).GetAlternateLookup<ReadOnlySpan<char>>();
}
