using FlowEngine.Context;
using FlowEngine.Tracing;

namespace FlowEngine.Server.Cli.Run;

/// <summary>Stateless: a run's trace as JSON and as lines.</summary>
internal static class RunTrace
{
    public static FlowValue ToValue(TraceStep step)
    {
        var value = new FlowObjectBuilder(10);
        value.Set("activity", FlowValue.From(step.Activity));
        value.Set("type", FlowValue.From(step.Type));
        value.Set("startedAt", FlowValue.From(step.StartedAt.ToString("O", System.Globalization.CultureInfo.InvariantCulture)));
        value.Set("durationMs", FlowValue.From(Math.Round(step.Duration.TotalMilliseconds, 3)));
        value.Set("outcome", step.Outcome is null ? FlowValue.Null : FlowValue.From(step.Outcome));
        value.Set("input", step.Input);
        value.Set("output", step.Output);
        value.Set("error", step.Error?.ToValue() ?? FlowValue.Missing);
        if (step.Warnings.Count > 0)
        {
            var shape = FlowShape.Of("code", "message");
            value.Set("warnings", FlowValue.From(FlowArray.From(step.Warnings.Select(item => FlowValue.From(shape.With(FlowValue.From(item.Code), FlowValue.From(item.Message)))))));
        }
        if (step.Children.Count > 0)
            value.Set("children", FlowValue.From(FlowArray.From(step.Children.Select(ToValue))));
        return FlowValue.From(value.Build());
    }

    /// <summary>A line for each step, with its warnings and branches below it.</summary>
    public static void WriteText(TextWriter output, IReadOnlyList<TraceStep> steps, string indent = "")
    {
        foreach (var step in steps)
        {
            var end = step.Error is { } error ? $"{error.Code}: {error.Message}" : step.Outcome ?? "";
            output.WriteLine($"{indent}{step.Activity,-24} {step.Type,-16} {step.Duration.TotalMilliseconds,8:0.0} ms  {end}");
            if (!step.Input.IsMissing)
                output.WriteLine($"{indent}    in   {step.Input}");
            if (!step.Output.IsMissing)
                output.WriteLine($"{indent}    out  {step.Output}");
            foreach (var warning in step.Warnings)
                output.WriteLine($"{indent}    warning {warning.Code}: {warning.Message}");
            WriteText(output, step.Children, indent + "    ");
        }
    }
}
