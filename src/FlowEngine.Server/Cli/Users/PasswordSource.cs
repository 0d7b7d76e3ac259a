using System.CommandLine;
using System.Text;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Sessions;
using Spectre.Console;

namespace FlowEngine.Server.Cli.Users;

/// <summary>Per command, single-threaded: where a new password comes from: a file, standard input,
/// or the person at the terminal. Never an argument: others on the machine see those.</summary>
internal sealed class PasswordSource
{
    private readonly Option<string?> _file = new("--password-file")
    {
        Description =
            "A file whose first line is the password; - is standard input. Default: "
            + "asked for at the terminal, or standard input when that is no terminal.",
        HelpName = "FILE",
    };

    public PasswordSource(Command command) => command.Options.Add(_file);

    /// <summary>Reads the password.</summary>
    /// <exception cref="ApiException">It breaks the rules for passwords.</exception>
    public async Task<string> ReadAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var password = parsed.GetValue(_file) switch
        {
            { } file and not "-" => FirstLine(await File.ReadAllTextAsync(file, cancellationToken)),
            null when !Console.IsInputRedirected => await AskAsync(cancellationToken),
            _ => await ReadLineAsync(cancellationToken),
        };
        PersonRules.CheckPassword(password);
        return password;
    }

    private static async Task<string> AskAsync(CancellationToken cancellationToken)
    {
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        while (true)
        {
            var password = await new TextPrompt<string>("Password:") { IsSecret = true, Mask = null }.ShowAsync(
                terminal,
                cancellationToken
            );
            if (
                password
                == await new TextPrompt<string>("Once more:") { IsSecret = true, Mask = null }.ShowAsync(terminal, cancellationToken)
            )
                return password;
            terminal.WriteLine("They differ. Try again.");
        }
    }

    private static async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        using var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false, throwOnInvalidBytes: true));
        return await input.ReadLineAsync(cancellationToken) ?? "";
    }

    private static string FirstLine(string text) => text.Split('\n')[0].TrimEnd('\r');
}
