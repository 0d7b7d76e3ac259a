using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Testing;
using FlowEngine.Tests.Execution;

namespace FlowEngine.Tests.Testing;

public sealed class FlowDrillTests
{
    private const string SignIn = """{ "id": "signIn", "type": "Screen", "screen": "sign-in" }""";
    private const string User = """{ "id": "user", "type": "SetUser", "user": { "userId": "u" } }, { "id": "done", "type": "End" }""";
    private const string SignInScreen = """
        { "id": "sign-in", "title": "Sign in", "components": [ { "type": "ErrorMessage" }, { "type": "Button", "id": "ok" } ] }
        """;
    private const string Once = """[ { "interaction": "ok" } ]""";

    private static readonly ActivityCatalog Catalog = new(
        ActivityType.Of<Ask, AskSettings>((settings, compilation) => new Ask(KeyOf(settings, compilation))),
        ActivityType.Of<AskQuietly, AskSettings>((settings, compilation) => new AskQuietly(KeyOf(settings, compilation)))
    );

    [Theory]
    [InlineData("\"automatic\"", "", "Screen signIn 'Something went wrong. Please try again.' Fine ask.down")]
    [InlineData("""{ "mode": "automatic", "message": "Not now." }""", "", "Screen signIn 'Not now.' Fine ask.down")]
    [InlineData("\"custom\"", "ask.Ask Failed>away", "Refused away 'Come back.' Fine ask.down")]
    [InlineData("\"custom\"", "ask.Ask Failed>user", "SignedIn done '' FailsOpen ask.down")]
    [InlineData("\"ignore\"", "", "SignedIn done '' FailsOpen ask.down")]
    public async Task FailedCall_LeadsWhereTheFlowSays(string mode, string connection, string expected)
    {
        var plan = Plan(
            $$"""
            {{SignIn}}, { "id": "ask", "type": "Ask", "errorHandling": { "Ask Failed": {{mode}} } }, {{User}},
            { "id": "away", "type": "End", "kind": "refused", "message": "Come back." }
            """,
            $"signIn.ok>ask; ask.Success>user; user.Done>done; {connection}"
        );

        var report = await DrillAsync(plan, Case(Once, """{ "ask": {} }"""));

        Assert.Equal(["down", "empty"], report.Rows.Select(row => row.Way));
        Assert.Equal(expected, Describe(report.Rows[0]));
        // No failure: what a query gives that finds nothing.
        Assert.Equal("SignedIn done '' Fine ", Describe(report.Rows[1]));
        var problems = report.Diagnostics.Where(problem => problem.Severity == Severity.Error);
        Assert.Equal(
            expected.Contains("FailsOpen", StringComparison.Ordinal)
                ? ["drill.signed_in /activities/1 'ask' fails (down), and the person is signed in: signIn → ask → user → done."]
                : [],
            problems.Select(problem => $"{problem.Code} {problem.Pointer} {problem.Message}")
        );
    }

    [Theory]
    [InlineData("ask: down", DrillVerdict.Accepted)]
    [InlineData("ask: Ask Failed", DrillVerdict.Accepted)]
    [InlineData("other: down", DrillVerdict.FailsOpen)]
    public async Task FailureThatTheFlowAccepts_IsNoError(string accepts, DrillVerdict verdict)
    {
        var plan = Plan(
            $$"""
            { "id": "ask", "type": "Ask", "errorHandling": { "Ask Failed": "ignore" } }, {{User}},
            { "id": "other", "type": "Ask", "errorHandling": { "Ask Failed": "custom" } }
            """,
            "ask.Success>other; other.Success>user; other.Ask Failed>done; user.Done>done",
            $"\"accepts\": [ \"{accepts}\" ],"
        );

        var report = await DrillAsync(plan, Case("[]", """{ "ask": {}, "other": {} }"""));

        Assert.Equal(verdict, report.Rows[0].Verdict);
        Assert.Equal(verdict == DrillVerdict.FailsOpen ? 1 : 0, report.Diagnostics.Count(problem => problem.Severity == Severity.Error));
    }

