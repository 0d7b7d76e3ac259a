using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;

namespace FlowEngine.Tests.Compilation;

/// <summary>Sizes, not times: what grows with the square of the size, or with the stack, does not end here.</summary>
[Trait("Category", "slow")]
public sealed class FlowCompilerLargeFlowTests
{
    private const int Count = 10_000;

    [Fact]
    public void Compile_ChainOfManyActivities_Succeeds()
    {
        var result = FlowCompiler.Compile(Chain(i => i == Count - 1 ? null : i + 1), Corpus.Environment);
        Assert.Empty(result.Diagnostics);
        Assert.Equal(Count, result.Plan!.ActivityIds.Count());
    }

    [Fact]
    public void Compile_OneLoopThroughManyActivities_WarnsOnce()
    {
        var result = FlowCompiler.Compile(Chain(i => (i + 1) % Count), Corpus.Environment);
        Assert.Equal("flow.loop", Assert.Single(result.Diagnostics).Code);
        Assert.NotNull(result.Plan);
    }

    /// <summary>Each activity writes a key of its own, reads others', and leads on in several ways:
    /// what is followed grows with the flow times a 64th of its keys, in little memory.</summary>
    [Fact]
    public void Compile_AMeshWithAKeyOfEachActivity_IsFollowedInFewSteps()
    {
        var (few, many) = (Mesh(Count / 2), Mesh(Count));
        FlowCompiler.Compile(Mesh(100), Corpus.Environment);
        var (small, smallBytes) = Measure(few);
        var (large, largeBytes) = Measure(many);

        Assert.NotNull(large.Plan);
        Assert.Contains(large.Diagnostics, problem => problem.Code == "path.maybe");
        // Each block of 64 paths goes a few times through the four steps of each
        // activity; and twice the flow costs at most a little more than twice the bytes.
        Assert.InRange(large.PathSteps, 1, (Count / 64 + 1) * (long)Count * 3 * 12);
        Assert.InRange(largeBytes, 1, smallBytes * 5 / 2);

        static (CompilationResult Result, long Bytes) Measure(FlowValue flow)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            // As if published: what is read before it is written is then no reason to stop.
            var result = FlowCompiler.Compile(Corpus.Read(flow), Corpus.Environment, version: 1);
            return (result, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    /// <summary>Every activity may fail back to any of very many screens, and every
    /// screen leads anywhere: nobody waits for that to be followed to the end.</summary>
    [Fact]
    public void Compile_VeryManyScreensAndErrorsBackToThem_IsBounded()
    {
        const int Screens = 2_000;
        var random = new Random(1);
        var activities = Enumerable
            .Range(0, Screens)
            .Select(i => $$"""{ "id": "n{{i}}", "type": "Screen", "screen": "s{{i}}" }""")
            .Concat(
                Enumerable
                    .Range(0, Screens)
                    .Select(i =>
                        $$"""{ "id": "m{{i}}", "type": "Scriptlet", "code": "1","""
                        + $$""" "arguments": { "a": "{{"{{scripts.m" + random.Next(Screens) + "}}"}}" } }"""
                    )
            );
        var connections = Enumerable
            .Range(0, Screens)
            .SelectMany(i =>
                new[]
                {
                    $$"""{ "source": "n{{i}}", "port": "a", "target": "m{{random.Next(Screens)}}" }""",
                    $$"""{ "source": "n{{i}}", "port": "b", "target": "m{{random.Next(Screens)}}" }""",
                    $$"""{ "source": "m{{i}}", "port": "Success","""
                        + $$""" "target": "{{(random.Next(2) == 0 ? "m" : "n")}}{{random.Next(Screens)}}" }""",
                }
            );
        var json = Flow(activities, connections);
        json.TryGetObject(out var obj);
        var screens = string.Join(
            ',',
            Enumerable
                .Range(0, Screens)
                .Select(i =>
                    $$"""{ "id": "s{{i}}", "components": [ { "type": "TextInput", "name": "f{{i}}" }, { "type": "Text","""
                    + $$""" "text": "{{"{{form.f" + random.Next(Screens) + "}}"}}" }, { "type": "Button", "id": "a" },"""
                    + """ { "type": "Button", "id": "b" } ] }"""
                )
        );
        var result = FlowCompiler.Compile(FlowValue.From(obj!.With("screens", FlowValue.Parse($"[{screens}]"))), Corpus.Environment);
        Assert.NotEmpty(result.Diagnostics);
        Assert.InRange(result.PathSteps, 0, FlowEngine.Compilation.Paths.PathFlow.MaxSteps + 2_000_000);
    }

    [Fact]
    public void Compile_ManyIgnoredErrors_WarnsOfAsManyAsAreTold()
    {
        var activities = Enumerable
            .Range(0, Count)
            .Select(i =>
                i == Count - 1 ? $$"""{ "id": "n{{i}}", "type": "End" }"""
                : i == 0 ? """{ "id": "n0", "type": "SetUser", "user": { "userId": "x" } }"""
                : $$"""{ "id": "n{{i}}", "type": "Scriptlet", "code": "1", "errorHandling": { "Scriptlet Failed": "ignore" } }"""
            );
        var connections = Enumerable
            .Range(0, Count - 1)
            .Select(i => $$"""{ "source": "n{{i}}", "port": "{{(i == 0 ? "Done" : "Success")}}", "target": "n{{i + 1}}" }""");
        var result = FlowCompiler.Compile(Flow(activities, connections), Corpus.Environment);
        AssertFull(result, "flow.fails_open");
    }

    [Fact]
    public void Compile_ManyWrongIds_ReportsAsManyAsAreTold()
    {
        var activities = Enumerable.Range(0, Count).Select(i => $$"""{ "id": "activity-number-{{i}}", "type": "Restart" }""");
        var connections = Enumerable
            .Range(0, Count)
            .Select(i => $$"""{ "source": "activity-nunber-{{i}}", "port": "x", "target": "activity-nomber-{{i}}" }""");
        var result = FlowCompiler.Compile(Flow(activities, connections, "activity-number-0"), Corpus.Environment);
        AssertFull(result, "flow.unknown_id");
    }

    [Fact]
    public void Compile_ManyScreensAndComponents_Succeeds()
    {
        var components = string.Join(',', Enumerable.Range(0, 1000).Select(i => $$"""{ "type": "Button", "id": "b{{i}}" }"""));
        var connections = Enumerable.Range(0, 1000).Select(i => $$"""{ "source": "n0", "port": "b{{i}}", "target": "n0" }""");
        var json = Flow(["""{ "id": "n0", "type": "Screen", "screen": "s" }"""], connections);
        json.TryGetObject(out var obj);
        var result = FlowCompiler.Compile(
            FlowValue.From(obj!.With("screens", FlowValue.Parse($$"""[ { "id": "s", "components": [ {{components}} ] } ]"""))),
            Corpus.Environment
        );
        Assert.Empty(result.Diagnostics);
    }

    [Fact]
    public void Compile_TooManyActivities_IsRefused()
    {
        var activities = Enumerable.Range(0, FlowLimits.Activities + 1).Select(i => $$"""{ "id": "n{{i}}", "type": "Restart" }""");
        Assert.Equal("flow.too_large", Assert.Single(FlowCompiler.Compile(Flow(activities, []), Corpus.Environment).Diagnostics).Code);
    }

    [Fact]
    public void ExportThenImport_ManyActivities_IsEqual()
    {
        var json = Chain(i => i == Count - 1 ? null : i + 1);
        var back = ElsaReader.Read(ElsaWriter.Write(Corpus.Read(json), 1), null, new DiagnosticBag())!;
        Assert.Equal(json, FlowValue.From(back.Json));
        Assert.NotNull(FlowCompiler.Compile(back, Corpus.Environment).Plan);
    }

    [Theory]
    [InlineData("""{ "id": "w", "type": "CustomClaims", "claims": { "a": "{{claims}}", "b": "{{claims}}" } }""")]
    [InlineData("""{ "id": "w", "type": "SetUser", "user": { "userId": "x", "customAttributes": ["{{user}}", "{{user}}"] } }""")]
    [InlineData("""{ "id": "w", "type": "SetUser", "user": { "userId": "x", "name": "x{{user.name}}{{user.name}}" } }""")]
    [InlineData("""{ "id": "w", "type": "CustomClaims", "claims": { "a": { "a": { "a": "{{claims}}" } } } }""")]
    public async Task Advance_LoopThatPutsAValueIntoItself_Fails(string activity)
    {
        var result = FlowCompiler.Compile(
            Flow([activity], ["""{ "source": "w", "port": "Done", "target": "w" }"""], "w"),
            Corpus.Environment
        );
        var run = FlowRun.Start(result.Plan!, new RunStart(), RunServices.Default);
        await FlowExecutor.AdvanceAsync(run);
        Assert.Equal("run.value_too_large", run.Failure!.Code);
    }

    private static void AssertFull(CompilationResult result, string code)
    {
        Assert.Equal(DiagnosticBag.MaxProblems, result.Diagnostics.Count(diagnostic => diagnostic.Code == code));
        Assert.Equal("flow.too_many_problems", result.Diagnostics[^1].Code);
    }

    private static FlowValue Chain(Func<int, int?> next)
    {
        var activities = Enumerable
            .Range(0, Count)
            .Select(i =>
                next(i) is null
                    ? $$"""{ "id": "n{{i}}", "type": "End" }"""
                    : $$"""{ "id": "n{{i}}", "type": "Scriptlet", "code": "1", "contextKey": "k{{i % 7}}" }"""
            );
        var connections = Enumerable
            .Range(0, Count)
            .Where(i => next(i) is not null)
            .Select(i => $$"""{ "source": "n{{i}}", "port": "Success", "target": "n{{next(i)}}" }""");
        return Flow(activities, connections);
    }

    private static FlowValue Mesh(int count)
    {
        var random = new Random(1);
        var activities = Enumerable
            .Range(0, count)
            .Select(i =>
                i == count - 1 ? $$"""{ "id": "n{{i}}", "type": "End" }"""
                : i % 2 == 0
                    ? $$"""{ "id": "n{{i}}", "type": "Scriptlet", "code": "1", "arguments": { "a": "{{Read(i)}}","""
                        + $$""" "b": "{{Read(i)}}" }, "errorHandling": { "Scriptlet Failed": "custom" } }"""
                : $$"""{ "id": "n{{i}}", "type": "Condition", "branches": [ { "outcome": "a","""
                    + $$""" "rules": [ { "key": "scripts.n{{random.Next(count / 2) * 2}}", "operator": "empty" } ] } ] }"""
            );
        var connections = Enumerable
            .Range(0, count - 1)
            .SelectMany(i =>
                new[]
                {
                    $$"""{ "source": "n{{i}}", "port": "{{(i % 2 == 0 ? "Success" : "a")}}", "target": "n{{i + 1}}" }""",
                    $$"""{ "source": "n{{i}}", "port": "{{(i % 2 == 0 ? "Scriptlet Failed" : "Else")}}","""
                        + """ "target":"""
                        + $$""" "n{{(random.Next(10) == 0 ? random.Next(count) : Math.Min(count - 1, i + random.Next(1, 50)))}}" }""",
                }
            );
        return Flow(activities, connections);

        string Read(int i) => "{{scripts.n" + random.Next(Math.Max(1, Math.Min(count - 1, i) / 2)) * 2 + "}}";
    }

    private static FlowValue Flow(IEnumerable<string> activities, IEnumerable<string> connections, string start = "n0") =>
        FlowValue.Parse(
            $$"""{ "id": "large", "start": "{{start}}", "activities": [ {{string.Join(',', activities)}} ],"""
                + $$""" "connections": [ {{string.Join(',', connections)}} ] }"""
        );
}
