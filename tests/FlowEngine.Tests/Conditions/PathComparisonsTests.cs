using FlowEngine.Conditions;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Model;

namespace FlowEngine.Tests.Conditions;

public sealed class PathComparisonsTests
{
    [Theory]
    [InlineData("""{ "key": "connectors.a.statusCode", "operator": "equal", "value": 404 }""", "200 404")]
    [InlineData("""{ "key": "connectors[\"a\"].statusCode", "operator": "not-equal", "value": "404" }""", "200 404")]
    [InlineData("""{ "key": "connectors.a.statusCode", "operator": "in", "value": [401, 403] }""", "200 401 403")]
    [InlineData("""{ "key": "connectors.a.statusCode", "operator": "not-in", "value": "401, 403" }""", "200 401 403")]
    [InlineData("""{ "key": "connectors.a.statusCode", "operator": "in-range", "value": "502,504" }""", "200 502")]
    [InlineData("""{ "key": "connectors.a.statusCode", "operator": "greater-than", "value": 499 }""", "200 499 500")]
    [InlineData("""{ "key": "connectors.a.statusCode", "operator": "less-than-or-equal", "value": 299 }""", "200 299 300")]
    [InlineData("""{ "key": "connectors.a.statusCode", "operator": "matches", "value": "^5" }""", "200 500")]
    [InlineData(
        """{ "rules": [ { "match": "any", "rules": [ { "key": "connectors.a.statusCode", "operator": "equal", "value": 418 } ] } ] }""",
        "200 418"
    )]
    // What decides by more than is known here, and what is about something else.
    [InlineData("""{ "key": "connectors.a.statusCode", "operator": "equal", "value": "{{client.status}}" }""", "")]
    [InlineData("""{ "key": "connectors.b.statusCode", "operator": "equal", "value": 404 }""", "")]
    [InlineData("""{ "key": "connectors.a.statusCode", "operator": "like", "value": 404 }""", "")]
    [InlineData("""{ "key": "connectors.a.statusCode", "operator": "matches", "value": "(" }""", "")]
    public void TellApart_GivesWhatIsNamedAndTheFirstOfEachKind(string rule, string expected)
    {
        var flow = FlowReader.Read(
            FlowValue.Parse(
                $$"""
                { "id": "f", "start": "c", "activities": [ { "id": "c", "type": "Condition",
                  "branches": [ { "outcome": "A", "rules": [ {{rule}} ] } ] } ] }
                """
            ),
            null,
            new DiagnosticBag()
        )!;

        var told = PathComparisons
            .In(flow, "connectors.a.statusCode")
            .TellApart(Enumerable.Range(200, 400).Select(status => FlowValue.From(status)));

        Assert.Equal(expected, string.Join(' ', told.Select(status => status.ToText())));
    }
}
