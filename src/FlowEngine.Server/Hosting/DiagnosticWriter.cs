using FlowEngine.Context;
using FlowEngine.Errors;

namespace FlowEngine.Server.Hosting;

/// <summary>Stateless: writes problems of files for people, programs and GitHub.</summary>
internal static class DiagnosticWriter
{
    /// <summary>Each problem with severity, code, file, JSON Pointer, line, message and advice.</summary>
    public static void WriteText(TextWriter output, IReadOnlyList<Diagnostic> diagnostics)
    {
        var lines = new DiagnosticLines(diagnostics);
        foreach (var diagnostic in diagnostics)
        {
            var line = lines.Of(diagnostic) is { } number ? $" (line {number})" : "";
            output.WriteLine($"{Severity(diagnostic)} {diagnostic.Code} {diagnostic.File ?? "(document)"}#{diagnostic.Pointer}{line}");
            output.WriteLine($"    {diagnostic.Message}");
            output.WriteLine($"    {diagnostic.Advice}");
        }
    }

    /// <summary>Workflow commands that GitHub shows at the line of the file.</summary>
    public static void WriteGitHub(TextWriter output, IReadOnlyList<Diagnostic> diagnostics)
    {
        var lines = new DiagnosticLines(diagnostics);
        foreach (var diagnostic in diagnostics)
        {
            var line = lines.Of(diagnostic) ?? 1;
            var message = $"{diagnostic.Message} {diagnostic.Advice} ({diagnostic.Pointer})";
            output.WriteLine(
                $"::{Severity(diagnostic)} "
                    + $"file={Property(diagnostic.File ?? "")},line={line},title={Property(diagnostic.Code)}::{Data(message)}"
            );
        }
    }

    /// <summary><c>[ { file, pointer, code, severity, message, advice, line } ]</c></summary>
    public static FlowValue ToValue(IReadOnlyList<Diagnostic> diagnostics)
    {
        var lines = new DiagnosticLines(diagnostics);
        return FlowValue.Array(
            diagnostics.Select(diagnostic =>
            {
                DiagnosticView.ToValue(diagnostic).TryGetObject(out var view);
                return FlowValue.From(lines.Of(diagnostic) is { } line ? view!.With("line", FlowValue.From(line)) : view!);
            })
        );
    }

    private static string Severity(Diagnostic diagnostic) => diagnostic.Severity == Errors.Severity.Error ? "error" : "warning";

    private static string Data(string text) =>
        text.Replace("%", "%25", StringComparison.Ordinal)
            .Replace("\r", "%0D", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) =>
        Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