    [Fact]
    public async Task CallsInsideOthers_AreEachDrilled()
    {
        const string Sub = """
            { "id": "sub", "start": "lookup", "activities": [
                { "id": "lookup", "type": "Ask", "errorHandling": { "Ask Failed": "custom" } }, { "id": "known", "type": "End", "name": "Known" },
                { "id": "unknown", "type": "End", "name": "Unknown" } ],
              "connections": [ { "source": "lookup", "port": "Success", "target": "known" },
                { "source": "lookup", "port": "Ask Failed", "target": "unknown" } ] }
            """;
        const string Inner = """
            { "id": "inner", "start": "ask", "activities": [ { "id": "ask", "type": "Ask" }, { "id": "end", "type": "End" } ],
              "connections": [ { "source": "ask", "port": "Success", "target": "end" } ] }
            """;
        var plan = Plan(
            """
            { "id": "sub", "type": "Subflow", "flow": "sub" },
            { "id": "both", "type": "Parallel", "errorHandling": { "Branch Failed": "custom" },
              "activities": [ { "id": "one", "type": "Ask" }, { "id": "two", "type": "Subflow", "flow": "inner" } ] },
            { "id": "each", "type": "ForEach", "items": "{{client.items}}", "activity": { "id": "item", "type": "Ask" },
              "errorHandling": { "Items Failed": "custom" } },
            { "id": "done", "type": "End" }, { "id": "noSub", "type": "End", "name": "No sub" },
            { "id": "noBranch", "type": "End", "name": "No branch" }, { "id": "noItems", "type": "End", "name": "No items" }
            """,
            "sub.Known>both; sub.Unknown>noSub; both.Success>each; both.Branch Failed>noBranch; each.Success>done; each.Items Failed>noItems",
            "",
            Sub,
            Inner
        );

        var report = await DrillAsync(
            plan,
            Case("[]", """{ "lookup": {}, "two/ask": {}, "one": {}, "item": [ {}, {} ] }""", """{ "items": [ 1, 2 ] }""")
        );

        Assert.Equal(
            [
                "sub/lookup down → No sub",
                "sub/lookup empty → Done",
                "one down → No branch",
                "one empty → Done",
                "two/ask down → No branch",
                "two/ask empty → Done",
                "item down → No items",
                "item empty → Done",
            ],
            report.Rows.Select(row => $"{row.Activity} {row.Way} → {row.End.Name}")
        );
        Assert.Empty(report.Diagnostics);
    }

    [Fact]
    public async Task LastOfSeveralCalls_IsARowOfItsOwnWhereItEndsElsewhere()
    {
        var plan = Plan(
            $$"""
            { "id": "each", "type": "ForEach", "items": "{{"{{client.items}}"}}", "onError": "collect", "contextKey": "calls",
              "activity": { "id": "item", "type": "Ask", "contextKey": "item" }, "errorHandling": { "Items Failed": "custom" } },
            { "id": "all", "type": "Condition", "branches": [
              { "outcome": "All", "rules": [ { "key": "connectors.calls.failed", "operator": "equal", "value": 3 } ] } ] },
            {{User}}, { "id": "away", "type": "End", "kind": "refused" }
            """,
            "each.Success>user; each.Items Failed>all; all.All>away; all.Else>user; user.Done>done"
        );

        var report = await DrillAsync(plan, Case("[]", """{ "item": [ {}, {}, {} ] }""", """{ "items": [ 1, 2, 3 ] }"""));

        Assert.Equal(
            ["down 1 Refused Fine", "down 3 SignedIn FailsOpen", "empty 1 SignedIn Fine"],
            report.Rows.Select(row => $"{row.Way} {row.From} {row.End.Kind} {row.Verdict}")
        );
    }

