using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Execution.Lineage;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.Tracing;

namespace FlowEngine.HttpConnector.Tests;

/// <summary>Each place of a request where a value can land has a name in lineage, whoever says it: the activity or its connector.</summary>
public sealed class GenericHttpLineageTests
{
    [Theory]
    [InlineData("""{ "endpoint": "/a/{{client.a}}?b={{client.b}}" }""", "endpoint <- client.a, client.b")]
    [InlineData("""{ "query": { "page": "{{client.a}}", "x y": "{{client.b}}" } }""", "query.page <- client.a; query[\"x y\"] <- client.b")]
    [InlineData("""{ "headers": { "x-user-tier": "{{client.a | lower}}" } }""", "headers.x-user-tier <- client.a")]
    [InlineData("""{ "headers": { "x-a": { "value": "{{client.a}}", "whenMissing": "omit" } } }""", "headers.x-a <- client.a")]
    [InlineData(
        """{ "headers": { "x-a": { "value": "{{client.a}}", "whenMissing": { "use": "{{client.b}}" } } } }""",
        "headers.x-a <- client.a, client.b"
    )]
    [InlineData(
        """{ "method": "POST", "body": { "user": { "id": "{{client.a}}", "all": [ 1, "{{client.b}}" ] } } }""",
        "body.user.id <- client.a; body.user.all[1] <- client.b"
    )]
    [InlineData("""{ "method": "POST", "body": "{{client.a}}" }""", "body <- client.a")]
    [InlineData(
        """{ "method": "POST", "body": "{ \"user\": { \"id\": {{client.a}}, \"name\": \"{{client.b}}\" } }" }""",
        "body.user.id <- client.a; body.user.name <- client.b"
    )]
    [InlineData("""{ "method": "POST", "bodyType": "form", "body": { "f": "{{client.a}}" } }""", "body.f <- client.a")]
    [InlineData("""{ "method": "POST", "bodyType": "text", "body": "Hello {{client.a}}" }""", "body <- client.a")]
    [InlineData("""{ "endpoint": "/constant", "headers": { "x-a": "1" } }""", "")]
    public async Task Request_EachValueIsMadeOfWhatItReads(string activity, string expected) =>
        Assert.Equal(expected, await LinesAsync(activity, "{}"));

    [Theory]
    [InlineData("{}", "headers.x-tenant <- client.t by api")]
    // What the activity says itself takes the place of what the connector says, in whatever case, also where it is a constant.
    [InlineData("""{ "headers": { "X-Tenant": "{{client.a}}" } }""", "headers.X-Tenant <- client.a")]
    [InlineData("""{ "headers": { "X-TENANT": "fixed" } }""", "")]
    public async Task ConnectorHeader_IsToldUnlessTheActivityHasIt(string activity, string expected) =>
        Assert.Equal(
            expected,
            await LinesAsync(
                activity,
                """{ "headers": [ { "key": "x-fixed", "value": "1" }, { "key": "x-tenant", "value": "{{client.t}}" } ] }"""
            )
        );

    [Fact]
    public async Task ConnectorHeader_OfTwoOfOneName_IsTheLast() =>
        Assert.Equal(
            "headers.X-A <- client.b by api",
            await LinesAsync(
                "{}",
                """{ "headers": [ { "key": "x-a", "value": "{{client.a}}" }, { "key": "X-A", "value": "{{client.b}}" } ] }"""
            )
        );

    [Fact]
    public async Task ConnectorHeader_TellsNoWordsBesideItsExpressions()
    {
        await using var flow = Compile("{}", """{ "headers": [ { "key": "x-key", "value": "key-4711 {{client.a ?? \"none\"}}" } ] }""");

        var entry = (await RunAsync(flow)).Get("lineage").Get(0);

        Assert.Equal("""{{client.a ?? "none"}}""", entry.Get("expression").ToText());
    }

    private static TestFlow Compile(string activity, string connector) =>
        TestFlow.Compile("https://never.asked.example", activity, connector);

    private static async Task<FlowValue> RunAsync(TestFlow flow)
    {
        var replies = new ScriptedReplies(FlowValue.Parse("""{ "call": [ { "statusCode": 200 } ] }"""));
        var run = await flow.RunAsync(
            """{ "a": "1", "b": "2", "t": "acme" }""",
            RunServices.Default with
            {
                Trace = true,
                Replies = replies,
            }
        );
        return TraceLineage.Join(flow.Plan, TraceWriter.ToValue(run.Trace!, new Redactor([]))).Get(0);
    }

    private static async Task<string> LinesAsync(string activity, string connector)
    {
        await using var flow = Compile(activity, connector);
        (await RunAsync(flow)).Get("lineage").TryGetArray(out var lineage);
        return string.Join(
            "; ",
            (lineage ?? FlowArray.Empty).Select(entry =>
            {
                entry.Get("from").TryGetArray(out var from);
                var by = entry.Get("connector") is { IsMissing: false } connectorId ? $" by {connectorId.ToText()}" : "";
                return $"{entry.Get("to").ToText()} <- {string.Join(", ", from!.Select(source => source.Get("path").ToText()))}{by}";
            })
        );
    }
}
