using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Server.Hosting;
using FlowEngine.Testing;
using FlowEngine.Tracing;
using Spectre.Console;

namespace FlowEngine.Server.Cli;

/// <summary>Stateless: writes how golden cases went; differences side by side.</summary>
internal static class CaseReport
{
    /// <summary>Masks what carries the sensitive mark.</summary>
    private static readonly Redactor NoSecrets = new([]);

    private static readonly FlowShape Summary = FlowShape.Of("cases", "passed", "failed", "results", "diagnostics");
    private static readonly FlowShape Case = FlowShape.Of("file", "passed", "differences", "diagnostics");
    private static readonly FlowShape Difference = FlowShape.Of("field", "expected", "actual");

    public static void Write(CaseVerdict verdict)
    {
        Console.Out.WriteLine($"{(verdict.Passed ? "passed" : "FAILED")}  {verdict.File}");
        DiagnosticWriter.WriteText(Console.Error, verdict.Problems);
        if (verdict.Result is { Passed: false } result)
            WriteDifferences(result);
    }

    public static FlowValue ToValue(IReadOnlyList<CaseVerdict> verdicts, IReadOnlyList<Diagnostic> problems)
    {
        var failed = verdicts.Count(verdict => !verdict.Passed);
        return FlowValue.From(
            Summary.With(
                FlowValue.From(verdicts.Count),
                FlowValue.From(verdicts.Count - failed),
                FlowValue.From(failed),
                FlowValue.Array(verdicts.Select(ToValue)),
                DiagnosticWriter.ToValue(problems)
            )
        );
    }

    private static FlowValue ToValue(CaseVerdict verdict) =>
        FlowValue.From(
            Case.With(
                FlowValue.From(verdict.File),
                FlowValue.From(verdict.Passed),
                FlowValue.Array(
                    (verdict.Result?.Differences ?? []).Select(item =>
                        FlowValue.From(
                            Difference.With(
                                FlowValue.From(item.Field),
                                item.Expected.IsMissing ? FlowValue.Null : item.Expected,
                                item.Actual.IsMissing ? FlowValue.Null : item.Actual
                            )
                        )
                    )
                ),
                DiagnosticWriter.ToValue(verdict.Problems)
            )
        );

    private static void WriteDifferences(GoldenResult result)
    {
        var table = new Table().Border(TableBorder.Ascii).AddColumn("field").AddColumn("expected").AddColumn("actual");
        foreach (var difference in result.Differences)
            table.AddRow(new Text(difference.Field), new Text(Lines(difference.Expected)), new Text(Lines(difference.Actual)));

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        if (Console.IsOutputRedirected)
            console.Profile.Width = 160;
        console.Write(table);
        if (result.Run is { Status: RunStatus.Failed, Failure: { } failure })
            Console.Out.WriteLine($"The run failed at '{failure.Activity}' with {failure.Code}: {failure.Message}");
    }

    /// <summary>One line for each element, so that two paths can be compared by eye.</summary>
    private static string Lines(FlowValue value)
    {
        if (value.IsMissing)
            return "(nothing)";
        value = NoSecrets.Redact(value);
        if (!value.TryGetArray(out var array))
            return JsonIndenting.ToText(value).TrimEnd();
        return array.Count == 0 ? "[]" : string.Join('\n', array.Select(item => item.ToJson()));
    }
}
