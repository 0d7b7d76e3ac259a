using System.Net;
using FlowEngine.Context;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Runs.Calls;

/// <summary>Calls with <c>"async": "durable"</c> that an API refuses at first, and whose server is killed meanwhile.</summary>
[Trait("Category", "cluster")]
public sealed class CallDeliveryServiceTests(PostgresFixture postgres)
{
    private const int Calls = 50;

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Kill_WhileTheApiRefuses_EachCallIsDeliveredUnderOneKey(StoreEngine engine)
    {
        await using var api = await RefusingApi.StartAsync();
        var database = engine == StoreEngine.Postgres ? await postgres.CreateDatabaseAsync() : null;
        await using var server = await StartAsync(api, database);

        var answers = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => server.BeginAsync("notify")));
        Assert.All(answers, answer => Assert.Equal("completed", answer.Get("status").ToText()));
        await api.RefusedAsync(TestContext.Current.CancellationToken);
        var waiting = await GetAsync(server, "/api/calls?limit=200");
        Assert.True(waiting.Get("calls").TryGetArray(out var listed) && listed.Count == Calls, waiting.ToJson());
        Assert.DoesNotContain("body-of-", waiting.ToJson(), StringComparison.Ordinal);
        await server.KillAsync();

        // On PostgreSQL another node, which knows nothing of the first but the database and the root key.
        await using var other = database is null ? null : await StartAsync(api, database);
        if (other is null)
            await server.StartAsync();
        api.Open();
        await api.DeliveredAsync(Calls, TestContext.Current.CancellationToken);

        var runs = answers.Select(answer => answer.Get("executionId").ToText()).ToList();
        Assert.Equal(runs.Order(), api.Delivered.Select(call => call.Run).Distinct().Order());
        Assert.All(runs, run => Assert.Single(api.All.Where(call => call.Run == run).Select(call => call.Key).Distinct()));
        Assert.Equal(Calls, api.All.Select(call => call.Key).Distinct().Count());
        Assert.All(api.All, call => Assert.Equal($$"""{"run":"body-of-{{call.Run}}"}""", call.Body));
        // The queue empties, and each trace says that its call was left behind, and that it arrived.
        var at = other ?? server;
        while (!(await GetAsync(at, "/api/calls")).Get("calls").TryGetArray(out var left) || left.Count > 0)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        var trace = (await GetAsync(at, $"/api/runs/{runs[0]}")).Get("trace");
        Assert.Equal(FlowValue.True, trace.Get(0).Get("queued"));
        Assert.Equal(
            ("notify", "Delivered", true),
            (trace.Get(2).Get("activity").ToText(), trace.Get(2).Get("outcome").ToText(), trace.Get(2).Get("delivery") == FlowValue.True)
        );
    }

    private static async Task<FlowValue> GetAsync(ServeProcess server, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", ManagementKey);
        using var answer = await server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return FlowValue.Parse(await answer.Content.ReadAsStringAsync());
    }

    private const string ManagementKey = "0123456789abcdef0123456789abcdef";

    private static Task<ServeProcess> StartAsync(RefusingApi api, string? database) =>
        ServeProcess.StartAsync(workspace =>
        {
            workspace.Write(
                "flows/connectors/up.connector.json",
                $$"""
                { "id": "up", "type": "http", "configuration": { "baseUrl": "{{api.Address}}",
                  "headers": [ { "key": "x-run", "value": "{{"{{flow.runId}}"}}" } ] } }
                """
            );
            var file = workspace.Write(
                "flows/notify.flow.json",
                """
                { "id": "notify", "start": "notify", "access": "public",
                  "activities": [ { "id": "notify", "type": "GenericHttp", "connector": "up", "method": "POST", "endpoint": "/events",
                    "async": "durable",
                      "body": { "run": "body-of-{{flow.runId}}" }, "retry": { "attempts": 1, "on": [ "5xx" ], "unsafe": true } },
                    { "id": "done", "type": "End" } ],
                  "connections": [ { "source": "notify", "port": "Success", "target": "done" } ] }
                """
            );
            string[] where = database is null
                ? []
                : ["--database", database, "--set", "Storage:RootKey=a root key that both nodes have, long enough"];
            return
            [
                "--flows",
                Path.GetDirectoryName(file)!,
                "--set",
                "Egress:AllowPrivateNetworks=true",
                "--set",
                $"Management:Key={ManagementKey}",
                .. where,
            ];
        });
}
