using System.Net;
using FlowEngine.Context;
using FlowEngine.Server.Tests.Cli;
using FlowEngine.Server.Tests.Serve;
using FlowEngine.Server.Tests.Storage;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Api;

/// <summary>Durable calls as an operator sees them.</summary>
public sealed class CallsApiTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Calls_ThatWereGivenUp_AreToldAndCanBeDeliveredAfterAll(StoreEngine engine)
    {
        await using var api = await RefusingApi.StartAsync();
        using var flows = Flows(api);
        await using var server = await ApiServer.StartAsync(
            engine,
            postgres,
            flows.Folder,
            "Egress:AllowPrivateNetworks=true",
            "Calls:GiveUpAfter=PT0.001S",
            "Calls:MaxPerConnector=2"
        );
        var viewer = await server.PersonAsync("vera", "viewer");

        for (var i = 0; i < 2; i++)
            (await RunAsync(server)).Expect(HttpStatusCode.OK);
        // There is no room for a third, and that is told.
        var full = await RunAsync(server);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "http.queue"), (full.Status, full.Code));

        var dead = await UntilAsync(server, calls => calls.Count == 2, "?status=dead");
        Assert.Empty(await CallsAsync(server, "?status=queued", viewer));
        Assert.Equal(2, (await CallsAsync(server, "?connector=up", viewer)).Count);
        Assert.Empty(await CallsAsync(server, "?connector=other", viewer));
        var call = dead[0];
        Assert.Equal(
            ("up", "notify", "tell", "http.status"),
            (
                call.Get("connector").ToText(),
                call.Get("flow").ToText(),
                call.Get("activity").ToText(),
                call.Get("error").Get("code").ToText()
            )
        );
        Assert.DoesNotContain("secret-of-ada", call.ToJson(), StringComparison.Ordinal);
        var trace = (await server.GetAsync($"/api/runs/{call.Get("run").ToText()}")).Body.Get("trace");
        Assert.Equal(
            ("Not delivered", "http.status"),
            (trace.Get(2).Get("outcome").ToText(), trace.Get(2).Get("error").Get("code").ToText())
        );

        // Pages.
        var page = (await server.GetAsync("/api/calls?limit=1")).Body;
        Assert.True(page.Get("calls").TryGetArray(out var first) && first.Count == 1);
        Assert.Single(await CallsAsync(server, $"?limit=1&cursor={page.Get("next").ToText()}"));
        Assert.Equal("api.query", (await server.GetAsync("/api/calls?cursor=x")).Code);
        Assert.Equal("api.query", (await server.GetAsync("/api/calls?status=lost")).Code);

        var path = $"/api/calls/{call.Get("id").ToText()}";
        Assert.Equal(HttpStatusCode.Forbidden, (await server.PostAsync($"{path}/retry", "{}", viewer)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await server.DeleteAsync(path, viewer)).Status);
        api.Open();
        (await server.PostAsync($"{path}/retry", "{}")).Expect(HttpStatusCode.NoContent);
        await api.DeliveredAsync(1, Stop);
        await UntilAsync(server, calls => calls.Count == 1, "");
        (await server.DeleteAsync($"/api/calls/{dead[1].Get("id").ToText()}")).Expect(HttpStatusCode.NoContent);
        Assert.Empty(await CallsAsync(server, ""));
        Assert.Equal("call.gone", (await server.PostAsync($"{path}/retry", "{}")).Code);
        Assert.Equal("call.gone", (await server.DeleteAsync(path)).Code);
        Assert.Single(api.Delivered);
        Assert.Single(api.All.Where(one => one.Run == api.Delivered.Single().Run).Select(one => one.Key).Distinct());
    }

    private static Task<ApiReply> RunAsync(ApiServer server) =>
        server.PostAsync("/v1/mgmt/flow/run", """{ "flowId": "notify", "options": { "input": { "secret": "secret-of-ada" } } }""");

    private static async Task<FlowArray> CallsAsync(ApiServer server, string query, Credential? credential = null) =>
        (await server.GetAsync($"/api/calls{query}", credential)).Expect(HttpStatusCode.OK).Body.Get("calls").TryGetArray(out var calls)
            ? calls
            : throw new InvalidOperationException();

    private static async Task<FlowArray> UntilAsync(ApiServer server, Func<FlowArray, bool> isReached, string query)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (true)
        {
            var calls = await CallsAsync(server, query);
            if (isReached(calls))
                return calls;
            await Task.Delay(50, limit.Token);
        }
    }

    private static Workspace Flows(RefusingApi api)
    {
        var flows = new Workspace();
        flows.Write(
            "connectors/up.connector.json",
            $$"""
            { "id": "up", "type": "http", "configuration": { "baseUrl": "{{api.Address}}",
              "headers": [ { "key": "x-run", "value": "{{"{{flow.runId}}"}}" } ] } }
            """
        );
        flows.Write(
            "notify.flow.json",
            """
            { "id": "notify", "start": "tell", "inputs": { "secret": { "type": "string" } },
              "activities": [ { "id": "tell", "type": "GenericHttp", "connector": "up", "method": "POST", "endpoint": "/events",
                "async": "durable", "body": { "v": "{{client.secret}}" } },
                { "id": "done", "type": "End" } ],
              "connections": [ { "source": "tell", "port": "Success", "target": "done" } ] }
            """
        );
        return flows;
    }
}
