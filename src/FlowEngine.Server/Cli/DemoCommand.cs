using System.CommandLine;
using FlowEngine.Server.Demo;

namespace FlowEngine.Server.Cli;

/// <summary>Per process, single-threaded: <c>demo</c>, which serves the API that the sample flows call, and nothing else.</summary>
internal sealed class DemoCommand : CliCommand
{
    private readonly Option<string> _urls = new("--urls")
    {
        Description = "The addresses to listen on, separated by semicolons. Default: http://127.0.0.1:5081.",
        HelpName = "URL",
        DefaultValueFactory = _ => "http://127.0.0.1:5081",
    };

    public DemoCommand()
        : base(
            "demo",
            "Serves the demo API that the sample flows call, below /demo. Its secrets are public.",
            "flowengine demo --urls http://0.0.0.0:5081"
        )
    {
        Options.Add(_urls);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls(parsed.GetValue(_urls)!).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        await using var app = builder.Build();
        app.MapGet("/healthz", () => "ok");
        app.Map("/demo/{**path}", new DemoApi().HandleAsync);
        await app.StartAsync(cancellationToken);
        Console.WriteLine($"The demo API is at {app.Urls.First()}/demo. Ctrl+C stops.");
        await app.WaitForShutdownAsync(cancellationToken);
        return ExitCodes.Completed;
    }
}
