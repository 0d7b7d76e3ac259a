using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Execution.Lineage;
using FlowEngine.Server.Hosting;
using FlowEngine.Tracing;

namespace FlowEngine.Server.Cli.Run;

/// <summary>Shared and immutable: what <c>run</c> prints when it is done.</summary>
/// <param name="Run">The run, or null when the flow was refused.</param>
/// <param name="Token">The session token, or null.</param>
/// <param name="Error">The failure, or the last error; missing for none.</param>
/// <param name="Redactor">Masks what the run has seen of secrets.</param>
/// <param name="Calls">What became of the durable calls that the run left behind.</param>
internal sealed record RunReport(FlowRun? Run, string? Token, FlowValue Error, Redactor Redactor, IReadOnlyList<LeftCall> Calls)
{
    /// <summary>The report of a flow that was refused before it began.</summary>
    public static RunReport Refused(IReadOnlyList<Diagnostic> diagnostics)
    {
        var first = diagnostics.FirstOrDefault(item => item.Severity == Severity.Error);
        return new RunReport(
            null,
            null,
            first is null ? FlowValue.Missing : new FlowError(first.Code, first.Message).ToValue(),
            new Redactor([]),
            []
        );
    }

    /// <summary><c>{ status, runId, path, screen?, outputs, claims, user, token?, message?, error?, context, trace }</c>, <c>calls</c> when
    /// there were durable ones, and <c>diagnostics</c> when the flow was refused. Sensitive values in context
    /// and trace are masked; outputs, claims, user and token are the result and stand as they are.</summary>
    public FlowValue ToValue(IReadOnlyList<Diagnostic> diagnostics)
    {
        var report = new FlowObjectBuilder(12);
        report.Set("status", FlowValue.From(Status));
        report.Set("runId", FlowValue.From(Run?.Id));
        report.Set("path", FlowValue.Texts(Run?.Path ?? []));
        report.Set("screen", Run?.Screen is { } screen ? FlowValue.From(screen.Id) : FlowValue.Missing);
        report.Set("outputs", Run?.Outputs ?? Empty);
        report.Set("claims", Run?.Context.Claims ?? Empty);
        report.Set("user", Run?.Context.User ?? Empty);
        report.Set("token", Token is null ? FlowValue.Missing : FlowValue.From(Token));
        if (Run is { ErrorText.Length: > 0 } ended && ended.Status.HasResult())
            report.Set("message", FlowValue.From(ended.ErrorText));
        report.Set("error", Redactor.Redact(Error));
        report.Set("context", Run is null ? Empty : Redactor.Redact(Run.Context.Snapshot()));
        report.Set("trace", Run is null ? FlowValue.Array() : Told(Run));
        if (Calls.Count > 0)
            report.Set("calls", FlowValue.Array(Calls.Select(call => Redactor.Redact(call.ToValue()))));
        if (Run is null)
            report.Set("diagnostics", DiagnosticWriter.ToValue(diagnostics));
        return FlowValue.From(report.Build());
    }

    /// <summary>The report for people.</summary>
    public void WriteText(TextWriter output, bool withTrace)
    {
        if (Run is null)
            return;
        if (withTrace)
            RunTrace.WriteText(output, Run.Trace ?? [], Told(Run), Redactor);

        output.WriteLine();
        output.WriteLine(
            Run.Status switch
            {
                RunStatus.Completed => $"Completed: {Run.Plan.Definition.Name} ({Run.EndName})",
                RunStatus.Waiting => $"Waiting at the screen '{Run.Screen?.Id}'",
                RunStatus.Refused => $"Refused: {Run.Plan.Definition.Name} ({Run.EndName})",
                _ => Run.Failure?.Activity is { } activity
                    ? $"Failed at '{activity}' ({Run.Failure.Code})"
                    : $"Failed ({Run.Failure?.Code})",
            }
        );
        if (Run.Status.IsOver())
            Line("message", Redactor.Redact(Run.ErrorText));
        Line("path", string.Join(" -> ", Run.Path));
        Line("user", Run.Context.User.ToJson());
        Line("claims", Run.Context.Claims.ToJson());
        Line("outputs", Run.Outputs.ToJson());
        Line("token", Token ?? "");
        foreach (var call in Calls)
            Line("call", Redactor.Redact(call.ToText()));
        // A run that completed has dealt with its errors; of one that failed it is said already.
        if (Run.Status == RunStatus.Waiting && Error.Get("code").TryGetText(out var code))
            Line("error", Redactor.Redact($"{code}: {Error.Get("message").ToText()}"));

        void Line(string name, string value)
        {
            if (value is not ("" or "{}"))
                output.WriteLine($"  {name, -8} {value}");
        }
    }

    private FlowValue Told(FlowRun run) => TraceLineage.Join(run.Plan, TraceWriter.ToValue(run.Trace ?? [], Redactor));

    private static FlowValue Empty => FlowValue.From(FlowObject.Empty);

    private string Status => (Run?.Status ?? RunStatus.Failed).ToName();
}
