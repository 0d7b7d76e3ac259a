using System.CommandLine;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;
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
    private readonly EngineOptions _engine;

    public ValidateCommand()
        : base(
            "validate",
            "Reports every problem of flow, connector and case files. Exit code 1 when there is an error.",
            "flowengine validate flows",
            "flowengine validate flows/login.flow.json --format json"
        )
    {
        Arguments.Add(_paths);
        Options.Add(_format);
        _engine = new EngineOptions(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var problems = new DiagnosticBag();
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
                problems.AddRange(hosts.Of(file).Compile(file).Diagnostics);
        }

        var found = problems.Items.DistinctBy(item => item with { File = item.File is null ? null : Path.GetFullPath(item.File) }).ToList();
        Write(found, files.Count, parsed.GetValue(_format)!);
        return problems.HasErrors ? ExitCodes.Failed : ExitCodes.Completed;
    }

    private static bool IsKnown(string path) =>
        FlowFile.IsFlowFile(path)
        || ConnectorFolder.IsConnectorFile(path)
        || path.EndsWith(".case.json", StringComparison.OrdinalIgnoreCase);

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

    private static void Write(List<Diagnostic> found, int fileCount, string format)
    {
        var errors = found.Count(item => item.Severity == Severity.Error);
        var warnings = found.Count - errors;
        switch (format)
        {
            case Formats.Json:
                var result = FlowShape
                    .Of("files", "errors", "warnings", "diagnostics")
                    .With(FlowValue.From(fileCount), FlowValue.From(errors), FlowValue.From(warnings), DiagnosticWriter.ToValue(found));
                Console.Out.WriteLine(JsonWriting.ToText(FlowValue.From(result)));
                break;

            case Formats.GitHub:
                DiagnosticWriter.WriteGitHub(Console.Out, found);
                Console.Out.WriteLine(Summary());
                break;

            default:
                DiagnosticWriter.WriteText(Console.Error, found);
                Console.Out.WriteLine(Summary());
                break;
        }

        string Summary() =>
            $"Checked {Words.Count(fileCount, "file")}: {Words.Count(errors, "error")}, {Words.Count(warnings, "warning")}.";
    }
}
