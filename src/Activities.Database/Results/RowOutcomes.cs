using FlowEngine.Context;
using FlowEngine.Execution;

namespace FlowEngine.Database.Results;

/// <summary>The outcomes that tell how many rows there were: in place of <c>Success</c>, which says nothing of it. Stateless.</summary>
internal static class RowOutcomes
{
    public const string None = "No Row";
    public const string One = "One Row";
    public const string Many = "Many Rows";

    /// <summary>Their names, in order.</summary>
    public static readonly string[] Names = [None, One, Many];

    /// <summary>The outcome of a result. One row is many where <c>maxRows</c> has kept others out.</summary>
    public static Outcome Of(FlowValue result)
    {
        result.Get("rowCount").TryGetInteger(out var rows);
        result.Get("truncated").TryGetBoolean(out var truncated);
        return Outcome.Port(
            rows == 0 ? 0
            : rows == 1 && !truncated ? 1
            : 2
        );
    }

    /// <summary>What is known of the result by each outcome.</summary>
    /// <param name="row">What is known of a row.</param>
    public static ValueShape[] Shapes(ValueShape row)
    {
        var none = row.MemberNames.Aggregate(
            ValueShape.Scalar,
            (shape, column) => shape.Lacking(column, $"Behind '{None}' there is no row: read it behind '{One}' or '{Many}'.")
        );
        var some = QueryResult.SuccessShape(row);
        return [QueryResult.SuccessShape(rows: ValueShape.Scalar, first: none), some, some];
    }
}
