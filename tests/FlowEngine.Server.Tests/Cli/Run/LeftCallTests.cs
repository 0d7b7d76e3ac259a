using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Cli.Run;

/// <summary>The command <c>run</c> stores nothing: a durable call is delivered before it ends, or it says that it was not.</summary>
public sealed class LeftCallTests
{
    [Fact]
    public async Task Run_DurableCall_IsDeliveredBeforeTheCommandEnds()
    {
        await using var api = await RefusingApi.StartAsync();
        using var workspace = new Workspace();
        workspace.Write(
            "connectors/up.connector.json",
            $$"""{ "id": "up", "type": "http", "configuration": { "baseUrl": "{{api.Address}}" } }"""
        );
        var flow = workspace.Write(
            "notify.flow.json",
            """
            { "id": "notify", "start": "tell",
              "activities": [ { "id": "tell", "type": "GenericHttp", "connector": "up", "method": "POST", "async": "durable" },
                { "id": "done", "type": "End" } ],
              "connections": [ { "source": "tell", "port": "Success", "target": "done" } ] }
            """
        );
        string[] command = ["run", flow, "--set", "Egress:AllowPrivateNetworks=true"];

        var refused = await FlowEngineCommand.RunAsync([.. command, "--format", "json"]);
        api.Open();
        var delivered = await FlowEngineCommand.RunAsync(command);

        var call = refused.Json.Get("calls").Get(0);
        Assert.Equal(
            (0, "tell", "false", "http.status"),
            (refused.ExitCode, call.Get("activity").ToText(), call.Get("delivered").ToText(), call.Get("error").Get("code").ToText())
        );
        Assert.Equal(0, delivered.ExitCode);
        Assert.Contains("tell was delivered", delivered.Output, StringComparison.Ordinal);
        Assert.Equal([false, true], api.All.Select(one => one.IsTaken));
    }
}
