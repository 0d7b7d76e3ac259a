using System.Globalization;

namespace FlowEngine.Bench.Faults;

/// <summary>Shared and immutable: what is broken and how often, from <c>--name value</c> pairs.</summary>
internal sealed record Settings
{
    /// <summary>The scenarios in their order; all of them when none is given.</summary>
    public IReadOnlyList<Scenario> Scenarios { get; init; } = Faults.Scenarios.All;

    /// <summary>What chooses the moments of the faults and the people's pauses.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How often each scenario of the kind kill-* kills its server.</summary>
    public int Kills { get; init; } = 9;

    /// <summary>How many people sign in at a time, one login after another.</summary>
    public int People { get; init; } = 8;

    /// <summary>How many scenarios run at a time; those that measure how long calls take run alone, after the others.</summary>
    public int AtOnce { get; init; } = 3;

    /// <summary>How long a scenario may take.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>The server's program; null for the one that was built with this program. So that the same faults can be tried on another
    /// release.</summary>
    public string? Server { get; init; }

    /// <summary>Reads the command line.</summary>
    public static Settings Parse(string[] args)
    {
        var settings = new Settings();
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value.");
            settings = args[i] switch
            {
                "--scenarios" => settings with { Scenarios = [.. value.Split(',').SelectMany(Named)] },
                "--seed" => settings with { Seed = Number(value) },
                "--kills" => settings with { Kills = Number(value) },
                "--people" => settings with { People = Number(value) },
                "--at-once" => settings with { AtOnce = Number(value) },
                "--limit" => settings with { Limit = TimeSpan.FromSeconds(Number(value)) },
                "--server" => settings with { Server = Path.GetFullPath(value) },
                _ => throw new ArgumentException($"There is no setting {args[i]}; see --help."),
            };
        }
        return settings;
    }

    /// <summary>Says what can be chosen.</summary>
    public static int WriteHelp(TextWriter output)
    {
        var preset = new Settings();
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                faults [--scenarios NAME,NAME*,…] [--seed {preset.Seed}] [--kills {preset.Kills}] [--people {preset.People}]
                       [--at-once {preset.AtOnce}] [--limit {preset.Limit.TotalSeconds:0}] [--server PROGRAM]

                Breaks real servers under load. Exit code 0 when nothing was lost, doubled or wrong and each scenario showed what it must.

                """
            )
        );
        foreach (var scenario in Faults.Scenarios.All)
            output.WriteLine($"  {scenario.Name, -26} {scenario.What}");
        return 0;
    }

    /// <summary>The scenarios of a name, or of all names that begin with it when it ends with <c>*</c>.</summary>
    private static IEnumerable<Scenario> Named(string name)
    {
        var found = Faults
            .Scenarios.All.Where(known =>
                name.EndsWith('*') ? known.Name.StartsWith(name[..^1], StringComparison.Ordinal) : known.Name == name
            )
            .ToList();
        return found.Count > 0 ? found : throw new ArgumentException($"There is no scenario {name}; see --help.");
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
