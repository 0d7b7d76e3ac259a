namespace FlowEngine.Database.Queries;

/// <summary>Stateless: finds the parameters that no text can be compared with: those of <c>limit</c>,
/// of arithmetic, and the columns of a query that is one plain <c>select</c>.</summary>
/// <remarks>Everywhere else a number is sent as text on engines that would else turn the text beside it into a number.</remarks>
internal static class NumberPlaces
{
    private static readonly string[] Counting = ["limit", "offset", "fetch", "first", "next", "top", "interval", "div", "mod"];

    /// <summary>Whether each parameter is at such a place.</summary>
    /// <param name="sql">The query, with one character for each parameter.</param>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="positions">Where the parameters are.</param>
    public static bool[] Find(string sql, List<SqlToken> tokens, List<int> positions)
    {
        var found = new bool[positions.Count];
        var isPlain =
            tokens.Count(token => IsWord(token, "select")) == 1
            && !tokens.Exists(token => IsWord(token, "having") || IsWord(token, "union"));
        for (var i = 0; i < found.Length; i++)
        {
            var at = tokens.FindIndex(token => token.Start == positions[i]);
            found[i] = at >= 0 && (Counts(at) || IsOperator(at - 1) || IsOperator(at + 1) || (isPlain && IsColumn(at)));
        }
        return found;

        bool IsWord(SqlToken token, string word) =>
            token.Kind == SqlTokenKind.Word && sql.AsSpan(token.Start..token.End).Equals(word, StringComparison.OrdinalIgnoreCase);

        bool IsAnyOf(int at, string[] words) => at >= 0 && at < tokens.Count && words.Any(word => IsWord(tokens[at], word));

        bool IsSign(int at, string signs) =>
            at >= 0
            && at < tokens.Count
            && tokens[at].Kind == SqlTokenKind.Other
            && signs.Contains(sql[tokens[at].Start], StringComparison.Ordinal);

        // Behind limit, behind the comma of "limit 10, 20", or in the parentheses of "top (20)".
        bool Counts(int at) =>
            IsAnyOf(at - 1, Counting)
            || (IsSign(at - 1, ",") && IsAnyOf(at - 3, ["limit"]))
            || (IsSign(at - 1, "(") && IsAnyOf(at - 2, ["top"]));

        // Not the two signs of "->" and "||".
        bool IsOperator(int at) => IsSign(at, "+*/%&^~") || (IsSign(at, "-") && !IsSign(at + 1, ">"));

        // An item of its own in the list of the outermost select.
        bool IsColumn(int at)
        {
            var depth = 0;
            for (var i = 0; i < at; i++)
                depth +=
                    IsSign(i, "(") ? 1
                    : IsSign(i, ")") ? -1
                    : 0;
            return depth == 0
                && !tokens[..at].Exists(token => IsWord(token, "from"))
                && (IsAnyOf(at - 1, ["select", "distinct", "all"]) || IsSign(at - 1, ","))
                && (at + 1 == tokens.Count || IsAnyOf(at + 1, ["as", "from"]) || IsSign(at + 1, ","));
        }
    }
}
