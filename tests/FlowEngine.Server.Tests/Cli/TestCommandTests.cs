using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Cli;

public sealed class TestCommandTests
{
    [Fact]
    public async Task Test_SampleCases_AllPass()
    {
        var cases = Directory.GetFiles(Path.Combine(FlowEngineProcess.Repository, "flows", "cases"), "*.case.json").Length;

        var test = await FlowEngineCommand.RunAsync("test", "flows/cases");

        Assert.Equal("", test.Error);
        Assert.Equal(0, test.ExitCode);
        Assert.EndsWith($"{cases} cases: {cases} passed, 0 failed.", test.Output.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_Difference_IsShownSideBySide()
    {
        using var workspace = new Workspace();
        var file = Case(workspace, """{ "status": "completed", "outputs": { "orders": 2 } }""", "200");

        var test = await FlowEngineCommand.RunAsync("test", file);

        Assert.Equal(1, test.ExitCode);
        Assert.Contains($"FAILED  {file}", test.Output, StringComparison.Ordinal);
        Assert.Matches(@"expected +\| +actual", test.Output);
        Assert.Matches(@"outputs .*\{ .*\{ [\s\S]*""orders"": 2 .*""orders"": 1", test.Output);
        Assert.DoesNotMatch("status .*completed", test.Output);
    }

    [Fact]
    public async Task Test_Json_ListsTheDifferences()
    {
        using var workspace = new Workspace();
        var file = Case(
            workspace,
            """{ "status": "failed", "error": "http.timeout", "context": { "connectors.orders.statusCode": 200 } }""",
            "200"
        );

        var test = await FlowEngineCommand.RunAsync("test", file, "--format", "json");

        Assert.Equal(1, test.ExitCode);
        Assert.Equal("1", test.At("failed").ToText());
        Assert.Equal("""{"field":"status","expected":"failed","actual":"completed"}""", test.At("results/0/differences/0").ToJson());
        Assert.Equal("""{"field":"error","expected":"http.timeout","actual":null}""", test.At("results/0/differences/1").ToJson());
        Assert.True(test.At("results/0/differences/2").IsMissing);
    }

    [Fact]
    public async Task Test_WithoutAReply_NeverCallsTheLiveSystem()
    {
        using var workspace = new Workspace();
        var file = workspace.Write(
            "none.case.json",
            $$"""
            { "flow": "{{Flow}}", "client": { "user": "ada" }, "expect": { "status": "failed", "error": "test.no_reply" } }
            """
        );

        var test = await FlowEngineCommand.RunAsync("test", file);

        Assert.Equal(0, test.ExitCode);
    }

    [Fact]
    public async Task Test_AnswerTooMany_IsADifference()
    {
        using var workspace = new Workspace();
        var file = workspace.Write(
            "more.case.json",
            $$"""
            { "flow": "{{Flow}}", "client": { "user": "ada" }, "answers": [ { "interaction": "submit" } ],
              "replies": { "orders": [ { "statusCode": 200, "body": {} } ] }, "expect": { "status": "completed" } }
            """
        );

        var test = await FlowEngineCommand.RunAsync("test", file, "--format", "json");

        Assert.Equal(1, test.ExitCode);
        Assert.Equal("answers used", test.At("results/0/differences/0/field").ToText());
    }

    private static string Flow => Path.Combine(FlowEngineProcess.Repository, "flows", "orders.flow.json").Replace('\\', '/');

    private static string Case(Workspace workspace, string expect, string status) =>
        workspace.Write(
            "orders.case.json",
            $$"""
            { "flow": "{{Flow}}", "client": { "user": "ada" },
              "replies": { "orders": [ { "statusCode": {{status}}, "body": { "orders": 1 } } ] },
              "expect": {{expect}} }
            """
        );
}
