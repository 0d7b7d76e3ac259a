using System.Text;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Diff;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Screens;
using FlowEngine.Templates;
using FlowEngine.Tests.Compilation;
using FlowEngine.Tracing;

namespace FlowEngine.Tests.Execution;

/// <summary>Twice the size costs twice as much, in bytes; what takes no bytes is so large here that its square would not end.</summary>
[Trait("Category", "slow")]
public sealed class FlowExecutorGrowthTests
{
    private const int Size = 4_000;

    private static readonly Dictionary<string, Func<int, Action>> Works = new(StringComparer.Ordinal)
    {
        ["build"] = size => () => Members(size, i => $"n{i}"),
        ["merge"] = size =>
        {
            Members(size, i => $"a{i}").TryGetObject(out var first);
            Members(size, i => $"b{i}").TryGetObject(out var second);
            return () =>
            {
                var all = new FlowObjectBuilder(first!);
                foreach (var (name, value) in second!)
                    all.Set(name, value);
                Assert.Equal(2 * size, all.Build().Count);
            };
        },
        ["defaults"] = size =>
        {
            var inputs = Enumerable.Range(0, size / 8).ToDictionary(i => $"n{i}", _ => new FlowInput { Default = FlowValue.True });
            var options = new FlowOptions { Inputs = inputs };
            return () => Assert.True(RunInputs.TryTake(options, FlowValue.From(FlowObject.Empty), out _, out _, out _));
        },
        ["submit"] = size =>
        {
            var screens = new Dictionary<string, CompiledScreen>(StringComparer.Ordinal);
            var json = FlowValue.Parse(
                $$"""
                { "id": "s", "components": [ { "type": "Button", "id": "go" }, {{Join(
                    size / 8 - 1,
                    i => $$"""{ "type": "PasswordInput", "name": "n{{i}}" }"""
                )}} ] }
                """
            );
            json.TryGetObject(out var obj);
            ScreenCompiler.Compile(
                [new ScreenDefinition("s", obj!, SourceLocation.Root(null))],
                ComponentCatalog.BuiltIn,
                takesUndeclared: false,
                _ => false,
                screens,
                [],
                new DiagnosticBag(),
                CancellationToken.None
            );
            var form = Members(size / 8 - 1, i => $"n{i}", FlowValue.From("x"));
            var context = SampleRun.Make(FlowValue.From(FlowObject.Empty), TimeProvider.System, new DiagnosticBag())!;
            return () =>
            {
                Assert.True(screens["s"].TryAccept(new ScreenSubmission("go", form), context, FlowValue.Missing, out var accepted, out _));
                Assert.True(screens["s"].Taken(form, accepted).Get("n0").IsSensitive);
            };
        },
        ["marks"] = size =>
        {
            var json = FlowValue.Parse(
                $$"""
                { "v": { {{Join(size, i => $"\"n{i}\": \"secret\"")}} }, "sensitive": [ {{Join(size, i => $"\"/v/n{i}\"")}} ] }
                """
            );
            return () => Assert.True(SensitiveMarks.Apply(json).Get("v").Get($"n{size - 1}").IsSensitive);
        },
        ["redact"] = size =>
        {
            string[] secrets = [.. Enumerable.Range(0, size / 8).Select(i => $"secret-{i:0000}")];
            var redactor = new Redactor(secrets);
            var text = string.Join(' ', secrets);
            return () => Assert.DoesNotContain("secret", redactor.Redact(text), StringComparison.Ordinal);
        },
        ["elsa inputs"] = size =>
        {
            var json = FlowValue.Parse(
                $$"""
                { "definitionId": "f", "inputs": [ {{Join(size, i => $$"""{ "name": "n{{i}}", "type": "String" }""")}} ],
                  "root": { "type": "Elsa.Flowchart", "activities": [ { "id": "e", "type": "Elsa.End" } ], "connections": [] } }
                """
            );
            return () => Assert.NotNull(ElsaReader.Read(json, null, new DiagnosticBag()));
        },
    };

