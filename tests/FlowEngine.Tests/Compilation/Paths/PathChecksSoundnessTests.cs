using System.Text;
using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Screens;
using FlowEngine.Templates;

namespace FlowEngine.Tests.Compilation.Paths;

/// <summary>
/// Generated flows, run with answers and failures as chance has them: what the compiler
/// says nothing of always has a value, and what it calls unknown never has one.
/// </summary>
[Trait("Category", "slow")]
public sealed class PathChecksSoundnessTests
{
    private static readonly ActivityCatalog Catalog = new(
        ActivityType.Of<Step, StepSettings>((settings, compilation) => new Step(settings, compilation))
    );

    private static readonly string[] Paths =
    [
        "{{form.a}}",
        "{{form.b}}",
        "{{form.z}}",
        "{{connectors.k0}}",
        "{{connectors.k0.m0}}",
        "{{connectors.k0.m1}}",
        "{{connectors.k1.m0}}",
        "{{connectors.k1.m1}}",
        "{{connectors.k2.m1}}",
        "{{connectors.k9.m0}}",
        "{{scripts.s0}}",
        "{{scripts.s1}}",
        "{{scripts.sub.o}}",
        "{{scripts.sub.p}}",
        "{{user.userId}}",
        "{{user.email}}",
        "{{claims.c0}}",
        "{{claims.c1}}",
        "{{error.code}}",
    ];

    [Fact]
    public async Task Run_GeneratedFlows_AgreesWithWhatTheCompilerSaid()
    {
        var counts = new int[4];
        await Cases.RunAsync(
            1_500,
            async (seed, tell) =>
            {
                var random = new Random(seed);
                var inner = Read(FlowJson("sub", random, false), "sub");
                var outer = Read(FlowJson("f", random, true), "f");
                tell($"{FlowValue.From(outer.Json).ToJson()}\n{FlowValue.From(inner.Json).ToJson()}");

                // As if published: what is unknown is then no reason not to run it.
                var environment = new CompilationEnvironment { Activities = Catalog, FindFlow = id => id == "sub" ? (inner, 1) : null };
                var result = FlowCompiler.Compile(outer, environment, version: 1);
                Assert.DoesNotContain(result.Diagnostics, problem => problem.Severity == Severity.Error);
                var said = result
                    .Diagnostics.Where(problem => problem.Code.StartsWith("path.", StringComparison.Ordinal))
                    .ToLookup(problem => $"{problem.File}#{problem.Pointer}", problem => problem.Code);

                // What flows share is not followed from one into the other: there the compiler claims nothing.
                var entersAnother = outer.Activities.Any(activity => activity.Type == "Subflow");
                for (var i = 0; i < 8; i++)
                {
                    foreach (var ((place, path), (had, lacked)) in await WanderAsync(result.Plan!, random, [outer, inner]))
                    {
                        var (isUnknown, isMaybe) = (said[place].Contains("path.unknown"), said[place].Contains("path.maybe"));
                        Assert.False(had && isUnknown, $"{place} {path} had a value, which the compiler called unknown.");
                        if (IsShared(path) && (place.StartsWith("sub#", StringComparison.Ordinal) || entersAnother))
                            continue;
                        Assert.False(lacked && !isUnknown && !isMaybe, $"{place} {path} had no value, of which the compiler said nothing.");
                        Interlocked.Increment(
                            ref counts[
                                isUnknown ? 0
                                : isMaybe
                                    ? lacked ? 1
                                        : 2
                                : 3
                            ]
                        );
                    }
                }
            }
        );

        // Else the flows are too dull to say anything: unknown, maybe and missing, maybe and there, certain.
        Assert.All(counts, count => Assert.InRange(count, 100, int.MaxValue));
    }

    private static bool IsShared(string path) =>
        path.StartsWith("user.", StringComparison.Ordinal)
        || path.StartsWith("claims.", StringComparison.Ordinal)
        || path.StartsWith("error.", StringComparison.Ordinal);

    private static async Task<Dictionary<(string Place, string Path), (bool Had, bool Lacked)>> WanderAsync(
        FlowPlan plan,
        Random random,
        FlowDefinition[] flows
    )
    {
        var id = RunId.New();
        var wanderer = Wanderer.For(id, random);
        var run = FlowRun.Start(plan, new RunStart { Id = id, Client = FlowValue.Parse("""{ "i": "x" }""") }, RunServices.Default);
        await FlowExecutor.AdvanceAsync(run);
        for (var i = 0; i < 15 && run.Status == RunStatus.Waiting; i++)
        {
            var flow = flows.Single(flow => flow.Id == run.Context.Frame.Plan.FlowId);
            var screen = flow.Screens.Select((screen, i) => (screen, i)).Single(one => one.screen.Id == run.Screen!.Id);
            Assert.True(ContextPath.TryParse(screen.screen.Json.Get("components").Get(0).Get("text").ToText()[2..^2], out var path, out _));
            wanderer.Saw($"{flow.Location.File}#/screens/{screen.i}/components/0/text", path!, run.Context);

            var form = new FlowObjectBuilder();
            foreach (var input in run.Screen!.Components.OfType<InputComponent>())
                form.Set(input.Name, FlowValue.From("x"));
            var button = run.Screen.Interactions[random.Next(run.Screen.Interactions.Count)];
            Assert.Null(await FlowExecutor.SubmitAsync(run, new ScreenSubmission(button, FlowValue.From(form.Build()))));
        }
        Wanderer.Forget(id);
        return wanderer.Seen;
    }

    private static FlowDefinition Read(string json, string file)
    {
        var problems = new DiagnosticBag();
        var flow = FlowReader.Read(FlowValue.Parse(json), file, problems);
        Assert.Empty(problems.Items);
        return flow!;
    }

