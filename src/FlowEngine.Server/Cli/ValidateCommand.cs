using System.CommandLine;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.Compilation;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Model;
using FlowEngine.Server.Hosting;
using FlowEngine.Testing;

namespace FlowEngine.Server.Cli;

/// <summary>Per process, single-threaded: <c>validate PATH…</c>, which reports every problem of flow, connector and case files.</summary>
internal sealed class ValidateCommand : CliCommand
{
    private readonly Argument<string[]> _paths = new("PATH")
    {
        Description = "Files, or folders that are searched for *.flow.json, *.elsa.json, *.connector.json and *.case.json.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _format = Formats.Option(Formats.Text, Formats.Json, Formats.GitHub);
    private readonly Option<bool> _waits = new("--waits")
    {
        Description = "Also shows how long a person may wait from each screen to the next when nobody answers.",
    };

    private readonly EngineOptions _engine;

    public ValidateCommand()
        : base(
            "validate",
            "Reports every problem of flow, connector and case files. Exit code 1 when there is an error.",
            "flowengine validate flows",
            "flowengine validate flows/login.flow.json --format json",
            "flowengine validate flows --waits"
        )
    {
        Arguments.Add(_paths);
        Options.Add(_format);
        Options.Add(_waits);
        _engine = new EngineOptions(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var problems = new DiagnosticBag();
        var waits = new List<(string File, StretchWait Stretch)>();
        var files = PathSearch.Find(parsed.GetValue(_paths)!, IsKnown, problems);
        var modules = _engine.Settings(parsed).Engine.Modules();
        await using var hosts = new HostsByFolder(_engine.Connectors(parsed), modules);
        foreach (var file in files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (ConnectorFolder.IsConnectorFile(file))
                await CheckConnectorAsync(file, modules, problems);
            else if (file.EndsWith(".case.json", StringComparison.OrdinalIgnoreCase))
                CheckCase(file, problems);
            else
                CheckFlow(hosts.Of(file).Compile(file), file, problems, waits);
        }

        var found = problems.Items.DistinctBy(item => item with { File = item.File is null ? null : Path.GetFullPath(item.File) }).ToList();
        Write(found, files.Count, parsed.GetValue(_format)!, parsed.GetValue(_waits) ? waits : null);
        return problems.HasErrors ? ExitCodes.Failed : ExitCodes.Completed;
    }

    private static bool IsKnown(string path) =>
        FlowFile.IsFlowFile(path)
        || ConnectorFolder.IsConnectorFile(path)
        || path.EndsWith(".case.json", StringComparison.OrdinalIgnoreCase);

    private static void CheckFlow(
        CompilationResult result,
        string file,
        DiagnosticBag problems,
        List<(string File, StretchWait Stretch)> waits
    )
    {
        problems.AddRange(result.Diagnostics);
        waits.AddRange((result.Plan?.Stretches ?? []).Select(stretch => (file, stretch)));
    }

    private static async Task CheckConnectorAsync(string file, EngineModules modules, DiagnosticBag problems)
    {
        await using var connectors = modules.NewConnectors();
        if (ConnectorFolder.ReadFile(file, problems) is not { } definition)
            return;
        connectors.Set(definition);
        connectors.Find(definition.Id, out var found);
        problems.AddRange(found);
    }

    private static void CheckCase(string file, DiagnosticBag problems)
    {
        if (GoldenCase.Load(file, problems, ElsaFile.Kind) is { } golden && !File.Exists(golden.FlowFile))
            problems.Error(FlowErrors.File, SourceLocation.Root(file).At("flow"), $"There is no file {golden.FlowFile}.");
    }

    private static void Write(
        List<Diagnostic> found,
        int fileCount,
        string format,
        IReadOnlyList<(string File, StretchWait Stretch)>? waits
    )
    {
        var errors = found.Count(item => item.Severity == Severity.Error);
        var warnings = found.Count - errors;
        switch (format)
        {
            case Formats.Json:
                var result = FlowValue.Object(
                    ("files", FlowValue.From(fileCount)),
                    ("errors", FlowValue.From(errors)),
                    ("warnings", FlowValue.From(warnings)),
                    ("diagnostics", DiagnosticWriter.ToValue(found)),
                    ("waits", waits is null ? FlowValue.Missing : FlowValue.Array(waits.Select(ToValue)))
                );
                Console.Out.WriteLine(JsonWriting.ToText(result));
                break;

            case Formats.GitHub:
                DiagnosticWriter.WriteGitHub(Console.Out, found);
                Console.Out.WriteLine(Summary());
                break;

            default:
                DiagnosticWriter.WriteText(Console.Error, found);
                WriteWaits(waits ?? []);
                Console.Out.WriteLine(Summary());
                break;
        }

        string Summary() =>
            $"Checked {Words.Count(fileCount, "file")}: {Words.Count(errors, "error")}, {Words.Count(warnings, "warning")}.";
    }

    private static void WriteWaits(IEnumerable<(string File, StretchWait Stretch)> waits)
    {
        foreach (var flow in waits.GroupBy(wait => wait.File))
        {
            Console.Out.WriteLine(flow.Key);
            foreach (var (_, stretch) in flow)
                Console.Out.WriteLine($"  {stretch}");
            Console.Out.WriteLine();
        }
    }

    private static FlowValue ToValue((string File, StretchWait Stretch) wait) =>
        FlowValue.Object(
            ("file", FlowValue.From(wait.File)),
            ("from", FlowValue.From(wait.Stretch.From)),
            ("seconds", wait.Stretch.Longest is { } longest ? FlowValue.From(longest.TotalSeconds) : FlowValue.Null),
            (
                "parts",
                FlowValue.Array(
                    wait.Stretch.Parts.Select(part =>
                        FlowValue.Object(
                            ("activity", FlowValue.From(part.Activity)),
                            ("seconds", FlowValue.From(part.Wait.Each.TotalSeconds)),
                            ("times", FlowValue.From(part.Wait.Times))
                        )
                    )
                )
            )
        );
}
