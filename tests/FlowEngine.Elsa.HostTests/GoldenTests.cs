using System.Text.RegularExpressions;
using Elsa.Workflows.Activities.Flowchart.Models;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.ElsaActivities.Hosting;
using FlowEngine.ElsaActivities.Tests;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Testing;

namespace FlowEngine.ElsaActivities.HostTests;

/// <summary>All golden cases of the samples in Elsa: the same screens, ends, errors, claims and outputs as in the engine, and the same way
/// in Elsa's journal.</summary>
public sealed partial class GoldenTests(GoldenTests.Fixture fixture) : IClassFixture<GoldenTests.Fixture>
{
    public static TheoryData<string> Cases =>
        [
            .. Directory
                .GetFiles(Path.Combine(TestEngine.Flows, "cases"), "*.case.json")
                .Order(StringComparer.Ordinal)
                .Select(file => Path.GetFileName(file)),
        ];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task GoldenCase_InElsa_GoesAsInTheEngine(string file) => GoesAsInTheEngineAsync(file, fixture.Host);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task GoldenCase_InElsaByTokens_GoesAsInTheEngine(string file) => GoesAsInTheEngineAsync(file, fixture.ByTokens);

    private static async Task GoesAsInTheEngineAsync(string file, ElsaHost host)
    {
        var golden = Load(file);
        var flow = TestEngine.Read(golden.FlowFile);
        var compiled = FlowCompiler.Compile(flow, host.Engine.Environment);
        var plain = await golden.RunAsync(compiled.Plan!, TestContext.Current.CancellationToken);
        Assert.True(plain.Passed, string.Join('\n', plain.Differences));

        var run = await PlayAsync(golden, host);
        var expected = new Dictionary<string, object>();
        ElsaAnswer.Write(plain.Run, expected);
        Assert.Equal(Told(HostedValue.Of(expected)), Told(run.Output));
        Assert.Equal(plain.Run.Failure is { } failure ? [ElsaAnswer.Failure(plain.Run).Message] : [], run.Incidents);
        Assert.Equal(plain.Run.Status == RunStatus.Waiting, run.Waits);
        var ours = (await run.PathAsync()).Where(id => flow.Activities.Any(activity => activity.Id == id));
        // A subflow's activities are not Elsa's; and Elsa is in the first activity before the inputs are looked at.
        var path = plain.Run.Path.Where(id => !id.Contains('/')).ToList();
        Assert.Equal(path.Count == 0 ? [flow.Start] : path, ours);
    }

    private static GoldenCase Load(string file) => GoldenCase.Load(Path.Combine(TestEngine.Flows, "cases", file), new DiagnosticBag())!;

    private static async Task<ElsaRun> PlayAsync(GoldenCase golden, ElsaHost host)
    {
        host.Engine.Services = new RunServices { Trace = true, Replies = new ScriptedReplies(golden.Replies) };
        var flow = TestEngine.Read(golden.FlowFile);
        await host.ImportAsync(ElsaWriter.Write(flow, 1).ToJson());
        var run = await host.StartAsync(flow.Id, (IDictionary<string, object>)HostedValue.ToObject(golden.Client)!);
        foreach (var answer in golden.Answers)
        {
            Assert.Equal(answer.Screen ?? run.Screen, run.Screen);
            var submission = answer.ToSubmission();
            await run.SubmitAsync(submission.Interaction, submission.Form);
        }
        return run;
    }

    /// <summary>Whatever anybody sees of a run, but for the clock.</summary>
    private static string Told(FlowValue output) => Moment().Replace(output.ToJson(), "<moment>");

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[\d:.]+Z|(?<=""secondsLeft"":)\d+")]
    private static partial Regex Moment();

    /// <summary>One host for all, and one whose flowcharts pass tokens: their engines are given the replies of each case.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        internal ElsaHost Host { get; private set; } = null!;

        internal ElsaHost ByTokens { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Host = await ElsaHost.StartAsync();
            ByTokens = await ElsaHost.StartAsync(mode: FlowchartExecutionMode.TokenBased);
        }

        public async ValueTask DisposeAsync()
        {
            await Host.DisposeAsync();
            await ByTokens.DisposeAsync();
        }
    }
}
