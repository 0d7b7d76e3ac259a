using System.Globalization;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Execution.Lineage;
using FlowEngine.Model;
using FlowEngine.Tracing;

namespace FlowEngine.Tests.Execution.Lineage;

/// <summary>Where what steps were given came from. A line is <c>step to &lt;- path@step</c>, the steps counted from 1.</summary>
public sealed class TraceLineageTests
{
    /// <summary>Each place in which a value can land, and each way that an expression can read.</summary>
    [Theory]
    [InlineData("""{ "c": "{{client.a}}" }""", "claims.c <- client.a")]
    [InlineData("""{ "c": "x {{client.a}} y {{client.b}}" }""", "claims.c <- client.a, client.b")]
    [InlineData("""{ "c": "{{client.a ?? \"none\"}}" }""", "claims.c <- client.a")]
    [InlineData("""{ "c": "{{client.a | upper | slice(0, 2) ?? 1}}" }""", "claims.c <- client.a")]
    [InlineData("""{ "c": "{{client.a | jmespath(\"b.c\")}}" }""", "claims.c <- client.a")]
    [InlineData("""{ "c": "{{client.a}}{{client.a}}" }""", "claims.c <- client.a")]
    [InlineData(
        """{ "c": { "d": [ "{{client.a}}", { "e": "{{client.b.f}}" } ] } }""",
        "claims.c.d[0] <- client.a; claims.c.d[1].e <- client.b.f"
    )]
    [InlineData("""{ "a name": "{{client.a[0][\"x y\"]}}" }""", "claims[\"a name\"] <- client.a[0][\"x y\"]")]
    [InlineData("""{ "c": "{{flow.id}} {{device.ip}}" }""", "claims.c <- flow.id, device.ip")]
    [InlineData("""{ "c": "constant", "d": 1 }""", "")]
    [InlineData("""{ "c": "\\{{client.a}}" }""", "")]
    public async Task Claims_EachIsMadeOfWhatItsTemplateReads(string claims, string expected)
    {
        var run = await RunAsync(
            $$"""{ "id": "it", "type": "CustomClaims", "claims": {{claims}} }, { "id": "end", "type": "End" }""",
            "it.Done>end"
        );

        Assert.Equal(expected, string.Join("; ", LinesOf(run).Select(line => line["1 ".Length..])));
    }

    [Fact]
    public async Task SetUser_EachMemberHasItsOwn()
    {
        var run = await RunAsync(
            """
            { "id": "it", "type": "SetUser", "user": { "userId": "{{client.id}}", "name": "{{client.first}} {{client.last}}",
              "email": "x@y.z", "customAttributes": { "tier": "{{client.tier}}" } } }, { "id": "end", "type": "End" }
            """,
            "it.Done>end",
            """{ "id": "1" }"""
        );

        Assert.Equal(
            ["1 user.userId <- client.id", "1 user.name <- client.first, client.last", "1 user.customAttributes.tier <- client.tier"],
            LinesOf(run)
        );
        Assert.Equal(
            ["user.userId", "user.name", "user.customAttributes.tier"],
            EntriesOf(run).Select(entry => entry.Get("writes").ToText())
        );
    }

    [Fact]
    public async Task Chain_EachPathNamesTheStepThatWroteItLast()
    {
        var run = await RunAsync(
            """
            { "id": "a", "type": "Scriptlet", "contextKey": "x", "code": "return { n: n + 1 };", "arguments": { "n": "{{client.n}}" } },
            { "id": "b", "type": "Scriptlet", "contextKey": "x", "code": "return { n: n + 1 };", "arguments": { "n": "{{scripts.x.n}}" } },
            { "id": "c", "type": "CustomClaims", "claims": { "n": "{{scripts.x.n}}", "m": "{{client.n}}" } },
            { "id": "d", "type": "CustomClaims", "claims": { "o": "{{claims.n}}", "n": 0 } },
            { "id": "e", "type": "End", "outputs": { "n": "{{claims.n}}", "m": "{{claims.m}}", "o": "{{claims.o}}", "all": "{{claims}}",
              "never": "{{scripts.x.never}}" } }
            """,
            "a.Success>b; b.Success>c; c.Done>d; d.Done>e",
            """{ "n": 1 }"""
        );

        Assert.Equal(
            [
                "1 arguments.n <- client.n",
                "2 arguments.n <- scripts.x.n@1",
                "3 claims.n <- scripts.x.n@2",
                "3 claims.m <- client.n",
                "4 claims.o <- claims.n@3",
                "5 outputs.n <- claims.n@4",
                "5 outputs.m <- claims.m@3",
                "5 outputs.o <- claims.o@4",
                "5 outputs.all <- claims.m@3, claims.o@4, claims.n@4",
                "5 outputs.never <- scripts.x.never@2",
            ],
            LinesOf(run)
        );
    }

