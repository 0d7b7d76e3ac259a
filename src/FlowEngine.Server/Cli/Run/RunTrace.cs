using FlowEngine.Tracing;

namespace FlowEngine.Server.Cli.Run;

/// <summary>Stateless: a run's trace as lines.</summary>
internal static class RunTrace
{
    /// <summary>A line for each step, with what went in and came out, its warnings and its branches below it; redacted.</summary>
    public static void WriteText(TextWriter output, IReadOnlyList<TraceStep> steps, Redactor redactor, string indent = "")
    {
        foreach (var step in steps)
        {
            var end = step.Error is { } error ? redactor.Redact($"{error.Code}: {error.Message}") : step.Outcome ?? "";
            output.WriteLine($"{indent}{step.Activity, -24} {step.Type, -16} {step.Duration.TotalMilliseconds, 8:0.0} ms  {end}");
            if (!step.Input.IsMissing)
                output.WriteLine($"{indent}    in   {redactor.Redact(step.Input)}");
            if (!step.Output.IsMissing)
                output.WriteLine($"{indent}    out  {redactor.Redact(step.Output)}");
            foreach (var warning in step.Warnings)
                output.WriteLine($"{indent}    warning {warning.Code}: {redactor.Redact(warning.Message)}");
            WriteText(output, step.Children, redactor, indent + "    ");
        }
    }
}
