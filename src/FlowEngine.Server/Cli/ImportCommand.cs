using System.CommandLine;
using FlowEngine.Context;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;
using FlowEngine.Json;
using FlowEngine.Model;
using FlowEngine.Server.Hosting;

namespace FlowEngine.Server.Cli;

/// <summary>Per process, single-threaded: <c>import FILE</c>, which turns an Elsa 3 workflow definition into a flow file.</summary>
internal sealed class ImportCommand : CliCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "An Elsa 3 workflow definition, *.elsa.json." };
    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "The flow file that is written. Default: standard output.",
        HelpName = "FILE",
    };

    public ImportCommand()
        : base(
            "import",
            "Turns an Elsa 3 workflow definition into a flow file. What has no equal here is reported by id and type.",
            "flowengine import flows/login.elsa.json --output flows/login.flow.json"
        )
    {
        Arguments.Add(_file);
        Options.Add(_output);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var problems = new DiagnosticBag();
        var flow = FlowFile.Load(parsed.GetValue(_file)!, problems);
        DiagnosticWriter.WriteText(Console.Error, problems.Items);
        if (flow is null || problems.HasErrors)
            return ExitCodes.Failed;

        return await OutputFile.WriteAsync(JsonIndenting.ToText(FlowValue.From(flow.Json)), parsed.GetValue(_output), cancellationToken);
    }
}
