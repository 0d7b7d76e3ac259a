using System.Text;
using FlowEngine.Activities;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Templates;
using FlowEngine.Tracing;

namespace FlowEngine.Database.Queries;

/// <summary>
/// Shared, thread-safe: a query whose templates have become parameters. Values are bound when it runs and never become SQL text.
/// </summary>
internal sealed class SqlQuery
{
    /// <summary>Stands for a template while the SQL around it is examined. A private-use character: no SQL has a use for it.</summary>
    internal const char Marker = '\uE000';

    /// <summary>Where the parameters are in the input of a step; the number of each follows.</summary>
    internal const string ParametersAt = "parameters.@p";

    private static readonly FlowShape InputShape = FlowShape.Of("connector", "query", "parameters");

    private readonly TemplateExpression[] _expressions;
    private readonly FlowShape _parameterNames;
    private readonly bool[] _declaredText;
    private readonly bool[] _numberPlaces;
    private volatile FlowShape? _lastShape;

    private SqlQuery(
        string sql,
        string display,
        TemplateExpression[] expressions,
        bool readOnly,
        bool hasTransaction,
        bool callsOthers,
        bool[] numberPlaces,
        ValueShape rowShape,
        bool givesNoRows
    )
    {
        RowShape = rowShape;
        GivesNoRows = givesNoRows;
        Sql = sql;
        HasTransaction = hasTransaction;
        _numberPlaces = numberPlaces;
        IsReadOnly = readOnly;
        CallsOthers = callsOthers;
        Display = display;
        _expressions = expressions;
        _parameterNames = FlowShape.Of([.. expressions.Select((_, i) => $"@p{i}")]);
        _declaredText = new bool[expressions.Length];
    }

    /// <summary>What is known of a row, as far as the list of columns can be read with certainty.</summary>
    public ValueShape RowShape { get; }

    /// <summary>Whether it certainly gives no rows, whatever it does.</summary>
    public bool GivesNoRows { get; }

    /// <summary>The SQL as the engine gets it.</summary>
    public string Sql { get; }

    /// <summary>Whether the engine begins a read-only transaction with it and rolls that back, so that nobody else has to.</summary>
    public bool HasTransaction { get; }

    /// <summary>Whether it runs in a read-only transaction.</summary>
    public bool IsReadOnly { get; }

    /// <summary>Whether it must be one statement: it is read only, or one of several in a transaction.</summary>
    public bool IsSingle { get; private init; }

    /// <summary>Whether it may call functions other than those that <see cref="SqlDialect.CallsOthers"/> knows.</summary>
    public bool CallsOthers { get; }

    /// <summary>Whether the engine has found that it is one statement and no more.</summary>
    public bool IsKnownToBeSingle { get; set; }

    /// <summary>The SQL as people read it, with <c>@p0</c>, <c>@p1</c> whatever the engine.</summary>
    public string Display { get; }

    /// <summary>How many parameters there are.</summary>
    public int ParameterCount => _expressions.Length;

    /// <summary>Parses the SQL of a query.</summary>
    /// <param name="template">The SQL.</param>
    /// <param name="dialect">What SQL looks like there.</param>
    /// <param name="readOnly">Whether it runs in a read-only transaction.</param>
    /// <param name="compilation">Where problems go.</param>
    /// <param name="at">Where it stands.</param>
    public static SqlQuery Parse(
        Template template,
        SqlDialect dialect,
        bool readOnly,
        ActivityCompilation compilation,
        SourceLocation at
    ) => Parse(template, dialect, readOnly, isStatement: false, compilation.Problems, at);

    /// <summary>Parses one of the statements of a transaction.</summary>
    public static SqlQuery ParseStatement(Template template, SqlDialect dialect, ActivityCompilation compilation, SourceLocation at) =>
        Parse(template, dialect, readOnly: false, isStatement: true, compilation.Problems, at);

