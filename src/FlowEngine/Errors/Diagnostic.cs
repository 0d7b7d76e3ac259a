namespace FlowEngine.Errors;

/// <summary>How bad a <see cref="Diagnostic"/> is.</summary>
public enum Severity
{
    /// <summary>The flow runs, but probably not as meant.</summary>
    Warning,

    /// <summary>The flow is refused.</summary>
    Error,
}

/// <summary>Shared and immutable: one problem of a flow or connector file.</summary>
/// <param name="Code">The stable code; see <c>docs/errors.md</c>.</param>
/// <param name="Severity">Whether the file is refused.</param>
/// <param name="File">The file as the caller named it, or null for a document without a file.</param>
/// <param name="Pointer">Where: a JSON Pointer (RFC 6901) into the file; "" is the whole document.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Advice">What to do.</param>
public sealed record Diagnostic(string Code, Severity Severity, string? File, string Pointer, string Message, string Advice)
{
    /// <summary>The line of the text that stands there, from 1; null where no line is meant.</summary>
    public int? Line { get; init; }

    /// <summary>What was probably meant instead of a path; null where nobody knows.</summary>
    public MeantPath? Meant { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{File ?? "(document)"}#{Pointer}: {(Severity == Severity.Error ? "error" : "warning")} {Code}: {Message} {Advice}";
}
