using FlowEngine.Context;
using FlowEngine.Errors;

namespace FlowEngine.Database.Results;

/// <summary>Makes what the statements of a transaction put under its context key. Stateless.</summary>
internal static class TransactionResult
{
    private static readonly FlowShape Success = FlowShape.Of("statements");
    private static readonly FlowShape Failure = FlowShape.Of("error");
    private static readonly FlowShape ErrorShape = FlowShape.Of("event", "code", "message", "statement");

    /// <summary>What is known of the result of one that failed.</summary>
    public static ValueShape FailureShape { get; } =
        ValueShape.Object(
            (
                "error",
                ValueShape.Object(
                    ("event", ValueShape.Scalar),
                    ("code", ValueShape.Scalar),
                    ("message", ValueShape.Scalar),
                    ("statement", ValueShape.Scalar)
                )
            )
        );

    /// <summary>What is known of the result of one that succeeded.</summary>
    /// <param name="statements">What is known of each statement's result.</param>
    public static ValueShape SuccessShape(IEnumerable<ValueShape> statements) =>
        ValueShape.Object(("statements", ValueShape.Tuple(statements)));

    /// <summary>The result of one that succeeded: each statement's.</summary>
    public static FlowValue Of(FlowValue statements) => FlowValue.From(Success.With(statements));

    /// <summary>The result of one that failed: it has no statements, because nothing of them was kept.</summary>
    /// <param name="error">The error.</param>
    /// <param name="errorEvent">The event that it is.</param>
    /// <param name="statement">The index of the statement that failed; null when it was none of them.</param>
    public static FlowValue Of(FlowError error, string errorEvent, int? statement) =>
        FlowValue.From(
            Failure.With(
                FlowValue.From(
                    ErrorShape.With(
                        FlowValue.From(errorEvent),
                        FlowValue.From(error.Code),
                        FlowValue.From(error.Message),
                        statement is { } index ? FlowValue.From(index) : FlowValue.Null
                    )
                )
            )
        );

    /// <summary>The result of the last statement.</summary>
    public static FlowValue Last(FlowValue result) =>
        result.Get("statements").TryGetArray(out var statements) ? statements.Get(statements.Count - 1) : FlowValue.Missing;
}
