using System.CommandLine;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;
using FlowEngine.Json;
using FlowEngine.Server.Hosting;
using FlowEngine.Testing;

namespace FlowEngine.Server.Cli;

/// <summary>Per process, single-threaded: <c>test PATH…</c>, which runs golden cases.</summary>
internal sealed class TestCommand : CliCommand
{
    private readonly Argument<string[]> _paths = new("PATH")
    {
        Description = "Case files, or folders that are searched for *.case.json.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _format = Formats.Option(Formats.Text, Formats.Json);
    private readonly EngineOptions _engine;

    public TestCommand()
        : base(
            "test",
            "Runs golden cases: scripted answers and replies against what the "
                + "flow must do. No live system is called. Exit code 1 on a difference.",
            "flowengine test flows/cases",
            "flowengine test flows/cases/login-ada.case.json --format json"
        )
    {
        Arguments.Add(_paths);
        Options.Add(_format);
        _engine = new EngineOptions(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var isText = parsed.GetValue(_format) == Formats.Text;
        var problems = new DiagnosticBag();
        var files = PathSearch.Find(
            parsed.GetValue(_paths)!,
            path => path.EndsWith(".case.json", StringComparison.OrdinalIgnoreCase),
            problems
        );
        if (isText)
            DiagnosticWriter.WriteText(Console.Error, problems.Items);

        await using var hosts = new HostsByFolder(_engine.Connectors(parsed), _engine.Settings(parsed).Engine.Modules());
        var compiled = new Dictionary<string, CompilationResult>(StringComparer.Ordinal);
        var verdicts = new List<CaseVerdict>();
        foreach (var file in files)
        {
            var verdict = await RunCaseAsync(file, hosts, compiled, cancellationToken);
            verdicts.Add(verdict);
            if (isText)
                CaseReport.Write(verdict);
        }

        var failed = verdicts.Count(verdict => !verdict.Passed);
        if (isText)
            Console.Out.WriteLine($"{Words.Count(verdicts.Count, "case")}: {verdicts.Count - failed} passed, {failed} failed.");
        else
            Console.Out.WriteLine(JsonWriting.ToText(CaseReport.ToValue(verdicts, problems.Items), redact: true));
        return failed > 0 || problems.HasErrors ? ExitCodes.Failed : ExitCodes.Completed;
    }

    private static async Task<CaseVerdict> RunCaseAsync(
        string file,
        HostsByFolder hosts,
        Dictionary<string, CompilationResult> compiled,
        CancellationToken cancellationToken
    )
    {
        var problems = new DiagnosticBag();
        if (GoldenCase.Load(file, problems, ElsaFile.Kind) is not { } golden)
            return new CaseVerdict(file, null, problems.Items);

        // cases/../login.flow.json is named login.flow.json in messages.
        var flowFile = Path.IsPathRooted(golden.FlowFile) ? Path.GetFullPath(golden.FlowFile) : Path.GetRelativePath(".", golden.FlowFile);
        if (!compiled.TryGetValue(flowFile, out var flow))
            compiled.Add(flowFile, flow = hosts.Of(flowFile).Compile(flowFile));
        if (flow.Plan is null)
            return new CaseVerdict(file, null, [.. problems.Items, .. flow.Diagnostics.Where(item => item.Severity == Severity.Error)]);

        return new CaseVerdict(file, await golden.RunAsync(flow.Plan, cancellationToken), problems.Items);
    }
}

/// <summary>Shared and immutable: how one case file went.</summary>
/// <param name="File">The file.</param>
/// <param name="Result">The run's result, or null when there was nothing to run.</param>
/// <param name="Problems">Problems of the case, or of the flow when it was refused.</param>
internal sealed record CaseVerdict(string File, GoldenResult? Result, IReadOnlyList<Diagnostic> Problems)
{
    public bool Passed => Result is { Passed: true };
}
