using System.CommandLine;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;
using FlowEngine.Json;
using FlowEngine.Model;
using FlowEngine.Server.Hosting;

namespace FlowEngine.Server.Cli;

/// <summary>Per process, single-threaded: <c>export FLOW</c>, which writes a flow as an Elsa 3 workflow definition.</summary>
internal sealed class ExportCommand : CliCommand
{
    private readonly Argument<string> _flow = new("FLOW") { Description = "The flow file." };
    private readonly Option<string> _format = new("--format")
    {
        Description = "The format that is written.",
        HelpName = "elsa",
        DefaultValueFactory = _ => "elsa",
    };
    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "The file that is written. Default: standard output.",
        HelpName = "FILE",
    };
    private readonly Option<int> _version = new("--definition-version")
    {
        Description = "The version that the definition carries.",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => 1,
    };

    public ExportCommand()
        : base(
            "export",
            "Writes a flow as an Elsa 3 workflow definition. Importing it again gives an equal flow.",
            "flowengine export --format elsa flows/login.flow.json --output flows/login.elsa.json"
        )
    {
        _format.AcceptOnlyFromAmong("elsa");
        Arguments.Add(_flow);
        Options.Add(_format);
        Options.Add(_output);
        Options.Add(_version);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var problems = new DiagnosticBag();
        var flow = FlowFile.Load(parsed.GetValue(_flow)!, problems);
        DiagnosticWriter.WriteText(Console.Error, problems.Items);
        if (flow is null || problems.HasErrors)
            return ExitCodes.Failed;

        var warnings = new DiagnosticBag();
        var definition = ElsaWriter.Write(flow, parsed.GetValue(_version), warnings);
        DiagnosticWriter.WriteText(Console.Error, warnings.Items);
        return await OutputFile.WriteAsync(JsonIndenting.ToText(definition), parsed.GetValue(_output), cancellationToken);
    }
}
