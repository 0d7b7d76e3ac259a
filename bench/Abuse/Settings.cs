using System.Globalization;

namespace FlowEngine.Bench.Abuse;

/// <summary>Shared and immutable: what is attacked and how, from <c>--name value</c> pairs.</summary>
internal sealed record Settings
{
    /// <summary>The names of the attacks in their order; all of them when none is given.</summary>
    public IReadOnlyList<string> Attacks { get; init; } = [.. Abuse.Attacks.All.Select(attack => attack.Name)];

    /// <summary>How long each attack takes.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How many requests or connections one attack makes at most.</summary>
    public long Most { get; init; } = 300_000;

    /// <summary>Whether the server stores in PostgreSQL, not in its embedded database.</summary>
    public bool IsPostgres { get; init; }

    /// <summary>The most that the server's heap may take, in MB.</summary>
    public int HeapMegabytes { get; init; } = 600;

    /// <summary>The server's program; null for the one that was built with this program. So that the same attacks can be run on another
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
                "--attacks" => settings with { Attacks = [.. value.Split(',').SelectMany(Named)] },
                "--seconds" => settings with { Time = TimeSpan.FromSeconds(Number(value)) },
                "--most" => settings with { Most = Number(value) },
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
                "--server" => settings with { Server = Path.GetFullPath(value) },
                _ => throw new ArgumentException($"There is no setting {args[i]}; see bench/README.md."),
            };
        }
        return settings;
    }

    /// <summary>The attacks of a name, or of all names that begin with it when it ends with <c>*</c>.</summary>
    private static IEnumerable<string> Named(string name)
    {
        var found = Abuse
            .Attacks.All.Select(attack => attack.Name)
            .Where(known => name.EndsWith('*') ? known.StartsWith(name[..^1], StringComparison.Ordinal) : known == name)
            .ToList();
        return found.Count > 0
            ? found
            : throw new ArgumentException(
                $"There is no attack {name}. There are {string.Join(", ", Abuse.Attacks.All.Select(attack => attack.Name))}."
            );
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
