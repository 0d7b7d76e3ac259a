using System.CommandLine;
using System.CommandLine.Parsing;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;
using FlowEngine.Server.Hosting;
using FlowEngine.Testing;

namespace FlowEngine.Server.Cli;

/// <summary>Per process, single-threaded: <c>drill FLOW…</c>, which shows where a person ends up when what a flow asks fails.</summary>
internal sealed class DrillCommand : CliCommand
{
    private const string CaseSuffix = ".case.json";

    private readonly Argument<string[]> _flows = new("FLOW")
    {
        Description = "Flow files, or folders that are searched for *.flow.json.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _cases = new("--case")
    {
        Description =
            "The golden case whose inputs, answers and replies are taken: a file, or a name such as login-ada. Repeatable. "
            + "Default: the flow's own cases beside it and in cases/, those that complete first.",
        HelpName = "FILE|NAME",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string> _format = Formats.Option(Formats.Text, Formats.Json, Formats.GitHub);
    private readonly EngineOptions _engine;

    public DrillCommand()
        : base(
            "drill",
            "Runs a flow once for each activity that asks somebody and each way in which that can end, everything else as in a "
                + "golden case, and shows where the person ends up. No live system is called. Exit code 1 when somebody is signed in after a failed call.",
            "flowengine drill flows/login.flow.json",
            "flowengine drill flows/login.flow.json --case login-ada --format github"
        )
    {
        Arguments.Add(_flows);
        Options.Add(_cases);
        Options.Add(_format);
        _engine = new EngineOptions(this);
        Validators.Add(CheckCases);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var problems = new DiagnosticBag();
        var files = PathSearch.Find(parsed.GetValue(_flows)!, IsFlow, problems);
        await using var hosts = new HostsByFolder(_engine.Connectors(parsed), _engine.Settings(parsed).Engine.Modules());
        var drilled = new List<DrilledFlow>();
        foreach (var file in files)
        {
            var found = new DiagnosticBag();
            var report = await DrillAsync(hosts.Of(file), file, parsed.GetValue(_cases)!, found, cancellationToken);
            drilled.Add(new DrilledFlow(file, report, [.. found.Items, .. report?.Diagnostics ?? []]));
        }
        DrillOutput.Write(drilled, problems.Items, parsed.GetValue(_format)!);
        return problems.HasErrors || drilled.Exists(flow => flow.HasFailed) ? ExitCodes.Failed : ExitCodes.Completed;
    }

    private static bool IsFlow(string path) => path.EndsWith(".flow.json", StringComparison.OrdinalIgnoreCase);

    private static async Task<DrillReport?> DrillAsync(
        FlowEngineHost host,
        string file,
        string[] given,
        DiagnosticBag problems,
        CancellationToken cancellationToken
    )
    {
        var compiled = host.Compile(file);
        if (compiled.Plan is not { } plan)
        {
            problems.AddRange(compiled.Diagnostics.Where(item => item.Severity == Severity.Error));
            return null;
        }
        var paths = given.Length > 0 ? given.Select(name => FindCase(file, name)!) : CasesBeside(file);
        var cases = paths
            .Select(path => GoldenCase.Load(path, given.Length > 0 ? problems : new DiagnosticBag(), ElsaFile.Kind))
            .OfType<GoldenCase>()
            .Where(golden => given.Length > 0 || Path.GetFullPath(golden.FlowFile) == Path.GetFullPath(file))
            .ToList();
        var report = await FlowDrill.RunAsync(
            plan,
            cases,
            DrillLimits.Default,
            host.Connectors.SecretsOf(plan.Connectors),
            cancellationToken
        );
        if (cases.Count == 0 && !report.AsksNobody && !problems.HasErrors)
            problems.Error(
                FlowErrors.DrillNoCase,
                SourceLocation.Root(file),
                $"There is no golden case of this flow beside it or in {Path.Combine(FolderOf(file), "cases")}."
            );
        return report;
    }

    private void CheckCases(CommandResult result)
    {
        var given = result.GetValue(_cases) ?? [];
        if (given.Length == 0 || result.GetValue(_flows) is not { } flows)
            return;
        if (flows.Length > 1 || Directory.Exists(flows[0]))
            result.AddError("--case goes with one FLOW: each flow has cases of its own.");
        foreach (var name in given.Where(name => FindCase(flows[0], name) is null))
            result.AddError($"There is no golden case '{name}', neither as a file nor beside the flow or in its cases/.");
    }

    /// <summary>The file of a case that is named; null for none.</summary>
    private static string? FindCase(string flow, string name) =>
        new[] { name }
            .Concat(
                new[] { FolderOf(flow), Path.Combine(FolderOf(flow), "cases") }.SelectMany(folder =>
                    new[] { Path.Combine(folder, name), Path.Combine(folder, name + CaseSuffix) }
                )
            )
            .FirstOrDefault(File.Exists);

    private static IEnumerable<string> CasesBeside(string flow) =>
        new[] { FolderOf(flow), Path.Combine(FolderOf(flow), "cases") }
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*" + CaseSuffix).Order(StringComparer.Ordinal));

    private static string FolderOf(string file) => Path.GetDirectoryName(file) is { Length: > 0 } folder ? folder : ".";
}

/// <summary>Shared and immutable: how the drill of one flow went.</summary>
/// <param name="File">The flow.</param>
/// <param name="Report">What came of it; null when the flow was refused.</param>
/// <param name="Problems">All problems.</param>
internal sealed record DrilledFlow(string File, DrillReport? Report, IReadOnlyList<Diagnostic> Problems)
{
    public bool HasFailed =>
        Problems.Any(problem => problem.Severity == Severity.Error)
        || Report?.Rows.Any(row => row.Verdict == DrillVerdict.FailsOpen) == true;
}
