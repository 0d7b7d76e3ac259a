using System.Net;
using FlowEngine.AspNetCore.Web.Runtime;
using FlowEngine.Execution;
using FlowEngine.Server.Tests.Cli;
using FlowEngine.Server.Tests.Storage;
using FlowEngine.Storage;
using FlowEngine.TestServers;
using Microsoft.Extensions.DependencyInjection;

namespace FlowEngine.Server.Tests.Api;

/// <summary>The header Idempotency-Key on starts.</summary>
public sealed class IdempotencyTests(PostgresFixture postgres)
{
    private const string Login = """{ "flowId": "login", "options": { "client": {} } }""";
    private const string SignedIn =
        """{ "flowId": "login", "options": { "client": {} }, "interactionId": "submit", "input": { "email": "ada@example.com" } }""";

    [Theory]
    [InlineData("\"8e03978e-40d5-43dd-bc93-6894a57f9324\"", "8e03978e-40d5-43dd-bc93-6894a57f9324")]
    [InlineData("8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324")]
    [InlineData("\"a\\\"b\\\\c\"", "a\"b\\c")]
    [InlineData("x", "x")]
    [InlineData("", null)]
    [InlineData("\"\"", null)]
    [InlineData("\"a", null)]
    [InlineData("\"a\" ", null)]
    [InlineData("\"a\"b\"", null)]
    [InlineData("\"a\\b\"", null)]
    [InlineData("\"a\\", null)]
    [InlineData("a\"b", null)]
    [InlineData("a b", null)]
    [InlineData("a,b", null)]
    [InlineData("\"a b\"", null)]
    [InlineData("\"ä\"", null)]
    public void Read_TextsInQuotesAndWithout(string header, string? key)
    {
        Assert.Equal(key, IdempotencyKey.Read(header));
        Assert.Null(IdempotencyKey.Read(new string('x', 256)));
        Assert.Equal(255, IdempotencyKey.Read(new string('x', 255))?.Length);
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Start_SameKeyAndBody_IsTheSameRun(StoreEngine engine)
    {
        await using var server = await ApiServer.StartAsync(engine, postgres);
        var key = RunId.New();

        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => StartAsync(server, Login, i % 2 == 0 ? key : $"\"{key}\"")));
        var first = all[0].Expect(HttpStatusCode.OK);
        Assert.All(all, answer => Assert.Equal(first.Text, answer.Text));
        Assert.NotEqual(first.Body.Get("executionId"), (await StartAsync(server, Login, RunId.New())).Body.Get("executionId"));
        Assert.NotEqual(first.Body.Get("executionId"), (await StartAsync(server, Login, null)).Body.Get("executionId"));

        // White space is none of the request; anything else is another one.
        Assert.Equal(first.Text, (await StartAsync(server, Login.Replace(" ", "", StringComparison.Ordinal), key)).Text);
        foreach (
            var other in new[]
            {
                SignedIn,
                Login.Replace("{} }", "{ \"a\": 1 } }", StringComparison.Ordinal),
                Login.Replace("login", "account", StringComparison.Ordinal),
            }
        )
        {
            var refused = (await StartAsync(server, other, key)).Expect(HttpStatusCode.UnprocessableEntity);
            Assert.Equal("api.idempotency", refused.Code);
        }