    /// <summary>A flow of a few activities, each of whose outcomes leads anywhere.</summary>
    private static string FlowJson(string id, Random random, bool hasSubflow)
    {
        var count = random.Next(4, 11);
        var screens = new List<string>();
        var activities = new List<string>();
        var connections = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var (activity, outcomes) = i == count - 1 ? (End(i, random, i), []) : Activity(i, random, hasSubflow, screens);
            activities.Add(activity);
            // Mostly on, so that runs come to their end.
            connections.AddRange(
                outcomes.Select(outcome =>
                    $$"""{ "source": "n{{i}}", "port": "{{outcome}}","""
                    + $$""" "target": "n{{(random.Next(3) == 0 ? random.Next(count) : random.Next(i + 1, count))}}" }"""
                )
            );
        }
        return $$"""
            { "id": "{{id}}", "start": "n0", "inputs": { "i": {} }, "activities": [ {{string.Join(',', activities)}} ],
              "connections": [ {{string.Join(',', connections)}} ], "screens": [ {{string.Join(',', screens)}} ] }
            """;
    }

    private static (string Json, string[] Outcomes) Activity(int i, Random random, bool hasSubflow, List<string> screens)
    {
        switch (random.Next(hasSubflow ? 11 : 10))
        {
            case 0 or 1:
                var inputs = string.Concat(
                    new[] { "a", "b" }.Where(_ => random.Next(2) == 0).Select(name => $$""", { "type": "TextInput", "name": "{{name}}" }""")
                );
                screens.Add(
                    $$"""{ "id": "s{{i}}", "components": [ { "type": "Text","""
                        + $$""" "text": "{{Paths[random.Next(Paths.Length)]}}" }{{inputs}}, { "type": "Button", "id": "x" },"""
                        + """ { "type": "Button", "id": "y" } ] }"""
                );
                return ($$"""{ "id": "n{{i}}", "type": "Screen", "screen": "s{{i}}", "maxSubmits": 100 }""", ["x", "y"]);
            case 2:
                return (
                    $$"""{ "id": "n{{i}}", "type": "Scriptlet", "code": "return 1", "contextKey": "s{{random.Next(2)}}" }""",
                    ["Success"]
                );
            case 3:
                return (
                    $$"""{ "id": "n{{i}}", "type": "SetUser","""
                        + $$""" "user": { "userId": "1"{{(random.Next(2) == 0 ? "" : ", \"email\": \"x\"")}} } }""",
                    ["Done"]
                );
            case 4:
                return ($$"""{ "id": "n{{i}}", "type": "CustomClaims", "claims": { "c{{random.Next(2)}}": 1 } }""", ["Done"]);
            case 5 when random.Next(3) == 0:
                return ($$"""{ "id": "n{{i}}", "type": "Restart" }""", []);
            case 6:
                var failed = random.Next(2) == 0;
                return (
                    $$"""
                    { "id": "n{{i}}", "type": "Parallel", "activities": [ {{Step($"n{i}a", random, "k0", true)}}, {{Step(
                        $"n{i}b",
                        random,
                        "k1",
                        true
                    )}} ],
                      "errorHandling": { "Branch Failed": "{{(
                        failed ? "custom"
                        : random.Next(2) == 0 ? "automatic"
                        : "ignore"
                    )}}" } }
                    """,
                    failed ? ["Success", "Branch Failed"] : ["Success"]
                );
            case 10:
                return ($$"""{ "id": "n{{i}}", "type": "Subflow", "flow": "sub", "contextKey": "sub", "inputs": { "i": 1 } }""", ["Done"]);
            default:
                var modes = new[] { Mode(random), Mode(random) };
                var outcomes = new List<string> { "Left", "Right" };
                for (var e = 0; e < 2; e++)
                {
                    if (modes[e] == "custom")
                        outcomes.Add(e == 0 ? "Failed" : "Broken");
                }
                var step = Step($"n{i}", random, $"k{random.Next(3)}", false);
                return ($$"""{{step[..^1]}}, "errorHandling": { "Failed": "{{modes[0]}}", "Broken": "{{modes[1]}}" } }""", [.. outcomes]);
        }
    }

    private static string End(int i, Random random, int last)
    {
        var outputs = new StringBuilder();
        foreach (var name in new[] { "o", "p" }.Where(_ => random.Next(2) == 0))
            outputs.Append(outputs.Length == 0 ? "" : ", ").Append($"\"{name}\": {last}");
        return $$"""{ "id": "n{{i}}", "type": "End", "outputs": { {{outputs}} } }""";
    }

    private static string Mode(Random random) =>
        random.Next(3) switch
        {
            0 => "automatic",
            1 => "custom",
            _ => "ignore",
        };

    private static string Step(string id, Random random, string key, bool isBranch)
    {
        var reads = string.Join(", ", Enumerable.Range(0, 3).Select(_ => $"\"{Paths[random.Next(Paths.Length)]}\""));
        var handling = isBranch ? $$""", "errorHandling": { "Failed": "{{(random.Next(2) == 0 ? "ignore" : "automatic")}}" }""" : "";
        return $$"""{ "id": "{{id}}", "type": "Step", "contextKey": "{{key}}", "members": [{{Members(random)}}],"""
            + $$""" "errorMembers": [{{Members(random)}}], "reads": [{{reads}}]{{handling}} }""";
    }

    private static string Members(Random random) =>
        string.Join(", ", new[] { "m0", "m1" }.Where(_ => random.Next(3) != 0).Select(name => $"\"{name}\""));
}
