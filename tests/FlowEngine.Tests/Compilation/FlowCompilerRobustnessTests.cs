using System.Text;
using FlowEngine.Compilation;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Model;
using FlowEngine.Screens;
using FlowEngine.Templates;

namespace FlowEngine.Tests.Compilation;

/// <summary>Any JSON gives a plan or diagnostics, never an exception and never a hang; and what compiles can be run.</summary>
[Trait("Category", "slow")]
public sealed class FlowCompilerRobustnessTests
{
    private static readonly FlowValue[] Documents = [.. Corpus.Flows.Values];

    private static readonly FlowValue[] ElsaDocuments =
    [
        .. Documents.Select(flow => ElsaWriter.Write(Corpus.Read(flow), 1)),
        FlowValue.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Elsa", "elsa-flowchart.json"))),
        FlowValue.Parse(
            """
            { "definitionId": "h", "variables": [ { "id": "v1", "name": "profile" } ], "root": { "type": "Elsa.Flowchart", "activities": [
              { "id": "go", "type": "Elsa.Start" },
              { "id": "call", "type": "Elsa.FlowSendHttpRequest",
                "url": { "expression": { "type": "JavaScript",
                "value": "`https://api.example.com/users/${getInput('id')}?t=` + variables.user.tier" } },
                "requestHeaders": { "expression": { "type": "Object", "value": "{\"x-a\": [\"1\", \"2\"]}" } },
                  "content": { "expression": { "type": "Literal", "value": "{\"a\": 1}" } },
                "expectedStatusCodes": { "expression": { "type": "Object", "value": "[200, 404]" } },
                  "parsedContent": { "memoryReference": { "id": "v1" } } },
              { "id": "s", "type": "Elsa.FlowSwitch", "mode": 0,
                "cases": [ { "label": "A", "condition": { "type": "JavaScript",
                "value": "variables.profile['x'] === `${getInput(\"y\")}` // z" } } ] },
              { "id": "e", "type": "Elsa.Finish" } ],
              "connections": { "$values": [ { "source": "go", "target": "call", "sourcePort": "Done" },
                { "source": "call", "target": "s", "sourcePort": "200" }, { "source": "call", "target": "go", "sourcePort": "Timeout" },
                { "source": "s", "target": "e", "sourcePort": "Default" } ] } } }
            """
        ),
    ];

    [Fact]
    public void Compile_MutatedFlows_GivesAPlanOrDiagnostics() =>
        Cases.Run(
            100_000,
            (seed, tell) =>
            {
                var mutator = new Mutator(seed);
                var json = mutator.Mutate(mutator.Pick(Documents));
                tell(json.ToJson());
                AssertCompiles(json);
            }
        );

    [Fact]
    public void Compile_AnyJson_GivesAPlanOrDiagnostics() =>
        Cases.Run(
            30_000,
            (seed, tell) =>
            {
                var mutator = new Mutator(seed);
                var json = mutator.Any();
                if (seed % 2 == 0)
                    json = FlowValue.From(
                        new FlowObjectBuilderOf(
                            ("id", FlowValue.From("f")),
                            ("start", mutator.Any()),
                            ("activities", mutator.Any()),
                            ("connections", mutator.Any()),
                            ("screens", mutator.Any()),
                            ("tokens", mutator.Any())
                        ).Build()
                    );
                tell(json.ToJson());
                AssertCompiles(json);
            }
        );

    [Fact]
    public void Parse_MutatedBytes_GivesAValueOrADiagnosticWithAPosition() =>
        Cases.Run(
            60_000,
            (seed, tell) =>
            {
                var mutator = new Mutator(seed);
                var random = mutator.Random;
                var bytes = JsonWriting.ToUtf8(seed % 3 == 0 ? mutator.Mutate(mutator.Pick(Documents)) : mutator.Any()).ToList();
                for (var i = random.Next(4); i > 0 && bytes.Count > 0; i--)
                {
                    var at = random.Next(bytes.Count);
                    switch (random.Next(5))
                    {
                        case 0:
                            bytes[at] = (byte)random.Next(256);
                            break;
                        case 1:
                            bytes.RemoveRange(at, random.Next(Math.Min(20, bytes.Count - at)));
                            break;
                        case 2:
                            bytes.InsertRange(at, bytes.GetRange(at, random.Next(Math.Min(40, bytes.Count - at))));
                            break;
                        case 3:
                            bytes.InsertRange(
                                at,
                                Encoding.UTF8.GetBytes(
                                    mutator.Pick([
                                        "{",
                                        "[",
                                        "\"",
                                        "\\",
                                        "\\ud800",
                                        "\\u0061",
                                        ",",
                                        ":",
                                        "}",
                                        "]",
                                        "\uFEFF",
                                        "\n",
                                        "//",
                                        "1e",
                                        "tru",
                                    ])
                                )
                            );
                            break;
                        default:
                            bytes.RemoveRange(at, bytes.Count - at);
                            break;
                    }
                }
                tell(Convert.ToHexString([.. bytes]));

                var utf8 = bytes.ToArray();
                var problems = new DiagnosticBag();
                var value = JsonFile.Parse(utf8, null, problems);
                Assert.True(problems.HasErrors || !value.IsMissing);
                if (value.IsMissing)
                    Assert.Contains(problems.Items, problem => problem.Code == "flow.json");
                else
                    Cases.AssertSound(problems.Items, value);

                var positions = JsonPointerLocator.Locate(utf8, problems.Items.Select(problem => problem.Pointer));
                Assert.All(positions.Values, position => Assert.True(position is { Line: > 0, Column: > 0 }));
            }
        );

