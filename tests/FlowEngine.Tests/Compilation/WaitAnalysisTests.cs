using System.Diagnostics;
using System.Text;
using CsCheck;
using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Tests.Compilation;

/// <summary>How long a person may wait from one screen to the next (SPEC 6.2).</summary>
public sealed class WaitAnalysisTests
{
    private static readonly ActivityCatalog Catalog = new(ActivityType.Of<Ask, AskSettings>((settings, _) => new Ask(settings)));

    private const string Screens =
        """{ "id": "s", "components": [ { "type": "ErrorMessage" }, { "type": "Button", "id": "go" }, { "type": "Link", "id": "other" } ] }""";

    private const string SubWithScreen =
        """{ "id": "sub", "start": "before", "activities": [ { "id": "before", "type": "Ask", "seconds": 3 }, """
        + """{ "id": "show", "type": "Screen", "screen": "s" }, { "id": "after", "type": "Ask", "seconds": 4 }, { "id": "end", "type": "End" } ], """
        + """ "connections": [ { "source": "before", "port": "Success", "target": "show" }, { "source": "show", "port": "go", "target": "after" }, """
        + """{ "source": "show", "port": "other", "target": "after" }, { "source": "after", "port": "Success", "target": "end" } ], """
        + """ "screens": [ """
        + Screens
        + " ] }";

    private static readonly (string Name, string Expected, string Json)[] Table =
    [
        ("nobody is asked", "", Flow("e", End, "")),
        ("one call", "start → 5 s: a 5 s", Flow("a", $"{Call("a", 5)},{End}", "a.Success>e")),
        ("one behind the other", "start → 8 s: a 5 s, b 3 s", Flow("a", $"{Call("a", 5)},{Call("b", 3)},{End}", "a.Success>b;b.Success>e")),
        ("tries", "start → 9.2 s: a 2 × 4.6 s", Flow("a", $"{Call("a", 4.6, 2)},{End}", "a.Success>e")),
        (
            "from a screen, by the longest of its ways",
            "s → 14.2 s: b 5 s, c 2 × 4.6 s",
            Flow(
                "s",
                $"{Show("s")},{Call("a", 9)},{Call("b", 5)},{Call("c", 4.6, 2)},{End}",
                "s.go>a;s.other>b;a.Success>e;b.Success>c;c.Success>e"
            )
        ),
        (
            "a screen ends a stretch",
            "start → 5 s: a 5 s | s → 7 s: b 7 s",
            Flow("a", $"{Call("a", 5)},{Show("s")},{Call("b", 7)},{End}", "a.Success>s;s.go>b;s.other>e;b.Success>e")
        ),
        (
            "a failure goes on too",
            "s → 12 s: a 5 s, b 7 s",
            Flow(
                "s",
                $"{Show("s")},{Call("a", 5, custom: true)},{Call("b", 7)},{End}",
                "s.go>a;s.other>e;a.Success>e;a.Ask Failed>b;b.Success>e"
            )
        ),
        (
            "a loop through a screen is none",
            "s → 5 s: a 5 s",
            Flow("s", $"{Show("s")},{Call("a", 5, custom: true)},{End}", "s.go>a;s.other>e;a.Success>e;a.Ask Failed>s")
        ),
        (
            "a loop without a screen that asks has no end",
            "s → no end: a 5 s",
            Flow("s", $"{Show("s")},{Call("a", 5, custom: true)},{End}", "s.go>a;s.other>e;a.Success>e;a.Ask Failed>a")
        ),
        (
            "a loop that asks nobody is as long as what follows",
            "s → 2 s: a 2 s",
            Flow(
                "s",
                $$"""{{Show("s")}},{{Pick("x")}},{{Pick("y")}},{{Call("a", 2)}},{{End}}""",
                "s.go>x;s.other>e;x.yes>y;x.Else>a;y.yes>x;y.Else>a;a.Success>e"
            )
        ),
        (
            "Restarts that ask again and again",
            "start → no end: a 5 s",
            Flow("a", $$"""{{Call("a", 5, custom: true)}},{ "id": "again", "type": "Restart" },{{End}}""", "a.Success>e;a.Ask Failed>again")
        ),
        (
            "a Restart that goes to a screen",
            "s → 5 s: a 5 s",
            Flow(
                "s",
                $$"""{{Show("s")}},{{Call("a", 5, custom: true)}},{ "id": "again", "type": "Restart" },{{End}}""",
                "s.go>a;s.other>e;a.Success>e;a.Ask Failed>again"
            )
        ),
        (
            "Parallel is as long as its longest branch",
            "start → 7 s: p 7 s",
            Flow(
                "p",
                $$"""{ "id": "p", "type": "Parallel", "activities": [ {{Call("a", 3)}}, {{Call("b", 7)}} ] },{{End}}""",
                "p.Success>e"
            )
        ),
        (
            "ForEach is as long as all items that there may be, so many at once as are under way",
            "start → 9 s: p 3 × 3 s",
            Flow(
                "p",
                $$$"""
                { "id": "p", "type": "ForEach", "items": "{{device.ip}}", "atMost": 10, "concurrency": 4,
                  "activity": {{{Call("a", 3)}}} },{{{End}}}
                """,
                "p.Success>e"
            )
        ),
        (
            "a script that may take its second",
            "start → 1 s: a 1 s",
            Flow("a", $$"""{ "id": "a", "type": "Scriptlet", "code": "for (;;) {}" },{{End}}""", "a.Success>e")
        ),
        (
            "a subflow without a screen",
            "start → 11 s: x/sub 6 s, y 5 s",
            Flow("x", $$"""{ "id": "x", "type": "Subflow", "flow": "plain" },{{Call("y", 5)}},{{End}}""", "x.Done>y;y.Success>e")
        ),
        (
            "a subflow with a screen begins and ends stretches of its caller",
            "start → 5 s: y 2 s, x/before 3 s | x/show → 9 s: x/after 4 s, z 5 s",
            Flow(
                "y",
                $$"""{{Call("y", 2)}},{ "id": "x", "type": "Subflow", "flow": "sub" },{{Call("z", 5)}},{{End}}""",
                "y.Success>x;x.Done>z;z.Success>e"
            )
        ),
    ];

