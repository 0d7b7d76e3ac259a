using System.Diagnostics;
using System.Net;
using FlowEngine.Context;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Hosting;

/// <summary>What blocks a thread blocks none of the thread pool: a server with four of them, beside ten times as much that does not
/// end.</summary>
[Trait("Category", "cluster")]
public sealed class FlowServerThreadsTests
{
    private const int AtOnce = 64;

    private static CancellationToken Stop => TestStorage.Stop;

    [Fact]
    public async Task SlowQueriesAndScripts_MoreThanTheThreadPoolHas_OthersGoOn()
    {
        await using var server = await ServeProcess.StartAsync(
            Flows,
            new Dictionary<string, string>
            {
                ["DOTNET_ThreadPool_ForceMinWorkerThreads"] = "2",
                ["DOTNET_ThreadPool_ForceMaxWorkerThreads"] = "4",
            }
        );
        var slow = Enumerable.Range(0, AtOnce).SelectMany(_ => new[] { StartAsync("queries"), StartAsync("spins") }).ToList();

        // Each of them would take a minute and more if it waited behind the queries.
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("ok", await server.Http.GetStringAsync("/healthz", Stop));
            Assert.Equal("ok", await server.Http.GetStringAsync("/readyz", Stop));
            var (status, done, text) = await server.SubmitAsync(await server.BeginAsync("waits"), "");
            Assert.True(status == HttpStatusCode.OK && done.Get("status").ToText() == "completed", text);
        }

        // Signals are heard, too.
        server.Signal();
        var since = Stopwatch.GetTimestamp();
        while (await ReadyAsync(server) is var ready && !ready.Contains("api.draining", StringComparison.Ordinal))
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(60), ready);
            await Task.Delay(50, Stop);
        }
        await server.KillAsync();
        foreach (var call in slow)
            await BoundaryServer.LostAsync(call);

        Task StartAsync(string flow) => server.PostAsync("/v1/flow/start", $$"""{ "flowId": "{{flow}}", "options": { "client": {} } }""");
    }

    private static async Task<string> ReadyAsync(ServeProcess server)
    {
        using var answer = await server.Http.GetAsync("/readyz", Stop);
        return await answer.Content.ReadAsStringAsync(Stop);
    }

    private static string[] Flows(Workspace workspace)
    {
        workspace.Write("flows/connectors/people.db", "");
        workspace.Write(
            "flows/connectors/people.connector.json",
            """{ "id": "people", "type": "sql", "configuration": { "engine": "sqlite", "file": "people.db", "maxPoolSize": 100 } }"""
        );
        workspace.Write(
            "flows/queries.flow.json",
            """
            { "id": "queries", "start": "slow", "access": "public", "activities": [
                { "id": "slow", "type": "Database", "connector": "people", "timeout": 60,
                  "query": "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) as c from n" },
                { "id": "done", "type": "End" } ],
              "connections": [ { "source": "slow", "port": "Success", "target": "done" } ] }
            """
        );
        workspace.Write(
            "flows/spins.flow.json",
            """
            { "id": "spins", "start": "spin", "access": "public",
              "activities": [ { "id": "spin", "type": "Scriptlet", "code": "while (true) {}" }, { "id": "done", "type": "End" } ],
              "connections": [ { "source": "spin", "port": "Success", "target": "done" } ] }
            """
        );
        var file = workspace.Write(
            "flows/waits.flow.json",
            """
            { "id": "waits", "start": "ask", "activities": [ { "id": "ask", "type": "Screen", "screen": "ask" },
              { "id": "done", "type": "End" } ],
              "connections": [ { "source": "ask", "port": "submit", "target": "done" } ],
              "screens": [ { "id": "ask", "title": "Ask", "components": [ { "type": "Button", "id": "submit", "text": "Go" } ] } ] }
            """
        );
        return ["--flows", Path.GetDirectoryName(file)!, "--set", "Shutdown:Delay=PT8S"];
    }
}
