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

    private readonly SettingOptions _settings;

    public EngineOptions(Command command)
    {
        command.Options.Add(_connectors);
        _settings = new SettingOptions(command);
    }

    /// <summary>The folder given, or null.</summary>
    public string? Connectors(ParseResult parsed) => parsed.GetValue(_connectors);

    /// <summary>The settings from files, environment and <c>--set</c>.</summary>
    public ServerSettings Settings(ParseResult parsed, bool isDemo = false) => _settings.Read(parsed, isDemo);
}
