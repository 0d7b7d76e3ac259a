using System.CommandLine;
using FlowEngine.Context;
using FlowEngine.Json;

namespace FlowEngine.Server.Cli.Environments;

/// <summary>Per process, single-threaded: <c>apply FOLDER --to URL</c>, which makes what runs what a folder says: all of it or
/// nothing.</summary>
internal sealed class ApplyCommand : CliCommand
{
    private readonly Argument<string> _folder = new("FOLDER")
    {
        Description = "The folder of the flows; their connectors are in connectors/ below it.",
    };
    private readonly Option<bool> _yes = new("--yes") { Description = "Applies the plan. Default: it is shown, and nothing is changed." };
    private readonly Option<string?> _note = new("--note")
    {
        Description = "What the versions and the audit log say about it, such as the commit.",
        HelpName = "TEXT",
    };
    private readonly EnvironmentOptions _environment;

    public ApplyCommand()
        : base(
            "apply",
            "Shows what a folder of flows and connectors would change on a server, and with --yes does it: all of it or nothing, "
                + "with one entry in the audit log. Secrets stay where they are. Exit code 1 when nothing was applied and something differs.",
            "flowengine apply flows --to https://login.example.com --key-file management.key",
            "flowengine apply flows --to http://127.0.0.1:5080 --yes --note \"commit 3f2a\""
        )
    {
        Arguments.Add(_folder);
        _environment = new EnvironmentOptions(this, "--to");
        Options.Add(_yes);
        Options.Add(_note);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (
            await _environment.ReadAsync(parsed, parsed.GetValue(_folder)!) is not { } body
            || await _environment.AskAsync(parsed, "plan", body, cancellationToken) is not { } plan
        )
            return ExitCodes.Failed;
        var isJson = _environment.IsJson(parsed);
        if (!isJson)
            PlanOutput.Write(plan);
        var isWanted = parsed.GetValue(_yes) && !PlanOutput.IsRefused(plan);
        if (!isWanted)
        {
            if (isJson)
                await Console.Out.WriteLineAsync(JsonIndenting.ToText(plan));
            await Console.Error.WriteLineAsync(
                PlanOutput.IsRefused(plan) ? "Nothing was applied: there are errors." : "Nothing was applied: --yes does it."
            );
            return PlanOutput.Changes(plan) || PlanOutput.IsRefused(plan) ? ExitCodes.Failed : ExitCodes.Completed;
        }

        var given = body.With("revision", plan.Get("revision"));
        if (parsed.GetValue(_note) is { } note)
            given = given.With("note", FlowValue.From(note));
        if (await _environment.AskAsync(parsed, "apply", given, cancellationToken) is not { } applied)
            return ExitCodes.Failed;
        await Console.Out.WriteLineAsync(isJson ? JsonIndenting.ToText(applied) : "Applied.");
        return ExitCodes.Completed;
    }
}
