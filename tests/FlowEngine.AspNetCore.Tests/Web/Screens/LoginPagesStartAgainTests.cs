using System.Net;
using System.Text;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Web.Screens;

/// <summary>Starts whose server was killed while an API worked for them, and that are sent again.</summary>
[Trait("Category", "cluster")]
public sealed class LoginPagesStartAgainTests(PostgresFixture postgres)
{
    private const int Starts = 20;

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Kill_InTheMiddleOfAStart_TheRepeatIsTheSameRunUnderOneKey(StoreEngine engine)
    {
        await using var api = await BoundaryApi.StartAsync();
        await using var server = await StartAsync(api, engine == StoreEngine.Postgres ? await postgres.CreateDatabaseAsync() : null);
        var management = await server.ManagementKeyAsync();
        // A start by anybody, a run by a program, a flow that is stored after each step, and a page.
        var begun = Enumerable.Range(0, Starts).Select(i => (Key: $"\"{RunId.New()}\"", Kind: i % 3)).ToList();
        using var visitor = new Visitor(server.Address);
        api.Hold("/second", Starts + 1);

        var lost = begun
            .Select(start => BoundaryServer.LostAsync(SendAsync(server, start, management)))
            .Append(BoundaryServer.LostAsync(visitor.GetAsync("/login/direct")))
            .ToList();
        await api.ArrivedAsync("/second", Starts + 1, TestContext.Current.CancellationToken);
        await server.KillAsync();
        await Task.WhenAll(lost);
        await server.StartAsync();
        var answers = await Task.WhenAll(begun.Select(start => SendAsync(server, start, management)));
        var again = await Task.WhenAll(begun.Select(start => SendAsync(server, start, management)));
        // The page is reloaded.
        await visitor.GetAsync(visitor.Path);

        Assert.All(
            answers,
            answer => Assert.True(answer.Status == HttpStatusCode.OK && answer.Body.Get("status").ToText() == "completed", answer.Text)
        );
        Assert.Equal(answers.Select(answer => answer.Text), again.Select(answer => answer.Text));
        var runs = answers.Select(answer => answer.Body.Get("executionId").ToText()).Append(visitor.Path.Split('/')[^1]).ToList();
        Assert.Equal(Starts + 1, runs.Distinct().Count());
        Assert.Contains("<h1", visitor.Html, StringComparison.Ordinal);
        Assert.All(
            runs,
            run =>
            {
                var calls = api.CallsOf(run);
                Assert.Equal(["/first", "/second"], calls.Select(call => call.Path).Distinct());
                Assert.True(calls.Count(call => call.Path == "/second") >= 2, $"{run}: {string.Join(' ', calls)}");
                Assert.Single(calls.Where(call => call.Path == "/first").Select(call => call.Key).Distinct());
                Assert.Single(calls.Where(call => call.Path == "/second").Select(call => call.Key).Distinct());
            }
        );
        // No start became another run than the one that answered.
        Assert.Equal(runs.Order(), api.Runs.Order());
        var other = await SendAsync(server, begun[0], management, """, "more": 1""");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "api.idempotency"), (other.Status, other.Body.Get("errorCode").ToText()));
    }

    private static async Task<(HttpStatusCode Status, FlowValue Body, string Text)> SendAsync(
        ServeProcess server,
        (string Key, int Kind) start,
        string management,
        string more = ""
    )
    {
        var (path, flow) = start.Kind switch
        {
            0 => ("/v1/flow/start", "direct"),
            1 => ("/v1/mgmt/flow/run", "direct"),
            _ => ("/v1/flow/start", "steps"),
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(
                $$"""{ "flowId": "{{flow}}", "options": { "client": {} }{{more}} }""",
                Encoding.UTF8,
                "application/json"
            ),
        };
        request.Headers.Add("Idempotency-Key", start.Key);
        if (start.Kind == 1)
            request.Headers.Authorization = new("Bearer", management);
        using var answer = await server.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, FlowValue.Parse(text), text);
    }

    private static Task<ServeProcess> StartAsync(BoundaryApi api, string? database) =>
        ServeProcess.StartAsync(workspace =>
        {
            workspace.Write(
                "flows/connectors/up.connector.json",
                $$"""
                { "id": "up", "type": "http", "configuration": { "baseUrl": "{{api.Address}}",
                  "headers": [ { "key": "x-run", "value": "{{"{{flow.runId}}"}}" } ] } }
                """
            );
            const string Flow = """
                { "id": "direct", "start": "first", "access": "public", "durability": "screen",
                  "activities": [ { "id": "first", "type": "GenericHttp", "connector": "up", "method": "POST", "endpoint": "/first" },
                    { "id": "second", "type": "GenericHttp", "connector": "up", "method": "POST", "endpoint": "/second", "timeout": 60 },
                    { "id": "user", "type": "SetUser", "user": { "userId": "ada" } },
                      { "id": "done", "type": "End", "outputs": { "run": "{{flow.runId}}" } } ],
                  "connections": [ { "source": "first", "port": "Success", "target": "second" },
                    { "source": "second", "port": "Success", "target": "user" },
                    { "source": "user", "port": "Done", "target": "done" } ] }
                """;
            var file = workspace.Write("flows/direct.flow.json", Flow);
            workspace.Write(
                "flows/steps.flow.json",
                Flow.Replace("\"direct\"", "\"steps\"", StringComparison.Ordinal)
                    .Replace("\"screen\"", "\"step\"", StringComparison.Ordinal)
            );
            string[] where = database is null ? [] : ["--database", database];
            return ["--flows", Path.GetDirectoryName(file)!, "--set", "Egress:AllowPrivateNetworks=true", .. where];
        });
}