    [Fact]
    public async Task Restarts_AreCountedAndEnd()
    {
        const string Activities = $$"""
            { "id": "ask", "type": "Ask", "errorHandling": { "Ask Failed": "custom" } }, { "id": "again", "type": "Restart", "message": "Again." },
            {{User}}
            """;
        const string Connections = "ask.Success>user; ask.Ask Failed>again; user.Done>done";

        var atScreen = await DrillAsync(Plan($"{SignIn}, {Activities}", $"signIn.ok>ask; {Connections}"), Case(Once, """{ "ask": {} }"""));
        var without = await DrillAsync(Plan(Activities, Connections), Case("[]", """{ "ask": {} }"""));

        Assert.Equal(("Screen signIn 'Again.' Fine ask.down", 1), (Describe(atScreen.Rows[0]), atScreen.Rows[0].End.Restarts));
        Assert.Equal(
            ("flow.step_limit", FlowExecutor.StepLimit / 2, 100),
            (without.Rows[0].End.Code, without.Rows[0].End.Restarts, without.Rows[0].Steps.Count)
        );
    }

    [Fact]
    public async Task ScreensOfTheCase_AreAnsweredAlsoWhereOthersAreSkipped()
    {
        var plan = Plan(
            $$"""
            {{SignIn}}, { "id": "send", "type": "Ask", "errorHandling": { "Ask Failed": "custom" } },
            { "id": "code", "type": "Screen", "screen": "sign-in" }, { "id": "consent", "type": "Screen", "screen": "sign-in" }, {{User}}
            """,
            "signIn.ok>send; send.Success>code; code.ok>consent; send.Ask Failed>consent; consent.ok>user; user.Done>done"
        );

        var report = await DrillAsync(
            plan,
            Case("""[ { "interaction": "ok" }, { "interaction": "ok" }, { "interaction": "ok" } ]""", """{ "send": {} }""")
        );

        Assert.Equal("SignedIn done '' FailsOpen ask.down", Describe(report.Rows[0]));
        Assert.Equal(["signIn", "send", "consent", "user", "done"], report.Rows[0].Steps.Select(step => step.Activity));
        Assert.Equal(["ok", "Ask Failed", "ok", "Done", null], report.Rows[0].Steps.Select(step => step.Outcome));
    }

    /// <summary>Whoever tries again, and succeeds, did not come in by a failure: what is dead stays dead to the end of the run.</summary>
    [Fact]
    public async Task CaseThatTriesAgain_DoesNotSucceedTheSecondTime()
    {
        var plan = Plan($"{SignIn}, {{ \"id\": \"ask\", \"type\": \"Ask\" }}, {User}", "signIn.ok>ask; ask.Success>user; user.Done>done");

        var report = await DrillAsync(
            plan,
            Case(
                """[ { "interaction": "ok" }, { "interaction": "ok" } ]""",
                """{ "ask": [ { "error": { "code": "ask.busy", "message": "" } }, {} ] }"""
            )
        );

        Assert.Equal("Screen signIn 'Something went wrong. Please try again.' Fine ask.down", Describe(report.Rows[0]));
        Assert.Equal(["signIn", "ask", "signIn", "ask", "signIn"], report.Rows[0].Steps.Select(step => step.Activity));
    }

    [Fact]
    public async Task ActivityThatSaysNothing_FailsByEachOfItsEvents()
    {
        var plan = Plan(
            $$"""{ "id": "ask", "type": "AskQuietly", "errorHandling": { "Ask Failed": "ignore" } }, {{User}}""",
            "ask.Success>user; user.Done>done"
        );

        var report = await DrillAsync(plan, Case("[]", """{ "ask": {} }"""));

        Assert.Equal("ask Ask Failed", Assert.Single(report.Rows) is var row ? $"{row.Activity} {row.Way}" : "");
        Assert.Equal("SignedIn done '' FailsOpen activity.unexpected", Describe(row));
    }

    [Fact]
    public async Task CallBehindAFailure_WithoutAReply_IsSaidToBeUnknown()
    {
        var plan = Plan(
            $$"""
            { "id": "ask", "type": "Ask", "errorHandling": { "Ask Failed": "custom" } },
            { "id": "other", "type": "Ask", "errorHandling": { "Ask Failed": "custom" } }, {{User}}, { "id": "away", "type": "End" }
            """,
            "ask.Success>user; ask.Ask Failed>other; other.Success>user; other.Ask Failed>away; user.Done>done"
        );

        var report = await DrillAsync(plan, Case("[]", """{ "ask": {} }"""));

        Assert.Equal("Unknown other '' Fine ask.down", Describe(report.Rows[0]));
        Assert.Equal(["drill.case", "drill.unreached"], report.Diagnostics.Select(problem => problem.Code));
        Assert.Contains("'other'", report.Diagnostics[0].Message, StringComparison.Ordinal);
        Assert.All(report.Diagnostics, problem => Assert.Equal(Severity.Warning, problem.Severity));
    }

