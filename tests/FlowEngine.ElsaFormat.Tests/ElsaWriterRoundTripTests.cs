using CsCheck;
using FlowEngine.Context;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;
using FlowEngine.Model;
using FlowEngine.Tests;

namespace FlowEngine.ElsaFormat.Tests;

[Trait("Category", "slow")]
public sealed class ElsaWriterRoundTripTests
{
    public static TheoryData<string> Names => Corpus.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void ExportThenImport_FlowOfTheCorpus_IsEqual(string name) => AssertRoundTrip(Corpus.Flows[name]);

    [Theory]
    [InlineData(
        """{ "id": "f", "start": "b", "activities": [ { "id": "a", "type": "End" }, { "id": "b", "type": "End" }, { "id": "c","""
            + """ "type": "End" } ] }"""
    )]
    [InlineData(
        """{ "id": "f", "name": "f", "start": "a", "activities": [ { "id": "a", "type": "End", "name": null, "description": 4,"""
            + """ "metadata": { "x": 1 }, "version": 9, "nodeId": [], "customProperties": null } ], "connections": [] }"""
    )]
    [InlineData(
        """{ "id": "f", "start": "a", "activities": [ { "id": "a", "type": "End", "description": "d", "errorHandling": {},"""
            + """ "expression": { "type": "Literal" }, "typeName": "x" } ], "designer": { } }"""
    )]
    [InlineData(
        """{ "id": "f", "start": "a", "activities": [ { "id": "a", "type": "End" } ], "designer": { "a": { "x": "1", "y": 2 },"""
            + """ "b": [] } }"""
    )]
    [InlineData("""{ "id": "f", "start": "a", "activities": [ { "id": "a", "type": "End" } ], "designer": { "a": { "x": 0, "y": 0 } } }""")]
    [InlineData(
        """{ "id": "f", "start": "a", "activities": [ { "id": "a", "type": "End" } ], "flowEngine": 1,"""
            + """ "customProperties": { "a": 1 }, "root": {}, "elsa": 3, "inputs": null }"""
    )]
    [InlineData(
        """{ "id": "f", "start": "a", "activities": [ { "id": "a", "type": "End" } ], "inputs": { "é": { "type": "string" }, "": {} } }"""
    )]
    [InlineData(
        """{ "id": "f", "start": "flow", "activities": [ { "id": "flow", "type": "Acme.End", "flowEngine": 4,"""
            + """ "elsa": { "id": "flow", "type": "Acme.End" } } ] }"""
    )]
    [InlineData("""{ "id": "f", "start": "a", "activities": [ { "id": "a", "type": "X", "elsa": { "id": "a", "type": "X" } } ] }""")]
    [InlineData(
        """{ "id": "f", "start": "a", "activities": [ { "id": "a", "type": "X", "v": { "typeName": "String","""
            + """ "expression": { "type": "JavaScript", "value": "1+1" } } } ] }"""
    )]
    [InlineData(
        """{ "id": "f", "start": "a", "activities": [ { "id": "a", "type": "End" } ], "connections": [ { "source": "a","""
            + """ "port": "p", "target": "a", "vertices": [] }, { "source": "a", "port": "p", "target": "a", "vertices": [ 1 ],"""
            + """ "note": {} } ] }"""
    )]
    [InlineData(
        """{ "id": "f", "start": "a", "activities": [ { "id": "a", "type": "Restart", "message": "{{form.x}}" }, { "id": "b","""
            + """ "type": "End", "kind": "refused", "message": "No." } ], "connections": [ { "source": "a", "port": "p", "target": "b","""
            + """ "message": "Wait, {{form.x}}." } ] }"""
    )]
    [InlineData(
        """{ "id": "f", "start": "a", "activities": [ { "id": "a", "type": "GenericHttp", "outcomes": { "Not found": ["404"],"""
            + """ "Unavailable": ["502-504", "timeout"] } }, { "id": "b", "type": "End" } ], "connections": [ { "source": "a","""
            + """ "port": "Not found", "target": "b" }, { "source": "a", "port": "Unavailable", "target": "b" } ] }"""
    )]
    [InlineData(
        """{ "id": "f", "start": "a", "activities": [ { "id": "a", "type": "Database", "connector": "db", "outcomes": "rows","""
            + """ "statements": [ "insert into t values ({{form.x}}) returning id", "select {{statements[0].first.id}} as id" ],"""
            + """ "readOnly": false }, { "id": "b", "type": "End" } ], "connections": [ { "source": "a", "port": "No Row","""
            + """ "target": "b" }, { "source": "a", "port": "One Row", "target": "b" } ] }"""
    )]
    [InlineData(
        """{ "id": "f", "start": "a", "activities": [ { "id": "a", "type": "CustomClaims", "claims": { "x": """
            + """ "{{form.list | jmespath(\"[?a == 'b'].{c: c}\") | join(\", \") ?? 'none'}}" } } ] }"""
    )]
    [InlineData(
        """{ "id": "f", "start": "a", "activities": [ { "id": "a", "type": "ForEach", "items": "{{client.list}}", "concurrency": 4,"""
            + """ "onError": "collect", "atMost": 1000, "contextKey": "calls", "activity": { "id": "call", "type": "GenericHttp","""
            + """ "connector": "api", "endpoint": "/{{item.id}}/{{index}}" } } ] }"""
    )]
    [InlineData("""{ "id": "f", "accepts": [ "a: Not Checked" ], "start": "a", "activities": [ { "id": "a", "type": "End" } ] }""")]
    [InlineData("""{ "id": "f", "timeBudget": "PT15S", "start": "a", "activities": [ { "id": "a", "type": "End" } ] }""")]
    [InlineData(
        """{ "id": "f", "start": "a", "activities": [ { "id": "a", "type": "End", "name": "x", "endName": 4 }, { "id": "b","""
            + """ "type": "End", "endName": null }, { "id": "c", "type": "End", "name": "", "endName": {} }, { "id": "d", "type": "X","""
            + """ "name": "y", "endName": "z" } ] }"""
    )]
    [InlineData(
        """{ "id": "f", "start": "a", "activities": [ { "id": "a", "type": "X", "elsa": { "customProperties": { "a": 1 } } },"""
            + """ { "id": "b", "type": "X", "elsa": { "customProperties": { "source": 1 } } }, { "id": "c", "type": "X","""
            + """ "elsa": { "customProperties": { "metadata": 1, "b": 2 } } }, { "id": "d", "type": "X", "elsa": { "customProperties": {"""
            + """ "canStartWorkflow": false } } }, { "id": "e", "type": "X", "elsa": { "customProperties": {} } } ] }"""
    )]
    [InlineData(
        """{ "id": "f", "start": "f", "activities": [ { "id": "f", "type": "Elsa.FlowFork", "elsa": { "id": "f", "type": "Elsa.FlowFork" } },"""
            + """ { "id": "w", "type": "Elsa.WriteLine", "elsa": { "id": "w", "type": "Elsa.WriteLine" } }, { "id": "j","""
            + """ "type": "Elsa.FlowJoin", "elsa": { "id": "j", "type": "Elsa.FlowJoin", "mode": "WaitAll" } }, { "id": "k","""
            + """ "type": "Elsa.FlowJoin", "elsa": { "id": "k", "type": "Elsa.FlowJoin" }, "x": 1 } ], "connections": [ { "source": "f","""
            + """ "port": "Done", "target": "w" }, { "source": "w", "port": "Done", "target": "j" } ] }"""
    )]
    public void ExportThenImport_OddFlow_IsEqual(string json) => AssertRoundTrip(FlowValue.Parse(json));

