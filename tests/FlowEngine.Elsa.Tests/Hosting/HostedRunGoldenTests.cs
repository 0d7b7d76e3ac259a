using System.Text.RegularExpressions;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.ElsaActivities.Hosting;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Screens;
using FlowEngine.Templates;
using FlowEngine.Testing;

namespace FlowEngine.ElsaActivities.Tests.Hosting;

/// <summary>All golden cases of the samples on a flowchart that is not ours: the same screens, ends, errors, claims and paths as in the
/// engine, in one process and when the run moves between two of them around each step.</summary>
public sealed partial class HostedRunGoldenTests : IAsyncDisposable
{
    private readonly HostedEngine _engine = TestEngine.Open();

    public static TheoryData<string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool>();
            foreach (var file in Directory.GetFiles(Path.Combine(TestEngine.Flows, "cases"), "*.case.json").Order())
            {
                cases.Add(Path.GetFileName(file), false);
                cases.Add(Path.GetFileName(file), true);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task GoldenCase_OnAnotherFlowchart_GoesAsInTheEngine(string file, bool moves)
    {
        var golden = GoldenCase.Load(Path.Combine(TestEngine.Flows, "cases", file), new DiagnosticBag())!;
        var flow = TestEngine.Read(golden.FlowFile);
        var plain = await golden.RunAsync(FlowCompiler.Compile(flow, _engine.Environment).Plan!, TestContext.Current.CancellationToken);
        Assert.True(plain.Passed, string.Join('\n', plain.Differences));

        // As Elsa gets it: through the text of a definition.
        var definition = JsonReading.Parse(ElsaWriter.Write(flow, 1).ToJson());
        var services = new RunServices { Trace = true, Replies = new ScriptedReplies(golden.Replies) };
        var chart = new TestChart(definition, _engine.Environment, golden.Client, services) { MovesBetweenSteps = moves };
        await chart.StartAsync();
        foreach (var answer in golden.Answers)
        {
            Assert.NotNull(chart.Waiting);
            Assert.Null(answer.MismatchWith(chart.Run));
            await chart.SubmitAsync(answer.ToSubmission());
        }

        Assert.Equal(Told(plain.Run), Told(chart.Run));
        Assert.Equal(plain.Run.Status == RunStatus.Waiting, chart.Waiting is not null);
        Assert.Equal(plain.Run.Status is RunStatus.Completed or RunStatus.Refused, chart.IsFinished);
        Assert.Equal(plain.Run.Failure, chart.Fault);
    }

    /// <summary>Whatever anybody sees of a run, but for the clock.</summary>
    private static string Told(FlowRun run) => Moment().Replace(All(run), "<moment>");

    private static string All(FlowRun run) =>
        FlowValue
            .Object(
                ("status", FlowValue.From(run.Status.ToString())),
                ("path", FlowValue.Texts(run.Path)),
                ("screen", run.Status == RunStatus.Waiting ? ScreenView.Of(run, ValueEncoder.None) : FlowValue.Null),
                ("message", FlowValue.From(run.ErrorText)),
                ("end", FlowValue.From(run.EndName)),
                ("outputs", run.Outputs),
                ("user", run.Context.User),
                ("claims", run.Context.Claims),
                ("connectors", run.Context.Get(ContextRoot.Connectors)),
                ("failure", FlowValue.From(run.Failure?.ToString())),
                ("errors", run.Errors?.ToValue() ?? FlowValue.Null)
            )
            .ToJson();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[\d:.]+Z|(?<=""secondsLeft"":)\d+")]
    private static partial Regex Moment();

    public ValueTask DisposeAsync() => _engine.DisposeAsync();
}
