using FlowEngine.Server.Tests.Storage;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Serve;

/// <summary>A flow with <c>durability: "step"</c> goes on where the server died.</summary>
public sealed class StepDurabilityTests(PostgresFixture postgres)
{
    private static readonly string[] Steps = ["/one", "/two", "/three"];

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Kill_AtEveryBoundary_TheRunGoesOnAndEachStepHasOneKey(StoreEngine engine)
    {
        await using var api = await BoundaryApi.StartAsync();
        var database = engine == StoreEngine.Postgres ? await postgres.CreateDatabaseAsync() : null;
        await using var server = await StartAsync(api, database);

        foreach (var step in Steps)
        {
            foreach (var isAnswered in new[] { false, true })
            {
                var at = await server.BeginAsync("steps");
                var boundary = api.StopAt(step, isAnswered);
                var lost = server.SubmitAsync(at, "");
                await boundary;
                await server.KillAsync();
                await LostAsync(lost);
                await server.StartAsync();

                var (_, done, text) = await server.SubmitAsync(at, "");

                var calls = api.CallsOf(at.Get("executionId").ToText());
                var where = $"{step}, {(isAnswered ? "answered" : "not answered")}: {text}\n{string.Join('\n', calls)}";
                Assert.True(done.Get("status").ToText() == "completed", where);
                Assert.Equal("""{"one":"/one","two":"/two","three":"/three"}""", done.Get("output").ToJson());
                // Each step once, in order, and that of the boundary perhaps twice: under one key.
                Assert.Equal(Steps, calls.Select(call => call.Path).Distinct());
                Assert.True(calls.Count is 3 or 4, where);
                Assert.True(calls.Count == 3 || calls.Count(call => call.Path == step) == 2, where);
                Assert.Equal(3, calls.Distinct().Count());
                Assert.Equal(3, calls.Select(call => call.Key).Distinct().Count());
                Assert.DoesNotContain(calls, call => call.Key.Length == 0);
            }
        }
    }

    [Fact]
    public async Task Kill_NobodyComesBack_TheRunGoesOnByItself()
    {
        await using var api = await BoundaryApi.StartAsync();
        await using var server = await StartAsync(api, null);
        var at = await server.BeginAsync("steps");
        var boundary = api.StopAt("/two", isAnswered: false);
        var lost = server.SubmitAsync(at, "");
        await boundary;
        await server.KillAsync();
        await LostAsync(lost);

        var end = api.StopAt("/three", isAnswered: true);
        await server.StartAsync();
        await end;

        Assert.Equal(["/one", "/two", "/two", "/three"], api.CallsOf(at.Get("executionId").ToText()).Select(call => call.Path));
    }

    /// <summary>What a person submitted is stored before anything is done with it.</summary>
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Kill_InTheFirstActivityAfterASubmission_TheRunGoesOnByItself(StoreEngine engine)
    {
        await using var api = await BoundaryApi.StartAsync();
        await using var server = await StartAsync(api, engine == StoreEngine.Postgres ? await postgres.CreateDatabaseAsync() : null);
        var at = await server.BeginAsync("steps");
        var boundary = api.StopAt("/one", isAnswered: false);
        var lost = server.SubmitAsync(at, "");
        await boundary;
        await server.KillAsync();
        await LostAsync(lost);

        var end = api.StopAt("/three", isAnswered: true);
        await server.StartAsync();
        // Nobody comes back.
        await end.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        var calls = api.CallsOf(at.Get("executionId").ToText());
        Assert.Equal(["/one", "/one", "/two", "/three"], calls.Select(call => call.Path));
        Assert.Equal(calls[0].Key, calls[1].Key);
    }

    /// <summary>More runs than are looked for at a time, and an API that answers two of them after a minute at best.</summary>
    [Fact]
    public async Task Kill_WithManyRunsUnderWay_ThoseAtASlowApiKeepNoOtherWaiting()
    {
        const int Runs = 40,
            Slow = 2;
        await using var api = await BoundaryApi.StartAsync();
        await using var server = await StartAsync(api, null);
        var begun = await Task.WhenAll(Enumerable.Range(0, Runs).Select(_ => server.BeginAsync("steps")));
        api.Hold("/two", Runs);
        var lost = begun.Select(at => LostAsync(server.SubmitAsync(at, ""))).ToList();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        await api.ArrivedAsync("/two", Runs, limit.Token);
        await server.KillAsync();
        await Task.WhenAll(lost);

        api.Hold("/two", Slow);
        await server.StartAsync();

        // Nobody comes back for them, and the two slow ones have not given up yet.
        limit.CancelAfter(TimeSpan.FromSeconds(40));
        await api.ArrivedAsync("/three", Runs - Slow, limit.Token);
    }

    internal static Task<ServeProcess> StartAsync(
        BoundaryApi api,
        string? database,
        IReadOnlyDictionary<string, string>? environment = null
    ) =>
        ServeProcess.StartAsync(
            workspace =>
            {
                workspace.Write(
                    "flows/connectors/up.connector.json",
                    $$"""
                    { "id": "up", "type": "http", "configuration": { "baseUrl": "{{api.Address}}",
                      "headers": [ { "key": "x-run", "value": "{{"{{flow.runId}}"}}" } ] } }
                    """
                );
                var file = workspace.Write(
                    "flows/steps.flow.json",
                    """
                    { "id": "steps", "start": "ask", "durability": "step",
                      "activities": [ { "id": "ask", "type": "Screen", "screen": "ask" },
                        { "id": "one", "type": "GenericHttp", "connector": "up", "contextKey": "one", "method": "POST",
                          "endpoint": "/one" },
                        { "id": "two", "type": "GenericHttp", "connector": "up", "contextKey": "two", "method": "POST", "endpoint": "/two",
                          "timeout": 60 },
                        { "id": "three", "type": "GenericHttp", "connector": "up", "contextKey": "three", "method": "POST",
                          "endpoint": "/three" },
                        { "id": "done", "type": "End", "outputs": { "one": "{{connectors.one.body.path}}",
                          "two": "{{connectors.two.body.path}}", "three": "{{connectors.three.body.path}}" } } ],
                      "connections": [ { "source": "ask", "port": "submit", "target": "one" },
                        { "source": "one", "port": "Success", "target": "two" },
                        { "source": "two", "port": "Success", "target": "three" },
                          { "source": "three", "port": "Success", "target": "done" } ],
                      "screens": [ { "id": "ask", "title": "Go", "components": [ { "type": "Button", "id": "submit", "text": "Go" } ] } ] }
                    """
                );
                string[] where = database is null ? [] : ["--database", database];
                return ["--flows", Path.GetDirectoryName(file)!, "--set", "Egress:AllowPrivateNetworks=true", .. where];
            },
            environment
        );

    /// <summary>The call whose server was killed; after the last step its answer may have come just before.</summary>
    internal static async Task LostAsync(Task call)
    {
        try
        {
            await call;
        }
        catch (HttpRequestException)
        {
            // As it should be.
        }
    }
}
