using System.Globalization;

namespace FlowEngine.Bench.Faults;

/// <summary>Shared and immutable: what one scenario did, as it was at its end.</summary>
internal sealed class Row(Stage stage, TimeSpan took)
{
    private readonly Ledger _ledger = stage.Ledger;

    public int Kills { get; } = stage.Kills;

    public int Faults { get; } = stage.Faults;

    public int Logins { get; } = stage.Ledger.Completed;

    public int Lost { get; } = stage.Ledger.Lost;

    public int Doubled { get; } = stage.Upstream.Doubled;

    public int Wrong { get; } = stage.Ledger.Wrong;

    /// <summary>Whether nothing was lost, doubled or wrong, and it showed what it must.</summary>
    public bool Holds => stage.Holds && Lost == 0 && Doubled == 0 && Wrong == 0;

    public override string ToString()
    {
        var faults =
            Kills == 0 ? $"{Faults}"
            : Kills == Faults ? $"{Kills} kills"
            : $"{Faults}, {Kills} kills";
        var notes = string.Join("; ", stage.Notes.Concat(_ledger.Problems)).Replace('|', '/').ReplaceLineEndings(" ");
        string[] cells =
        [
            stage.Scenario.Name,
            faults,
            Number(Logins),
            Number(_ledger.Cut),
            Number(_ledger.Late),
            Number(_ledger.Busy),
            Number(stage.Upstream.Repeats),
            Number(_ledger.Refused),
            Number(_ledger.Odd),
            Bold(Lost),
            Bold(Doubled),
            Bold(Wrong),
            Seconds(_ledger.Longest),
            stage.HasOthers ? Seconds(_ledger.LongestOfOthers.Seconds) : "",
            Holds ? "yes" : "**no**",
            $"{took.TotalSeconds:0}",
            notes,
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    private static string Number(int value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Bold(int value) => value == 0 ? "0" : $"**{Number(value)}**";

    private static string Seconds(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}

/// <summary>Per run of the program, thread-safe: the table, in Markdown, row by row as they end.</summary>
internal sealed class Table
{
    private readonly TextWriter _output;
    private readonly List<Row> _rows = [];

    public Table(TextWriter output, Settings settings)
    {
        _output = output;
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Seed {settings.Seed}, {Environment.ProcessorCount} cores, {settings.People} people at a time, "
                    + $"{settings.AtOnce} scenarios at a time."
            )
        );
        output.WriteLine();
        output.WriteLine(
            "| scenario | faults | logins | calls cut off | given up | told to come again | repeated under the same key | refused | 500s "
                + "| lost | doubled | wrong | longest wait s | of others s | held | took s | what it showed |"
        );
        output.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|--:|---|");
        output.Flush();
    }

    public void Write(Row row)
    {
        lock (_rows)
        {
            _rows.Add(row);
            _output.WriteLine(row);
            _output.Flush();
        }
    }

    /// <summary>Writes the last line.</summary>
    /// <returns>Whether everything held.</returns>
    public bool WriteSum(TimeSpan took)
    {
        _output.WriteLine();
        _output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{_rows.Sum(row => row.Faults)} faults, {_rows.Sum(row => row.Kills)} of them kills; "
                    + $"{_rows.Sum(row => row.Logins):#,0} logins: "
                    + $"{_rows.Sum(row => row.Lost)} lost, {_rows.Sum(row => row.Doubled)} doubled, {_rows.Sum(row => row.Wrong)} wrong; "
                    + $"{_rows.Count(row => row.Holds)} of {_rows.Count} scenarios held; {took.TotalSeconds:0} s."
            )
        );
        _output.Flush();
        return _rows.All(row => row.Holds);
    }
}
