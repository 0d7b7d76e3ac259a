using System.Globalization;

namespace FlowEngine.Bench.Abuse;

/// <summary>Shared and immutable: what one attack did.</summary>
internal sealed record Row
{
    /// <summary>The longest that 99 of 100 people may wait, in milliseconds.</summary>
    public const double Target = 1000;

    public required Attack Attack { get; init; }

    /// <summary>How the server answered the attacker.</summary>
    public required string Answers { get; init; }

    public required Met Logins { get; init; }

    public required Met Passwords { get; init; }

    public required Met Console { get; init; }

    public required Met Health { get; init; }

    /// <summary>Why most of the people failed who did.</summary>
    public required string Failure { get; init; }

    /// <summary>The server's memory in MB, before.</summary>
    public required double Before { get; init; }

    /// <summary>The most of it.</summary>
    public required double Most { get; init; }

    /// <summary>Some seconds after.</summary>
    public required double After { get; init; }

    /// <summary>What the storage grew by, in MB.</summary>
    public required double Stored { get; init; }

    /// <summary>How many cores the server was busy with after the attacker was gone.</summary>
    public required double CoresAfter { get; init; }

    public required bool Lives { get; init; }

    /// <summary>What a server said that died.</summary>
    public required string LastWords { get; init; }

    /// <summary>Whether nobody was turned away, 99 of 100 people waited less than a second, and the server lives.</summary>
    public bool Holds =>
        Lives && new[] { Logins, Passwords, Console, Health }.All(met => met.Failures == 0 && met.Percentile(0.99) < Target);
}

/// <summary>Stateless: the table, in Markdown, row by row.</summary>
internal static class Table
{
    public static void WriteHead(TextWriter output, Settings settings)
    {
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Environment.ProcessorCount} cores, heap of {settings.HeapMegabytes} "
                    + $"MB, {(settings.IsPostgres ? "PostgreSQL" : "SQLite")}, "
                    + $"{settings.Time.TotalSeconds:0} s for each attack."
            )
        );
        output.WriteLine($"Held: p99 below {Row.Target:0} ms, nobody turned away, the process lives.");
        output.WriteLine();
        output.WriteLine(
            "| attack | line | held | logins p50 ms | p99 ms | failed | password "
                + "p99 ms | failed | console p99 ms | failed | health p99 ms | failed "
                + "| MB before | most | after | stored MB | cores after | lives | the attacker's answers |"
        );
        output.WriteLine("|---|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|---|");
        output.Flush();
    }

    public static void Write(TextWriter output, Row row)
    {
        var failure = row.Failure.Length > 0 ? $"; people: {row.Failure}" : "";
        var words = row.LastWords.Length > 0 ? $"; last words: {row.LastWords}" : "";
        string[] cells =
        [
            row.Attack.Name,
            row.Attack.Line == 0 ? "" : $"{row.Attack.Line}",
            row.Holds ? "yes" : "**no**",
            Number(row.Logins.Percentile(0.5)),
            Number(row.Logins.Percentile(0.99)),
            Failed(row.Logins),
            Number(row.Passwords.Percentile(0.99)),
            Failed(row.Passwords),
            Number(row.Console.Percentile(0.99)),
            Failed(row.Console),
            Number(row.Health.Percentile(0.99)),
            Failed(row.Health),
            Number(row.Before),
            Number(row.Most),
            Number(row.After),
            Number(row.Stored),
            row.CoresAfter.ToString("0.0", CultureInfo.InvariantCulture),
            row.Lives ? "yes" : "**no**",
            Cell(row.Answers + failure + words),
        ];
        output.WriteLine($"| {string.Join(" | ", cells)} |");
        output.Flush();
    }

    private static string Number(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Failed(Met met) => met.Failures == 0 ? "0" : $"{met.Failures} of {met.Count}";

    private static string Cell(string text) => text.Replace('|', '/').ReplaceLineEndings(" ");
}
