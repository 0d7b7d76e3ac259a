namespace FlowEngine.Errors;

/// <summary>Single-threaded: collects the problems of a compilation, so that
/// all are reported at once, up to <see cref="MaxProblems"/>.</summary>
public sealed class DiagnosticBag
{
    /// <summary>How many problems are kept; what comes then is counted by one last problem, <c>flow.too_many_problems</c>.</summary>
    public const int MaxProblems = 1_000;

    /// <summary>How many characters they may have together: a file with long names has long pointers.</summary>
    public const int MaxCharacters = 1_000_000;

    private readonly List<Diagnostic> _items = [];
    private int _characters;

    /// <summary>Told of each path that a template, rule or script reads, so that whoever
    /// compiles the whole can check that something gives its value. Default nobody.</summary>
    internal Action<PathRead>? OnRead { get; set; }

    /// <summary>Whether something stands in for what the templates here lack, so that it need not be there. Default false.</summary>
    internal bool HasStandIn { get; set; }

    /// <summary>The roots that templates may begin with here beside those that every run has. Default none.</summary>
    internal string[] LocalRoots { get; set; } = [];

    /// <summary>Who is told of each path that a rule reads of one of <see cref="LocalRoots"/>. Default nobody.</summary>
    internal Action<PathRead>? OnLocalRead { get; set; }

    /// <summary>The problems found so far, in the order found.</summary>
    public IReadOnlyList<Diagnostic> Items => _items;

    /// <summary>Whether one of them is an error, also of those that were not kept.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Whether no more are kept: nobody needs to look for advice any more.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Whether it makes no sense to look any further: there are errors, and no more problems are kept.</summary>
    public bool IsHopeless => IsFull && HasErrors;

    /// <summary>Reports an error; the advice is the code's own unless a more fitting one is given.</summary>
    public void Error(
        ErrorCode code,
        SourceLocation at,
        string message,
        string? advice = null,
        int? line = null,
        MeantPath? meant = null
    ) => Add(Severity.Error, code, at, message, advice, line, meant);

    /// <summary>Reports a warning; the advice is the code's own unless a more fitting one is given.</summary>
    public void Warning(ErrorCode code, SourceLocation at, string message, string? advice = null, MeantPath? meant = null) =>
        Add(Severity.Warning, code, at, message, advice, null, meant);

    /// <summary>Takes over problems found elsewhere.</summary>
    public void AddRange(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
        {
            if (IsFull)
                Drop(diagnostic.Severity);
            else
                Keep(diagnostic);
        }
    }

    private void Add(Severity severity, ErrorCode code, SourceLocation at, string message, string? advice, int? line, MeantPath? meant)
    {
        if (IsFull)
            Drop(severity);
        else
            Keep(new Diagnostic(code.Code, severity, at.File, at.Pointer, message, advice ?? code.Advice) { Line = line, Meant = meant });
    }

    private void Keep(Diagnostic diagnostic)
    {
        HasErrors |= diagnostic.Severity == Severity.Error;
        _items.Add(diagnostic);
        _characters += diagnostic.Pointer.Length + diagnostic.Message.Length + diagnostic.Advice.Length;
        if (_items.Count < MaxProblems && _characters < MaxCharacters)
            return;
        IsFull = true;
        var code = FlowErrors.TooManyProblems;
        _items.Add(new Diagnostic(code.Code, Severity.Warning, diagnostic.File, "", code.Meaning, code.Advice));
    }

    /// <summary>Of what is not kept only that there was an error.</summary>
    private void Drop(Severity severity)
    {
        if (severity != Severity.Error)
            return;
        HasErrors = true;
        _items[^1] = _items[^1] with { Severity = Severity.Error };
    }
}