    [Fact]
    public async Task SeveralCases_EachActivityIsDrilledByTheFirstThatCompletesAndAsksIt()
    {
        var plan = Plan(
            $$"""
            { "id": "by", "type": "Condition", "branches": [ { "outcome": "One", "rules": [ { "key": "client.by", "operator": "equal", "value": 1 } ] } ] },
            { "id": "one", "type": "Ask" }, { "id": "two", "type": "Ask" }, {{User}}, { "id": "away", "type": "End", "kind": "refused" }
            """,
            "by.One>one; by.Else>two; one.Success>user; two.Success>away; user.Done>done"
        );
        string Replies(string id) => $$"""{ "{{id}}": {} }""";

        var report = await DrillAsync(
            plan,
            Case("[]", Replies("two"), """{ "by": 2 }""", "refused"),
            Case("[]", Replies("one"), """{ "by": 1 }""", "first"),
            Case("[]", Replies("one"), """{ "by": 1 }""", "second"),
            Case("[]", "{}", """{ "by": 1 }""", "unfit")
        );

        Assert.Equal(["one first", "one first", "two refused", "two refused"], report.Rows.Select(row => $"{row.Activity} {row.Case}"));
        Assert.Equal(["refused", "first", "second"], report.Cases.Select(one => one.File));
        Assert.Equal("drill.case", Assert.Single(report.Diagnostics).Code);
    }

    /// <summary>Tries are counted for an account: one drill must not lock out the next.</summary>
    [Fact]
    public async Task Drills_DoNotCountEachOthersTries()
    {
        var plan = Plan(
            $$"""
            { "id": "ask", "type": "Ask", "errorHandling": { "Ask Failed": "custom" } },
            { "id": "right", "type": "Condition", "limit": { "key": "ada", "tries": 1, "window": "PT15M" },
              "branches": [ { "outcome": "Never", "rules": [ { "key": "client.a", "operator": "equal", "value": "b" } ] } ] },
            {{User}}, { "id": "locked", "type": "End", "name": "Locked", "kind": "refused" }, { "id": "wrong", "type": "End", "name": "Wrong" }
            """,
            "ask.Success>right; ask.Ask Failed>right; right.Never>user; right.Else>wrong; right.Locked>locked; user.Done>done"
        );

        var report = await DrillAsync(plan, Case("[]", """{ "ask": {} }"""));

        Assert.Equal(["Wrong", "Wrong"], report.Rows.Select(row => row.End.Name));
    }

