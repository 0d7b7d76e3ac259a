using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using FlowEngine.Errors;
using FlowEngine.Server.Engine;

namespace FlowEngine.Server.Cli;

/// <summary>Stateless: parses the command line and turns whatever happens into an exit code, never into a stack trace.</summary>
internal static class CommandLine
{
    public static async Task<int> InvokeAsync(string[] args, params CliCommand[] commands)
    {
        var help = new HelpOption();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        var root = new FlowEngineCommand { help, new VersionOption() };
        foreach (var command in commands)
            root.Subcommands.Add(command);

        // Without arguments: the main job, at once.
        var parsed = root.Parse(args.Length == 0 ? ["run", "--demo"] : args);

        // Usage errors go to standard error alone: what reads the output of a script must not find a help page in it.
        if (parsed.Action is ParseErrorAction usage)
            usage.ShowHelp = usage.ShowTypoCorrections = false;

        try
        {
            var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
            if (parsed.Action is not ParseErrorAction)
                return exitCode;
            await Console.Error.WriteLineAsync("Use --help for the options and an example.");
            return ExitCodes.Usage;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Cancelled.");
            return ExitCodes.Failed;
        }
        catch (SettingsException error)
        {
            return await FailAsync(CliErrors.Setting, error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return await FailAsync(CliErrors.File, error.Message);
        }
        catch (Exception error)
        {
            return await FailAsync(CliErrors.Unexpected, $"{error.GetType().Name}: {error.Message}");
        }
    }

    private static async Task<int> FailAsync(ErrorCode code, string message)
    {
        await Console.Error.WriteLineAsync($"error {code}: {message} {code.Advice}");
        return ExitCodes.Failed;
    }

    private sealed class FlowEngineCommand() : CliCommand(
        "flowengine",
        "Runs and checks login flows. Without a command it runs the sample login flow against a demo database and API.",
        "flowengine",
        "flowengine run flows/login.flow.json --demo",
        "flowengine validate flows",
        "flowengine test flows/cases");
}
