using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Database.Connectors;
using FlowEngine.Database.Engines;
using FlowEngine.Database.Queries;
using FlowEngine.Database.Results;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Templates;

namespace FlowEngine.Database;

/// <summary>Shared and immutable: queries a database and writes <c>connectors.&lt;contextKey&gt;</c> (SPEC 8).</summary>
[Activity(
    "Database",
    "Queries a database.",
    Category = "Connectors",
    Outcomes = ["Success"],
    ErrorEvents = [ErrorEvent],
    CanRunInParallel = true,
    Icon = "database",
    Tone = ActivityTone.Data,
    Stem = "lookup",
    Summary = "{query}|{statements}|{connector}",
    Trace = TraceViews.Statement,
    Reply = typeof(DatabaseReplySettings)
)]
[Writes("connectors.{contextKey}.first.*", "Column of the first row", MembersOf = "query", Unless = "statements")]
[Writes("connectors.{contextKey}.rowCount", "How many rows were read", Unless = "statements")]
[Writes("connectors.{contextKey}.first", "The first row, or null", Unless = "statements")]
[Writes("connectors.{contextKey}.rows", "The rows", Unless = "statements")]
[Writes("connectors.{contextKey}.affectedRows", "How many rows were changed", Unless = "statements")]
[Writes("connectors.{contextKey}.truncated", "Whether there were more rows", Unless = "statements")]
[Writes("connectors.{contextKey}.statements[].first.*", "Column of the first row", MembersOf = "statements")]
[Writes("connectors.{contextKey}.statements[].rowCount", "How many rows were read", MembersOf = "statements")]
[Writes("connectors.{contextKey}.statements[].affectedRows", "How many rows were changed", MembersOf = "statements")]
public sealed class DatabaseActivity : FlowActivity
{
    internal const string ErrorEvent = "Connector Execution";

    private static readonly FailureWays Ways = new([.. DatabaseErrors.OfRuns.Select(error => error.Code), FlowErrors.Budget.Code]);

    private readonly SqlConnector? _connector;
    private readonly SqlQuery? _query;
    private readonly SqlTransaction? _transaction;
    private readonly QueryLimits _limits;
    private readonly string _contextKey;
    private readonly bool _byRows;
    private readonly ContextWrites[] _writes;

    internal DatabaseActivity(DatabaseSettings settings, ActivityCompilation compilation)
    {
        ConnectorId = settings.Connector;
        compilation.CheckContextKey(settings.ContextKey);
        _contextKey = settings.ContextKey.Length > 0 ? settings.ContextKey : compilation.Definition.Id;
        _connector = compilation.Connector<SqlConnector>(settings.Connector);
        _limits = new QueryLimits(settings.Timeout, settings.MaxRows, settings.ReadOnly)
        {
            IsSensitive = settings.Sensitive || compilation.HoldsCode("connectors", _contextKey),
        };
        _byRows = settings.Outcomes == DatabaseOutcomes.Rows;
        var dialect = _connector?.Dialect ?? SqlEngineKind.All[0].Dialect;
        if (settings.Statements.Count > 0)
            _transaction = ParseStatements(settings, dialect, _connector is not null, compilation);
        else
            _query = ParseQuery(settings, dialect, compilation);
        _writes = WritesOf(_connector is null ? ValueShape.Any : _query?.RowShape ?? ValueShape.Any);
        if (_byRows && _connector is not null && (_query ?? _transaction!.Statements[^1]).GivesNoRows)
            compilation.Problems.Warning(
                DatabaseErrors.NoRows,
                compilation.At("outcomes"),
                $"The {(_query is null ? "last statement" : "query")} gives no rows, so it always leaves by '{RowOutcomes.None}'."
            );
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string>? Outcomes => _byRows ? RowOutcomes.Names : null;

    /// <inheritdoc/>
    public override string ConnectorId { get; }

    /// <summary>Its timeout.</summary>
    public override LongestWait LongestWait => new(_limits.Time);

    /// <inheritdoc/>
    public override ContextWrites WritesByOutcome(int outcome) => _writes[outcome];

    /// <inheritdoc/>
    public override ContextWrites WritesByError(int errorEvent) =>
        ContextWrites.Connector(_contextKey, _transaction is null ? QueryResult.FailureShape : TransactionResult.FailureShape);

    /// <inheritdoc/>
    public override IReadOnlyList<WayToEnd> WaysToEnd(DrilledCall call) =>
        QueryEndings.Of(call.Usual, _query ?? _transaction!.Statements[^1], isTransaction: _transaction is not null, _limits.ReadOnly);

    /// <inheritdoc/>
    public override FailureWays WaysByError(int errorEvent) => Ways;

    /// <inheritdoc/>
    public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken)
    {
        if (_transaction is not null)
            return TransactAsync(_transaction, context, cancellationToken);
        if (context.Replies is not { } replies)
            return QueryAsync(_query!, context, cancellationToken);

        cancellationToken.ThrowIfCancellationRequested();
        if (context.Step is not null)
            _query!.Show(context.Step, ConnectorId, _query.Evaluate(context));
        var problem = ScriptedReply.Read(replies.Take(context.ActivityId), _limits.MaxRows, out var result, out var error);
        return new(problem is null ? Finish(context, new QueryOutcome(result, error)) : Outcome.Fail(FlowErrors.NoReply, problem));
    }