    [Theory]
    [InlineData(
        """{ "activities": [ 1, { "id": "a", "type": "End" }, null, { "id": 3 }, { "id": "b", "type": "End" } ],"""
            + """ "connections": [ [], { "source": "a" } ], "start": "b" }"""
    )]
    [InlineData("""{ "id": 3, "name": [], "description": {}, "activities": { }, "connections": "none", "designer": 5, "start": null }""")]
    [InlineData("{ }")]
    public void ExportThenImport_FlowWithErrors_IsEqual(string json)
    {
        var flow = FlowReader.Read(FlowValue.Parse(json), null, new DiagnosticBag())!;
        var back = ElsaReader.Read(FlowValue.Parse(ElsaWriter.Write(flow, 1).ToJson()), null, new DiagnosticBag())!;
        Assert.Equal(flow.Json, back.Json);
    }

    /// <summary>Whatever stands in a flow comes back: unknown members at every level,
    /// nulls, odd numbers, empty things, any order of the activities.</summary>
    [Fact]
    public void ExportThenImport_AnyFlow_IsEqual() => AnyFlow.Sample(AssertRoundTrip, iter: 4000, print: flow => flow.ToJson());

    private static readonly string[] Words =
    [
        "id",
        "name",
        "type",
        "x",
        "y",
        "expression",
        "typeName",
        "value",
        "metadata",
        "customProperties",
        "nodeId",
        "endName",
        "version",
        "errorHandling",
        "description",
        "flowEngine",
        "elsa",
        "designer",
        "inputs",
        "vertices",
        "root",
        "",
        "a/b",
        "~",
        "ключ",
        "🙂",
        "$values",
        "{{form.x}}",
        "start",
        "screens",
        "locales",
    ];

