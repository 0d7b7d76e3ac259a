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

    private readonly SettingOptions _settings;

    public SchemaCommand()
        : base(
            "schema",
            "Prints the JSON Schema (draft 2020-12) of flow files, with which editors complete and check them.",
            "flowengine schema --output flows/flow.schema.json"
        )
    {
        Options.Add(_output);
        _settings = new SettingOptions(this);
        SetAction(
            (parsed, cancellationToken) =>
                OutputFile.WriteAsync(Generate(_settings.Read(parsed).Engine.Modules()), parsed.GetValue(_output), cancellationToken)
        );
    }

    private static string Generate(EngineModules modules) => FlowSchema.Generate(modules.Activities(), modules.Components());
}
