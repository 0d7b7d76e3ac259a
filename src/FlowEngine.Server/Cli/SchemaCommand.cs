using System.CommandLine;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.Schema;

namespace FlowEngine.Server.Cli;

/// <summary>Per process, single-threaded: <c>schema</c>, which prints the JSON Schema of flow files.</summary>
internal sealed class SchemaCommand : CliCommand
{
    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "The file that is written. Default: standard output.",
        HelpName = "FILE",
    };

    public SchemaCommand()
        : base(
            "schema",
            "Prints the JSON Schema (draft 2020-12) of flow files, with which editors complete and check them.",
            "flowengine schema --output flows/flow.schema.json"
        )
    {
        Options.Add(_output);
        SetAction(
            (parsed, cancellationToken) =>
                OutputFile.WriteAsync(
                    FlowSchema.Generate(FlowEngineHost.Activities, FlowEngineHost.Components),
                    parsed.GetValue(_output),
                    cancellationToken
                )
        );
    }
}