    [Theory]
    [InlineData(2, 60, "more than 2 runs")]
    [InlineData(100, 0, "longer than 0 s")]
    public async Task DrillThatCostsTooMuch_SaysThatItIsNotAll(int runs, int seconds, string message)
    {
        var plan = Plan($$"""{ "id": "ask", "type": "Ask" }, {{User}}""", "ask.Success>user; user.Done>done");

        var report = await FlowDrill.RunAsync(
            plan,
            [Case("[]", """{ "ask": {} }""")],
            new DrillLimits(runs, TimeSpan.FromSeconds(seconds)),
            [],
            TestContext.Current.CancellationToken
        );

        Assert.Empty(report.Rows);
        var problem = Assert.Single(report.Diagnostics);
        Assert.Equal(("drill.limit", Severity.Error), (problem.Code, problem.Severity));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_AreInNoMessage()
    {
        var plan = Plan(
            $$"""{{SignIn}}, { "id": "ask", "type": "Ask", "errorHandling": { "Ask Failed": { "mode": "automatic", "message": "key-4711" } } }, {{User}}""",
            "signIn.ok>ask; ask.Success>user; user.Done>done"
        );

        var report = await FlowDrill.RunAsync(
            plan,
            [Case(Once, """{ "ask": {} }""")],
            DrillLimits.Default,
            ["key-4711"],
            TestContext.Current.CancellationToken
        );

        Assert.Equal("***", report.Rows[0].End.Message);
    }

    [Fact]
    public async Task FlowThatAsksNobody_NeedsNoCase()
    {
        var report = await DrillAsync(Plan(User, "user.Done>done"));

        Assert.True(report.AsksNobody);
        Assert.Empty(report.Rows);
        Assert.Empty(report.Diagnostics);
    }

    /// <summary>Flows that enter each other in many ways: 6,561 lead to the one that asks.</summary>
    [Fact]
    public async Task DeepSubflows_AreBounded()
    {
        static string Enter(int level) =>
            $$"""
                { "id": "s{{level}}", "start": "a", "activities": [
                  {{string.Join(",", "abc".Select(id => $$"""{ "id": "{{id}}", "type": "Subflow", "flow": "s{{level - 1}}" }"""))}},
                  { "id": "e", "type": "End" } ],
                  "connections": [ { "source": "a", "port": "Done", "target": "b" }, { "source": "b", "port": "Done", "target": "c" },
                    { "source": "c", "port": "Done", "target": "e" } ] }
                """;
        const string Last = """
            { "id": "s0", "start": "ask", "activities": [ { "id": "ask", "type": "Ask" }, { "id": "e", "type": "End" } ],
              "connections": [ { "source": "ask", "port": "Success", "target": "e" } ] }
            """;
        var plan = Plan(
            """{ "id": "in", "type": "Subflow", "flow": "s8" }, { "id": "done", "type": "End" }""",
            "in.Done>done",
            "",
            [Last, .. Enumerable.Range(1, 8).Select(Enter)]
        );

        var report = await FlowDrill.RunAsync(
            plan,
            [Case("[]", """{ "ask": {} }""")],
            new DrillLimits(50, TimeSpan.FromMinutes(1)),
            [],
            TestContext.Current.CancellationToken
        );

        // By its one reply the case cannot go on behind the first of them.
        Assert.Equal(["drill.case"], report.Diagnostics.Select(problem => problem.Code));
    }

    private static string KeyOf(AskSettings settings, ActivityCompilation compilation) =>
        settings.ContextKey.Length > 0 ? settings.ContextKey : compilation.Definition.Id;

    private static string Describe(DrillRow row) => $"{row.End.Kind} {row.End.Activity} '{row.End.Message}' {row.Verdict} {row.Code}";

    private static FlowPlan Plan(string activities, string connections, string more = "", params string[] otherFlows)
    {
        var others = otherFlows
            .Select(other => FlowReader.Read(FlowValue.Parse(other), null, new DiagnosticBag())!)
            .ToDictionary(flow => flow.Id);
        var start = FlowValue.Parse($"[ {activities} ]").Get(0).Get("id").ToText();
        // As one that is published: another is refused when it fails open, and there is nothing to drill.
        var result = FlowCompiler.Compile(
            FlowReader.Read(FlowValue.Parse(ProbeFlow.Json(start, activities, connections, SignInScreen, more)), null, new DiagnosticBag())!,
            new CompilationEnvironment { Activities = Catalog, FindFlow = id => others.TryGetValue(id, out var flow) ? (flow, 1) : null },
            version: 1
        );
        Assert.True(result.Plan is not null, string.Join('\n', result.Diagnostics));
        return result.Plan;
    }

    private static GoldenCase Case(string answers, string replies, string client = "{}", string name = "case")
    {
        FlowValue.Parse(client).TryGetObject(out var inputs);
        FlowValue.Parse(replies).TryGetObject(out var given);
        return GoldenCase.Of(name, inputs, FlowValue.Parse(answers), given, SourceLocation.Root(name), new DiagnosticBag());
    }

    private static Task<DrillReport> DrillAsync(FlowPlan plan, params GoldenCase[] cases) =>
        FlowDrill.RunAsync(plan, cases, DrillLimits.Default, [], TestContext.Current.CancellationToken);
}
