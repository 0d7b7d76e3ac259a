using System.Diagnostics;
using System.Globalization;
using System.Net;
using FlowEngine.AspNetCore.Runs;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.TestServers;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;

namespace FlowEngine.Server.Tests.Hosting;

/// <summary>What is in memory follows what is under way, not what was.</summary>
[Trait("Category", "cluster")]
public sealed class FlowServerMemoryTests
{
    private const string Flow = """
        { "id": "FLOW", "start": "START", "access": "public", "inputs": { "note": { "type": "string" } },
          "activities": [ { "id": "ask", "type": "Screen", "screen": "ask" }, { "id": "done", "type": "End" } ],
          "connections": [ { "source": "ask", "port": "go", "target": "done" } ],
          "screens": [ { "id": "ask", "title": "Ask", "components": [ { "type": "Button", "id": "go", "text": "Go" } ] } ] }
        """;

    private static CancellationToken Stop => TestStorage.Stop;

    [Fact]
    public async Task EndedRuns_LeaveMemoryWithinSeconds_AndNoCallIsTurnedAway()
    {
        using var flows = Flows();
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, flows: flows.Folder);
        var runs = server.Services.GetRequiredService<RunService>();
        var waiting = (await runs.StartAsync(new RunRequest { FlowId = "waits" }, Stop))!;
        var ended = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => runs.StartAsync(new RunRequest { FlowId = "ends" }, Stop)));
        Assert.All(ended, run => Assert.Equal(RunStatus.Completed, run!.Status));

        // One of them is asked for all the time, while it leaves and comes back.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var asking = Task.Run(
            async () =>
            {
                while (!end.IsCancellationRequested)
                    Assert.Equal(RunStatus.Completed, (await runs.FindAsync(ended[0]!.ExecutionId, null, Stop))!.Status);
            },
            Stop
        );
        var since = Stopwatch.GetTimestamp();
        // The one that waits, and perhaps the one that is asked for.
        while (await CountAsync(server) is var held && held > 2)
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(60), $"{held} grains are in memory.");
            await Task.Delay(100, Stop);
        }
        await end.CancelAsync();
        await asking;

        Assert.InRange(server.Services.GetRequiredService<IdleRuns>().Held, 1, 2);
        var done = await runs.SubmitAsync(waiting.ExecutionId, waiting.StepId, "go", FlowValue.From(FlowObject.Empty), null, Stop);
        Assert.Equal(RunStatus.Completed, done!.Status);
        Assert.All(
            await Task.WhenAll(ended.Select(run => runs.FindAsync(run!.ExecutionId, null, Stop))),
            run => Assert.Equal(RunStatus.Completed, run!.Status)
        );
    }

    /// <summary>People open a page and leave, each with as much as a request may hold: together more than there is memory.</summary>
    [Fact]
    public async Task WaitingRuns_MoreThanTheHeapHolds_AreReadFromTheStorageAgain()
    {
        await using var server = await ServeProcess.StartAsync(
            workspace =>
                [
                    "--flows",
                    Path.GetDirectoryName(workspace.Write("flows/waits.flow.json", Text("waits", "ask")))!,
                    "--set",
                    "Api:MaxAnonymousBytes=300000",
                ],
            new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = (256 << 20).ToString("x", CultureInfo.InvariantCulture) }
        );
        var client = new string('x', 200_000);
        var first = await StartAsync();

        await Parallel.ForEachAsync(
            Enumerable.Range(0, 1_000),
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Stop },
            async (_, _) => await StartAsync()
        );

        var (status, done, text) = await server.PostAsync(
            "/v1/flow/next",
            $$"""{ "executionId": "{{first.Get("executionId").ToText()}}", "stepId": "{{first.Get("stepId").ToText()}}","""
                + """ "interactionId": "go", "input": {} }"""
        );
        Assert.True(status == HttpStatusCode.OK && done.Get("status").ToText() == "completed", text);

        async Task<FlowValue> StartAsync()
        {
            var (status, body, text) = await server.PostAsync(
                "/v1/flow/start",
                $$"""{ "flowId": "waits", "options": { "client": { "note": "{{client}}" } } }"""
            );
            Assert.True(status == HttpStatusCode.OK, $"{text}\n{server.Output}");
            return body;
        }
    }

    private static Workspace Flows()
    {
        var workspace = new Workspace();
        workspace.Write("waits.flow.json", Text("waits", "ask"));
        workspace.Write("ends.flow.json", Text("ends", "done"));
        return workspace;
    }

    private static string Text(string id, string start) =>
        Flow.Replace("FLOW", id, StringComparison.Ordinal).Replace("START", start, StringComparison.Ordinal);

    /// <summary>The grains of runs, as Orleans counts them.</summary>
    private static async Task<int> CountAsync(ApiServer server)
    {
        var statistics = await server.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics();
        return statistics.Where(type => type.GrainType.Contains("RunGrain", StringComparison.Ordinal)).Sum(type => type.ActivationCount);
    }
}