    [Fact]
    public async Task Screens_EachInputIsOfTheScreenThatHasIt()
    {
        var run = await RunAsync(
            """
            { "id": "one", "type": "Screen", "screen": "one" }, { "id": "two", "type": "Screen", "screen": "two" },
            { "id": "it", "type": "CustomClaims", "claims": { "a": "{{form.a}}", "b": "{{form.b}}" } }, { "id": "end", "type": "End" }
            """,
            "one.go>two; two.go>it; it.Done>end",
            screens: """
            { "id": "one", "components": [ { "type": "TextInput", "name": "a" }, { "type": "Button", "id": "go", "text": "Go" } ] },
            { "id": "two", "components": [ { "type": "TextInput", "name": "b" }, { "type": "Button", "id": "go", "text": "Go" } ] }
            """
        );
        await ProbeFlow.SubmitAsync(run, "go", """{ "a": "1" }""");
        await ProbeFlow.SubmitAsync(run, "go", """{ "b": "2" }""");

        Assert.Equal(["3 claims.a <- form.a@1", "3 claims.b <- form.b@2"], LinesOf(run));
    }

    [Fact]
    public async Task Subflow_InputsAreItsClientAndOutputsAreOfItsEnd()
    {
        const string sub = """
            { "id": "sub", "start": "s", "inputs": { "in": {} }, "activities": [
                { "id": "s", "type": "Scriptlet", "code": "return v;", "arguments": { "v": "{{client.in}}" } },
                { "id": "done", "type": "End", "outputs": { "out": "{{scripts.s}}", "fixed": 1 } } ],
              "connections": [ { "source": "s", "port": "Success", "target": "done" } ] }
            """;
        var run = await RunAsync(
            """
            { "id": "call", "type": "Subflow", "flow": "sub", "inputs": { "in": "{{client.a}}" } },
            { "id": "end", "type": "End", "outputs": { "o": "{{scripts.call.out}}", "f": "{{scripts.call.fixed}}" } }
            """,
            "call.Done>end",
            """{ "a": 1 }""",
            others: [sub]
        );

        Assert.Equal(
            [
                "1 inputs.in <- client.a",
                "2 arguments.v <- client.in@1",
                "3 outputs.out <- scripts.s@2",
                "4 outputs.o <- scripts.call.out@3",
                "4 outputs.f <- scripts.call.fixed@3",
            ],
            LinesOf(run)
        );
        Assert.Equal("scripts.call.out", EntriesOf(run)[2].Get("writes").ToText());
        Assert.Equal("3", Told(run).Get(0).Get("entered").ToText());
    }

