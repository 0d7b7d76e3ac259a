using FlowEngine.Context;
using FlowEngine.Database.Queries;
using FlowEngine.Errors;
using FlowEngine.Execution;

namespace FlowEngine.Database.Results;

/// <summary>In which ways a query can end, for drills, as scripted replies. Stateless.</summary>
internal static class QueryEndings
{
    private static readonly FlowShape ErrorShape = FlowShape.Of("event", "code", "message");

    /// <summary>The ways: that the database does not answer, and that it finds nothing, or more than one row.</summary>
    /// <param name="usual">The reply when all goes well; missing where nobody knows.</param>
    /// <param name="query">The query, of several statements the last one.</param>
    /// <param name="isTransaction">Whether there are several.</param>
    /// <param name="isReadOnly">Whether it cannot write.</param>
    public static IReadOnlyList<WayToEnd> Of(FlowValue usual, SqlQuery query, bool isTransaction, bool isReadOnly)
    {
        List<WayToEnd> ways = [Failing("connect", DatabaseErrors.Connect), Failing("timeout", DatabaseErrors.Timeout)];
        if (!isReadOnly)
            ways.Add(Failing("outcome_unknown", DatabaseErrors.OutcomeUnknown));
        FlowArray? statements = null;
        // What the other statements give is known to the case alone.
        if (isTransaction && (!usual.Get("statements").TryGetArray(out statements) || statements.Count == 0))
            return ways;

        ways.Add(new WayToEnd("no row", Last(statements, FlowValue.Object(("rows", FlowValue.Array())))));
        if (!query.GivesNoRows)
        {
            var row = (statements is null ? usual : statements[^1]).Get("rows").Get(0);
            if (row.IsMissing)
                row = FlowValue.Object([.. query.RowShape.MemberNames.Select(column => (column, FlowValue.Null))]);
            ways.Add(new WayToEnd("many rows", Last(statements, FlowValue.Object(("rows", FlowValue.Array(row, row))))));
        }
        return ways;
    }

    /// <summary>A reply; of several statements that of the last one, behind what the others give.</summary>
    private static FlowValue Last(FlowArray? statements, FlowValue reply) =>
        statements is null ? reply : FlowValue.Object(("statements", FlowValue.Array([.. statements.Take(statements.Count - 1), reply])));

    private static WayToEnd Failing(string name, ErrorCode code) =>
        new(
            name,
            FlowValue.Object(
                (
                    "error",
                    FlowValue.From(
                        ErrorShape.With(
                            FlowValue.From(DatabaseActivity.ErrorEvent),
                            FlowValue.From(code.Code),
                            FlowValue.From(code.Meaning)
                        )
                    )
                )
            )
        );
}
