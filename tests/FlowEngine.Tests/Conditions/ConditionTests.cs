using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Templates;

namespace FlowEngine.Tests.Conditions;

public sealed class ConditionTests
{
    private const string Is1 = """{ "key": "client.a", "operator": "equal", "value": 1 }""";
    private const string Is2 = """{ "key": "client.b", "operator": "equal", "value": 2 }""";

    [Fact]
    public async Task Branches_SeveralMatch_TheFirstWins()
    {
        var plan = Plan($$"""{ "outcome": "x", "rules": [ {{Is1}} ] }, { "outcome": "y", "rules": [ {{Is1}} ] }""", "x", "y", "Else");
        Assert.Equal("x", await EndAsync(plan, """{"a":1}"""));
    }

    [Fact]
    public async Task Branches_NoneMatchesAndElseIsUnconnected_FailsWithNoBranch()
    {
        var plan = Plan($$"""{ "outcome": "x", "rules": [ {{Is1}} ] }""", "x");
        var run = await TestFlow.RunAsync(plan, """{"a":2}""");
        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.Equal("flow.no_branch", run.Failure!.Code);
    }

    [Theory]
    [InlineData("all", """{"a":1,"b":2}""", "x")]
    [InlineData("all", """{"a":1}""", "Else")]
    [InlineData("any", """{"b":2}""", "x")]
    [InlineData("any", """{"a":2,"b":1}""", "Else")]
    public async Task Match_AllOrAny_CombinesRules(string match, string client, string expected)
    {
        var plan = Plan($$"""{ "outcome": "x", "match": "{{match}}", "rules": [ {{Is1}}, {{Is2}} ] }""", "x", "Else");
        Assert.Equal(expected, await EndAsync(plan, client));
    }

    [Theory]
    [InlineData("""{"a":1,"b":2}""", "x")]
    [InlineData("""{"a":1,"c":3}""", "x")]
    [InlineData("""{"a":1}""", "Else")]
    [InlineData("""{"b":2,"c":3}""", "Else")]
    public async Task Group_Nested_CombinesItsOwnRules(string client, string expected)
    {
        var plan = Plan(
            $$"""{ "outcome": "x", "rules": [ {{Is1}}, { "match": "any", "rules": [ {{Is2}}, { "rules": [ { "key": "client.c","""
                + """ "operator": "equal", "value": 3 } ] } ] } ] }""",
            "x",
            "Else"
        );
        Assert.Equal(expected, await EndAsync(plan, client));
    }

    [Theory]
    [InlineData("client.a === 1 && !client.missing", "x")]
    [InlineData("client.a > 1", "Else")]
    [InlineData("client.list.includes('b') && user.userId === undefined && flow.id === 'f'", "x")]
    [InlineData("'text'", "x")]
    [InlineData("''", "Else")]
    [InlineData("() => 1", "x")]
    [InlineData("connectors", "x")]
    [InlineData("error", "Else")]
    public async Task Script_Expression_IsTruthy(string script, string expected)
    {
        var plan = Plan($$"""{ "outcome": "x", "rules": [ { "script": {{FlowValue.From(script).ToJson()}} } ] }""", "x", "Else");
        Assert.Equal(expected, await EndAsync(plan, """{"a":1,"list":["a","b"]}"""));
    }

    [Theory]
    [InlineData("client.missing.x", "script.error")]
    [InlineData("(() => { while (true) {} })()", "script.limit")]
    public async Task Script_Fails_FailsTheRunInsteadOfTakingElse(string script, string code)
    {
        var plan = Plan(
            $$"""{ "outcome": "x", "match": "any", "rules": [ { "script": {{FlowValue.From(script).ToJson()}} }, {{Is1}} ] }""",
            "x",
            "Else"
        );
        var run = await TestFlow.RunAsync(plan, """{"a":1}""");
        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.Equal(code, run.Failure!.Code);
        Assert.Equal("it", run.Failure.Activity);
    }

    [Fact]
    public async Task Script_ChangesTheContext_ChangesOnlyItsCopy()
    {
        var plan = Plan("""{ "outcome": "x", "rules": [ { "script": "(client.a = 5, client.deep.b = 6)" } ] }""", "x", "Else");
        var run = await TestFlow.RunAsync(plan, """{"a":1,"deep":{"b":2}}""");
        Assert.Equal("""{"a":1,"deep":{"b":2}}""", run.Context.Get(ContextRoot.Client).ToJson());
    }

