using FlowEngine.Activities;
using FlowEngine.Context;
using FlowEngine.Schema;
using FlowEngine.Screens;

namespace FlowEngine.Tests.Schema;

public sealed class FlowSchemaTests
{
    private static readonly string Text = FlowSchema.Generate(new ActivityCatalog(StandIns.Activities), ComponentCatalog.BuiltIn);

    [Fact]
    public void Generate_Corpus_IsAccepted()
    {
        var results = Ajv.Validate(Text, [.. Corpus.Flows.Select(pair => (pair.Key, pair.Value))]);
        foreach (var name in Corpus.Flows.Keys)
            Assert.Equal("[]", results.Get(name).ToJson());
    }

    /// <summary>What is wrong, and where the validator must find it.</summary>
    private static readonly (string Json, string Where)[] Wrong =
    [
        ("""[]""", " type"),
        ("""{ "id": "f", "start": "a" }""", " required"),
        (Flow("""{ "type": "End" }"""), "/activities/0 required"),
        (Flow("""{ "id": "a", "type": "Nothing" }"""), "/activities/0/type enum"),
        (Flow("""{ "id": "../a", "type": "End" }"""), "/activities/0/id pattern"),
        (Flow("""{ "id": "a", "type": "Screen" }"""), "/activities/0 required"),
        (Flow("""{ "id": "a", "type": "Screen", "screen": 4 }"""), "/activities/0/screen type"),
        (Flow("""{ "id": "a", "type": "Screen", "screen": "" }"""), "/activities/0/screen minLength"),
        (Flow("""{ "id": "a", "type": "GenericHttp", "connector": "c", "method": "FETCH" }"""), "/activities/0/method enum"),
        (Flow("""{ "id": "a", "type": "GenericHttp", "connector": "c", "timeout": 61 }"""), "/activities/0/timeout maximum"),
        (Flow("""{ "id": "a", "type": "GenericHttp", "connector": "c", "headers": { "x": {} } }"""), "/activities/0/headers/x type"),
        (Flow("""{ "id": "a", "type": "GenericHttp", "connector": "c", "retry": { "on": ["never"] } }"""), "/activities/0/retry/on/0 enum"),
        (
            Flow("""{ "id": "a", "type": "GenericHttp", "connector": "c", "errorHandling": { "Oops": "custom" } }"""),
            "/activities/0/errorHandling additionalProperties"
        ),
        (
            Flow("""{ "id": "a", "type": "GenericHttp", "connector": "c", "errorHandling": { "Connector Execution": "maybe" } }"""),
            "/activities/0/errorHandling/Connector Execution anyOf"
        ),
        (
            Flow(
                """{ "id": "a", "type": "GenericHttp", "connector": "c","""
                    + """ "errorHandling": { "Connector Execution": { "mode": "automatic", "message": 1 } } }"""
            ),
            "/activities/0/errorHandling/Connector Execution anyOf"
        ),
        (
            Flow("""{ "id": "a", "type": "Database", "connector": "c", "query": "select 1", "maxRows": 1.5 }"""),
            "/activities/0/maxRows type"
        ),
        (Flow("""{ "id": "a", "type": "Condition", "branches": [] }"""), "/activities/0/branches minItems"),
        (
            Flow(
                """{ "id": "a", "type": "Condition", "branches": [ { "outcome": "x","""
                    + """ "rules": [ { "rules": [ { "rules": [ { "key": 3 } ] } ] } ] } ] }"""
            ),
            "/activities/0/branches/0/rules/0/rules/0/rules/0/key type"
        ),
        (Flow("""{ "id": "a", "type": "SetUser", "user": { "email": "x" } }"""), "/activities/0/user required"),
        (
            Flow("""{ "id": "a", "type": "Parallel", "activities": [ { "id": "b", "type": "Screen", "screen": "s" } ] }"""),
            "/activities/0/activities/0/type enum"
        ),
        (
            Flow(
                """{ "id": "a", "type": "ForEach", "items": "{{client.l}}", "activity": { "id": "b", "type": "Screen", "screen": "s" } }"""
            ),
            "/activities/0/activity/type enum"
        ),
        (
            Flow(
                """{ "id": "a", "type": "ForEach", "items": "{{client.l}}", "concurrency": 17, "activity": { "id": "b","""
                    + """ "type": "Scriptlet", "code": "1" } }"""
            ),
            "/activities/0/concurrency maximum"
        ),
        (
            Flow(
                """{ "id": "a", "type": "Parallel", "activities": [ { "id": "b", "type": "Scriptlet", "code": "1","""
                    + """ "errorHandling": { "Scriptlet Failed": "custom" } } ] }"""
            ),
            "/activities/0/activities/0/errorHandling/Scriptlet Failed anyOf"
        ),
        (
            Flow("""{ "id": "a", "type": "End" }""", "\"connections\": [ { \"source\": \"a\", \"target\": \"b\" } ]"),
            "/connections/0 required"
        ),
        (
            Flow("""{ "id": "a", "type": "End" }""", "\"screens\": [ { \"id\": \"s\", \"components\": [ { \"type\": \"Boton\" } ] } ]"),
            "/screens/0/components/0/type enum"
        ),
        (
            Flow("""{ "id": "a", "type": "End" }""", "\"screens\": [ { \"id\": \"s\", \"components\": [ { \"type\": \"TextInput\" } ] } ]"),
            "/screens/0/components/0 required"
        ),
        (
            Flow("""{ "id": "a", "type": "End" }""", "\"screens\": [ { \"id\": \"s\", \"components\": [ { \"type\": \"Button\" } ] } ]"),
            "/screens/0/components/0 required"
        ),
        (Flow("""{ "id": "a", "type": "End" }""", "\"durability\": \"never\""), "/durability enum"),
        (Flow("""{ "id": "a", "type": "End" }""", "\"expiresAfter\": \"1h\""), "/expiresAfter pattern"),
        (Flow("""{ "id": "a", "type": "End" }""", "\"reference\": 1"), "/reference type"),
        (Flow("""{ "id": "a", "type": "End" }""", "\"requirePkce\": 1"), "/requirePkce type"),
        (Flow("""{ "id": "a", "type": "End" }""", "\"redirectUris\": [ \"/relative\" ]"), "/redirectUris/0 pattern"),
        (Flow("""{ "id": "a", "type": "End" }""", "\"inputs\": { \"x\": { \"type\": \"date\" } }"), "/inputs/x/type enum"),
        (Flow("""{ "id": "a", "type": "End" }""", "\"tokens\": { \"sessionMinutes\": 0 }"), "/tokens/sessionMinutes minimum"),
        (Flow("""{ "id": "a", "type": "End" }""", "\"locales\": { \"de\": \"x\" }"), "/locales/de type"),
        (Flow("""{ "id": "a", "type": "End" }""", "\"designer\": 4"), "/designer type"),
    ];

