using System.CommandLine;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Hosting;
using FlowEngine.Server.Demo;
using FlowEngine.Server.Hosting;

namespace FlowEngine.Server.Cli;

/// <summary>Per process, single-threaded: <c>serve</c>, which lets people sign
/// in through hosted screens and programs through the flow API.</summary>
internal sealed class ServeCommand : CliCommand
{
    private readonly Option<string?> _flows = new("--flows")
    {
        Description = "The folder of the flows, with connectors/ in it. Default: flows.",
        HelpName = "DIR",
    };

    private readonly Option<string> _data = new("--data")
    {
        Description = "The folder of the embedded database and the keys. Default: data.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "data",
    };

    private readonly Option<string> _urls = new("--urls")
    {
        Description = "The addresses to listen on, separated by semicolons. Default: http://127.0.0.1:5080.",
        HelpName = "URL",
        DefaultValueFactory = _ => ServeOptions.DefaultUrl,
    };

    private readonly Option<string?> _database = new("--database")
    {
        Description =
            "The connection string of a PostgreSQL database, in the place of the embedded "
            + "one; env:NAME or file:PATH keep its password out of the list of processes.",
        HelpName = "CONNECTION",
    };

    private readonly Option<bool> _cluster = new("--cluster")
    {
        Description =
            "Shares the runs with the other nodes of the same --database. All nodes need the same Storage:RootKey; see docs/operations.md.",
    };

    private readonly Option<bool> _demo = new("--demo")
    {
        Description =
            "Adds a demo people database and a demo API, points the connectors at them, and lets connectors call private networks.",
    };

    private readonly Option<string[]> _settings = new("--set")
    {
        Description =
            "A setting, such as Tokens:Issuer=https://login.example.com/default; "
            + "it goes before environment variables and appsettings.json. Repeatable.",
        HelpName = "Section:Name=value",
        DefaultValueFactory = _ => [],
    };

    public ServeCommand()
        : base(
            "serve",
            "Serves the flows of a folder: hosted screens, flow API, tokens.",
            "flowengine serve --flows flows --data data --urls http://127.0.0.1:5080",
            "flowengine serve --cluster --database \"Host=db;Database=flowengine;Username=flowengine\" "
                + "--set Storage:RootKey=file:/run/secrets/root_key --urls http://0.0.0.0:5080",
            "flowengine serve --demo"
        )
    {
        _settings.Validators.Add(result => KeyValue.Check(result, "Section:Name=value"));
        foreach (var option in new Option[] { _flows, _data, _urls, _database, _cluster, _demo, _settings })
            Options.Add(option);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var isDemo = parsed.GetValue(_demo);
        var folder = parsed.GetValue(_flows) ?? (isDemo ? SampleFlows.Folder : "flows");
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder of flows {folder}; name it with --flows.");
        var options = new ServeOptions
        {
            FlowFolder = folder,
            DataFolder = parsed.GetValue(_data)!,
            Urls = parsed.GetValue(_urls)!,
            Database = parsed.GetValue(_database) is { } database ? EngineChecks.Reveal(database) : null,
            IsCluster = parsed.GetValue(_cluster),
            IsDemo = isDemo,
            Settings = ServerSettings.Load(parsed.GetValue(_settings)!.Select(KeyValue.Split), isDemo),
        };

        await using var server = await FlowServer.StartAsync(options, Console.Out, cancellationToken);
        Console.WriteLine(
            isDemo
                ? $"Serving the demo. Sign in at {options.FirstUrl}/login/login as ada@example.com, "
                    + "ghost@example.com, busy@example.com or broken@example.com. Ctrl+C stops."
                : $"Serving on {options.Urls}. Ctrl+C stops."
        );
        await server.RunAsync(cancellationToken);
        return ExitCodes.Completed;
    }
}
