using System.Text.Json.Serialization;
using FlowEngine.Errors;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>A problem of a flow or connector.</summary>
/// <param name="File">The file; null where there is none.</param>
/// <param name="Pointer">Where: a JSON Pointer (RFC 6901).</param>
/// <param name="Code">The stable code.</param>
/// <param name="Severity">Whether the definition is refused for it.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Advice">What to do.</param>
/// <param name="Line">The line of the text that stands there, from 1.</param>
/// <param name="Meant">What was probably meant instead of a path.</param>
[SchemaName("Diagnostic")]
internal sealed record FileProblem(
    string? File,
    string Pointer,
    string Code,
    [property: OneOf("error", "warning")] string Severity,
    string Message,
    string Advice,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Line = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Meant? Meant = null
)
{
    /// <summary>Problems as answers have them.</summary>
    public static IReadOnlyList<FileProblem> Of(IEnumerable<Diagnostic> diagnostics) =>
        [
            .. diagnostics.Select(problem => new FileProblem(
                problem.File,
                problem.Pointer,
                problem.Code,
                problem.Severity == Errors.Severity.Error ? "error" : "warning",
                problem.Message,
                problem.Advice,
                problem.Line,
                problem.Meant is { } meant ? new Meant(meant.Path, meant.Part, meant.Name) : null
            )),
        ];
}

/// <summary>What was probably meant instead of a path.</summary>
/// <param name="Path">The path as it stands there.</param>
/// <param name="Part">Which of its parts is wrong, counted from 1 behind the root.</param>
/// <param name="Name">What that part was probably meant to be.</param>
internal sealed record Meant(string Path, int Part, string Name);