    [Fact]
    public void Generate_WrongFlows_AreRejectedAtTheRightPlace()
    {
        var results = Ajv.Validate(Text, [.. Wrong.Select((wrong, i) => ($"{i}", FlowValue.Parse(wrong.Json)))]);
        for (var i = 0; i < Wrong.Length; i++)
            Assert.True(
                results.Get($"{i}").ToJson().Contains($"\"{Wrong[i].Where}", StringComparison.Ordinal),
                $"{Wrong[i].Json}\n{Wrong[i].Where}\n{results.Get($"{i}").ToJson()}"
            );
    }

    [Fact]
    public void Generate_SameTypes_GivesTheSameTextWithTwoSpacesAndALineFeed()
    {
        Assert.Equal(Text, FlowSchema.Generate(new ActivityCatalog(StandIns.Activities), ComponentCatalog.BuiltIn));
        Assert.StartsWith("{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n", Text, StringComparison.Ordinal);
        Assert.EndsWith("\n}\n", Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\r", Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_Settings_CarryDescriptionsDefaultsAndLimits()
    {
        var timeout = FlowValue.Parse(Text).Get("$defs").Get("activity.GenericHttp").Get("properties").Get("timeout");
        Assert.Equal(
            """{"description":"How long to wait. In seconds.","type":"number","minimum":0.1,"maximum":60,"default":10}""",
            timeout.ToJson()
        );
    }

    private static string Flow(string activity, string more = "\"x\": 1") =>
        $$"""{ "id": "f", "start": "a", "activities": [ {{activity}} ], {{more}} }""";
}
