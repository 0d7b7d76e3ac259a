using FlowEngine.Context;
using FlowEngine.Errors;

namespace FlowEngine.Database.Results;

/// <summary>Makes what a query puts under its context key. Stateless.</summary>
internal static class QueryResult
{
    private static readonly FlowShape Success = FlowShape.Of("rows", "first", "rowCount", "affectedRows", "truncated");
    private static readonly FlowShape Failure = FlowShape.Of("error");
    private static readonly FlowShape ErrorShape = FlowShape.Of("event", "code", "message");
    private static readonly FlowValue Zero = FlowValue.From(0);

    /// <summary>What is known of the result of a query that failed.</summary>
    public static ValueShape FailureShape { get; } =
        ValueShape.Object(
            ("error", ValueShape.Object(("event", ValueShape.Scalar), ("code", ValueShape.Scalar), ("message", ValueShape.Scalar)))
        );

    /// <summary>What is known of the result of a query that succeeded.</summary>
    /// <param name="row">What is known of a row.</param>
    public static ValueShape SuccessShape(ValueShape row) => SuccessShape(ValueShape.List(row), row);

    /// <summary>What is known of the result of a query that succeeded.</summary>
    /// <param name="rows">What is known of its rows.</param>
    /// <param name="first">What is known of the first.</param>
    public static ValueShape SuccessShape(ValueShape rows, ValueShape first) =>
        ValueShape.Object(
            ("rows", rows),
            ("first", first),
            ("rowCount", ValueShape.Scalar),
            ("affectedRows", ValueShape.Scalar),
            ("truncated", ValueShape.Scalar)
        );

    /// <summary>The result of a query that succeeded.</summary>
    public static FlowValue Of(FlowArray rows, long affectedRows, bool truncated) =>
        FlowValue.From(
            Success.With(
                FlowValue.From(rows),
                rows.Count > 0 ? rows[0] : FlowValue.Null,
                FlowValue.From(rows.Count),
                affectedRows > 0 ? FlowValue.From(affectedRows) : Zero,
                FlowValue.From(truncated)
            )
        );

    /// <summary>The result of a query that succeeded, its rows marked as sensitive.</summary>
    public static FlowValue Marked(FlowValue result) =>
        FlowValue.From(
            Success.With(
                result.Get("rows").AsSensitive(),
                result.Get("first").AsSensitive(),
                result.Get("rowCount"),
                result.Get("affectedRows"),
                result.Get("truncated")
            )
        );

    /// <summary>The result of one that failed. It has no <c>rows</c>: a failed query must not look like one that found nothing.</summary>
    public static FlowValue Of(FlowError error, string errorEvent) =>
        FlowValue.From(
            Failure.With(
                FlowValue.From(ErrorShape.With(FlowValue.From(errorEvent), FlowValue.From(error.Code), FlowValue.From(error.Message)))
            )
        );
}
