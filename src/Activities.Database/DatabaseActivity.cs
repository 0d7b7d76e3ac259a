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
    Summary = "{query}|{connector}",
    Trace = TraceViews.Statement,
    Reply = typeof(DatabaseReplySettings)
)]
[Writes("connectors.{contextKey}.first.*", "Column of the first row", MembersOf = "query")]
[Writes("connectors.{contextKey}.rowCount", "How many rows were read")]
[Writes("connectors.{contextKey}.first", "The first row, or null")]
[Writes("connectors.{contextKey}.rows", "The rows")]
[Writes("connectors.{contextKey}.affectedRows", "How many rows were changed")]
[Writes("connectors.{contextKey}.truncated", "Whether there were more rows")]
public sealed class DatabaseActivity : FlowActivity
{
    internal const string ErrorEvent = "Connector Execution";

    private static readonly FlowShape InputShape = FlowShape.Of("connector", "query", "parameters");

    private readonly SqlConnector? _connector;
    private readonly SqlQuery _query;
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
        _query = SqlQuery.Parse(settings.Query, _connector?.Dialect ?? SqlEngineKind.All[0].Dialect, settings.ReadOnly, compilation);
        _byRows = settings.Outcomes == DatabaseOutcomes.Rows;
        var row = _connector is null ? ValueShape.Any : _query.RowShape;
        _writes = _byRows ? RowOutcomes.Writes(_contextKey, row) : [ContextWrites.Connector(_contextKey, QueryResult.SuccessShape(row))];
        if (_byRows && _connector is not null && _query.GivesNoRows)
            compilation.Problems.Warning(
                DatabaseErrors.NoRows,
                compilation.At("outcomes"),
                $"The query gives no rows, so it always leaves by '{RowOutcomes.None}'."
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
    public override ContextWrites WritesByError(int errorEvent) => ContextWrites.Connector(_contextKey, QueryResult.FailureShape);

    /// <inheritdoc/>
    public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken)
    {
        if (context.Replies is not { } replies)
            return QueryAsync(context, cancellationToken);

        cancellationToken.ThrowIfCancellationRequested();
        if (context.Step is not null)
            Describe(context, _query.Evaluate(context));
        var problem = ScriptedReply.Read(replies.Take(context.ActivityId), _limits.MaxRows, out var result, out var error);
        return new(problem is null ? Finish(context, new QueryOutcome(result, error)) : Outcome.Fail(FlowErrors.NoReply, problem));
    }

    private async ValueTask<Outcome> QueryAsync(RunContext context, CancellationToken cancellationToken)
    {
        var values = _query.Evaluate(context);
        Describe(context, values);
        var limits = _limits;
        if (context.TimeLeft is { } left)
        {
            if (left == TimeSpan.Zero)
                return Finish(
                    context,
                    new QueryOutcome(default, FlowError.Of(FlowErrors.Budget, "The flow's time budget was over before the query began."))
                );
            limits = limits.Within(left, context.Time);
        }
        return Finish(context, await _connector!.QueryAsync(_query, values, limits, cancellationToken).ConfigureAwait(false));
    }

    private void Describe(RunContext context, FlowValue[] values)
    {
        if (context.Step is { } step)
            step.Input = FlowValue.From(
                InputShape.With(FlowValue.From(ConnectorId), FlowValue.From(_query.Display), _query.Describe(values))
            );
    }

    private Outcome Finish(RunContext context, QueryOutcome outcome)
    {
        var result = outcome.Error is null ? outcome.Result : QueryResult.Of(outcome.Error, ErrorEvent);
        if (_limits.IsSensitive && outcome.Error is null)
            result = QueryResult.Marked(result);
        context.SetConnector(_contextKey, result);
        if (context.Step is { } step)
            step.Output = result;
        return outcome.Error is not null ? Outcome.Error(0, outcome.Error)
            : _byRows ? RowOutcomes.Of(result)
            : Outcome.Success;
    }
}