    private static Gen<string> One(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static readonly Gen<string> Name = Gen.OneOf(One(Words), Gen.String[0, 6].Select(text => text.Replace('\uFFFF', '?')));

    private static readonly Gen<FlowValue> Leaf = Gen.OneOf(
        Gen.Const(FlowValue.Null),
        Gen.Bool.Select(FlowValue.From),
        Gen.Long.Select(FlowValue.From),
        Gen.Double.Select(FlowValue.From),
        One("0.10", "1e400", "-0.0", "12345678901234567890.12345", "1E+2").Select(text => FlowValue.Parse(text)),
        Name.Select(text => FlowValue.From(text)),
        Gen.Const(FlowValue.From(FlowArray.Empty)),
        Gen.Const(FlowValue.From(FlowObject.Empty))
    );

    private static readonly Gen<FlowValue> Any = Gen.Recursive<FlowValue>(
        (depth, self) =>
            depth > 4
                ? Leaf
                : Gen.OneOf(
                    Leaf,
                    self.Array[0, 3].Select(items => FlowValue.From(FlowArray.From(items))),
                    Gen.Select(Name, self).Array[0, 3].Select(Members)
                )
    );

    private static readonly Gen<(string, FlowValue)[]> Unknown = Gen.Select(Name, Any).Array[0, 3];

    private static readonly Gen<FlowValue> AnyFlow =
        from count in Gen.Int[1, 6]
        from start in Gen.Int[0, count - 1]
        from activities in Gen.Select(Unknown, One("End", "Screen", "Acme.Odd", "Elsa.End", "FlowEngine.End", "ü")).Array[count]
        from connections in Gen.Select(Gen.Int[0, count - 1], Name, Gen.Int[0, count - 1], Unknown).Array[0, 5]
        from designer in Gen.Select(Gen.Int[0, count + 1], Gen.Double[-1e6, 1e6], Gen.Double[-1e6, 1e6], Unknown, Gen.Bool).Array[0, 4]
        from unknown in Unknown
        from has in Gen.Bool.Array[4]
        select Members([
            .. unknown,
            .. has[0] ? new[] { ("name", FlowValue.From(has[3] ? "f" : "other")) } : [],
            .. has[1]
                ? new[]
                {
                    (
                        "designer",
                        Members([
                            .. designer.Select(entry =>
                                (
                                    $"n{entry.Item1}",
                                    entry.Item5
                                        ? Members([.. entry.Item4, ("x", FlowValue.From(entry.Item2)), ("y", FlowValue.From(entry.Item3))])
                                        : Members(entry.Item4)
                                )
                            ),
                        ])
                    ),
                }
                : unknown.Where(member => member.Item1 == "designer").Select(_ => ("designer", FlowValue.Null)),
            .. has[2] || connections.Length > 0
                ? new[]
                {
                    (
                        "connections",
                        FlowValue.From(
                            FlowArray.From(
                                connections.Select(connection =>
                                    Members([
                                        .. connection.Item4,
                                        ("source", FlowValue.From($"n{connection.Item1}")),
                                        ("port", FlowValue.From(connection.Item2 + "p")),
                                        ("target", FlowValue.From($"n{connection.Item3}")),
                                    ])
                                )
                            )
                        )
                    ),
                }
                : [],
            ("id", FlowValue.From("f")),
            ("start", FlowValue.From($"n{start}")),
            ("screens", FlowValue.From(FlowArray.Empty)),
            (
                "activities",
                FlowValue.From(
                    FlowArray.From(
                        activities.Select(
                            (activity, i) =>
                                Members([.. activity.Item1, ("id", FlowValue.From($"n{i}")), ("type", FlowValue.From(activity.Item2))])
                        )
                    )
                )
            ),
        ]);

    private static FlowValue Members((string, FlowValue)[] members)
    {
        var builder = new FlowObjectBuilder();
        foreach (var (name, value) in members)
            builder.Set(name, value);
        return FlowValue.From(builder.Build());
    }

    private static void AssertRoundTrip(FlowValue json)
    {
        var problems = new DiagnosticBag();
        var flow = FlowReader.Read(json, null, problems)!;
        var text = ElsaWriter.Write(flow, 7).ToJson();
        var readProblems = new DiagnosticBag();
        var back = ElsaReader.Read(FlowValue.Parse(text), null, readProblems)!;

        if (flow.Json != (object)back.Json && !flow.Json.Equals(back.Json))
            Assert.Fail($"Written:\n{json.ToJson()}\nRead:\n{FlowValue.From(back.Json).ToJson()}");

        // The texts of numbers too, which FlowValue compares by value.
        Assert.Equal(Canonical(json).ToJson(), Canonical(FlowValue.From(back.Json)).ToJson());
        Assert.Equal(
            problems.Items.Select(item => item.Code),
            readProblems.Items.Where(item => !item.Code.StartsWith("elsa.", StringComparison.Ordinal)).Select(item => item.Code)
        );
    }

    private static FlowValue Canonical(FlowValue value)
    {
        if (value.TryGetArray(out var array))
            return FlowValue.From(FlowArray.From(array.Select(Canonical)));
        return value.TryGetObject(out var obj)
            ? Members([
                .. obj.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => (member.Key, Canonical(member.Value))),
            ])
            : value;
    }
}