    private const string End = """{ "id": "e", "type": "End" }""";

    public static TheoryData<string> Names => [.. Table.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Compile_AFlowThatAsks_KnowsItsStretches(string name)
    {
        var (_, expected, json) = Table.Single(row => row.Name == name);
        var plan = Compile(json).Plan;
        Assert.NotNull(plan);
        Assert.Equal(expected, string.Join(" | ", plan.Stretches));
    }

    [Theory]
    [InlineData(20, "", null)]
    [InlineData(20.5, "", "From 's' to the next screen it may take 20.5 s, more than 20 s: a 20.5 s.")]
    [InlineData(20, "PT19.5S", "From 's' to the next screen it may take 20 s, more than the flow's time budget of 19.5 s: a 20 s.")]
    [InlineData(60, "PT1M", null)]
    public void Compile_AStretchThatIsTooLong_IsWarnedOf(double seconds, string budget, string? message)
    {
        var more = budget.Length == 0 ? "" : $"\"timeBudget\": \"{budget}\",";
        var result = Compile(Flow("s", $"{Show("s")},{Call("a", seconds)},{End}", "s.go>a;s.other>e;a.Success>e", more));
        Assert.NotNull(result.Plan);
        if (message is null)
        {
            Assert.Empty(result.Diagnostics);
            return;
        }
        var problem = Assert.Single(result.Diagnostics);
        Assert.Equal(
            ("flow.waits", Severity.Warning, "/activities/0", message),
            (problem.Code, problem.Severity, problem.Pointer, problem.Message)
        );
    }

    [Fact]
    public void Compile_RestartsThatAskWithoutAScreen_AreWarnedOf()
    {
        var (_, _, json) = Table.Single(row => row.Name == "Restarts that ask again and again");
        var problem = Assert.Single(Compile(json).Diagnostics, problem => problem.Code == "flow.waits");
        Assert.Equal("Behind the start a loop without a screen asks again and again while nobody answers: a 5 s.", problem.Message);
    }

    [Theory]
    [InlineData("\"15\"")]
    [InlineData("15")]
    [InlineData("\"PT0S\"")]
    [InlineData("\"PT11M\"")]
    [InlineData("\"-PT1S\"")]
    public void Compile_ABudgetThatIsNone_IsRefused(string budget)
    {
        var result = Compile(Flow("e", End, "", $"\"timeBudget\": {budget},"));
        Assert.Null(result.Plan);
        Assert.Contains(result.Diagnostics, problem => problem.Pointer == "/timeBudget");
    }

    /// <summary>Against every way there is: flows of screens, calls and conditions, with loops and without.</summary>
    [Fact]
    public void Compile_AnyFlow_FindsTheLongestOfAllWays() =>
        Gen.Select(Gen.Int[0, 3].Array[2, 7], Gen.Int[0, 6].Array[14])
            .Sample(
                (kinds, targets) =>
                {
                    var count = kinds.Length;
                    int Target(int node, int port) => targets[(2 * node) + port] % (count + 1);
                    var activities = string.Join(',', kinds.Select((kind, i) => Activity(kind, i)));
                    var connections = string.Concat(
                        kinds.SelectMany(
                            (kind, i) =>
                                PortsOf(kind).Select((port, j) => $"n{i}.{port}>{(Target(i, j) == count ? "e" : $"n{Target(i, j)}")};")
                        )
                    );
                    var plan = Compile(Flow("n0", $"{activities},{End}", connections)).Plan;
                    Assert.NotNull(plan);
                    foreach (var stretch in plan.Stretches)
                    {
                        double[] ways =
                            stretch.Position < 0
                                ? [Longest(0, [])]
                                : [Longest(Target(stretch.Position, 0), []), Longest(Target(stretch.Position, 1), [])];
                        Assert.Equal(ways.Max(), stretch.Longest?.TotalSeconds ?? double.PositiveInfinity, 0.001);
                        Assert.True(
                            stretch.Longest is null
                                || Math.Abs(stretch.Parts.Sum(part => part.Wait.Total.TotalSeconds) - ways.Max()) < 0.001
                        );
                    }

                    double Longest(int node, List<int> before)
                    {
                        if (node == count || kinds[node] == 0)
                            return 0;
                        var own = kinds[node] == 1 ? 0 : kinds[node];
                        if (before.IndexOf(node) is var again && again >= 0)
                            return before.Skip(again).Any(member => kinds[member] > 1) ? double.PositiveInfinity : 0;
                        before.Add(node);
                        var longest = own + Math.Max(Longest(Target(node, 0), before), Longest(Target(node, 1), before));
                        before.RemoveAt(before.Count - 1);
                        return longest;
                    }
                },
                iter: 2_000
            );

    private static string Activity(int kind, int i) =>
        kind == 0 ? Show($"n{i}")
        : kind == 1 ? Pick($"n{i}")
        : Call($"n{i}", kind, custom: true);

    private static string[] PortsOf(int kind) =>
        kind == 0 ? ["go", "other"]
        : kind == 1 ? ["yes", "Else"]
        : ["Success", "Ask Failed"];

    [Fact]
    public void Compile_ManyPartsAndManyScreens_AreNamedUpToTwenty()
    {
        var activities = new StringBuilder(Show("s0"));
        var connections = new StringBuilder("s0.go>a0;s0.other>a0;");
        for (var i = 0; i < 2_000; i++)
        {
            activities.Append(',').Append(Call($"a{i}", 1)).Append(',').Append(Show($"s{i + 1}"));
            connections.Append($"a{i}.Success>{(i < 1_999 ? $"a{i + 1}" : "e")};s{i + 1}.go>a{i};s{i + 1}.other>a{i};");
        }
        var result = Compile(Flow("s0", $"{activities},{End}", connections.ToString()));
        Assert.NotNull(result.Plan);
        Assert.Equal(
            "s0 → 2000 s: " + string.Join(", ", Enumerable.Range(0, 20).Select(i => $"a{i} 1 s")) + ", …",
            result.Plan.Stretches[0].ToString()
        );
    }

    private static CompilationResult Compile(string json)
    {
        FlowDefinition Read(string text) => FlowReader.Read(FlowValue.Parse(text), null, new DiagnosticBag())!;
        var plain = Flow("sub", $"{Call("sub", 6)},{End}", "sub.Success>e")
            .Replace("\"id\": \"f\"", "\"id\": \"plain\"", StringComparison.Ordinal);
        return FlowCompiler.Compile(
            FlowValue.Parse(json),
            new CompilationEnvironment
            {
                Activities = Catalog,
                FindFlow = id =>
                    id switch
                    {
                        "sub" => (Read(SubWithScreen), 1),
                        "plain" => (Read(plain), 1),
                        _ => null,
                    },
            }
        );
    }

    private static string Flow(string start, string activities, string connections, string more = "") =>
        $$"""
            { "id": "f", "start": "{{start}}", {{more}} "activities": [ {{activities}} ],
              "connections": [ {{string.Join(',', connections.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(Connection))}} ],
              "screens": [ {{Screens}} ] }
            """;

    private static string Connection(string text)
    {
        var (arrow, dot) = (text.IndexOf('>', StringComparison.Ordinal), text.IndexOf('.', StringComparison.Ordinal));
        return $$"""{ "source": "{{text[..dot]}}", "port": "{{text[(dot + 1)..arrow]}}", "target": "{{text[(arrow + 1)..]}}" }""";
    }

    private static string Show(string id) => $$"""{ "id": "{{id}}", "type": "Screen", "screen": "s" }""";

    private static string Pick(string id) =>
        $$"""{ "id": "{{id}}", "type": "Condition", "branches": [ { "outcome": "yes", "rules": [ { "key": "flow.id", "operator": "empty" } ] } ] }""";

    private static string Call(string id, double seconds, int times = 1, bool custom = false)
    {
        var handling = custom ? """, "errorHandling": { "Ask Failed": "custom" }""" : "";
        var number = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return $$"""{ "id": "{{id}}", "type": "Ask", "seconds": {{number}}, "times": {{times}} {{handling}} }""";
    }
}

/// <summary>Bound once, then read only: the settings of an activity that asks somebody.</summary>
public sealed class AskSettings
{
    /// <summary>How long one try may take.</summary>
    [Setting("How long one try may take.")]
    public double Seconds { get; set; }

    /// <summary>How many tries there are.</summary>
    [Setting("How many tries there are.")]
    public int Times { get; set; } = 1;
}

/// <summary>Shared and immutable: an activity that asks somebody.</summary>
[Activity(
    "Ask",
    "Asks somebody.",
    Category = "Test",
    Outcomes = ["Success"],
    ErrorEvents = ["Ask Failed"],
    CanRunInParallel = true,
    Stem = "ask"
)]
public sealed class Ask(AskSettings settings) : FlowActivity
{
    /// <inheritdoc/>
    public override LongestWait LongestWait => new(TimeSpan.FromSeconds(settings.Seconds), settings.Times);

    /// <inheritdoc/>
    public override ContextWrites WritesByOutcome(int outcome) => ContextWrites.Nothing;

    /// <inheritdoc/>
    public override ContextWrites WritesByError(int errorEvent) => ContextWrites.Nothing;

    /// <inheritdoc/>
    public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken) =>
        throw new UnreachableException();
}
