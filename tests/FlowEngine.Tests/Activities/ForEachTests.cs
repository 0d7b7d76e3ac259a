using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Settings;
using FlowEngine.Templates;
using FlowEngine.Tests.Execution;

namespace FlowEngine.Tests.Activities;

public sealed class ForEachTests
{
    private const string Times10 = """
        { "id": "inner", "type": "Scriptlet", "code": "return n * 10 + i;", "arguments": { "n": "{{item}}", "i": "{{index}}" } }
        """;

    private const string ProbeItem = """{ "id": "inner", "type": "Probe", "do": "{{item}}", "contextKey": "p", "value": "{{index}}" }""";

    private const string SubflowItem = """{ "id": "inner", "type": "Subflow", "flow": "sub", "inputs": { "do": "{{item}}" } }""";

    private const string Sub = """
        { "id": "sub", "start": "p", "inputs": { "do": {} }, "activities": [ { "id": "p", "type": "Probe", "do": "{{client.do}}" },
          { "id": "e", "type": "End", "outputs": { "did": "{{client.do}}" } } ],
          "connections": [ { "source": "p", "port": "Success", "target": "e" } ] }
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task ForEach_Items_GiveTheirResultsInTheirOrderAndWriteNothingElse(int concurrency)
    {
        var run = await RunAsync(Plan(Times10, $"\"concurrency\": {concurrency}"), """{ "list": [ 3, 1, 1 ] }""");

        Assert.Equal("ok", run.EndName);
        Assert.Equal(
            """{"each":{"results":[{"ok":true,"value":30},{"ok":true,"value":11},{"ok":true,"value":12}],"failed":0,"count":3}}""",
            run.Context.Get(ContextRoot.Scripts).ToJson()
        );
        Assert.Equal("{}", run.Context.Get(ContextRoot.Connectors).ToJson());
        Assert.Equal(["each", "ok"], run.Path);
        Assert.Equal(["inner", "inner", "inner"], run.Trace![0].Children.Select(step => step.Activity));
        Assert.Equal(["3", "1", "1"], run.Trace[0].Children.Select(step => step.Input.Get("n").ToText()));
    }

    [Fact]
    public async Task ForEach_ActivityThatWritesConnectors_HasItsResultThere()
    {
        var run = await RunAsync(Plan(ProbeItem, "\"contextKey\": \"calls\""), """{ "list": [ "ok", "ok" ] }""");

        Assert.Equal(
            """{"calls":{"results":[{"ok":true,"value":0},{"ok":true,"value":1}],"failed":0,"count":2}}""",
            run.Context.Get(ContextRoot.Connectors).ToJson()
        );
    }

    [Fact]
    public async Task ForEach_EmptyList_IsASuccess()
    {
        var run = await RunAsync(Plan(ProbeItem), """{ "list": [] }""");

        Assert.Equal("ok", run.EndName);
        Assert.Equal("""{"each":{"results":[],"failed":0,"count":0}}""", run.Context.Get(ContextRoot.Connectors).ToJson());
    }

    [Theory]
    [InlineData("""{ "list": null }""", "foreach.items_missing")]
    [InlineData("{}", "foreach.items_missing")]
    [InlineData("""{ "list": { "a": 1 } }""", "foreach.items_type")]
    [InlineData("""{ "list": "a,b" }""", "foreach.items_type")]
    [InlineData("""{ "list": [ "ok", "ok", "ok" ] }""", "foreach.too_many", 3)]
    public async Task ForEach_WhatItCannotGoThrough_IsAnErrorAndNoItemIsDone(string client, string code, int count = 0)
    {
        var run = await RunAsync(Plan(ProbeItem, "\"atMost\": 2"), client);

        Assert.Equal("failed", run.EndName);
        var error = run.Context.Get(ContextRoot.Error);
        Assert.Equal((code, "Items Failed"), (error.Get("code").ToText(), error.Get("event").ToText()));
        Assert.Equal($$$"""{"each":{"results":[],"failed":0,"count":{{{count}}}}}""", run.Context.Get(ContextRoot.Connectors).ToJson());
        Assert.Empty(run.Trace![0].Children);
        Assert.Equal(1, run.Errors!.Count);
    }

    [Theory]
    [InlineData(10_000, "ok")]
    [InlineData(10_001, "failed")]
    public async Task ForEach_OfTheMostItems_GoesThroughThem_OfOneMoreThroughNone(int count, string end)
    {
        var run = await RunAsync(MadePlan(count, "'ok'", "\"atMost\": 10000, \"concurrency\": 16"), "{}");

        Assert.Equal(end, run.EndName);
        Assert.Equal(end == "ok" ? count : 0, run.Trace![1].Children.Count);
    }

    [Fact]
    public async Task ForEach_FailureUnderStop_CancelsTheRest()
    {
        var run = await RunAsync(MadePlan(1000, "i === 499 ? 'fail' : 'ok'", "\"atMost\": 1000"), "{}");

        Assert.Equal("failed", run.EndName);
        var result = run.Context.Get(ContextRoot.Connectors).Get("each");
        Assert.Equal(("1", "1000"), (result.Get("failed").ToText(), result.Get("count").ToText()));
        Assert.Equal(Enumerable.Repeat("", 499).Append("probe.failed").Concat(Enumerable.Repeat("foreach.stopped", 500)), CodesOf(result));
        Assert.Equal("probe.failed", run.Context.Get(ContextRoot.Error).Get("code").ToText());
        Assert.Equal(500, run.Trace![1].Children.Count);
    }

    [Fact]
    public async Task ForEach_FailureUnderCollect_GoesThroughAll()
    {
        var run = await RunAsync(
            MadePlan(
                1000,
                "i === 499 ? 'fail' : i === 700 ? 'throw' : 'ok'",
                "\"atMost\": 1000, \"onError\": \"collect\", \"concurrency\": 16"
            ),
            "{}"
        );

        Assert.Equal("failed", run.EndName);
        var result = run.Context.Get(ContextRoot.Connectors).Get("each");
        Assert.Equal(("2", "1000"), (result.Get("failed").ToText(), result.Get("count").ToText()));
        var codes = CodesOf(result);
        Assert.Equal(("probe.failed", "activity.unexpected"), (codes[499], codes[700]));
        Assert.Equal(998, codes.Count(code => code.Length == 0));
        Assert.Equal("probe.failed", run.Context.Get(ContextRoot.Error).Get("code").ToText());
        Assert.Equal(1000, run.Trace![1].Children.Count);
    }

    [Fact]
    public async Task ForEach_StopWithOthersUnderWay_CancelsThoseToo()
    {
        var run = await RunAsync(Plan(ProbeItem, "\"concurrency\": 3"), """{ "list": [ "wait", "wait", "fail", "ok" ] }""");

        Assert.Equal("failed", run.EndName);
        var result = run.Context.Get(ContextRoot.Connectors).Get("each");
        Assert.Equal(["foreach.stopped", "foreach.stopped", "probe.failed", "foreach.stopped"], CodesOf(result));
    }

    [Fact]
    public async Task ForEach_FailureThatTheActivityIgnores_IsNone()
    {
        var run = await RunAsync(
            Plan(ProbeItem.Replace("\"id\"", "\"errorHandling\": { \"Probe Failed\": \"ignore\" }, \"id\"", StringComparison.Ordinal)),
            """{ "list": [ "ok", "fail" ] }"""
        );

        Assert.Equal("ok", run.EndName);
        Assert.Equal(
            """{"results":[{"ok":true,"value":0},{"ok":true,"value":null}],"failed":0,"count":2}""",
            run.Context.Get(ContextRoot.Connectors).Get("each").ToJson()
        );
    }

    [Fact]
    public async Task ForEach_ItemsOfOneValue_HaveStepKeysOfTheirOwn_TheSameWhenTheStepIsRepeated()
    {
        foreach (var inner in new[] { ProbeItem, SubflowItem })
        {
            var id = RunId.New();
            await KeysAsync(inner, id);
            var first = KeysOf(id);
            await KeysAsync(inner, id);
            var both = KeysOf(id);

            Assert.Equal(2, first.Distinct().Count());
            Assert.Equal(4, both.Count);
            Assert.Equal(first.Order(StringComparer.Ordinal), both.Distinct().Order(StringComparer.Ordinal));
        }

        static async Task KeysAsync(string inner, string id)
        {
            var run = FlowRun.Start(
                Plan(inner),
                new RunStart { Id = id, Client = FlowValue.Parse("""{ "list": [ "ok", "ok" ] }""") },
                RunServices.Default
            );
            await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);
            Assert.Equal("ok", run.EndName);
        }

        static List<string> KeysOf(string id)
        {
            lock (Probe.StepKeys)
                return [.. Probe.StepKeys.Where(key => key.StartsWith(id, StringComparison.Ordinal))];
        }
    }

    [Fact]
    public async Task ForEach_Subflow_GetsTheItemByItsInputsAndGivesItsOutputs()
    {
        var run = await RunAsync(Plan(SubflowItem, "\"onError\": \"collect\""), """{ "list": [ "ok", "fail" ] }""");

        Assert.Equal("failed", run.EndName);
        var result = run.Context.Get(ContextRoot.Scripts).Get("each");
        Assert.Equal("""{"did":"ok"}""", result.Get("results").Get(0).Get("value").ToJson());
        Assert.Equal(["", "probe.failed"], CodesOf(result));
    }

    [Fact]
    public async Task ForEach_SecretItems_KeepTheirMarks()
    {
        var run = await RunAsync(
            Plan(
                """{ "id": "inner", "type": "Probe", "do": "ok", "contextKey": "p", "value": { "said": "got {{item.a}}" } }""",
                more: "\"inputs\": { \"list\": { \"sensitive\": true } },"
            ),
            """{ "list": [ { "a": "s3cr3t-of-an-item" } ] }"""
        );

        Assert.Equal("ok", run.EndName);
        var said = run.Context.Get(ContextRoot.Connectors).Get("each").Get("results").Get(0).Get("value").Get("said");
        Assert.Equal("got s3cr3t-of-an-item", said.ToText());
        Assert.True(said.IsSensitive);
    }

    [Fact]
    public async Task ForEach_ResultsThatAreTooLarge_EndIt()
    {
        var run = await RunAsync(
            Plan("""{ "id": "inner", "type": "Scriptlet", "code": "return 'x'.repeat(1000000);" }""", "\"onError\": \"collect\""),
            """{ "list": [ 1, 2, 3, 4, 5, 6 ] }"""
        );

        Assert.Equal("failed", run.EndName);
        Assert.Equal("run.value_too_large", run.Context.Get(ContextRoot.Error).Get("code").ToText());
        Assert.Equal(["", "", "", "", "foreach.stopped", "foreach.stopped"], CodesOf(run.Context.Get(ContextRoot.Scripts).Get("each")));
    }

    /// <summary>Each item sees the list as it was, and so do those behind it.</summary>
    [Fact]
    public async Task ForEach_ItemThatChangesTheList_ChangesItsOwnCopy()
    {
        const string Changes = """
            { "id": "inner", "type": "Scriptlet", "arguments": { "list": "{{client.list}}", "item": "{{item}}" },
              "code": "list.push(9); list[0].n = 9; item.n++; return [list.length, item.n];" }
            """;
        foreach (var concurrency in new[] { 1, 16 })
        {
            var run = await RunAsync(
                Plan(Changes, $"\"concurrency\": {concurrency}"),
                """{ "list": [ { "n": 1 }, { "n": 2 }, { "n": 3 } ] }"""
            );

            Assert.Equal(
                """[{"ok":true,"value":[4,2]},{"ok":true,"value":[4,3]},{"ok":true,"value":[4,4]}]""",
                run.Context.Get(ContextRoot.Scripts).Get("each").Get("results").ToJson()
            );
            Assert.Equal("""[{"n":1},{"n":2},{"n":3}]""", run.Context.Get(ContextRoot.Client).Get("list").ToJson());
        }
    }

    /// <summary>What is known of the list is known of its items.</summary>
    [Theory]
    [InlineData("{{item.ok}}", null)]
    [InlineData("{{item}}", null)]
    [InlineData("{{item.value.deep[0].x}}", null)]
    [InlineData("{{item.eror}}", "This reads item.eror, but there is no 'eror': item has ok, value, error.")]
    [InlineData("{{item.ok.x}}", "This reads item.ok.x, but there is no 'x': item.ok has no members.")]
    [InlineData("{{item.error.cod}}", "This reads item.error.cod, but there is no 'cod': item.error has activity, event, code, message.")]
    [InlineData("{{item.eror ?? \"\"}}", "This reads item.eror, but there is no 'eror': item has ok, value, error.")]
    public void ForEach_ItemOfAListThatIsKnown_IsChecked(string value, string? message)
    {
        var result = ProbeFlow.Compile(Known("{{connectors.made.results}}", value));

        if (message is null)
        {
            Assert.Empty(result.Diagnostics);
            return;
        }
        var problem = Assert.Single(result.Diagnostics);
        Assert.Equal(("path.unknown", message), (problem.Code, problem.Message));
        Assert.Equal("/activities/1/activity/value", problem.Pointer);
        if (value == "{{item.eror}}")
            Assert.Equal(("item.eror", 1, "error"), (problem.Meant!.Path, problem.Meant.Part, problem.Meant.Name));
    }

    /// <summary>A list that is not there is told of once; of one that nobody knows, nothing is.</summary>
    [Theory]
    [InlineData("{{connectors.made.reslts}}", "path.unknown")]
    [InlineData("{{connectors.made.results | slice(0, 1)}}")]
    [InlineData("{{client.list}}")]
    public void ForEach_ItemOfAListThatIsNotKnown_IsNotChecked(string items, params string[] codes)
    {
        var result = ProbeFlow.Compile(Known(items, "{{item.eror}}"));
        Assert.Equal(codes, result.Diagnostics.Select(problem => problem.Code));
    }

    /// <summary>Whatever failed, the result is there.</summary>
    [Theory]
    [InlineData("stop")]
    [InlineData("collect")]
    public void ForEach_PathsBehindItemsFailed_AreCertain(string onError)
    {
        var result = ProbeFlow.Compile(
            ProbeFlow.Json(
                "each",
                $$$"""
                { "id": "each", "type": "ForEach", "items": "{{client.list}}", "errorHandling": { "Items Failed": "custom" },
                  "onError": "{{{onError}}}", "activity": {{{ProbeItem}}} },
                { "id": "end", "type": "End", "outputs": { "a": "{{connectors.each.results}}", "b": "{{connectors.each.failed}}",
                  "c": "{{connectors.each.count}}", "d": "{{connectors.each.results[0].error.code}}" } }
                """,
                "each.Success>end; each.Items Failed>end",
                more: """ "inputs": { "list": {} }, """
            )
        );
        Assert.Empty(result.Diagnostics);
    }

    private static string Known(string items, string value) =>
        ProbeFlow.Json(
            "made",
            $$$"""
            { "id": "made", "type": "ForEach", "items": "{{client.list}}",
              "activity": { "id": "first", "type": "Probe", "do": "ok", "contextKey": "p", "value": 1 } },
            { "id": "each", "type": "ForEach", "items": "{{{items}}}",
              "activity": { "id": "inner", "type": "Probe", "do": "ok", "contextKey": "p", "value": {{{FlowValue.From(
                value
            ).ToJson()}}} } },
            { "id": "end", "type": "End" }
            """,
            "made.Success>each; each.Success>end",
            more: """ "inputs": { "list": {} }, """
        );

    [Fact]
    public async Task ForEach_CancelledByTheCaller_Throws()
    {
        var run = FlowRun.Start(
            Plan(ProbeItem, "\"concurrency\": 2, \"onError\": \"collect\""),
            new RunStart { Client = FlowValue.Parse("""{ "list": [ "wait", "wait", "wait" ] }""") },
            RunServices.Default
        );
        using var cancelled = new CancellationTokenSource();
        var advance = FlowExecutor.AdvanceAsync(run, cancelled.Token).AsTask();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => advance);
        Assert.Equal(RunStatus.Running, run.Status);
    }

    /// <summary>The first sixteen end only once sixteen are under way, the last of them first.</summary>
    [Fact]
    public async Task ForEach_AThousandItemsSixteenAtOnce_AreNeverMoreAndKeepTheirOrder()
    {
        var gauge = new Gauge(16);
        var result = FlowCompiler.Compile(
            FlowValue.Parse(
                ProbeFlow.Json(
                    "each",
                    """
                    { "id": "each", "type": "ForEach", "items": "{{client.list}}", "atMost": 1000, "concurrency": 16,
                      "activity": { "id": "inner", "type": "Gauged", "place": "{{index}}" } }, { "id": "ok", "type": "End" }
                    """,
                    "each.Success>ok"
                )
            ),
            new CompilationEnvironment
            {
                Activities = new ActivityCatalog(
                    ActivityType.Of<Gauged, GaugedSettings>(
                        (settings, compilation) => new Gauged(settings, compilation.Definition.Id, gauge)
                    )
                ),
            }
        );
        Assert.True(result.Plan is not null, string.Join('\n', result.Diagnostics));
        var list = FlowValue.Array(Enumerable.Range(0, 1000).Select(i => FlowValue.From(i)));
        var run = FlowRun.Start(result.Plan, new RunStart { Client = FlowValue.Object(("list", list)) }, RunServices.Default);

        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);

        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.Equal((16, 1000), (gauge.Most, gauge.Done));
        Assert.Equal(15, gauge.FirstToEnd);
        run.Context.Get(ContextRoot.Scripts).Get("each").Get("results").TryGetArray(out var results);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{i}"), results!.Select(item => item.Get("value").ToText()));
    }

    [Theory]
    [InlineData("""{ "id": "x", "type": "Screen", "screen": "s" }""", "{{client.list}}", "flow.parallel", "/activities/0/activity/type")]
    [InlineData("3", "{{client.list}}", "flow.type", "/activities/0/activity")]
    [InlineData("{}", "{{client.list}}", "flow.required", "/activities/0/activity/id")]
    [InlineData("""{ "id": "end", "type": "Probe", "do": "ok" }""", "{{client.list}}", "flow.duplicate_id", "/activities/0/activity/id")]
    [InlineData(
        """{ "id": "x", "type": "Probe", "do": "ok", "errorHandling": { "Probe Failed": "custom" } }""",
        "{{client.list}}",
        "flow.parallel",
        "/activities/0/activity/errorHandling/Probe Failed"
    )]
    [InlineData("""{ "id": "x", "type": "Probe", "do": "ok" }""", "a,b", "flow.type", "/activities/0/items")]
    [InlineData("""{ "id": "x", "type": "Probe", "do": "ok" }""", "{{item}}", "template.unknown_root", "/activities/0/items")]
    [InlineData("""{ "id": "x", "type": "Probe", "do": "ok" }""", "{{client.list}}", "template.unknown_root", "/activities/1/outputs/i")]
    [InlineData("""{ "id": "x", "type": "Probe", "do": "ok" }""", "{{client.list}}", "flow.range", "/activities/0/atMost")]
    [InlineData("""{ "id": "x", "type": "Probe", "do": "ok" }""", "{{client.list}}", "flow.range", "/activities/0/concurrency")]
    [InlineData("""{ "id": "x", "type": "Probe", "do": "ok" }""", "{{client.list}}", "path.unknown", "/activities/1/outputs/r")]
    public void ForEach_ThatCannotBe_IsRefused(string activity, string items, string code, string pointer)
    {
        var result = ProbeFlow.Compile(
            ProbeFlow.Json(
                "each",
                $$$"""
                { "id": "each", "type": "ForEach", "items": "{{{items}}}", "atMost": 10001, "concurrency": 17, "activity": {{{activity}}} },
                { "id": "end", "type": "End", "outputs": { "i": "{{index}}", "r": "{{connectors.each.resluts}}" } }
                """,
                "each.Success>end",
                """{ "id": "s", "components": [] }""",
                """ "inputs": { "list": {} }, """
            )
        );

        Assert.Null(result.Plan);
        Assert.Contains(result.Diagnostics, diagnostic => diagnostic.Code == code && diagnostic.Pointer == pointer);
    }

    private static FlowPlan Plan(string inner, string settings = "\"concurrency\": 1", string more = "") =>
        ProbeFlow.Plan(
            ProbeFlow.Json(
                "each",
                $$$"""
                { "id": "each", "type": "ForEach", "items": "{{client.list}}", "errorHandling": { "Items Failed": "custom" },
                  {{{settings}}}, "activity": {{{inner}}} },
                { "id": "ok", "type": "End", "name": "ok" }, { "id": "failed", "type": "End", "name": "failed" }
                """,
                "each.Success>ok; each.Items Failed>failed",
                more: more
            ),
            Sub
        );

    /// <summary>A list that a script makes, of an expression of its index.</summary>
    private static FlowPlan MadePlan(int count, string item, string settings) =>
        ProbeFlow.Plan(
            ProbeFlow.Json(
                "made",
                $$$"""
                { "id": "made", "type": "Scriptlet", "code": "return Array.from({ length: {{{count}}} }, (x, i) => {{{item}}});" },
                { "id": "each", "type": "ForEach", "items": "{{scripts.made}}", "errorHandling": { "Items Failed": "custom" },
                  {{{settings}}}, "activity": {{{ProbeItem}}} },
                { "id": "ok", "type": "End", "name": "ok" }, { "id": "failed", "type": "End", "name": "failed" }
                """,
                "made.Success>each; each.Success>ok; each.Items Failed>failed"
            )
        );

    private static List<string> CodesOf(FlowValue result)
    {
        result.Get("results").TryGetArray(out var results);
        return [.. results!.Select(item => item.Get("error").Get("code").ToText())];
    }

    private static Task<FlowRun> RunAsync(FlowPlan plan, string client) => ProbeFlow.RunAsync(plan, client);

    /// <summary>How many are under way.</summary>
    private sealed class Gauge(int together)
    {
        private readonly TaskCompletionSource[] _ended = [.. Enumerable.Range(0, together + 1).Select(_ => NewSource())];
        private readonly TaskCompletionSource _all = NewSource();
        private readonly Lock _gate = new();
        private int _now;

        public int Most { get; private set; }

        public int Done { get; private set; }

        public int FirstToEnd { get; private set; } = -1;

        public async Task PassAsync(int place)
        {
            lock (_gate)
            {
                Most = Math.Max(Most, ++_now);
                if (_now == together)
                    _all.TrySetResult();
            }
            await _all.Task;
            if (place < together - 1)
                await _ended[place + 1].Task;
            else
                await Task.Yield();
            lock (_gate)
            {
                _now--;
                Done++;
                if (FirstToEnd < 0)
                    FirstToEnd = place;
            }
            if (place < together)
                _ended[place].TrySetResult();
        }

        private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public sealed class GaugedSettings
    {
        [Setting("Its place.", Required = true)]
        public Template Place { get; set; } = Template.Empty;
    }

    [Activity("Gauged", "For tests.", Outcomes = ["Success"], CanRunInParallel = true)]
    private sealed class Gauged(GaugedSettings settings, string id, Gauge gauge) : FlowActivity
    {
        public override ContextWrites WritesByOutcome(int outcome) => ContextWrites.Script(id, ValueShape.Any);

        public override async ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken)
        {
            var place = settings.Place.Evaluate(context);
            place.TryGetInteger(out var number);
            await gauge.PassAsync((int)number);
            context.SetScript(id, place);
            return Outcome.Success;
        }
    }
}
