using System.CommandLine;
using FlowEngine.Json;

namespace FlowEngine.Server.Cli.Environments;

/// <summary>Per process, single-threaded: <c>diff --from URL --to FOLDER</c>, which shows how what runs differs from a folder.</summary>
internal sealed class DiffCommand : CliCommand
{
    private readonly Option<string> _folder = new("--to")
    {
        Description = "The folder of the flows; their connectors are in connectors/ below it.",
        HelpName = "FOLDER",
        Required = true,
    };
    private readonly EnvironmentOptions _environment;

    public DiffCommand()
        : base(
            "diff",
            "Shows what applying a folder would change on a server. Changes nothing. "
                + "Exit code 1 when something differs, or a file could not run.",
            "flowengine diff --from https://login.example.com --to flows --key-file management.key",
            "flowengine diff --from http://127.0.0.1:5080 --to flows --format json"
        )
    {
        _environment = new EnvironmentOptions(this, "--from");
        Options.Add(_folder);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (
            await _environment.ReadAsync(parsed, parsed.GetValue(_folder)!) is not { } body
            || await _environment.AskAsync(parsed, "plan", body, cancellationToken) is not { } plan
        )
            return ExitCodes.Failed;
        if (_environment.IsJson(parsed))
            await Console.Out.WriteLineAsync(JsonIndenting.ToText(plan));
        else
            PlanOutput.Write(plan);
        return PlanOutput.Differs(plan) || PlanOutput.IsRefused(plan) ? ExitCodes.Failed : ExitCodes.Completed;
    }
}
