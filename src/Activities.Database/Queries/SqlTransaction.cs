using FlowEngine.Activities;
using FlowEngine.Context;
using FlowEngine.Database.Results;
using FlowEngine.Errors;
using FlowEngine.Templates;

namespace FlowEngine.Database.Queries;

/// <summary>Shared and immutable: the statements that one transaction makes, all of them or none.</summary>
internal sealed class SqlTransaction
{
    /// <summary>How many statements there may be.</summary>
    public const int MaxStatements = 20;

    private readonly IReadOnlyList<ValueShape> _before;

    private SqlTransaction(IReadOnlyList<SqlQuery> statements, IReadOnlyList<ValueShape> before, ValueShape lastRow)
    {
        Statements = statements;
        _before = before;
        LastRow = lastRow;
    }

    /// <summary>The statements, one at least, in their order.</summary>
    public IReadOnlyList<SqlQuery> Statements { get; }

    /// <summary>What is known of a row of the last one.</summary>
    public ValueShape LastRow { get; }

    /// <summary>What is known of the whole result.</summary>
    /// <param name="last">What is known of the last statement's.</param>
    public ValueShape ShapeEndingWith(ValueShape last) => TransactionResult.SuccessShape([.. _before, last]);

    /// <summary>Parses the statements; problems are reported at each.</summary>
    /// <param name="given">The statements, one at least.</param>
    /// <param name="dialect">The engine's SQL.</param>
    /// <param name="isKnown">Whether it is certain that this is the engine.</param>
    /// <param name="compilation">Where problems go.</param>
    public static SqlTransaction Parse(IReadOnlyList<Template> given, SqlDialect dialect, bool isKnown, ActivityCompilation compilation)
    {
        var statements = new List<SqlQuery>(given.Count);
        var shapes = new List<ValueShape>(given.Count);
        var row = ValueShape.Any;
        for (var i = 0; i < given.Count; i++)
        {
            var at = compilation.At("statements").At(i);
            var template = given[i];
            if (template.Source.Length == 0)
                compilation.Problems.Error(FlowErrors.Required, at, $"Statement {i + 1} is empty.", "Write its SQL, or remove it.");
            compilation.CheckLocal(template, ContextRoot.Statements, Before(shapes), at);
            var statement = SqlQuery.ParseStatement(template, dialect, compilation, at);
            row = isKnown ? statement.RowShape : ValueShape.Any;
            statements.Add(statement);
            shapes.Add(QueryResult.SuccessShape(row));
        }
        shapes.RemoveAt(shapes.Count - 1);
        return new SqlTransaction(statements, shapes, row);
    }

    /// <summary>What stood before a statement, with advice for whoever reads what did not.</summary>
    private static ValueShape Before(List<ValueShape> shapes) =>
        Enumerable
            .Range(shapes.Count, MaxStatements - shapes.Count)
            .Aggregate(
                ValueShape.Tuple(shapes),
                (shape, index) =>
                    shape.Lacking(
                        index.ToString(System.Globalization.CultureInfo.InvariantCulture),
                        "A statement reads what the statements before it gave; the first one is statements[0]."
                    )
            );
}