    private static SqlQuery Parse(
        Template template,
        SqlDialect dialect,
        bool readOnly,
        bool isStatement,
        DiagnosticBag problems,
        SourceLocation at
    )
    {
        var sql = new StringBuilder();
        var display = new StringBuilder();
        var examined = new StringBuilder();
        var expressions = new List<TemplateExpression>();
        var positions = new List<int>();
        foreach (ref readonly var part in template.Parts)
        {
            if (part.Literal is { } literal)
            {
                sql.Append(literal);
                display.Append(literal);
                examined.Append(literal);
                continue;
            }
            sql.Append(dialect.Placeholder(expressions.Count));
            display.Append("@p").Append(expressions.Count);
            positions.Add(examined.Length);
            examined.Append(Marker);
            expressions.Add(part.Expression!);
        }

        var text = examined.ToString();
        var tokens = SqlLexer.Split(text, dialect);
        CheckTemplates(text, tokens, positions, expressions, dialect, problems, at);
        if (isStatement)
            CheckStatement(text, tokens, dialect, problems, at);
        else
            CheckQuery(text, tokens, dialect, readOnly, problems, at);
        var numberPlaces = dialect.NumbersConvertText ? NumberPlaces.Find(text, tokens, positions) : [];
        return new SqlQuery(
            sql.ToString(),
            display.ToString(),
            [.. expressions],
            readOnly,
            readOnly && dialect.TransactionTravelsAlong,
            dialect.CallsOthers(text, tokens),
            numberPlaces,
            SelectedColumns.ShapeOf(text, tokens, dialect),
            ChangesOnly(text, tokens)
        )
        {
            IsSingle = readOnly || isStatement,
        };
    }

