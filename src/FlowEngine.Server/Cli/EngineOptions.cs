using System.CommandLine;
using System.CommandLine.Parsing;
using FlowEngine.Server.Hosting;

namespace FlowEngine.Server.Cli;

/// <summary>Per command, single-threaded: the options of every command that uses connectors.</summary>
internal sealed class EngineOptions
{
    private readonly Option<string?> _connectors = new("--connectors")
    {
        Description = "The folder of the connector files. Default: connectors/ beside the flow.",
        HelpName = "DIR",
    };

    private readonly Option<string[]> _settings = new("--set")
    {
        Description =
            "A setting, such as Egress:AllowPrivateNetworks=true; it goes before environment "
            + "variables (FLOWENGINE_Egress__AllowPrivateNetworks) and appsettings.json. Repeatable.",
        HelpName = "Section:Name=value",
        DefaultValueFactory = _ => [],
    };

    public EngineOptions(Command command)
    {
        _settings.Validators.Add(result => KeyValue.Check(result, "Section:Name=value"));
        command.Options.Add(_connectors);
        command.Options.Add(_settings);
    }

    /// <summary>The folder given, or null.</summary>
    public string? Connectors(ParseResult parsed) => parsed.GetValue(_connectors);

    /// <summary>The settings from files, environment and <c>--set</c>.</summary>
    public ServerSettings Settings(ParseResult parsed, bool isDemo = false) =>
        ServerSettings.Load(parsed.GetValue(_settings)!.Select(KeyValue.Split), isDemo);
}
