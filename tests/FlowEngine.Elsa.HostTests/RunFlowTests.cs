using Elsa.Workflows;
using FlowEngine.Context;
using FlowEngine.Execution;
using static FlowEngine.ElsaActivities.HostTests.Definition;

namespace FlowEngine.ElsaActivities.HostTests;

/// <summary>A whole flow as one activity of Elsa's workflow.</summary>
public sealed class RunFlowTests
{
    [Fact]
    public async Task RunFlow_WithAScreen_WaitsAndGivesItsResult()
    {
        await using var host = await ElsaHost.StartAsync();
        host.Engine.Services = new RunServices { Trace = true, Replies = new ScriptedReplies(Replies()) };
        await host.ImportAsync(
            Chart(
                "outer",
                [
                    Activity("login", "FlowEngine.RunFlow", ("flow", Literal("login"))),
                    Activity("yes", "Elsa.SetName", ("value", Literal("signed in"))),
                    Activity("no", "Elsa.SetName", ("value", Literal("turned away"))),
                ],
                ("login", "Completed", "yes"),
                ("login", "Refused", "no")
            )
        );
        var run = await host.StartAsync("outer");
        Assert.Equal(("sign-in", "waiting"), (run.Screen, run.Output.Get("status").ToText()));

        await run.SubmitAsync("submit", FlowValue.Object(("email", FlowValue.From("ada@example.com"))));

        Assert.Equal((WorkflowSubStatus.Finished, ""), (run.SubStatus, string.Join('\n', run.Incidents)));
        Assert.Equal("ada", run.Output.Get("user").Get("userId").ToText());
        Assert.Equal(["login", "yes"], (await run.PathAsync()).Where(id => id is "login" or "yes" or "no"));
    }

    [Fact]
    public async Task RunFlow_OfAnUnknownFlow_IsAnIncidentThatSaysWhatToDo()
    {
        await using var host = await ElsaHost.StartAsync();
        await host.ImportAsync(Chart("outer", [Activity("login", "FlowEngine.RunFlow", ("flow", Literal("nope")))]));

        var run = await host.StartAsync("outer");

        Assert.Equal(WorkflowSubStatus.Faulted, run.SubStatus);
        Assert.Contains("Give the folder of its file to AddFlows.", Assert.Single(run.Incidents), StringComparison.Ordinal);
    }

    private static FlowValue Replies() =>
        FlowValue.Parse(
            """
            { "lookup": [ { "rows": [ { "id": "ada", "tier": "gold" } ] } ],
              "profile": [ { "statusCode": 200, "body": { "displayName": "Ada Lovelace", "tier": "gold" } } ] }
            """
        );
}
