using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Tests.Execution;

namespace FlowEngine.Tests.Compilation;

/// <summary>Who may start a flow (SPEC 3).</summary>
public sealed class AccessTests
{
    private const string Ask = """{ "id": "ask", "components": [ { "type": "Button", "id": "go" } ] }""";

    private const string Asking = """
        { "id": "asking", "start": "s", "activities": [ { "id": "s", "type": "Screen", "screen": "ask" }, { "id": "e", "type": "End" } ],
          "connections": [ { "source": "s", "port": "go", "target": "e" } ],
            "screens": [ { "id": "ask", "components": [ { "type": "Button", "id": "go" } ] } ] }
        """;

    [Theory]
    [InlineData("", FlowAccess.Public)]
    [InlineData(""" "access": "key", """, FlowAccess.Key)]
    [InlineData(""" "access": "public", """, FlowAccess.Public)]
    public void Access_OfAFlowWithAScreen_IsPublicUnlessItSaysOtherwise(string more, FlowAccess access)
    {
        var plan = ProbeFlow.Plan(
            ProbeFlow.Json("s", """{ "id": "s", "type": "Screen", "screen": "ask" }, { "id": "e", "type": "End" }""", "s.go>e", Ask, more)
        );
        Assert.Equal(access, plan.Options.Access);
    }

    [Theory]
    [InlineData("", FlowAccess.Key)]
    [InlineData(""" "access": "public", """, FlowAccess.Public)]
    public void Access_OfAFlowWithoutScreens_IsKeyUnlessItSaysOtherwise(string more, FlowAccess access)
    {
        // A screen that no activity shows is none.
        Assert.Equal(access, ProbeFlow.Plan(ProbeFlow.Json("e", """{ "id": "e", "type": "End" }""", "", Ask, more)).Options.Access);
    }

    [Fact]
    public void Access_ScreenOfASubflow_IsTheFlowsOwn()
    {
        var plan = ProbeFlow.Plan(
            ProbeFlow.Json("sub", """{ "id": "sub", "type": "Subflow", "flow": "asking" }, { "id": "e", "type": "End" }""", "sub.Done>e"),
            Asking
        );
        Assert.Equal(FlowAccess.Public, plan.Options.Access);
    }
}
