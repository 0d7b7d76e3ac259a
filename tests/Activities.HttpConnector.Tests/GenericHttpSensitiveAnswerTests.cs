using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;

namespace FlowEngine.HttpConnector.Tests;

/// <summary>The setting <c>sensitive</c> of GenericHttp (SPEC 6).</summary>
public sealed class GenericHttpSensitiveAnswerTests
{
    private const string Replies =
        """{ "call": [ { "statusCode": 404, "body": { "pin": 471100, "note": "hidden words" },"""
        + """ "headers": { "x-token": "hidden header" } } ] }""";

    [Theory]
    [InlineData("""{ "sensitive": true }""", true)]
    [InlineData("{}", false)]
    public async Task Execute_SensitiveAnswer_IsMarkedButForItsStatus(string settings, bool isSensitive)
    {
        await using var flow = TestFlow.Compile("https://api.example.com", settings, """{ "includeHeadersInContext": true }""");
        var run = await flow.RunAsync(services: new RunServices { Trace = true, Replies = new ScriptedReplies(FlowValue.Parse(Replies)) });

        Assert.Equal("Generic HTTP Error", run.EndName);
        Assert.Equal(
            (false, isSensitive, isSensitive),
            (
                run.Call().Get("statusCode").IsSensitive,
                run.Call().Get("body").Get("pin").IsSensitive,
                run.Call().Get("headers").Get("x-token").IsSensitive
            )
        );
        foreach (var secret in (string[])["471100", "hidden words", "hidden header"])
            Assert.Equal(!isSensitive, flow.Trace(run).Contains(secret, StringComparison.Ordinal));
        Assert.Contains("404", flow.Trace(run), StringComparison.Ordinal);
    }
}
