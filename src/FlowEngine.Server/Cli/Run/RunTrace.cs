using FlowEngine.Context;
using FlowEngine.Tracing;

namespace FlowEngine.Server.Cli.Run;

/// <summary>Stateless: a run's trace as lines.</summary>
internal static class RunTrace
{
    /// <summary>A line for each step, by its number, with what went in and where that came from, what came out, its warnings and its
    /// branches below it; redacted.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="told">The same with their lineage.</param>
    /// <param name="redactor">Takes the secrets out.</param>
    public static void WriteText(TextWriter output, IReadOnlyList<TraceStep> steps, FlowValue told, Redactor redactor) =>
        WriteText(output, steps, told, redactor, "", "");

    private static void WriteText(
        TextWriter output,
        IReadOnlyList<TraceStep> steps,
        FlowValue told,
        Redactor redactor,
        string indent,
        string number
    )
    {
        for (var i = 0; i < steps.Count; i++)
        {
            var (step, own) = (steps[i], $"{number}{i + 1}");
            var end = step.Error is { } error ? redactor.Redact($"{error.Code}: {error.Message}") : step.Outcome ?? "";
            output.WriteLine(
                $"{indent}{own, 3}. {step.Activity, -24} {step.Type, -16} {step.Duration.TotalMilliseconds, 8:0.0} ms  {end}".TrimEnd()
            );
            if (!step.Input.IsMissing)
                output.WriteLine($"{indent}    in   {redactor.Redact(step.Input)}");
            WriteLineage(output, told.Get(i).Get("lineage"), redactor, indent);
            if (!step.Output.IsMissing)
                output.WriteLine($"{indent}    out  {redactor.Redact(step.Output)}");
            foreach (var warning in step.Warnings)
                output.WriteLine($"{indent}    warning {warning.Code}: {redactor.Redact(warning.Message)}");
            WriteText(output, step.Children, told.Get(i).Get("children"), redactor, indent + "    ", $"{own}.");
        }
    }

    /// <summary>A line for each value: <c>headers.x-user-tier &lt;- connectors.db.first.tier (step 2)</c>.</summary>
    private static void WriteLineage(TextWriter output, FlowValue lineage, Redactor redactor, string indent)
    {
        if (!lineage.TryGetArray(out var entries))
            return;
        foreach (var entry in entries)
        {
            entry.Get("from").TryGetArray(out var from);
            var sources = string.Join(", ", (from ?? FlowArray.Empty).Select(SourceText));
            var connector = entry.Get("connector").TryGetText(out var id) ? $"  by the connector {id}" : "";
            output.WriteLine(redactor.Redact($"{indent}    from {entry.Get("to").ToText()} <- {sources}{connector}"));
        }
    }

    private static string SourceText(FlowValue source)
    {
        var path = source.Get("path").ToText();
        if (!source.Get("step").TryGetInteger(out var step))
            return path;
        source.Get("branch").TryGetArray(out var branch);
        return $"{path} (step {string.Join('.', (branch ?? FlowArray.Empty).Select(child => child.ToText()).Prepend($"{step}"))})";
    }
}
