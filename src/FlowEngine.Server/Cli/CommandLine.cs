using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Engine.Extensions;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Errors;
using FlowEngine.Server.Cli.Environments;
using FlowEngine.Server.Cli.Keys;
using FlowEngine.Server.Cli.Run;
using FlowEngine.Server.Cli.Users;
using FlowEngine.Server.Hosting;
using FlowEngine.Storage;

namespace FlowEngine.Server.Cli;

/// <summary>Stateless: parses the command line and turns whatever happens into an exit code, never into a stack trace.</summary>
internal static class CommandLine
{
    /// <summary>How long a command may take to end after SIGTERM or Ctrl+C; the server finishes its requests.</summary>
    private static readonly TimeSpan TerminationTime = TimeSpan.FromSeconds(30);

    /// <summary>The commands, made anew.</summary>
    public static IReadOnlyList<CliCommand> Commands() =>
        [
            new ServeCommand(),
            new HealthCommand(),
            new DemoCommand(),
            new KeysCommand(),
            new UsersCommand(),
            new RunCommand(),
            new ValidateCommand(),
            new TestCommand(),
            new DrillCommand(),
            new ConnectorCommand(),
            new DiffCommand(),
            new ApplyCommand(),
            new ImportCommand(),
            new ExportCommand(),
            new SchemaCommand(),
        ];

    public static async Task<int> InvokeAsync(string[] args)
    {
        var help = new HelpOption();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        var root = new FlowEngineCommand { help, new VersionOption() };
        foreach (var command in Commands())
            root.Subcommands.Add(command);

        // Without arguments: the main job, at once.
        var parsed = root.Parse(args.Length == 0 ? ["serve", "--demo"] : args);

        if (Unknown(parsed, args) is { } unknown)
        {
            await Console.Error.WriteLineAsync($"{unknown} Use --help for the commands, their options and examples.");
            return ExitCodes.Usage;
        }

        // Usage errors go to standard error alone: what reads the output of a script must not find a help page in it.
        if (parsed.Action is ParseErrorAction usage)
            usage.ShowHelp = usage.ShowTypoCorrections = false;

        try
        {
            var exitCode = await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TerminationTime }
            );
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
            foreach (var problem in error.Problems)
                await FailAsync(CliErrors.Setting, problem);
            return ExitCodes.Failed;
        }
        catch (ApiException error)
        {
            // The rules for people are those of the API.
            return await FailAsync(error.Code, error.Message);
        }
        catch (ExtensionException error)
        {
            await Console.Error.WriteLineAsync($"error {error.Message}");
            return ExitCodes.Failed;
        }
        catch (StorageException error)
        {
            await Console.Error.WriteLineAsync($"error {error.Message}");
            return ExitCodes.Failed;
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

    /// <summary>What is said of the first word that nobody knows; null when it is something else that is wrong.</summary>
    private static string? Unknown(ParseResult parsed, string[] args)
    {
        var command = parsed.CommandResult.Command;
        // A command that takes any number of files takes an option that it
        // does not know for one of them. What is behind a "--" is meant so.
        var behind = Array.IndexOf(args, "--");
        var taken = parsed
            .CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Select(token => token.Value)
            .FirstOrDefault(value =>
                value.StartsWith("--", StringComparison.Ordinal) && (behind < 0 || Array.IndexOf(args, value) < behind)
            );
        var unmatched = parsed.Action is ParseErrorAction && parsed.UnmatchedTokens is [var first, ..] ? first : null;
        return (unmatched ?? taken) is { } token
            ? Words.Unknown(
                token,
                [.. command.Subcommands.Select(known => known.Name)],
                [
                    .. command
                        .Options.SelectMany(option => option.Aliases.Append(option.Name))
                        .Where(name => name.StartsWith("--", StringComparison.Ordinal)),
                ]
            )
            : null;
    }

    private static async Task<int> FailAsync(ErrorCode code, string message)
    {
        await Console.Error.WriteLineAsync($"error {code}: {message} {code.Advice}");
        return ExitCodes.Failed;
    }

    private sealed class FlowEngineCommand()
        : CliCommand(
            "flowengine",
            "Runs and checks login flows. Without a command it serves the sample "
                + "flows on http://127.0.0.1:5080, with a demo database and API.",
            "flowengine",
            "flowengine serve --flows flows --data data --urls http://127.0.0.1:5080",
            "flowengine run flows/login.flow.json --demo",
            "flowengine validate flows",
            "flowengine test flows/cases"
        );
}
