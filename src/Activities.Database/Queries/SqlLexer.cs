namespace FlowEngine.Database.Queries;

/// <summary>What a stretch of SQL is, as far as templates are concerned.</summary>
internal enum SqlTokenKind
{
    /// <summary>A name, keyword or number, with a leading <c>@</c> or <c>$</c>.</summary>
    Word,

    /// <summary>A text or a quoted name.</summary>
    Quoted,

    /// <summary>A comment.</summary>
    Comment,

    /// <summary>A semicolon.</summary>
    Separator,

    /// <summary>Anything else, one character each.</summary>
    Other,
}

/// <summary>Shared and immutable: a stretch of SQL.</summary>
internal readonly record struct SqlToken(SqlTokenKind Kind, int Start, int End);

/// <summary>Single-threaded: splits SQL into quoted, commented and other stretches.
/// White space is left out; an unclosed quote reaches to the end.</summary>
internal ref struct SqlLexer(string sql, SqlDialect dialect)
{
    private int _position;

    public static List<SqlToken> Split(string sql, SqlDialect dialect)
    {
        var tokens = new List<SqlToken>();
        var lexer = new SqlLexer(sql, dialect);
        while (lexer.TryNext(out var token))
            tokens.Add(token);
        return tokens;
    }

    public static bool IsWordCharacter(char c) => char.IsLetterOrDigit(c) || c is '_' or '$' or '@';

    private bool TryNext(out SqlToken token)
    {
        while (_position < sql.Length && IsSpace(sql[_position]))
            _position++;
        var start = _position;
        if (start == sql.Length)
        {
            token = default;
            return false;
        }
        token = new SqlToken(Consume(), start, _position);
        return true;
    }

    private SqlTokenKind Consume()
    {
        var c = sql[_position];
        switch (c)
        {
            case '\'':
                return Quoted(c, dialect.BackslashEscapes);
            case '"':
                return Quoted(c, dialect.BackslashEscapes);
            case '`' when dialect.Backticks:
                return Quoted(c, backslash: false);
            case '[' when dialect.Brackets:
                return Quoted(']', backslash: false);
            case ';':
                _position++;
                return SqlTokenKind.Separator;
            case '#' when dialect.HashComments:
                return LineComment();
            case '-' when IsDashComment():
                return LineComment();
            case '/' when Next(1) == '*':
                return BlockComment();
            case '$' when dialect.EscapeStrings && DollarTag() is { } tag:
                return DollarQuoted(tag);
        }

        if (dialect.EscapeStrings && c is 'E' or 'e' && Next(1) == '\'')
        {
            _position++;
            return Quoted('\'', backslash: true);
        }
        if (!IsPartOfWord(c))
        {
            _position++;
            return SqlTokenKind.Other;
        }
        while (_position < sql.Length && IsPartOfWord(sql[_position]))
            _position++;
        return SqlTokenKind.Word;
    }

    /// <summary>PostgreSQL takes every character beyond ASCII for a letter, spaces among them; but no parameter.</summary>
    private readonly bool IsForeignLetter(char c) => dialect.EscapeStrings && c >= '\u0080' && c != SqlQuery.Marker;

    private readonly bool IsSpace(char c) => char.IsWhiteSpace(c) && !IsForeignLetter(c);

    private readonly bool IsPartOfWord(char c) => IsWordCharacter(c) || IsForeignLetter(c);

    private readonly char Next(int offset) => _position + offset < sql.Length ? sql[_position + offset] : '\0';

    private SqlTokenKind Quoted(char close, bool backslash)
    {
        for (_position++; _position < sql.Length; _position++)
        {
            var c = sql[_position];
            if (c == '\\' && backslash)
            {
                _position++;
            }
            else if (c == close)
            {
                // A doubled quote stands for itself.
                if (Next(1) != close)
                    break;
                _position++;
            }
        }
        _position = Math.Min(_position + 1, sql.Length);
        return SqlTokenKind.Quoted;
    }

    private readonly bool IsDashComment() =>
        Next(1) == '-' && (!dialect.HashComments || _position + 2 >= sql.Length || char.IsWhiteSpace(Next(2)) || char.IsControl(Next(2)));

    private SqlTokenKind LineComment()
    {
        var end = sql.AsSpan(_position).IndexOfAny('\r', '\n');
        _position = end < 0 ? sql.Length : _position + end;
        return SqlTokenKind.Comment;
    }

    private SqlTokenKind BlockComment()
    {
        if (dialect.HashComments && (Next(2) == '!' || (Next(2) == 'M' && Next(3) == '!')))
        {
            _position += 3;
            return SqlTokenKind.Other;
        }

        var depth = 1;
        for (_position += 2; _position < sql.Length && depth > 0; )
        {
            if (sql[_position] == '*' && Next(1) == '/')
            {
                depth--;
                _position += 2;
            }
            else if (dialect.NestedComments && sql[_position] == '/' && Next(1) == '*')
            {
                depth++;
                _position += 2;
            }
            else
            {
                _position++;
            }
        }
        return SqlTokenKind.Comment;
    }

    /// <summary>The tag of a dollar quote that begins here, with both dollar signs; null for <c>$1</c> and other uses.</summary>
    private readonly string? DollarTag()
    {
        for (var end = _position + 1; end < sql.Length; end++)
        {
            var c = sql[end];
            if (c == '$')
                return sql[_position..(end + 1)];
            if (!(c == '_' || IsForeignLetter(c) || char.IsAsciiLetter(c) || (char.IsAsciiDigit(c) && end > _position + 1)))
                return null;
        }
        return null;
    }

    private SqlTokenKind DollarQuoted(string tag)
    {
        var close = sql.IndexOf(tag, _position + tag.Length, StringComparison.Ordinal);
        _position = close < 0 ? sql.Length : close + tag.Length;
        return SqlTokenKind.Quoted;
    }
}
