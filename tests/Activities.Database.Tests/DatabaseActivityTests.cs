using System.Net;
using System.Net.Sockets;
using FlowEngine.Execution;
using FlowEngine.Templates;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.Database.Tests;

/// <summary>SPEC 6.2: a query gets what is left of the flow's time budget.</summary>
public sealed class DatabaseActivityTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Budget_EndsInAQuery_WhichGetsWhatIsLeft_AndTheNextOneDoesNotBegin()
    {
        var time = new FakeTimeProvider();
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var connections = 0;
        // Accepts, and never says a word; meanwhile the budget ends.
        var silent = Task.Run(
            async () =>
            {
                while (true)
                {
                    var connection = await server.AcceptSocketAsync(Stop);
                    Interlocked.Increment(ref connections);
                    time.Advance(TimeSpan.FromSeconds(2));
                    GC.KeepAlive(connection);
                }
            },
            Stop
        );
        var port = ((IPEndPoint)server.LocalEndpoint).Port;
        await using var flow = new DatabaseFlow(
            $$"""{ "engine": "postgres", "host": "127.0.0.1", "port": {{port}}, "database": "d", "username": "u", "password": "p" }"""
        );
        const string Query =
            """ "type": "Database", "connector": "db", "query": "select 1", "errorHandling": { "Connector Execution": "ignore" } """;
        var plan = flow.CompileFlow(
            $$"""
            { "id": "f", "start": "a", "timeBudget": "PT2S",
              "activities": [ { "id": "a", {{Query}} }, { "id": "b", {{Query}} }, { "id": "e", "type": "End" } ],
              "connections": [ { "source": "a", "port": "Success", "target": "b" }, { "source": "b", "port": "Success", "target": "e" } ] }
            """
        );
        var run = FlowRun.Start(plan, new RunStart(), RunServices.Default with { Time = time });

        await FlowExecutor.AdvanceAsync(run, Stop);

        var results = run.Context.Get(ContextRoot.Connectors);
        Assert.Equal("db.timeout", results.Get("a").Get("error").Get("code").ToText());
        Assert.Contains("within 2 s", results.Get("a").Get("error").Get("message").ToText());
        Assert.Equal("flow.budget", results.Get("b").Get("error").Get("code").ToText());
        Assert.Equal((1, TimeSpan.FromSeconds(2)), (connections, time.GetUtcNow() - run.StartedAt));
        Assert.Equal("start → 10 s: a 5 s, b 5 s", plan.Stretches.Single().ToString());
        Assert.False(silent.IsCompleted);
    }
}
