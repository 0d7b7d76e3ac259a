using System.Globalization;

namespace FlowEngine.Bench.Throughput;

/// <summary>Shared and immutable: a turn and the CPU seconds that it took.</summary>
internal sealed record Measurement(Turn Turn, double Server, double Postgres, double Others, double Megabytes);

/// <summary>Per contender: its turns.</summary>
internal sealed class ResultRow(string name)
{
    private readonly List<Measurement> _measurements = [];

    public string Name => name;

    public int Logins => _measurements.Sum(measurement => measurement.Turn.Logins);

    /// <summary>Logins per second, of the median round.</summary>
    public double PerSecond => Median(measurement => measurement.Turn.Logins / measurement.Turn.Seconds);

    /// <summary>CPU milliseconds of the server per login, of the median round.</summary>
    public double ServerMilliseconds => Median(measurement => measurement.Server * 1000 / measurement.Turn.Logins);

    public double PostgresMilliseconds => Median(measurement => measurement.Postgres * 1000 / measurement.Turn.Logins);

    /// <summary>CPU milliseconds of the load and the profile API per login, of the median round.</summary>
    public double OtherMilliseconds => Median(measurement => measurement.Others * 1000 / measurement.Turn.Logins);

    public double Megabytes => _measurements[^1].Megabytes;

    public void Add(Measurement measurement) => _measurements.Add(measurement);

    /// <summary>The time that this share of all logins stays below.</summary>
    public double Percentile(double share)
    {
        var times = _measurements.SelectMany(measurement => measurement.Turn.Milliseconds).Order().ToArray();
        return times[Math.Min(times.Length - 1, (int)(times.Length * share))];
    }

    private double Median(Func<Measurement, double> value)
    {
        var values = _measurements.Select(value).Order().ToArray();
        return values.Length % 2 == 1 ? values[values.Length / 2] : (values[values.Length / 2 - 1] + values[values.Length / 2]) / 2;
    }
}

/// <summary>Stateless: the table, in Markdown.</summary>
internal static class ResultTable
{
    public static void Write(TextWriter output, Settings settings, ResultRow[] rows)
    {
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Environment.ProcessorCount} cores, {settings.Connections} connections, "
                    + $"{settings.Rounds} rounds of {settings.Turn.TotalSeconds:0} s, in turn."
            )
        );
        output.WriteLine();
        output.WriteLine(
            "| | logins | logins/s | ratio | p50 ms | p99 ms | server CPU ms/login | logins/s "
                + "per server core | ratio | PostgreSQL CPU ms/login | load and API CPU ms/login | MB |"
        );
        output.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var row in rows)
        {
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {row.Name} | {row.Logins} | {row.PerSecond:0} | {rows[0].PerSecond / row.PerSecond:0.00} | "
                        + $"{row.Percentile(0.5):0.0} | {row.Percentile(0.99):0.0} | {row.ServerMilliseconds:0.00} | "
                        + $"{1000 / row.ServerMilliseconds:0} | {row.ServerMilliseconds / rows[0].ServerMilliseconds:0.00} "
                        + $"| {row.PostgresMilliseconds:0.00} | {row.OtherMilliseconds:0.00} | {row.Megabytes:0} |"
                )
            );
        }
        output.WriteLine();
        output.WriteLine($"Ratios: {rows[0].Name} over the row.");
    }
}