    /// <summary>The values of the parameters, in order.</summary>
    public FlowValue[] Evaluate(ReadContext context)
    {
        var values = _expressions.Length == 0 ? [] : new FlowValue[_expressions.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = _expressions[i].Evaluate(context);
        return values;
    }

    /// <summary>Whether nothing is compared with a parameter as it stands, so that
    /// a number can be sent as one: see <see cref="NumberPlaces"/>.</summary>
    public bool IsNumberPlace(int index) => _numberPlaces[index];

    /// <summary>The values by name, for the trace.</summary>
    public FlowValue Describe(FlowValue[] values) => FlowValue.From(_parameterNames.With(values));

    /// <summary>Tells the trace what is asked.</summary>
    public void Show(TraceStep step, string connector, FlowValue[] values) =>
        step.Input = FlowValue.From(InputShape.With(FlowValue.From(connector), FlowValue.From(Display), Describe(values)));

    /// <summary>Whether an earlier execution found that the engine cannot
    /// tell this parameter's type, so that it is declared as text.</summary>
    public bool IsDeclaredText(int index) => Volatile.Read(ref _declaredText[index]);

    /// <summary>Remembers that the engine cannot tell this parameter's type.</summary>
    public void DeclareText(int index) => Volatile.Write(ref _declaredText[index], true);

    /// <summary>A shape of these names: the last execution's when they are the same, so that all results of a query share one.</summary>
    public FlowShape ShapeOf(ReadOnlySpan<string> names)
    {
        var last = _lastShape;
        return last is not null && last.Names.SequenceEqual(names) ? last : _lastShape = FlowShape.Of(names);
    }

    private static void CheckTemplates(
        string sql,
        List<SqlToken> tokens,
        List<int> positions,
        List<TemplateExpression> expressions,
        SqlDialect dialect,
        DiagnosticBag problems,
        SourceLocation at
    )
    {
        var next = 0;
        foreach (var token in tokens)
        {
            for (; next < positions.Count && positions[next] < token.End; next++)
            {
                var path = $"{{{{{expressions[next].Path}}}}}";
                if (token.Kind is SqlTokenKind.Quoted)
                    problems.Error(
                        DatabaseErrors.QuotedTemplate,
                        at,
                        $"{path} stands inside quotes.",
                        $"Drop the quotes around {path}: it becomes a parameter, and its value "
                            + $"is never SQL text. To build a text, concatenate: 'prefix' || {path}."
                    );
                else if (token.Kind is SqlTokenKind.Comment)
                    problems.Error(DatabaseErrors.QuotedTemplate, at, $"{path} stands inside a comment.", "Remove it from the comment.");
                else if (Touches(sql, positions[next]))
                    problems.Error(
                        DatabaseErrors.Parameter,
                        at,
                        $"{path} touches a name, a number or another template.",
                        "A template stands for one value, not for a part of a name or text: put spaces around it."
                    );
            }
            if (token.Kind == SqlTokenKind.Word && IsPlaceholder(sql.AsSpan(token.Start..token.End), dialect))
                problems.Error(
                    DatabaseErrors.Parameter,
                    at,
                    $"'{sql[token.Start..token.End]}' is a parameter written by hand.",
                    "Write the value's path as {{path}}; the parameters are made from those."
                );
        }
    }

    private static void CheckQuery(
        string sql,
        List<SqlToken> tokens,
        SqlDialect dialect,
        bool readOnly,
        DiagnosticBag problems,
        SourceLocation at
    )
    {
        if ((readOnly || dialect.OnlyOneStatement is not null) && HasSeveralStatements(tokens))
        {
            problems.Error(
                DatabaseErrors.Statements,
                at,
                readOnly ? "A read-only query is one statement, but this one goes on after a semicolon." : dialect.OnlyOneStatement!
            );
        }
        else if (readOnly && dialect.Reading?.Problem(sql, tokens, "a read-only query") is { } problem)
        {
            problems.Error(
                DatabaseErrors.Statements,
                at,
                problem,
                "Write one statement that reads; or set readOnly to false when the query is meant to write."
            );
        }
    }

    private static void CheckStatement(string sql, List<SqlToken> tokens, SqlDialect dialect, DiagnosticBag problems, SourceLocation at)
    {
        if (HasSeveralStatements(tokens))
            problems.Error(
                DatabaseErrors.Statements,
                at,
                "This is one of several statements, but it goes on after a semicolon.",
                "Write each statement as an element of its own."
            );
        else if (dialect.Transacting.Problem(sql, tokens, "a statement of a transaction") is { } problem)
            problems.Error(DatabaseErrors.Transaction, at, problem);
    }

    private static bool Touches(string sql, int position) => IsNeighbour(sql, position - 1) || IsNeighbour(sql, position + 1);

    private static bool IsNeighbour(string sql, int position) =>
        (uint)position < (uint)sql.Length && (sql[position] == Marker || SqlLexer.IsWordCharacter(sql[position]));

    private static bool IsPlaceholder(ReadOnlySpan<char> word, SqlDialect dialect)
    {
        return (dialect.Positional && IsNumbered(word, "$")) || IsNumbered(word, "@p");

        static bool IsNumbered(ReadOnlySpan<char> word, string prefix) =>
            word.Length > prefix.Length
            && word.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            && !word[prefix.Length..].ContainsAnyExceptInRange('0', '9');
    }

    /// <summary>Whether it is one statement that changes something and says nothing of it.</summary>
    private static bool ChangesOnly(string sql, List<SqlToken> tokens)
    {
        var first = tokens.Find(token => token.Kind != SqlTokenKind.Comment);
        return IsAny(first, ["insert", "update", "delete", "merge", "replace", "create", "alter", "drop", "truncate"])
            && !HasSeveralStatements(tokens)
            && !tokens.Exists(token => IsAny(token, ["returning", "output", "select"]) && token != first);

        bool IsAny(SqlToken token, string[] words) =>
            token.Kind == SqlTokenKind.Word && words.Contains(sql[token.Start..token.End], StringComparer.OrdinalIgnoreCase);
    }

    private static bool HasSeveralStatements(List<SqlToken> tokens)
    {
        var separated = false;
        foreach (var token in tokens)
        {
            if (token.Kind == SqlTokenKind.Separator)
                separated = true;
            else if (separated && token.Kind != SqlTokenKind.Comment)
                return true;
        }
        return false;
    }
}
