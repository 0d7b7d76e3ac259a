namespace FlowEngine.Server.Tests.Serve;

/// <summary>A flow with <c>durability: "step"</c> goes on where the server died.</summary>
public sealed class StepDurabilityTests
{
    [Fact]
    public async Task Kill_WhileAnActivityRuns_TheRunGoesOnFromTheStepBefore()
    {
        // The second call of each address is answered at once; the first hangs, and the server dies meanwhile.
        await using var upstream = await HangingUpstream.StartAsync();
        await using var server = await ServeProcess.StartAsync(workspace =>
        {
            workspace.Write("flows/connectors/up.connector.json", $$"""{ "id": "up", "type": "http", "configuration": { "baseUrl": "{{upstream.Address}}" } }""");
            var file = workspace.Write("flows/steps.flow.json", """
                { "id": "steps", "start": "ask", "durability": "step",
                  "activities": [ { "id": "ask", "type": "Screen", "screen": "ask" },
                    { "id": "one", "type": "GenericHttp", "connector": "up", "contextKey": "one", "method": "POST", "endpoint": "/one" },
                    { "id": "two", "type": "GenericHttp", "connector": "up", "contextKey": "two", "method": "POST", "endpoint": "/two" },
                    { "id": "done", "type": "End", "outputs": { "one": "{{connectors.one.body.n}}", "two": "{{connectors.two.body.n}}" } } ],
                  "connections": [ { "source": "ask", "port": "submit", "target": "one" }, { "source": "one", "port": "Success", "target": "two" }, { "source": "two", "port": "Success", "target": "done" } ],
                  "screens": [ { "id": "ask", "title": "Go", "components": [ { "type": "Button", "id": "submit", "text": "Go" } ] } ] }
                """);
            return ["--flows", Path.GetDirectoryName(file)!, "--set", "Egress:AllowPrivateNetworks=true"];
        });
        var at = await server.BeginAsync("steps");
        var lost = server.SubmitAsync(at, "");
        await upstream.Hung.Task.WaitAsync(TimeSpan.FromSeconds(30));

        await server.KillAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => lost);
        await server.StartAsync();

        var (_, done, text) = await server.SubmitAsync(at, "");
        Assert.True(done.Get("status").ToText() == "completed", text);
        Assert.Equal("""{"one":1,"two":2}""", done.Get("output").ToJson());
        Assert.Equal(["/one", "/two", "/two"], upstream.Calls.Select(call => call.Path));
        Assert.Equal(upstream.Calls[1].Key, upstream.Calls[2].Key);
        Assert.NotEqual("", upstream.Calls[1].Key);
        Assert.NotEqual(upstream.Calls[0].Key, upstream.Calls[1].Key);
    }
}