    [Fact]
    public async Task Subflow_OfAnotherVersionThanThePlanHas_IsToldByThatOne()
    {
        const string body = """
            "inputs": { "in": {} }, "start": "done",
            "activities": [ { "id": "done", "type": "End", "outputs": { "out": "{{client.in}}" } } ],
            "connections": []
            """;
        const string caller = """
            { "id": "call", "type": "Subflow", "flow": "sub", "inputs": { "in": "{{client.a}}" } }, { "id": "end", "type": "End" }
            """;
        var run = await RunAsync(caller, "call.Done>end", others: [$$"""{ "id": "sub", {{body}} }"""]);
        var steps = FlowValue.Parse(Trace(run).ToJson().Replace("\"entered\":3", "\"entered\":2", StringComparison.Ordinal));

        var without = TraceLineage.Join(run.Plan, steps, out var missing);
        var old = ProbeFlow.Plan($$"""{ "id": "sub", {{body.Replace("\"out\"", "\"before\"", StringComparison.Ordinal)}} }""");
        var with = TraceLineage.Join(
            run.Plan,
            steps,
            out var none,
            new Dictionary<(string Flow, int Version), FlowPlan> { [("sub", 2)] = old }
        );

        Assert.Equal([("sub", 2)], missing);
        Assert.Equal(["1 inputs.in <- client.a"], LinesOf(without));
        Assert.Empty(none);
        Assert.Equal(["1 inputs.in <- client.a", "2 outputs.before <- client.in@1"], LinesOf(with));
    }

    [Fact]
    public async Task Parallel_EachBranchIsAStepOfItsOwn()
    {
        var run = await RunAsync(
            """
            { "id": "p", "type": "Parallel", "activities": [
                { "id": "a", "type": "Scriptlet", "code": "return v;", "arguments": { "v": "{{client.a}}" } },
                { "id": "b", "type": "Scriptlet", "code": "return v;", "arguments": { "v": "{{client.b}}" } } ] },
            { "id": "end", "type": "End", "outputs": { "a": "{{scripts.a}}", "b": "{{scripts.b}}" } }
            """,
            "p.Success>end",
            """{ "a": 1, "b": 2 }"""
        );

        Assert.Equal(
            ["1.1 arguments.v <- client.a", "1.2 arguments.v <- client.b", "2 outputs.a <- scripts.a@1.1", "2 outputs.b <- scripts.b@1.2"],
            LinesOf(run)
        );
    }

    [Fact]
    public async Task Parallel_SubflowInABranch_IsFollowedToItsEnd()
    {
        const string sub = """
            { "id": "sub", "start": "done", "inputs": { "in": {} }, "activities": [
              { "id": "done", "type": "End", "outputs": { "out": "{{client.in}}" } } ], "connections": [] }
            """;
        var run = await RunAsync(
            """
            { "id": "p", "type": "Parallel", "activities": [
                { "id": "s", "type": "Subflow", "flow": "sub", "inputs": { "in": "{{client.a}}" } } ] },
            { "id": "end", "type": "End", "outputs": { "o": "{{scripts.s.out}}" } }
            """,
            "p.Success>end",
            """{ "a": 1 }""",
            others: [sub]
        );

        Assert.Equal(
            ["1.1 inputs.in <- client.a", "1.1.1 outputs.out <- client.in@1.1", "2 outputs.o <- scripts.s.out@1.1.1"],
            LinesOf(run)
        );
    }

    [Fact]
    public async Task ForEach_ItemsComeFromItsListAndResultsFromAllOfIt()
    {
        var run = await RunAsync(
            """
            { "id": "list", "type": "Scriptlet", "code": "return [ 1, 2 ];" },
            { "id": "each", "type": "ForEach", "items": "{{scripts.list}}", "contextKey": "inner",
              "activity": { "id": "inner", "type": "Scriptlet", "code": "return v + i;",
                "arguments": { "v": "{{item}}", "i": "{{index}}", "o": "{{client.o}}" } } },
            { "id": "end", "type": "End", "outputs": { "r": "{{scripts.inner.results[1].value}}" } }
            """,
            "list.Success>each; each.Success>end",
            """{ "o": 1 }"""
        );

        Assert.Equal(
            [
                "2 items <- scripts.list@1",
                "2.1 arguments.v <- item@2",
                "2.1 arguments.i <- index@2",
                "2.1 arguments.o <- client.o",
                "2.2 arguments.v <- item@2",
                "2.2 arguments.i <- index@2",
                "2.2 arguments.o <- client.o",
                "3 outputs.r <- scripts.inner.results[1].value@2",
            ],
            LinesOf(run)
        );
    }

