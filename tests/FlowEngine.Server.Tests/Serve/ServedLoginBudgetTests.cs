using System.Net;
using System.Text;
using FlowEngine.Context;
using FlowEngine.Server.Tests.Api;
using FlowEngine.Server.Tests.Storage;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Serve;

/// <summary>
/// What a complete login over HTTP allocates, from the first request to the tokens: server, demo API, both databases' drivers, and the
/// test's own client with its parsing, which are some 25 kB of it. Times and CPU are compared in bench/ only.
/// </summary>
[Collection(Alone.Name)]
public sealed class ServedLoginBudgetTests(PostgresFixture postgres)
{
    private const int Logins = 200;

    [Theory]
    [InlineData(StoreEngine.Postgres, 190 * 1024)]
    [InlineData(StoreEngine.Sqlite, 215 * 1024)]
    public async Task Login_FromStartToTokens_StaysWithinItsBudget(StoreEngine engine, long budget)
    {
        await using var server = await ApiServer.StartAsync(
            engine,
            postgres,
            null,
            "RateLimits:StartsPerMinute=100000",
            "RateLimits:SubmitsPerMinute=100000"
        );
        await SignInAsync(server.Http);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        await SignInAsync(server.Http);
        var bytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / Logins;

        TestContext.Current.TestOutputHelper!.WriteLine($"{bytes} bytes a login");
        Assert.InRange(bytes, 10_000, budget);
    }

    private static async Task SignInAsync(HttpClient http)
    {
        for (var i = 0; i < Logins; i++)
        {
            var screen = await PostAsync(http, "/v1/flow/start", """{ "flowId": "login", "options": { "client": {} } }""");
            var answer = await PostAsync(
                http,
                "/v1/flow/next",
                $$"""{ "executionId": "{{screen.Get("executionId").ToText()}}", "stepId": "{{screen.Get("stepId").ToText()}}","""
                    + """ "interactionId": "submit", "input": { "email": "ada@example.com" } }"""
            );
            Assert.Equal("completed", answer.Get("status").ToText());
        }
    }

    private static async Task<FlowValue> PostAsync(HttpClient http, string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(path, content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return FlowValue.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