    [Fact]
    public async Task Matches_TemplatedPatternIsBad_DoesNotHoldAndWarns()
    {
        var plan = Plan(
            """{ "outcome": "x", "rules": [ { "key": "client.a", "operator": "matches", "value": "{{client.p}}" } ] }""",
            "x",
            "Else"
        );
        foreach (var pattern in new[] { "(", "(?=a)", @"(a)\1", new string('a', 2000) })
        {
            var run = await TestFlow.RunAsync(plan, FlowValue.Parse($$"""{"a":"a","p":{{FlowValue.From(pattern).ToJson()}}}"""));
            Assert.Equal("Else", run.EndName);
            Assert.Equal("condition.regex", Assert.Single(run.Trace![0].Warnings).Code);
        }
        Assert.Equal("x", await EndAsync(plan, """{"a":"abc","p":"^a.c$"}"""));
    }

    [Fact]
    public async Task Matches_PatternThatIsCatastrophicElsewhere_IsLinear()
    {
        var plan = Plan(
            """{ "outcome": "x", "rules": [ { "key": "client.a", "operator": "matches", "value": "^(a+)+$" } ] }""",
            "x",
            "Else"
        );
        Assert.Equal("Else", await EndAsync(plan, $$"""{"a":"{{new string('a', 50_000)}}!"}"""));
    }

    [Fact]
    public async Task Execute_Tracing_WritesTheOutcome()
    {
        var run = await TestFlow.RunAsync(Plan($$"""{ "outcome": "x", "rules": [ {{Is1}} ] }""", "x", "Else"), """{"a":1}""");
        Assert.Equal("""{"outcome":"x"}""", run.Trace![0].Output.ToJson());
        Assert.Equal("x", run.Trace[0].Outcome);
    }

    [Fact]
    public async Task Execute_LiteralComparisons_AllocatesNothing()
    {
        var plan = Plan(
            """{ "outcome": "x", "rules": [ { "key": "client.a", "operator": "equal", "value": 404 }, { "key": "client.b","""
                + """ "operator": "greater-than", "value": 5 }, { "key": "client.c", "operator": "equal", "value": "zz" } ] }""",
            "x",
            "Else"
        );
        var activity = (Condition)plan.Nodes[0].Activity;
        var context = TestFlow.Context("""{"a":"404","b":7,"c":"z"}""", trace: false);
        await activity.ExecuteAsync(context, default);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            await activity.ExecuteAsync(context, default);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(
        """{ "key": "client.a", "operator": "equals", "value": 1 }""",
        "condition.operator",
        "/rules/0/operator",
        "Did you mean 'equal'?"
    )]
    [InlineData("""{ "key": "client.a", "operator": "zzzzzzzz", "value": 1 }""", "condition.operator", "/rules/0/operator", "Use one of: ")]
    [InlineData("""{ "key": "client.a", "operator": "matches", "value": "(" }""", "condition.regex", "/rules/0/value", "")]
    [InlineData("""{ "key": "client.a", "operator": "matches", "value": "(?=a)" }""", "condition.regex", "/rules/0/value", "")]
    [InlineData("""{ "key": "client.a", "operator": "matches", "value": "(a{1000}){1000}" }""", "condition.regex", "/rules/0/value", "")]
    [InlineData("""{ "key": "client.a", "operator": "matches" }""", "condition.regex", "/rules/0/value", "")]
    [InlineData("""{ "key": "client..a", "operator": "empty" }""", "template.syntax", "/rules/0/key", "")]
    [InlineData("""{ "key": "{{client.a}}", "operator": "empty" }""", "template.syntax", "/rules/0/key", "without {{")]
    [InlineData("""{ "key": "connector.a", "operator": "empty" }""", "template.unknown_root", "/rules/0/key", "")]
    [InlineData("""{ "key": "client.a", "operator": "equal", "value": "{{nowhere.a}}" }""", "template.unknown_root", "/rules/0/value", "")]
    [InlineData("""{ "key": "client.a" }""", "flow.required", "/rules/0/operator", "")]
    [InlineData("""{ "operator": "empty" }""", "flow.required", "/rules/0/key", "")]
    [InlineData("{}", "flow.required", "/rules/0", "")]
    [InlineData("""{ "match": "any" }""", "flow.required", "/rules/0", "")]
    [InlineData("""{ "rules": [] }""", "flow.required", "/rules/0/rules", "")]
    [InlineData("""{ "script": "" }""", "flow.required", "/rules/0/script", "")]
    [InlineData("""{ "script": "1", "key": "client.a", "operator": "empty" }""", "flow.required", "/rules/0", "")]
    [InlineData("""{ "script": "1", "rules": [ { "script": "1" } ] }""", "flow.required", "/rules/0", "")]
    [InlineData("""{ "script": "1 +" }""", "script.syntax", "/rules/0/script", "")]
    [InlineData("""{ "script": "1; 2" }""", "script.syntax", "/rules/0/script", "")]
    [InlineData("""{ "script": "1)}); (function(){ return (1" }""", "script.syntax", "/rules/0/script", "")]
    [InlineData("""{ "rules": [ { "key": "client.a", "operator": "nope" } ] }""", "condition.operator", "/rules/0/rules/0/operator", "")]
    [InlineData("""5""", "flow.type", "/rules/0", "")]
    public void Compile_WrongRule_IsReportedAtItsPlace(string rule, string code, string pointer, string advice)
    {
        var result = Compile($$"""{ "outcome": "x", "rules": [ {{rule}} ] }""", "x");
        var error = TestFlow.OnlyError(result);
        Assert.Equal(code, error.Code);
        Assert.Equal("/activities/0/branches/0" + pointer, error.Pointer);
        Assert.Contains(advice, error.Advice);
    }

