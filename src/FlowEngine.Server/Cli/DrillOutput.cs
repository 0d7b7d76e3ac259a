using System.Text.Json;
using FlowEngine.AspNetCore.Web.Contract;
using FlowEngine.AspNetCore.Web.Management.Flows;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Json;
using FlowEngine.Server.Hosting;
using FlowEngine.Testing;

namespace FlowEngine.Server.Cli;

/// <summary>Stateless: writes where people end up in drills.</summary>
internal static class DrillOutput
{
    private static readonly string[] Headings = ["activity", "ends with", "the person ends up at", "and reads"];

    /// <summary>Writes what came of all flows.</summary>
    /// <param name="flows">The flows.</param>
    /// <param name="problems">Problems of the files themselves.</param>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    public static void Write(IReadOnlyList<DrilledFlow> flows, IReadOnlyList<Diagnostic> problems, string format)
    {
        var rows = flows.SelectMany(flow => flow.Report?.Rows ?? []).ToList();
        var open = rows.Count(row => row.Verdict == DrillVerdict.FailsOpen);
        IReadOnlyList<Diagnostic> all = [.. problems, .. flows.SelectMany(flow => flow.Problems)];
        switch (format)
        {
            case Formats.Json:
                Console.Out.WriteLine(
                    JsonWriting.ToText(
                        FlowValue.Object(
                            ("ways", FlowValue.From(rows.Count)),
                            ("signedIn", FlowValue.From(open)),
                            ("flows", FlowValue.Array(flows.Select(ToValue))),
                            ("diagnostics", DiagnosticWriter.ToValue(all))
                        )
                    )
                );
                break;

            case Formats.GitHub:
                DiagnosticWriter.WriteGitHub(Console.Out, all);
                Console.Out.WriteLine(Summary());
                break;

            default:
                foreach (var flow in flows)
                    Write(flow);
                DiagnosticWriter.WriteText(Console.Error, all);
                Console.Out.WriteLine(Summary());
                break;
        }

        string Summary() => $"{Words.Count(rows.Count, "way")}, {open} of them signed in after a failed call.";
    }

    private static void Write(DrilledFlow flow)
    {
        if (flow.Report is not { } report)
            return;
        if (report.AsksNobody)
            Console.Out.WriteLine($"{flow.File} asks nobody.\n");
        foreach (var byCase in report.Rows.GroupBy(row => row.Case))
        {
            var usual = report.Cases.First(one => one.File == byCase.Key).End;
            Console.Out.WriteLine($"{flow.File} by {byCase.Key}: {Place(usual)} when all goes well\n");
            TextTable.Write(Headings, byCase.Select(Cells));
            Console.Out.WriteLine();
        }
    }

    private static string[] Cells(DrillRow row) =>
        [
            row.Activity,
            row.From > 1 ? $"{row.Way} from call {row.From} on" : row.Way,
            row.Verdict switch
            {
                DrillVerdict.FailsOpen => Place(row.End).ToUpperInvariant(),
                DrillVerdict.Accepted => $"{Place(row.End)} (accepted)",
                _ => Place(row.End),
            },
            row.End.Message.Length == 0 ? "-" : row.End.Message.ReplaceLineEndings(" "),
        ];

    private static string Place(DrillEnd end) =>
        end.Restarts switch
        {
            0 => end.Place,
            1 => $"{end.Place} (restarted once)",
            _ => $"{end.Place} (restarted {end.Restarts} times)",
        };

    private static FlowValue ToValue(DrilledFlow flow)
    {
        var members = new FlowObjectBuilder();
        members.Set("file", FlowValue.From(flow.File));
        if (flow.Report is { } report)
        {
            var view = JsonSerializer.SerializeToUtf8Bytes(DrillAnswer.Of(report), ManagementJson.Default.DrillAnswer);
            JsonReading.Parse(view).TryGetObject(out var told);
            // The problems of all flows stand together, with their lines.
            foreach (var (name, value) in told!.Where(member => member.Key != "diagnostics"))
                members.Set(name, value);
        }
        return FlowValue.From(members.Build());
    }
}
