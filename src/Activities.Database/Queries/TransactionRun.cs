using FlowEngine.Context;
using FlowEngine.Database.Results;
using FlowEngine.Execution;
using FlowEngine.Templates;
using FlowEngine.Tracing;

namespace FlowEngine.Database.Queries;

/// <summary>Per execution and single-threaded: how far the statements of a transaction have come. It begins anew whenever the transaction
/// does.</summary>
/// <param name="transaction">The statements.</param>
/// <param name="context">The run's context.</param>
/// <param name="isSensitive">Whether the rows are secrets.</param>
internal sealed class TransactionRun(SqlTransaction transaction, RunContext context, bool isSensitive)
{
    private static readonly FlowShape InputShape = FlowShape.Of("connector", "statements");
    private static readonly FlowShape StatementShape = FlowShape.Of("query", "parameters");

    private readonly LocalContext _context = new(context, ContextRoot.Statements);
    private readonly List<FlowValue[]> _values = new(transaction.Statements.Count);
    private readonly List<FlowValue> _results = new(transaction.Statements.Count);

    /// <summary>The statements.</summary>
    public IReadOnlyList<SqlQuery> Statements => transaction.Statements;

    /// <summary>How many have been done: the index of the one that is next.</summary>
    public int Done => _results.Count;

    /// <summary>Whether all of them have been done.</summary>
    public bool IsComplete => Done == Statements.Count;

    /// <summary>The parameters of those that have begun, one after the other.</summary>
    public FlowValue[] AllValues => [.. _values.SelectMany(values => values)];

    /// <summary>The whole result, once all are done.</summary>
    public FlowValue Result => TransactionResult.Of(_context.Value);

    /// <summary>Forgets what was done: it was rolled back.</summary>
    public void Begin()
    {
        _values.Clear();
        _results.Clear();
        _context.Value = FlowValue.From(FlowArray.Empty);
    }

    /// <summary>The parameters of the next statement, made of what those before it gave.</summary>
    public FlowValue[] Next()
    {
        var values = Statements[Done].Evaluate(_context);
        _values.Add(values);
        return values;
    }

    /// <summary>Takes what it gave. A secret is marked as one before the next statement can read it.</summary>
    public void Take(FlowValue result)
    {
        _results.Add(isSensitive ? QueryResult.Marked(result) : result);
        _context.Value = FlowValue.From(FlowArray.From(_results));
    }

    /// <summary>Tells the trace what was asked: of a statement that did not begin its text alone.</summary>
    public void Show(TraceStep step, string connector) =>
        step.Input = FlowValue.From(
            InputShape.With(FlowValue.From(connector), FlowValue.Array(Statements.Select((statement, index) => Shown(statement, index))))
        );

    private FlowValue Shown(SqlQuery statement, int index) =>
        FlowValue.From(
            StatementShape.With(
                FlowValue.From(statement.Display),
                index < _values.Count ? statement.Describe(_values[index]) : FlowValue.Missing
            )
        );
}