    private static SqlQuery ParseQuery(DatabaseSettings settings, SqlDialect dialect, ActivityCompilation compilation)
    {
        var given = compilation.Definition.Json;
        if (IsBlank(given.Get("query")) && IsBlank(given.Get("statements")))
            compilation.Error(
                FlowErrors.Required,
                "query",
                "'query' is missing or empty.",
                "Write the SQL, or several statements of one transaction in \"statements\"."
            );
        return SqlQuery.Parse(settings.Query, dialect, settings.ReadOnly, compilation, compilation.At("query"));
    }

    private static SqlTransaction ParseStatements(
        DatabaseSettings settings,
        SqlDialect dialect,
        bool isKnown,
        ActivityCompilation compilation
    )
    {
        if (settings.Query.Source.Length > 0)
            compilation.Error(
                FlowErrors.Value,
                "query",
                "There are both 'query' and 'statements'.",
                "Keep one of them: put the query among the statements, or remove these."
            );
        if (settings.ReadOnly)
            compilation.Error(
                FlowErrors.Value,
                "readOnly",
                "'statements' need a transaction that may write, and this one may not.",
                "Set \"readOnly\": false."
            );
        return SqlTransaction.Parse(settings.Statements, dialect, isKnown, compilation);
    }

    private static bool IsBlank(FlowValue value) =>
        value.IsNothing || (value.TryGetText(out var text) && text.Length == 0) || (value.TryGetArray(out var items) && items.Count == 0);

    private ContextWrites[] WritesOf(ValueShape row) =>
        (_transaction, _byRows) switch
        {
            ({ } transaction, true) => [.. RowOutcomes.Shapes(transaction.LastRow).Select(transaction.ShapeEndingWith).Select(Written)],
            ({ } transaction, false) => [Written(transaction.ShapeEndingWith(QueryResult.SuccessShape(transaction.LastRow)))],
            (null, true) => [.. RowOutcomes.Shapes(row).Select(Written)],
            _ => [Written(QueryResult.SuccessShape(row))],
        };

    private ContextWrites Written(ValueShape result) => ContextWrites.Connector(_contextKey, result);

    private async ValueTask<Outcome> QueryAsync(SqlQuery query, RunContext context, CancellationToken cancellationToken)
    {
        var values = query.Evaluate(context);
        if (context.Step is not null)
            query.Show(context.Step, ConnectorId, values);
        if (!TryBegin(context, out var limits, out var over))
            return Finish(context, over);
        return Finish(context, await _connector!.QueryAsync(query, values, limits, cancellationToken).ConfigureAwait(false));
    }

    private async ValueTask<Outcome> TransactAsync(SqlTransaction transaction, RunContext context, CancellationToken cancellationToken)
    {
        var run = new TransactionRun(transaction, context, _limits.IsSensitive);
        try
        {
            if (context.Replies is not { } replies)
            {
                if (!TryBegin(context, out var limits, out var over))
                    return Finish(context, over);
                return Finish(context, await _connector!.TransactAsync(run, limits, cancellationToken).ConfigureAwait(false));
            }

            cancellationToken.ThrowIfCancellationRequested();
            var problem = ScriptedReply.Read(replies.Take(context.ActivityId), _limits.MaxRows, run, out var outcome);
            return problem is null ? Finish(context, outcome) : Outcome.Fail(FlowErrors.NoReply, problem);
        }
        finally
        {
            if (context.Step is not null)
                run.Show(context.Step, ConnectorId);
        }
    }

    /// <summary>Whether there is time to begin: what is left of the flow's budget.</summary>
    private bool TryBegin(RunContext context, out QueryLimits limits, out QueryOutcome over)
    {
        (limits, over) = (_limits, default);
        if (context.TimeLeft is not { } left)
            return true;
        limits = _limits.Within(left, context.Time);
        over = new QueryOutcome(default, FlowError.Of(FlowErrors.Budget, "The flow's time budget was over before the query began."));
        return left > TimeSpan.Zero;
    }

    private Outcome Finish(RunContext context, QueryOutcome outcome)
    {
        var result = outcome.Error is { } error
            ? _transaction is null
                ? QueryResult.Of(error, ErrorEvent)
                : TransactionResult.Of(error, ErrorEvent, outcome.Statement)
            : _limits.IsSensitive && _transaction is null
                ? QueryResult.Marked(outcome.Result)
                : outcome.Result;
        context.SetConnector(_contextKey, result);
        if (context.Step is { } step)
            step.Output = result;
        return outcome.Error is not null ? Outcome.Error(0, outcome.Error)
            : _byRows ? RowOutcomes.Of(_transaction is null ? result : TransactionResult.Last(result))
            : Outcome.Success;
    }
}