    [Fact]
    public async Task Restart_ForgetsWhoWroteWhatItClears()
    {
        var run = await RunAsync(
            """
            { "id": "s", "type": "Screen", "screen": "one" },
            { "id": "again", "type": "Restart" },
            { "id": "c", "type": "CustomClaims", "claims": { "x": "{{scripts.n ?? 0}}" } },
            { "id": "n", "type": "Scriptlet", "code": "return 1;" },
            { "id": "t", "type": "Screen", "screen": "two" }
            """,
            "s.go>c; c.Done>n; n.Success>t; t.more>c; t.again>again",
            screens: """
            { "id": "one", "components": [ { "type": "Button", "id": "go", "text": "Go" } ] },
            { "id": "two", "components": [
              { "type": "Button", "id": "more", "text": "More" }, { "type": "Button", "id": "again", "text": "Again" } ] }
            """
        );
        foreach (var interaction in new[] { "go", "again", "go", "more" })
            await ProbeFlow.SubmitAsync(run, interaction);

        Assert.Equal(["2 claims.x <- scripts.n", "7 claims.x <- scripts.n", "10 claims.x <- scripts.n@8"], LinesOf(run));
    }

    [Fact]
    public async Task Error_IsOfTheStepThatFailedLast()
    {
        var run = await RunAsync(
            """
            { "id": "bad", "type": "Scriptlet", "code": "throw new Error('x');", "errorHandling": { "Scriptlet Failed": "custom" } },
            { "id": "end", "type": "End", "outputs": { "code": "{{error.code}}" } }
            """,
            "bad.Success>end; bad.Scriptlet Failed>end"
        );

        Assert.Equal(["2 outputs.code <- error.code@1"], LinesOf(run));
    }

    [Fact]
    public async Task Condition_TellsWhatItsRulesRead()
    {
        var run = await RunAsync(
            """
            { "id": "c", "type": "Condition", "branches": [ { "outcome": "Yes", "rules": [
                { "key": "client.a", "operator": "equal", "value": "{{client.b}}" },
                { "script": "client.c > 1 && client.d.e" } ] } ] },
            { "id": "end", "type": "End" }
            """,
            "c.Yes>end; c.Else>end"
        );

        Assert.Equal(
            [
                "1 branches[0].rules[0].value <- client.b",
                "1 branches[0].rules[0].key <- client.a",
                "1 branches[0].rules[1].script <- client.d.e, client.c",
            ],
            LinesOf(run)
        );
    }

    [Fact]
    public async Task Message_OfAConnection_IsToldWhereItWasTaken()
    {
        var run = await ProbeFlow.RunAsync(
            ProbeFlow.Plan(
                """
                { "id": "f", "start": "c", "inputs": { "a": {} }, "activities": [
                    { "id": "c", "type": "CustomClaims", "claims": {} }, { "id": "s", "type": "Screen", "screen": "one" } ],
                  "connections": [
                    { "source": "c", "port": "Done", "target": "s", "message": "Hello {{client.a}}" },
                    { "source": "s", "port": "go", "target": "c" } ],
                  "screens": [ { "id": "one", "components": [
                    { "type": "ErrorMessage" }, { "type": "Button", "id": "go", "text": "Go" } ] } ] }
                """
            ),
            """{ "a": "Ada" }"""
        );

        Assert.Equal(["1 message <- client.a"], LinesOf(run));
        Assert.Equal("Hello {{client.a}}", EntriesOf(run)[0].Get("expression").ToText());
    }

    [Fact]
    public async Task Expression_IsTheTextAsWrittenAndCutWhereItIsLong()
    {
        var words = new string('x', LineageEntry.MaxExpression);
        var run = await RunAsync(
            $$$"""
            { "id": "it", "type": "CustomClaims", "claims": { "a": "Tier {{client.a | upper}}!", "b": "{{client.a}}{{{words}}}" } },
            { "id": "end", "type": "End" }
            """,
            "it.Done>end"
        );

        Assert.Equal("Tier {{client.a | upper}}!", EntriesOf(run)[0].Get("expression").ToText());
        Assert.Equal(LineageEntry.MaxExpression + 1, EntriesOf(run)[1].Get("expression").ToText().Length);
    }

