using FlowEngine.Context;

namespace FlowEngine.Database.Queries;

/// <summary>
/// Stateless: reads the names of the columns that a <c>select</c> gives, where they can be read with certainty: of plain columns and of
/// what has a name by <c>as</c>. For all
/// else (<c>*</c>, expressions without a name, <c>with</c>, statements that write, several statements) nothing is known.
/// </summary>
internal static class SelectedColumns
{
    /// <summary>PostgreSQL cuts longer names.</summary>
    private const int LongestName = 63;

    /// <summary>Words that are no columns, or columns that are called otherwise in the result: SQLite's <c>rowid</c> has the name of the
    /// primary key.</summary>
    private static readonly HashSet<string> NoColumns = new(StringComparer.OrdinalIgnoreCase)
    {
        "null",
        "true",
        "false",
        "default",
        "rowid",
        "oid",
        "_rowid_",
        "end",
    };

    /// <summary>What is known of a row.</summary>
    /// <param name="sql">The query, with one character for each parameter.</param>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="dialect">The engine's.</param>
    public static ValueShape ShapeOf(string sql, List<SqlToken> tokens, SqlDialect dialect)
    {
        // What stands in MySQL's "/*! */" is executed.
        var words = tokens.FindAll(token => token.Kind != SqlTokenKind.Comment);
        if (
            words.Count == 0
            || !IsWord(words[0], "select")
            || sql.Contains("/*!", StringComparison.Ordinal)
            || sql.Contains("/*M!", StringComparison.Ordinal)
        )
            return ValueShape.Any;
        if (words.FindIndex(token => token.Kind == SqlTokenKind.Separator) is var end && end >= 0 && end < words.Count - 1)
            return ValueShape.Any;

        var names = new HashSet<string>(dialect.LowersNames ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
        foreach (var item in Items(words))
        {
            // A second column of one name gets a number, whose form is not worth knowing here.
            if (NameOf(item) is not { } name || !names.Add(name))
                return ValueShape.Any;
        }
        return ValueShape.Object(
            names.Select(name => (name, ValueShape.Any)),
            dialect.LowersNames ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase
        );

        bool IsWord(SqlToken token, string word) =>
            token.Kind == SqlTokenKind.Word && TextOf(token).Equals(word, StringComparison.OrdinalIgnoreCase);

        bool IsSign(SqlToken token, char sign) => token.Kind == SqlTokenKind.Other && sql[token.Start] == sign;

        ReadOnlySpan<char> TextOf(SqlToken token) => sql.AsSpan(token.Start..token.End);

        // The list from "select" to "from", cut at the commas that stand in no parentheses.
        List<List<SqlToken>> Items(List<SqlToken> all)
        {
            var items = new List<List<SqlToken>> { new() };
            var depth = 0;
            for (var i = 1; i < all.Count && all[i].Kind != SqlTokenKind.Separator; i++)
            {
                var token = all[i];
                if (depth == 0 && IsWord(token, "from"))
                    break;
                if (i == 1 && (IsWord(token, "all") || IsWord(token, "distinct")))
                    continue;
                depth +=
                    IsSign(token, '(') ? 1
                    : IsSign(token, ')') ? -1
                    : 0;
                if (depth == 0 && IsSign(token, ','))
                    items.Add([]);
                else
                    items[^1].Add(token);
            }
            return items;
        }

        string? NameOf(List<SqlToken> item)
        {
            var isNamed = item.Count > 2 && IsWord(item[^2], "as");
            if (!isNamed && !IsColumn(item))
                return null;
            var last = item[^1];
            if (last.Kind == SqlTokenKind.Quoted)
                return Unquoted(TextOf(last).ToString());
            var name = TextOf(last).ToString();
            if (last.Kind != SqlTokenKind.Word || name.Length is 0 or > LongestName || !(char.IsLetter(name[0]) || name[0] == '_'))
                return null;
            if (!isNamed && NoColumns.Contains(name))
                return null;
            // Beyond ASCII, what lower case is depends on the database.
            return !dialect.LowersNames ? name
                : name.All(char.IsAscii) ? name.ToLowerInvariant()
                : null;
        }

        // "id", "u.id", "public.users.id", each part with or without quotes.
        bool IsColumn(List<SqlToken> item)
        {
            for (var i = 0; i < item.Count; i++)
            {
                var isRight = i % 2 == 1 ? IsSign(item[i], '.') : item[i].Kind is SqlTokenKind.Word || IsQuotedName(item[i]);
                if (!isRight)
                    return false;
            }
            return item.Count % 2 == 1;
        }

        // A text in double quotes is a name on PostgreSQL alone: elsewhere it may be a text.
        bool IsQuotedName(SqlToken token) =>
            token.Kind == SqlTokenKind.Quoted && (sql[token.Start] is '`' or '[' || (sql[token.Start] == '"' && dialect.LowersNames));

        string? Unquoted(string quoted)
        {
            if (
                quoted.Length < 3
                || quoted[0] == 'E'
                || quoted[0] == 'e'
                || quoted[0] == '$'
                || quoted.Contains('\\', StringComparison.Ordinal)
                || quoted.Contains(SqlQuery.Marker, StringComparison.Ordinal)
            )
                return null;
            var close = quoted[^1];
            var name = quoted[1..^1].Replace($"{close}{close}", $"{close}", StringComparison.Ordinal);
            return name.Length > LongestName ? null : name;
        }
    }
}
