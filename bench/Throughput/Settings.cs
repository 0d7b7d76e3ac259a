using System.Globalization;

namespace FlowEngine.Bench.Throughput;

/// <summary>Shared and immutable: what is measured, from <c>--name value</c> pairs.</summary>
internal sealed record Settings
{
    /// <summary>The contenders in their order: <c>engine</c>, <c>handwritten</c>, <c>node-red</c>, <c>sqlite</c> (the engine on its
    /// embedded database), <c>stored</c> (the engine beside <see cref="Stored"/> runs). With <c>@NAME=value</c>
    /// behind it, the engine gets that environment variable, so that a setting of the runtime can be tried.</summary>
    public IReadOnlyList<string> Contenders { get; init; } = ["engine", "handwritten", "node-red"];

    /// <summary>How many rounds are measured; each contender has its turn in every one.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>How long a turn takes.</summary>
    public TimeSpan Turn { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many logins each contender takes unmeasured before the first
    /// round: by their number, because the JIT compiler counts calls.</summary>
    public int WarmUp { get; init; } = 50_000;

    /// <summary>How many people sign in at a time.</summary>
    public int Connections { get; init; } = 32;

    /// <summary>How many runs are there already for the contender <c>stored</c>.</summary>
    public int Stored { get; init; } = 1_000_000;

    /// <summary>Reads the command line.</summary>
    public static Settings Parse(string[] args)
    {
        var settings = new Settings();
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value.");
            settings = args[i] switch
            {
                "--contenders" => settings with { Contenders = value.Split(',') },
                "--rounds" => settings with { Rounds = Number(value) },
                "--seconds" => settings with { Turn = TimeSpan.FromSeconds(Number(value)) },
                "--warm-up" => settings with { WarmUp = Number(value) },
                "--connections" => settings with { Connections = Number(value) },
                "--stored" => settings with { Stored = Number(value) },
                _ => throw new ArgumentException($"There is no setting {args[i]}; see bench/README.md."),
            };
        }
        return settings;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
