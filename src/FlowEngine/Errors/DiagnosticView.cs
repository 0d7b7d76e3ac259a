using FlowEngine.Context;

namespace FlowEngine.Errors;

/// <summary>Diagnostics as data. Stateless.</summary>
public static class DiagnosticView
{
    private static readonly FlowShape Shape = FlowShape.Of("file", "pointer", "code", "severity", "message", "advice");

    /// <summary><c>{ file, pointer, code, severity, message, advice }</c>.</summary>
    public static FlowValue ToValue(Diagnostic diagnostic) =>
        FlowValue.From(
            Shape.With(
                FlowValue.From(diagnostic.File),
                FlowValue.From(diagnostic.Pointer),
                FlowValue.From(diagnostic.Code),
                FlowValue.From(diagnostic.Severity == Severity.Error ? "error" : "warning"),
                FlowValue.From(diagnostic.Message),
                FlowValue.From(diagnostic.Advice)
            )
        );
}