    public static TheoryData<string> Names => [.. Works.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Work_OfTwiceTheSize_TakesTwiceTheBytes(string name)
    {
        var (once, twice) = (Works[name](Size), Works[name](2 * Size));
        once();
        twice();
        var (bytes, of) = (Bytes(once), Bytes(twice));
        Assert.True(of < 2.6 * bytes + 10_000, $"{name}: {Size} took {bytes} bytes, {2 * Size} took {of}.");
    }

    [Fact]
    public void Of_ManyNames_Ends()
    {
        string[] names = [.. Enumerable.Range(0, 400_000).Select(i => $"@p{i}")];
        Assert.Equal(names.Length, FlowShape.Of(names).Count);
        Assert.Throws<ArgumentException>(() => FlowShape.Of([.. names, names[0]]));
    }

    [Fact]
    public void Between_ScreensOfManyComponents_Ends()
    {
        const int Many = 200_000;
        var (before, after) = (Screen(Enumerable.Range(0, Many)), Screen(Enumerable.Range(0, Many).Reverse()));
        var changes = FlowDiff.Between(before, after, out var isCut, CancellationToken.None);
        Assert.True(isCut);
        Assert.Equal(FlowDiff.MaxChanges, changes.Count);
    }

    [Fact]
    public void Between_OneSettingBelowLongNames_IsCutByCharacters()
    {
        var (open, close) = (
            string.Concat(Enumerable.Range(0, 10).Select(i => $$"""{ "{{new string('x', 40_000)}}": """)),
            new string('}', 10)
        );
        FlowValue Deep(int value) =>
            FlowValue.Parse($$"""{ "id": "f", "a": {{open}}{ {{Join(1_000, i => $"\"n{i}\": {value}")}} }{{close}} }""");
        var changes = FlowDiff.Between(Deep(1), Deep(2), out var isCut, CancellationToken.None);
        Assert.True(isCut);
        Assert.True(changes.Sum(change => change.Setting!.Length) <= FlowDiff.MaxCharacters);
    }

    [Fact]
    public void Between_ForACallerWhoLeft_Stops() =>
        Assert.Throws<OperationCanceledException>(() =>
            FlowDiff.Between(Screen([1]), Screen([2, 3]), out _, new CancellationToken(canceled: true))
        );

    [Fact]
    public void Compile_ForACallerWhoLeft_Stops()
    {
        var flow = FlowReader.Read(LargeFlow(["""{ "id": "a", "type": "Restart" }"""], []), null, new DiagnosticBag())!;
        Assert.Throws<OperationCanceledException>(() =>
            FlowCompiler.Compile(flow, Corpus.Environment, 0, new CancellationToken(canceled: true))
        );
    }

    public static TheoryData<string, string> TooLarge =>
        new()
        {
            { "/connections", Flow($"\"connections\": [ {Join(FlowLimits.Connections + 1, _ => "1")} ]") },
            { "/screens", Flow($"\"screens\": [ {Join(FlowLimits.Screens + 1, _ => "1")} ]") },
            {
                "/screens/0/components",
                Flow(
                    $$"""
                    "screens": [ { "id": "s", "components": [ {{Join(30_000, i => $$"""{ "type": "Button", "id": "b{{i}}" }""")}} ] } ]
                    """
                )
            },
            { "/inputs", Flow($"\"inputs\": {{ {Join(FlowLimits.Items + 1, i => $"\"n{i}\": {{}}")} }}") },
            {
                "/activities/0/claims/a",
                Flow(
                    "\"x\": 1",
                    $$"""
                    "type": "CustomClaims", "claims": { "a": "{{string.Concat(Enumerable.Repeat("{{user.a}}", 60_000))}}" }
                    """
                )
            },
            {
                "/activities/0/branches",
                Flow(
                    "\"x\": 1",
                    $$"""
                    "type": "Condition", "branches": [ {{Join(FlowLimits.Items + 1, i => $$"""{ "outcome": "o{{i}}", "rules": [] }""")}} ]
                    """
                )
            },
            {
                "/activities/0/activities",
                Flow(
                    "\"x\": 1",
                    $$"""
                    "type": "Parallel", "activities": [ {{Join(
                        FlowLimits.Items + 1,
                        i => $$"""{ "id": "p{{i}}", "type": "Scriptlet", "code": "1" }"""
                    )}} ]
                    """
                )
            },
        };

    [Theory]
    [MemberData(nameof(TooLarge))]
    public void Compile_APartBeyondItsLimit_IsRefusedAtItsPlace(string pointer, string flow)
    {
        var problem = FlowCompiler
            .Compile(FlowValue.Parse(flow), Corpus.Environment)
            .Diagnostics.First(found => found.Code == "flow.too_large");
        Assert.Equal(pointer, problem.Pointer);
        Assert.Equal(Severity.Error, problem.Severity);
    }

    [Fact]
    public void Error_BeyondTheLimit_IsCountedByOneLastProblem()
    {
        var problems = new DiagnosticBag();
        for (var i = 0; i < DiagnosticBag.MaxProblems + 10; i++)
            problems.Warning(FlowErrors.Unreachable, SourceLocation.Root(null).At(i), "");
        Assert.Equal(DiagnosticBag.MaxProblems + 1, problems.Items.Count);
        Assert.Equal(("flow.too_many_problems", Severity.Warning), (problems.Items[^1].Code, problems.Items[^1].Severity));
        Assert.False(problems.HasErrors);

        problems.Error(FlowErrors.Type, SourceLocation.Root(null), "");
        Assert.True(problems.HasErrors);
        Assert.Equal(Severity.Error, problems.Items[^1].Severity);
    }

    [Fact]
    public void Error_AtLongPointers_IsLimitedByCharacters()
    {
        var problems = new DiagnosticBag();
        var at = SourceLocation.Root(null).At(new string('x', 100_000));
        for (var i = 0; i < 100; i++)
            problems.Error(FlowErrors.Type, at.At(i), "");
        Assert.True(problems.Items.Sum(problem => problem.Pointer.Length) <= DiagnosticBag.MaxCharacters + 100_010);
    }

    [Fact]
    public void Start_MoreInputsThanAFlowDeclares_AreDroppedWithoutACopy()
    {
        var plan = TestFlow.Plan("""{ "id": "it", "type": "Restart" }""");
        var (few, many) = (new RunStart { Client = Members(10, i => $"n{i}") }, new RunStart { Client = Members(50_000, i => $"n{i}") });
        FlowRun.Start(plan, few, RunServices.Default);

        var run = FlowRun.Start(plan, many, RunServices.Default);
        Assert.NotEqual(RunStatus.Failed, run.Status);
        Assert.Equal(FlowValue.From(FlowObject.Empty), run.Context.Get(ContextRoot.Client));
        Assert.InRange(
            Bytes(() => FlowRun.Start(plan, many, RunServices.Default)),
            0,
            Bytes(() => FlowRun.Start(plan, few, RunServices.Default)) + 1_000
        );
    }

    [Fact]
    public void Start_ADeclaredInputBeyondTheLimits_IsRefused()
    {
        var plan = FlowCompiler
            .Compile(
                FlowValue.Parse(
                    """
                    { "id": "f", "start": "e", "inputs": { "list": { "type": "object" } }, "activities": [ { "id": "e", "type": "End" } ],
                      "connections": [] }
                    """
                ),
                new CompilationEnvironment()
            )
            .Plan!;
        var given = FlowValue.From(FlowObject.Empty.With("list", Members(ValueLimits.MaxValues, i => $"n{i}")));
        var run = FlowRun.Start(plan, new RunStart { Client = given }, RunServices.Default);
        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.Equal("run.input", run.Failure!.Code);
    }

    [Fact]
    public async Task Submit_MoreInputsThanTheScreenHas_AreDropped()
    {
        var plan = FlowCompiler
            .Compile(
                FlowValue.Parse(
                    """
                    { "id": "f", "start": "s", "activities": [ { "id": "s", "type": "Screen", "screen": "s" },
                      { "id": "e", "type": "End" } ],
                      "connections": [ { "source": "s", "port": "go", "target": "e" } ],
                        "screens": [ { "id": "s", "components": [ { "type": "Button", "id": "go" } ] } ] }
                    """
                ),
                new CompilationEnvironment()
            )
            .Plan!;
        var run = FlowRun.Start(plan, new RunStart(), RunServices.Default);
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);
        Assert.Null(
            await FlowExecutor.SubmitAsync(
                run,
                new ScreenSubmission("go", Members(50_000, i => $"n{i}")),
                TestContext.Current.CancellationToken
            )
        );
        Assert.Equal(FlowValue.From(FlowObject.Empty), run.Context.Get(ContextRoot.Form));
    }

    /// <summary>A table whose hashes are fixed would be one long list for names
    /// that were made for it; a plain one turns to random hashes.</summary>
    [Fact]
    public void Get_ByNamesWithEqualLengthsAndMiddles_FindsEach()
    {
        var obj = Members(50_000, i => $"{i:00000}-{new string('x', 64)}-{i:00000}");
        for (var i = 0; i < 50_000; i += 999)
            Assert.Equal(FlowValue.From(i), obj.Get($"{i:00000}-{new string('x', 64)}-{i:00000}"));
    }

    private static long Bytes(Action work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static FlowValue Members(int count, Func<int, string> name, FlowValue value = default)
    {
        var members = new FlowObjectBuilder();
        for (var i = 0; i < count; i++)
            members.Set(name(i), value.IsMissing ? FlowValue.From(i) : value);
        return FlowValue.From(members.Build());
    }

    /// <summary>A flow with one screen of texts that have no key of their own, in this order.</summary>
    private static FlowValue Screen(IEnumerable<int> texts) =>
        FlowValue.Parse(
            $$"""
            { "id": "f", "screens": [ { "id": "s", "components": [ {{string.Join(
                ',',
                texts.Select(i => $$"""{ "type": "Text", "text": { "n": {{i}} } }""")
            )}} ] } ] }
            """
        );

    private static FlowValue LargeFlow(IEnumerable<string> activities, IEnumerable<string> connections) =>
        FlowValue.Parse(
            $$"""
            { "id": "f", "start": "a", "activities": [ {{string.Join(',', activities)}} ], "connections": [ {{string.Join(
                ',',
                connections
            )}} ] }
            """
        );

    private static string Flow(string member, string activity = "\"type\": \"Restart\"") =>
        $$"""{ "id": "f", "start": "a", {{member}}, "activities": [ { "id": "a", {{activity}} } ] }""";

    private static string Join(int count, Func<int, string> item)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
            text.Append(i == 0 ? "" : ",").Append(item(i));
        return text.ToString();
    }
}
