using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;

namespace FlowEngine.HttpConnector.Tests;

/// <summary><c>successWhen</c>: what an answer has to say, beside its status, to be a success.</summary>
public sealed class SuccessWhenTests
{
    private const string NoError = """{ "key": "response.body.error", "operator": "empty" }""";
    private const string Json = "Content-Type: application/json\r\n";

    [Theory]
    [InlineData(NoError, """{"data":1}""")]
    [InlineData(NoError, "")]
    [InlineData("""{ "key": "response.statusCode", "operator": "equal", "value": 200 }""", "{}")]
    [InlineData("""{ "key": "response.headers.X-STATE", "operator": "equal", "value": "{{client.state}}" }""", "{}")]
    [InlineData("""{ "script": "response.headers['x-state'] === client.state && !response.body.error" }""", "{}")]
    [InlineData(
        """{ "match": "any", "rules": [ { "key": "response.body.ok", "operator": "is-true" },"""
            + """ { "key": "response.body.n", "operator": "equal", "value": 1 } ] }""",
        """{"n":1}"""
    )]
    public async Task Run_RuleHolds_IsASuccess(string rule, string body)
    {
        var run = await RunAsync(rule, 200, body);
        Assert.Equal(("Success", true), (run.EndName, run.Call().Get("error").IsMissing));
        // What the rule saw is nothing that the context keeps.
        Assert.True(run.Call().Get("headers").IsMissing);
    }

    [Theory]
    [InlineData(NoError, """{"error":"no"}""")]
    [InlineData("""{ "key": "response.body.ok", "operator": "is-true" }""", "{}")]
    [InlineData("""{ "key": "response.body.ok", "operator": "is-true" }""", "")]
    [InlineData("""{ "script": "response.body.error === undefined" }""", """{"error":"no"}""")]
    public async Task Run_RuleDoesNotHold_IsAGenericHttpError(string rule, string body)
    {
        var run = await RunAsync(rule, 200, body);
        Assert.Equal(("Generic HTTP Error", "http.not_success"), (run.EndName, run.Error().Get("code").ToText()));
        Assert.Equal(("200", "http.not_success"), (run.Call().Get("statusCode").ToText(), run.Call().Get("error").Get("code").ToText()));
        Assert.Equal(body.Length == 0 ? "null" : body, run.Call().Get("body").ToJson());
    }

    /// <summary>An error that keeps it from being decided never leaves by Success.</summary>
    [Fact]
    public async Task Run_RuleCannotBeDecided_IsNoSuccess()
    {
        var run = await RunAsync("""{ "script": "response.body.data.id > 0" }""", 200, """{"error":"no"}""");
        Assert.Equal(("Generic HTTP Error", "script.error"), (run.EndName, run.Error().Get("code").ToText()));
    }

    /// <summary>What is none by its status is not looked at.</summary>
    [Fact]
    public async Task Run_StatusIsNoSuccess_StaysWhatItIs()
    {
        var run = await RunAsync("""{ "script": "response.body.data.id > 0" }""", 404, "{}");
        Assert.Equal(("Generic HTTP Error", "http.status"), (run.EndName, run.Error().Get("code").ToText()));
    }

    /// <summary>By its word, never by the status that it came with.</summary>
    [Theory]
    [InlineData("""{ "Refused": ["not_success"], "Fine": ["200"] }""", "Refused")]
    [InlineData("""{ "Fine": ["200", "2xx"] }""", "Generic HTTP Error")]
    public async Task Outcome_OfWhatIsNoSuccess_IsNamedByItsWord(string outcomes, string end)
    {
        Assert.Equal(end, (await RunAsync(NoError, 200, """{"error":1}""", $$"""{ "outcomes": {{outcomes}} }""")).EndName);
        Assert.Equal("Fine", (await RunAsync(NoError, 200, "{}", $$"""{ "outcomes": {{outcomes}} }""")).EndName);
    }

    [Fact]
    public async Task Scripted_Reply_IsLookedAtToo()
    {
        await using var flow = TestFlow.Compile("https://never.asked.example", $$"""{ "successWhen": {{NoError}} }""");
        var replies = new ScriptedReplies(FlowValue.Parse("""{ "call": [ { "body": { "error": 1 } } ] }"""));
        var run = await flow.RunAsync(services: RunServices.Default with { Replies = replies });
        Assert.Equal("http.not_success", run.Error().Get("code").ToText());
    }

    [Fact]
    public async Task SensitiveAnswer_StaysOne()
    {
        var run = await RunAsync(NoError, 200, """{"error":"hunter2"}""", """{ "sensitive": true }""");
        Assert.True(run.Call().Get("body").IsSensitive);
    }

    [Theory]
    [InlineData("""{ "successWhen": { "key": "response.statuscode", "operator": "equal", "value": 1 } }""", "path.unknown", "key")]
    [InlineData("""{ "successWhen": { "key": "answer.body", "operator": "empty" } }""", "template.unknown_root", "key")]
    [InlineData("""{ "successWhen": { "key": "response.body", "operator": "is" } }""", "condition.operator", "operator")]
    [InlineData("""{ "successWhen": {} }""", "flow.required", "")]
    [InlineData("""{ "successWhen": { "script": "response.body." } }""", "script.syntax", "script")]
    [InlineData("""{ "async": true, "successWhen": { "key": "response.body", "operator": "empty" } }""", "flow.value", "")]
    [InlineData("""{ "endpoint": "/{{response.body}}" }""", "template.unknown_root", "endpoint")]
    public void Compile_WhatCannotWork_IsRefused(string activity, string code, string place) =>
        Assert.Contains(
            TestFlow.Compile("https://api.example.com", activity).Result.Diagnostics,
            problem =>
                problem.Code == code
                && (place == "endpoint" ? "/activities/0/endpoint" : $"/activities/0/successWhen/{place}".TrimEnd('/')) == problem.Pointer
        );

    private static async Task<FlowRun> RunAsync(string rule, int status, string body, string activity = "{}")
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(status, body, Json + "X-State: on\r\n"));
        var more = activity.Trim()[1..^1].Trim();
        await using var flow = TestFlow.Compile(server.Url, $$"""{ "successWhen": {{rule}}{{(more.Length > 0 ? "," : "")}} {{more}} }""");
        return await flow.RunAsync("""{ "state": "on" }""");
    }
}
