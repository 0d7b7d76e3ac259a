using System.CommandLine;
using System.CommandLine.Parsing;
using FlowEngine.Server.Hosting;

namespace FlowEngine.Server.Cli;

/// <summary>Per command, single-threaded: the option of every command that reads the operator's settings.</summary>
internal sealed class SettingOptions
{
    private readonly Option<string[]> _settings = new("--set")
    {
        Description =
            "A setting, such as Egress:AllowPrivateNetworks=true; it goes before environment "
            + "variables (FLOWENGINE_Egress__AllowPrivateNetworks) and appsettings.json. Repeatable.",
        HelpName = "Section:Name=value",
        DefaultValueFactory = _ => [],
    };

    public SettingOptions(Command command)
    {
        _settings.Validators.Add(result => KeyValue.Check(result, "Section:Name=value"));
        command.Options.Add(_settings);
    }

    /// <summary>The settings from files, environment and <c>--set</c>.</summary>
    public ServerSettings Read(ParseResult parsed, bool isDemo = false) =>
        ServerSettings.Load(parsed.GetValue(_settings)!.Select(KeyValue.Split), isDemo).Check();
}
