namespace FlowEngine.Errors;

/// <summary>Shared and immutable: that something of a flow or connector reads a path of the context.</summary>
/// <param name="Root">The root, such as <c>client</c>.</param>
/// <param name="Key">What follows it; null when the whole root is read.</param>
/// <param name="HasFallback">Whether something stands in where the path leads nowhere.</param>
/// <param name="At">Where it is read.</param>
internal readonly record struct PathRead(string Root, string? Key, bool HasFallback, SourceLocation At);

/// <summary>Single-threaded: collects the problems of a compilation, so that all are reported at once.</summary>
public sealed class DiagnosticBag
{
    private readonly List<Diagnostic> _items = [];

    /// <summary>Told of each path that a template, rule or script reads, so that whoever compiles the whole can check that something gives its value. Default nobody.</summary>
    internal Action<PathRead>? OnRead { get; set; }

    /// <summary>The problems found so far, in the order found.</summary>
    public IReadOnlyList<Diagnostic> Items => _items;

    /// <summary>Whether one of them is an error.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Reports an error; the advice is the code's own unless a more fitting one is given.</summary>
    public void Error(ErrorCode code, SourceLocation at, string message, string? advice = null) => Add(Severity.Error, code, at, message, advice);

    /// <summary>Reports a warning; the advice is the code's own unless a more fitting one is given.</summary>
    public void Warning(ErrorCode code, SourceLocation at, string message, string? advice = null) => Add(Severity.Warning, code, at, message, advice);

    /// <summary>Takes over problems found elsewhere.</summary>
    public void AddRange(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
        {
            _items.Add(diagnostic);
            HasErrors |= diagnostic.Severity == Severity.Error;
        }
    }

    private void Add(Severity severity, ErrorCode code, SourceLocation at, string message, string? advice)
    {
        _items.Add(new Diagnostic(code.Code, severity, at.File, at.Pointer, message, advice ?? code.Advice));
        HasErrors |= severity == Severity.Error;
    }
}