    [Theory]
    [InlineData("", "flow.required", "/activities/0/branches")]
    [InlineData("""{ "outcome": "x" }""", "flow.required", "/activities/0/branches/0/rules")]
    [InlineData("""{ "outcome": "x", "rules": [] }""", "flow.required", "/activities/0/branches/0/rules")]
    [InlineData("""{ "outcome": "x", "match": "some", "rules": [ { "script": "1" } ] }""", "flow.value", "/activities/0/branches/0/match")]
    [InlineData(
        """{ "outcome": "x", "rules": [ { "script": "1" } ] }, { "outcome": "x", "rules": [ { "script": "1" } ] }""",
        "flow.duplicate_id",
        "/activities/0/branches/1/outcome"
    )]
    public void Compile_WrongBranch_IsReportedAtItsPlace(string branches, string code, string pointer)
    {
        var error = Compile(branches, "x").Diagnostics.First(d => d.Severity == Errors.Severity.Error);
        Assert.Equal(code, error.Code);
        Assert.Equal(pointer, error.Pointer);
    }

    [Fact]
    public void Compile_BranchNamedElse_IsRefused()
    {
        var error = TestFlow.OnlyError(Compile("""{ "outcome": "Else", "rules": [ { "script": "1" } ] }""", "Else"));
        Assert.Equal("flow.value", error.Code);
    }

    [Fact]
    public void Compile_ManyProblems_AreReportedAtOnce()
    {
        var result = Compile(
            """{ "outcome": "x", "rules": [ 5, { "key": "nope.a", "operator": "nope" }, {}, { "key": "client.a","""
                + """ "operator": "matches", "value": "(" } ] }""",
            "x"
        );
        Assert.Equal(
            ["flow.type", "template.unknown_root", "condition.operator", "flow.required", "condition.regex"],
            result.Diagnostics.Where(d => d.Severity == Errors.Severity.Error).Select(d => d.Code)
        );
    }

    [Theory]
    [InlineData(31, false)]
    [InlineData(32, true)]
    public void Compile_GroupsNest_UpTo32Deep(int groups, bool refused)
    {
        var rule =
            string.Concat(Enumerable.Repeat("""{ "rules": [ """, groups))
            + """{ "key": "client.a", "operator": "empty" }"""
            + string.Concat(Enumerable.Repeat(" ] }", groups));
        var result = Compile($$"""{ "outcome": "x", "rules": [ {{rule}} ] }""", "x");
        Assert.Equal(refused, result.Plan is null);
        if (refused)
            Assert.Equal("flow.range", TestFlow.OnlyError(result).Code);
    }

    private static CompilationResult Compile(string branches, params string[] outcomes) =>
        TestFlow.Compile($$"""{ "id": "it", "type": "Condition", "branches": [ {{branches}} ] }""", outcomes);

    private static FlowPlan Plan(string branches, params string[] outcomes) =>
        TestFlow.Plan($$"""{ "id": "it", "type": "Condition", "branches": [ {{branches}} ] }""", outcomes);

    private static async Task<string> EndAsync(FlowPlan plan, string client)
    {
        var run = await TestFlow.RunAsync(plan, client);
        Assert.Null(run.Failure);
        return run.EndName!;
    }
}
