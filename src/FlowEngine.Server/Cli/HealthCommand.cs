using System.CommandLine;
using FlowEngine.Server.Hosting;

namespace FlowEngine.Server.Cli;

/// <summary>Per process, single-threaded: <c>health</c>, with which containers
/// and scripts ask a server how it is, without a tool of their own.</summary>
internal sealed class HealthCommand : CliCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    private readonly Option<string> _url = new("--url")
    {
        Description =
            "What is asked: /healthz tells whether the server lives, /readyz "
            + $"whether it can work. Default: {ServeOptions.DefaultUrl}/healthz.",
        HelpName = "URL",
        DefaultValueFactory = _ => $"{ServeOptions.DefaultUrl}/healthz",
    };

    public HealthCommand()
        : base(
            "health",
            "Asks a server how it is. Exit code 0 when it is well, 1 when it is not.",
            "flowengine health --url http://127.0.0.1:5080/readyz"
        )
    {
        _url.Validators.Add(result =>
        {
            if (!Uri.TryCreate(result.GetValueOrDefault<string>(), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
                result.AddError("--url: not an http URL.");
        });
        Options.Add(_url);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = Limit };
        try
        {
            using var answer = await http.GetAsync(parsed.GetValue(_url), cancellationToken);
            Console.WriteLine($"{(int)answer.StatusCode} {answer.ReasonPhrase}");
            return answer.IsSuccessStatusCode ? ExitCodes.Completed : ExitCodes.Failed;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"No answer: {error.Message}");
            return ExitCodes.Failed;
        }
    }
}