        // The run goes on; whoever starts it again is where it is. The tokens are for whoever submitted the step that brought them.
        var next =
            $$"""{ "executionId": "{{first.Body.Get("executionId").ToText()}}","""
            + $$""" "stepId": "{{first.Body.Get("stepId").ToText()}}", "interactionId": "submit","""
            + """ "input": { "email": "ada@example.com" } }""";
        Assert.False((await server.PostAsync("/v1/flow/next", next, Credential.None)).Body.Get("authInfo").IsMissing);
        var done = await StartAsync(server, Login, key);
        Assert.Equal((first.Body.Get("executionId"), "completed"), (done.Body.Get("executionId"), done.Body.Get("status").ToText()));
        Assert.True(done.Body.Get("authInfo").IsMissing);
    }

    [Fact]
    public async Task Start_ThatBroughtTokens_BringsTheSameAgain()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        var key = RunId.New();

        var first = await StartAsync(server, SignedIn, key);
        var again = await StartAsync(server, SignedIn, key);
        var stranger = await StartAsync(server, SignedIn, RunId.New());

        Assert.NotEqual("", first.Body.Get("authInfo").Get("refreshJwt").ToText());
        Assert.Equal(first.Text, again.Text);
        Assert.NotEqual(first.Body.Get("executionId"), stranger.Body.Get("executionId"));
    }

    [Fact]
    public async Task Start_KeyThatOthersCouldThinkOf_IsRefused()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);

        foreach (
            var key in new[]
            {
                "1",
                "login-1",
                "123456789012345",
                "\"123456789012345\"",
                "",
                "\"",
                new string('x', 300),
                "a b c d e f g h i j k",
            }
        )
        {
            var refused = (await StartAsync(server, Login, key)).Expect(HttpStatusCode.BadRequest);
            Assert.Equal("api.idempotency_key", refused.Code);
        }
        var twice = await server.SendAsync(
            "POST",
            "/v1/flow/start",
            Login,
            Credential.None,
            ("Idempotency-Key", RunId.New()),
            ("Idempotency-Key", RunId.New())
        );
        Assert.Equal((HttpStatusCode.BadRequest, "api.idempotency_key"), (twice.Status, twice.Code));
    }

    /// <summary>A run by a program: whoever has the management key has its own keys, which may be short.</summary>
    [Fact]
    public async Task Run_SameKeyAndBody_IsTheSameRunAndAnswer()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        const string Body = """{ "flowId": "orders", "options": { "input": { "user": "ada" } } }""";

        var first = (await RunAsync(server, Body, "order-1")).Expect(HttpStatusCode.OK);
        Assert.Equal(first.Text, (await RunAsync(server, Body, "order-1")).Text);
        Assert.NotEqual(first.Body.Get("executionId"), (await RunAsync(server, Body, "order-2")).Body.Get("executionId"));
        Assert.Equal("api.idempotency", (await RunAsync(server, Body.Replace("ada", "ghost", StringComparison.Ordinal), "order-1")).Code);
        // What is refused is refused again, in the same words.
        const string Screen = """{ "flowId": "login" }""";
        var refused = (await RunAsync(server, Screen, "screen-1")).Expect(HttpStatusCode.Conflict);
        Assert.Equal(refused.Text, (await RunAsync(server, Screen, "screen-1")).Text);
        // The key is that of the management key's holder alone, and of runs alone.
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await server.SendAsync("POST", "/v1/mgmt/flow/run", Body, Credential.None, ("Idempotency-Key", "order-1"))).Status
        );
    }

    /// <summary>The answer of a run that ended is kept for as long as its key, though the run itself expires much sooner.</summary>
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Run_LongAfterItsExpiry_HasTheSameAnswer(StoreEngine engine)
    {
        using var flows = new Workspace();
        flows.Write(
            "brief.flow.json",
            """
            { "id": "brief", "start": "done", "expiresAfter": "PT1S",
              "activities": [ { "id": "done", "type": "End", "outputs": { "run": "{{flow.runId}}" } } ], "connections": [] }
            """
        );
        await using var server = await ApiServer.StartAsync(engine, postgres, flows.Folder);
        const string Body = """{ "flowId": "brief" }""";
        var first = (await RunAsync(server, Body, "order-1")).Expect(HttpStatusCode.OK);
        var other = (await server.PostAsync("/v1/mgmt/flow/run", Body)).Expect(HttpStatusCode.OK).Body.Get("executionId").ToText();

        // Until the state of a run without a key was cleaned away.
        var (cleaner, runs) = (server.Services.GetRequiredService<StorageCleaner>(), server.Services.GetRequiredService<RunStore>());
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestStorage.Stop);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while ((await runs.FindAsync(other, limit.Token))!.State is not null)
        {
            await Task.Delay(100, limit.Token);
            await cleaner.CleanBatchAsync(limit.Token);
        }

        Assert.Equal(first.Text, (await RunAsync(server, Body, "order-1")).Text);
        Assert.Equal(
            "api.idempotency",
            (await RunAsync(server, Body.Replace("}", ", \"x\": 1 }", StringComparison.Ordinal), "order-1")).Code
        );
    }

    private static Task<ApiReply> StartAsync(ApiServer server, string body, string? key) =>
        server.SendAsync("POST", "/v1/flow/start", body, Credential.None, key is null ? [] : [("Idempotency-Key", key)]);

    private static Task<ApiReply> RunAsync(ApiServer server, string body, string key) =>
        server.SendAsync("POST", "/v1/mgmt/flow/run", body, null, ("Idempotency-Key", key));
}
