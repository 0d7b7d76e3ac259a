using System.Net;
using FlowEngine.Context;
using FlowEngine.Identity;
using FlowEngine.Server.Tests.Serve;
using FlowEngine.Server.Tests.Storage;

namespace FlowEngine.Server.Tests.Api;

/// <summary>What many passwords at once do to others. Fills the queue that all flows of the process share.</summary>
[Collection(Alone.Name)]
public sealed class PasswordQueueTests
{
    [Fact]
    public async Task FullQueueOfFlows_IsAnErrorOfTheFlow_AndTheConsoleDoesNotNoticeIt()
    {
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        using var gate = new ManualResetEventSlim();
        var held = new List<Task>();
        // Each of another network, until not even a new network has a place. Those that wait leave after a while, those that run do not.
        while (PasswordHash.Workers.TryEnter($"network {held.Count}") is { } place)
            held.Add(place.RunAsync(() => gate.Wait(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken), default).AsTask());
        try
        {
            await server.PersonAsync("ann", "admin");
            var start = (
                await server.PostAsync("/v1/flow/start", """{ "flowId": "password", "options": { "client": {} } }""", Credential.None)
            )
                .Expect(HttpStatusCode.OK)
                .Body;
            var next = (
                await server.PostAsync(
                    "/v1/flow/next",
                    $$"""
                    { "executionId": "{{start.Get("executionId").ToText()}}", "stepId": "{{start.Get(
                        "stepId"
                    ).ToText()}}", "interactionId": "submit",
                      "input": { "email": "ada@example.com", "password": "whatever it is" } }
                    """,
                    Credential.None
                )
            )
                .Expect(HttpStatusCode.OK)
                .Body;

            // The person is asked again and reads that something went wrong: neither "wrong" nor signed in.
            Assert.Equal(("waiting", "signIn"), (next.Get("status").ToText(), next.Get("stepName").ToText()));
            Assert.Equal("password.busy", next.Get("error").Get("code").ToText());
        }
        finally
        {
            gate.Set();
        }
        await Task.WhenAll(held);
    }
}
