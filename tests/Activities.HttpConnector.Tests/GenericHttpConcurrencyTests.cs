using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.HttpConnector.Tests.Signing;

namespace FlowEngine.HttpConnector.Tests;

/// <summary>One plan serves all runs at once.</summary>
public sealed class GenericHttpConcurrencyTests
{
    [Fact]
    public async Task Plan_UsedByManyRunsAtOnce_MixesNothingUp()
    {
        await using var server = LoopbackServer.AnsweringAsync(async request =>
        {
            await Task.Yield();
            return LoopbackServer.Reply(
                200,
                $$"""{ "target": "{{request.Target}}", "header": "{{request.Header("x-id")}}", "body": {{request.Text}},"""
                    + $$""" "signature": "{{request.Header("x-descope-webhook-s256")}}" }""",
                "Content-Type: application/json\r\n"
            );
        });
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "method": "PUT", "endpoint": "/{{client.id}}", "headers": { "x-id": "id {{client.id}}" },"""
                + """ "body": { "id": "{{client.id}}" }, "retry": {}, "timeout": 60 }""",
            """{ "hmacSecret": "abc", "includeHeadersInContext": true, "circuitBreaker": {},"""
                + """ "authentication": { "method": "basic", "basic": { "username": "u", "password": "pass" } } }"""
        );

        var runs = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(i => Task.Run(async () => (i, run: await flow.RunAsync($$"""{ "id": {{i}} }"""))))
        );

        Assert.All(
            runs,
            item =>
            {
                var body = item.run.Call().Get("body");
                Assert.Equal($"/{item.i}", body.Get("target").ToText());
                Assert.Equal($"id {item.i}", body.Get("header").ToText());
                Assert.Equal($$"""{"id":{{item.i}}}""", body.Get("body").ToJson());
                Assert.Equal(HmacSignatureInFlowsTests.Sign("abc", $$"""{"id":{{item.i}}}"""), body.Get("signature").ToText());
            }
        );
        Assert.Equal(200, server.Requests.Select(request => request.Header("idempotency-key")).Distinct().Count());
    }
}
