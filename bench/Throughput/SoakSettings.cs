using System.Globalization;

namespace FlowEngine.Bench.Throughput;

/// <summary>Shared and immutable: how long memory is watched, from <c>--name value</c> pairs.</summary>
internal sealed record SoakSettings
{
    /// <summary>How many logins.</summary>
    public int Logins { get; init; } = 1_000_000;

    /// <summary>How many people sign in at a time.</summary>
    public int Connections { get; init; } = 32;

    /// <summary>Whether the server stores in PostgreSQL, not in its embedded database.</summary>
    public bool IsPostgres { get; init; } = true;

    /// <summary>The most that the server's heap may take, in MB, as in a container of a third more; 0 for what the machine has.</summary>
    public int HeapMegabytes { get; init; } = 768;

    /// <summary>How many minutes the server is watched when all have signed in.</summary>
    public int IdleMinutes { get; init; } = 5;

    /// <summary>Environment variables for the server, each <c>NAME=value</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads the command line.</summary>
    public static SoakSettings Parse(string[] args)
    {
        var settings = new SoakSettings();
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value.");
            settings = args[i] switch
            {
                "--logins" => settings with { Logins = Number(value) },
                "--connections" => settings with { Connections = Number(value) },
                "--store" => settings with
                {
                    IsPostgres = value switch
                    {
                        "postgres" => true,
                        "sqlite" => false,
                        _ => throw new ArgumentException("--store is sqlite or postgres."),
                    },
                },
                "--heap" => settings with { HeapMegabytes = Number(value) },
                "--idle" => settings with { IdleMinutes = Number(value) },
                "--environment" => settings with
                {
                    Environment = value.Split(',').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]),
                },
                _ => throw new ArgumentException($"There is no setting {args[i]}; see bench/README.md."),
            };
        }
        return settings;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