    [Fact]
    public async Task Values_AreInNoLineage()
    {
        const string secret = "hunter2-hunter2";
        var run = await RunAsync(
            """{ "id": "it", "type": "CustomClaims", "claims": { "a": "{{client.a}}" } }, { "id": "end", "type": "End" }""",
            "it.Done>end",
            $$"""{ "a": "{{secret}}" }"""
        );

        Assert.All(EntriesOf(run), entry => Assert.DoesNotContain(secret, entry.ToJson(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Join_OfATraceWithTooManySources_StopsThere()
    {
        var arguments = string.Join(", ", Enumerable.Range(0, 50).Select(i => $$$""" "a{{{i}}}": "{{item}}" """));
        var run = await RunAsync(
            $$$"""
            { "id": "list", "type": "Scriptlet", "code": "return Array.from({ length: 1000 }, (x, i) => i);" },
            { "id": "each", "type": "ForEach", "items": "{{scripts.list}}", "atMost": 1000,
              "activity": { "id": "inner", "type": "Scriptlet", "code": "return 1;", "arguments": { {{{arguments}}} } } },
            { "id": "end", "type": "End" }
            """,
            "list.Success>each; each.Success>end"
        );

        var told = LinesOf(run);
        Assert.InRange(told.Count, TraceLineage.MaxSources - 50, TraceLineage.MaxSources + 50);
    }

    [Fact]
    public async Task Join_OfBareSteps_KnowsWhatTheirActivitiesWrite()
    {
        var run = await RunAsync(
            """
            { "id": "a", "type": "Scriptlet", "code": "return 1;" },
            { "id": "end", "type": "End", "outputs": { "n": "{{scripts.a}}" } }
            """,
            "a.Success>end"
        );
        var bare = TraceWriter.ToValue(run.Trace!, new Redactor([]), new TraceRoom(-1));

        Assert.Equal(["2 outputs.n <- scripts.a@1"], LinesOf(TraceLineage.Join(run.Plan, bare)));
    }

    private static async Task<FlowRun> RunAsync(
        string activities,
        string connections,
        string client = "{}",
        string screens = "",
        string[]? others = null
    )
    {
        var start = FlowValue.Parse($"[ {activities} ]").Get(0).Get("id").ToText();
        return await ProbeFlow.RunAsync(ProbeFlow.Plan(ProbeFlow.Json(start, activities, connections, screens), others ?? []), client);
    }

    private static FlowValue Trace(FlowRun run) => TraceWriter.ToValue(run.Trace!, new Redactor([]));

    private static FlowValue Told(FlowRun run) => TraceLineage.Join(run.Plan, Trace(run));

    private static List<FlowValue> EntriesOf(FlowRun run) => [.. All(Told(run), "").Select(pair => pair.Entry)];

    private static List<string> LinesOf(FlowRun run) => LinesOf(Told(run));

    private static List<string> LinesOf(FlowValue told) =>
        [
            .. All(told, "")
                .Select(pair =>
                {
                    pair.Entry.Get("from").TryGetArray(out var from);
                    return $"{pair.Step} {pair.Entry.Get("to").ToText()} <- {string.Join(", ", from!.Select(Source))}";
                }),
        ];

    private static string Source(FlowValue source)
    {
        if (source.Get("step") is not { IsMissing: false } step)
            return source.Get("path").ToText();
        source.Get("branch").TryGetArray(out var branch);
        var place = string.Join('.', [step.ToText(), .. (branch ?? FlowArray.Empty).Select(child => child.ToText())]);
        return $"{source.Get("path").ToText()}@{place}";
    }

    private static IEnumerable<(string Step, FlowValue Entry)> All(FlowValue steps, string prefix)
    {
        steps.TryGetArray(out var array);
        var number = 0;
        foreach (var step in array ?? FlowArray.Empty)
        {
            var own = $"{prefix}{(++number).ToString(CultureInfo.InvariantCulture)}";
            step.Get("lineage").TryGetArray(out var lineage);
            foreach (var entry in lineage ?? FlowArray.Empty)
                yield return (own, entry);
            foreach (var inner in All(step.Get("children"), $"{own}."))
                yield return inner;
        }
    }
}