    [Fact]
    public void Read_MutatedConnectors_GivesAConnectorOrDiagnostics() =>
        Cases.Run(
            30_000,
            (seed, tell) =>
            {
                FlowValue[] files =
                [
                    FlowValue.Parse(
                        """{ "id": "a", "type": "http", "name": "A", "configuration": { "baseUrl": "https://example.com","""
                            + """ "headers": [ { "key": "x", "value": "{{client.x}}" } ], "hmacSecret": "env:X", "insecure": true } }"""
                    ),
                    FlowValue.Parse(
                        """{ "id": "b", "type": "sql", "configuration": { "engine": "sqlite", "port": 5, "password": "file:x" } }"""
                    ),
                ];
                var mutator = new Mutator(seed);
                var json = mutator.Mutate(mutator.Pick(files));
                tell(json.ToJson());

                var problems = new DiagnosticBag();
                var definition = ConnectorDefinition.Read(json, null, problems);
                Cases.AssertSound(problems.Items, json);
                Assert.True(definition is not null || problems.HasErrors);
                if (definition is null)
                    return;

                var set = new ConnectorSet(StandIns.Connectors);
                set.Set(definition);
                var connector = set.Find(definition.Id, out var found);
                Cases.AssertSound(found, json);
                Assert.Equal(connector is null, found.Any(problem => problem.Severity == Severity.Error));
            }
        );

    [Fact]
    public void Read_MutatedElsaFiles_GivesAFlowOrDiagnosticsInTheElsaFile() =>
        Cases.Run(
            30_000,
            (seed, tell) =>
            {
                var mutator = new Mutator(seed);
                var json = seed % 10 == 0 ? mutator.Any() : mutator.Mutate(mutator.Pick(ElsaDocuments));
                tell(json.ToJson());

                var problems = new DiagnosticBag();
                var flow = ElsaReader.Read(json, null, problems);
                Cases.AssertSound(problems.Items, json);
                if (flow is null)
                {
                    Assert.True(problems.HasErrors);
                    return;
                }
                Cases.AssertSound(FlowCompiler.Compile(flow, Corpus.Environment).Diagnostics, json);

                // What was read can be written, and is then equal for ever.
                var back = ElsaReader.Read(ElsaWriter.Write(flow, 1), null, new DiagnosticBag());
                Assert.Equal(FlowValue.From(flow.Json).ToJson().Length, FlowValue.From(back!.Json).ToJson().Length);
                Assert.Equal(flow.Json, back.Json);
            }
        );

    [Fact]
    public async Task Advance_MutatedFlowsThatCompile_NeverThrows()
    {
        var completed = 0;
        var others = 0;
        await Cases.RunAsync(
            20_000,
            async (seed, tell) =>
            {
                var mutator = new Mutator(seed);
                var json = mutator.Mutate(mutator.Pick(Documents));
                tell(json.ToJson());
                if (FlowCompiler.Compile(json, Corpus.Environment).Plan is not { } plan)
                    return;
                var status = await RunToTheEnd(plan, mutator);
                Interlocked.Increment(ref status == RunStatus.Completed ? ref completed : ref others);
            }
        );

        // Else the mutations are too wild to say anything about runs.
        Assert.True(completed > 200 && others > 200, $"Only {completed} runs completed, and {others} did not.");
    }

    private static void AssertCompiles(FlowValue json)
    {
        var result = FlowCompiler.Compile(json, Corpus.Environment);
        Cases.AssertSound(result.Diagnostics, json);
        Assert.Equal(result.Plan is null, result.Diagnostics.Any(diagnostic => diagnostic.Severity == Severity.Error));
    }

    private static async ValueTask<RunStatus> RunToTheEnd(FlowPlan plan, Mutator mutator)
    {
        var client = mutator.Random.Next(3) == 0 ? mutator.Any() : FlowValue.Parse("""{ "tenant": "acme", "limit": 2 }""");
        var run = FlowRun.Start(plan, new RunStart { Client = client }, RunServices.Default with { Trace = mutator.Random.Next(2) == 0 });
        await FlowExecutor.AdvanceAsync(run);
        for (var i = 0; i < 12 && run.Status == RunStatus.Waiting; i++)
        {
            ScreenView.Of(run, ValueEncoder.Html);
            var interactions = run.Screen!.Interactions;
            var interaction = interactions.Count > 0 && mutator.Random.Next(6) != 0 ? mutator.Pick(interactions) : mutator.Text();
            await FlowExecutor.SubmitAsync(
                run,
                new ScreenSubmission(interaction, mutator.Random.Next(4) == 0 ? mutator.Any() : Form(run.Screen, mutator))
            );
        }
        Assert.Equal(run.Status == RunStatus.Failed, run.Failure is not null);
        Assert.NotEqual("activity.unexpected", run.Failure?.Code);
        Assert.True(run.Context.Snapshot().ToJson().Length < 50_000_000);
        return run.Status;
    }

    /// <summary>Inputs that mostly fit, so that runs come far.</summary>
    private static FlowValue Form(CompiledScreen screen, Mutator mutator)
    {
        var form = new FlowObjectBuilder();
        foreach (var input in screen.Components.OfType<InputComponent>())
        {
            var value =
                input.Choices.Count > 0 ? FlowValue.From(input.Choices[0].Value)
                : input.Type.Sample.IsMissing ? FlowValue.From("abc")
                : input.Type.Sample;
            form.Set(input.Name, mutator.Random.Next(20) == 0 ? mutator.Any() : value);
        }
        return FlowValue.From(form.Build());
    }

    private sealed class FlowObjectBuilderOf(params (string Name, FlowValue Value)[] members)
    {
        public FlowObject Build()
        {
            var builder = new FlowObjectBuilder();
            foreach (var (name, value) in members)
                builder.Set(name, value);
            return builder.Build();
        }
    }
}
