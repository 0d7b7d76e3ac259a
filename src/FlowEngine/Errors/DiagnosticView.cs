using FlowEngine.Context;

namespace FlowEngine.Errors;

/// <summary>Diagnostics as data. Stateless.</summary>
public static class DiagnosticView
{
    private static readonly FlowShape Shape = FlowShape.Of("file", "pointer", "code", "severity", "message", "advice");

    private static readonly FlowShape MeantShape = FlowShape.Of("path", "part", "name");

    /// <summary><c>{ file, pointer, code, severity, message, advice }</c>, and <c>line</c> and
    /// <c>meant: { path, part, name }</c> where they are known.</summary>
    public static FlowValue ToValue(Diagnostic diagnostic)
    {
        var value = Shape.With(
            FlowValue.From(diagnostic.File),
            FlowValue.From(diagnostic.Pointer),
            FlowValue.From(diagnostic.Code),
            FlowValue.From(diagnostic.Severity == Severity.Error ? "error" : "warning"),
            FlowValue.From(diagnostic.Message),
            FlowValue.From(diagnostic.Advice)
        );
        if (diagnostic.Line is { } line)
            value = value.With("line", FlowValue.From(line));
        if (diagnostic.Meant is { } meant)
            value = value.With(
                "meant",
                FlowValue.From(MeantShape.With(FlowValue.From(meant.Path), FlowValue.From(meant.Part), FlowValue.From(meant.Name)))
            );
        return FlowValue.From(value);
    }
}
