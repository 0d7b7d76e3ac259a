using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Templates;

namespace FlowEngine.Tests.Execution;

public sealed class SubflowTests
{
    private const string Price = """
        { "id": "price", "start": "p", "inputs": { "sku": { "type": "string", "required": true }, "do": {} },
          "activities": [
            { "id": "p", "type": "Probe", "do": "{{client.do ?? \"ok\"}}", "contextKey": "inner", "value": "{{client.sku}}" },
            { "id": "c", "type": "Condition",
              "branches": [ { "outcome": "free", "rules": [ { "key": "connectors.inner", "operator": "equal", "value": "air" } ] } ] },
            { "id": "free", "type": "End", "name": "Free" },
            { "id": "sold", "type": "End", "outputs": { "sku": "{{connectors.inner}}", "flow": "{{flow.id}}@{{flow.version}}" } } ],
          "connections": [ { "source": "p", "port": "Success", "target": "c" }, { "source": "c", "port": "free", "target": "free" },
            { "source": "c", "port": "Else", "target": "sold" } ] }
        """;

    private const string AskName = """
        { "id": "ask-name", "start": "s",
          "activities": [ { "id": "s", "type": "Screen", "screen": "name" }, { "id": "p", "type": "Probe", "do": "{{form.do}}" },
            { "id": "e", "type": "End", "outputs": { "name": "{{form.name}}" } } ],
          "connections": [ { "source": "s", "port": "go", "target": "p" }, { "source": "p", "port": "Success", "target": "e" } ],
          "screens": [ { "id": "name", "components": [ { "type": "TextInput", "name": "name" }, { "type": "TextInput", "name": "do" },
            { "type": "Button", "id": "go" } ] } ] }
        """;

    [Theory]
    [InlineData("tea", "Done", """{"sku":"tea","flow":"price@3"}""")]
    [InlineData("air", "Free", "{}")]
    public async Task Subflow_EndsByTheNameOfItsEndWithItsOutputsInScripts(string sku, string end, string outputs)
    {
        var run = await ProbeFlow.RunAsync(PricePlan(), $$"""{ "sku": "{{sku}}" }""");

        Assert.Equal(end, run.EndName);
        Assert.Equal(outputs, run.Context.Get(ContextRoot.Scripts).Get("result").ToJson());
        Assert.Equal("{}", run.Context.Get(ContextRoot.Connectors).ToJson());
        Assert.Equal(["sub", "sub/p", "sub/c"], run.Path.Take(3));
    }

    [Fact]
    public async Task Subflow_InputsThatDoNotFit_FailTheRun()
    {
        var run = await ProbeFlow.RunAsync(PricePlan());

        Assert.Equal("run.input", run.Failure!.Code);
    }

    [Fact]
    public async Task Subflow_WithAScreen_SuspendsThereSurvivesASaveAndGoesOn()
    {
        var plan = NamePlan();
        var run = await ProbeFlow.RunAsync(plan);
        Assert.Equal("name", run.Screen!.Id);
        Assert.Equal("sub/s", run.ActivityId);

        run = RunState.Load(RunState.Save(run), plan, RunServices.Default);
        await ProbeFlow.SubmitAsync(run, "go", """{ "name": "Ada" }""");

        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.Equal("Hello Ada", run.Outputs.Get("greeting").ToText());
        Assert.Equal("{}", run.Context.Get(ContextRoot.Form).ToJson());
    }

    [Fact]
    public async Task Error_AfterASubflowsScreen_ReturnsToThatScreenWithItsInputs()
    {
        var plan = NamePlan("""{ "id": "after", "type": "Probe", "do": "{{client.do}}" },""", "sub.Done>after; after.Success>end");
        var run = await ProbeFlow.RunAsync(plan, """{ "do": "fail" }""");
        await ProbeFlow.SubmitAsync(run, "go", """{ "name": "Ada" }""");

        Assert.Equal("sub/s", run.ActivityId);
        Assert.Equal("Ada", run.Context.Get(ContextRoot.Form).Get("name").ToText());

        run = RunState.Load(RunState.Save(run), plan, RunServices.Default with { Trace = true });
        await ProbeFlow.SubmitAsync(run, "go", """{ "name": "Bob" }""");
        Assert.Equal("sub/s", run.ActivityId);
        Assert.Equal("Bob", run.Context.Get(ContextRoot.Form).Get("name").ToText());
    }

    [Fact]
    public void Subflow_CallingItself_IsRefused()
    {
        var result = ProbeFlow.Compile(
            ProbeFlow.Json("sub", """{ "id": "sub", "type": "Subflow", "flow": "a" }, { "id": "e", "type": "End" }""", "sub.Done>e"),
            Caller("a", "b"),
            Caller("b", "a")
        );

        Assert.Null(result.Plan);
        Assert.Contains(result.Diagnostics, diagnostic => diagnostic.Code == "flow.subflow_nesting");
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public void Subflow_Nesting_IsAllowedTenDeep(int depth, bool allowed)
    {
        var others = Enumerable
            .Range(1, depth)
            .Select(i =>
                i == depth
                    ? $$"""{ "id": "f{{i}}", "start": "e", "activities": [ { "id": "e", "type": "End" } ] }"""
                    : Caller($"f{i}", $"f{i + 1}")
            );
        var result = ProbeFlow.Compile(
            ProbeFlow.Json("sub", """{ "id": "sub", "type": "Subflow", "flow": "f1" }, { "id": "e", "type": "End" }""", "sub.Done>e"),
            [.. others]
        );

        Assert.Equal(allowed, result.Plan is not null);
        Assert.Equal(!allowed, result.Diagnostics.Any(diagnostic => diagnostic.Code == "flow.subflow_nesting"));
    }

    [Fact]
    public void Subflow_Unknown_IsRefusedWithItsPointer()
    {
        var result = ProbeFlow.Compile(
            ProbeFlow.Json("sub", """{ "id": "sub", "type": "Subflow", "flow": "nope" }, { "id": "e", "type": "End" }""", "sub.Done>e")
        );

        var problem = Assert.Single(result.Diagnostics, diagnostic => diagnostic.Code == "flow.unknown_flow");
        Assert.Equal("/activities/0/flow", problem.Pointer);
    }

    private static string Caller(string id, string other) =>
        $$"""
            { "id": "{{id}}", "start": "sub", "activities": [ { "id": "sub", "type": "Subflow", "flow": "{{other}}" },
              { "id": "e", "type": "End" } ],
              "connections": [ { "source": "sub", "port": "Done", "target": "e" } ] }
            """;

    private static FlowPlan PricePlan() =>
        ProbeFlow.Plan(
            ProbeFlow.Json(
                "sub",
                """
                { "id": "sub", "type": "Subflow", "flow": "price", "inputs": { "sku": "{{client.sku}}" }, "contextKey": "result" },
                { "id": "done", "type": "End" }, { "id": "free", "type": "End", "name": "Free" }
                """,
                "sub.Done>done; sub.Free>free"
            ),
            Price
        );

    private static FlowPlan NamePlan(string more = "", string connections = "sub.Done>end") =>
        ProbeFlow.Plan(
            ProbeFlow.Json(
                "sub",
                $$$"""{ "id": "sub", "type": "Subflow", "flow": "ask-name", "contextKey": "who" }, {{{more}}} { "id": "end","""
                    + """ "type": "End", "outputs": { "greeting": "Hello {{scripts.who.name}}" } }""",
                connections
            ),
            AskName
        );
}
