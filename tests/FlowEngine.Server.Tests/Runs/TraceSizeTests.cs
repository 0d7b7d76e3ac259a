using System.Net;
using FlowEngine.Context;
using FlowEngine.Server.Tests.Api;
using FlowEngine.Server.Tests.Cli;
using FlowEngine.Server.Tests.Storage;
using FlowEngine.Storage;
using FlowEngine.TestServers;
using Microsoft.Extensions.DependencyInjection;

namespace FlowEngine.Server.Tests.Runs;

/// <summary>What a run stores of its trace has an end: of one save, and of all of them.</summary>
public sealed class TraceSizeTests(PostgresFixture postgres)
{
    private const int Steps = 150;

    [Theory]
    [InlineData(StoreEngine.Sqlite, "screen", 330_000)]
    [InlineData(StoreEngine.Sqlite, "step", 1_700_000)]
    [InlineData(StoreEngine.Postgres, "screen", 330_000)]
    [InlineData(StoreEngine.Postgres, "step", 1_700_000)]
    public async Task Traces_OfStepsThatTellMuch_AreCutAndSaySo(StoreEngine engine, string durability, int most)
    {
        using var workspace = new Workspace();
        workspace.Write("flows/large.flow.json", Flow(durability));
        await using var server = await ApiServer.StartAsync(engine, postgres, Path.Combine(workspace.Folder, "flows"));
        var run = (await server.PostAsync("/v1/mgmt/flow/run", """{ "flowId": "large" }"""))
            .Expect(HttpStatusCode.OK)
            .Body.Get("executionId")
            .ToText();

        var parts = await server.Services.GetRequiredService<RunSearch>().TraceAsync(run, TestContext.Current.CancellationToken);
        Assert.InRange(parts.Sum(part => part.Length), most / 4, most);
        (await server.GetAsync($"/api/runs/{run}")).Expect(HttpStatusCode.OK).Body.Get("trace").TryGetArray(out var told);
        Assert.False(told![0].Get("output").IsMissing);
        Assert.Equal(FlowValue.True, told[^1].Get("truncated"));
    }

    private static string Flow(string durability)
    {
        var activities = string.Join(
            ',',
            Enumerable
                .Range(0, Steps)
                .Select(i => $$"""{ "id": "s{{i}}", "type": "Scriptlet", "code": "return 'x'.repeat(20000)", "contextKey": "x" }""")
        );
        var connections = string.Join(
            ',',
            Enumerable
                .Range(0, Steps)
                .Select(i => $$"""{ "source": "s{{i}}", "port": "Success", "target": "{{(i == Steps - 1 ? "end" : $"s{i + 1}")}}" }""")
        );
        return $$"""
            { "id": "large", "start": "s0", "durability": "{{durability}}",
              "activities": [ {{activities}}, { "id": "end", "type": "End" } ], "connections": [ {{connections}} ] }
            """;
    }
}
