using System.Text.RegularExpressions;
using FlowEngine.Context;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Cli;

public sealed class DrillCommandTests
{
    private static string Flows => Path.Combine(FlowEngineProcess.Repository, "flows");

    /// <summary>The table in README.md is what the command it names writes.</summary>
    [Fact]
    public async Task Drill_LoginFlow_IsTheTableInTheReadme()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(FlowEngineProcess.Repository, "README.md"));
        var shown = Regex.Match(readme, @"```\n\$ flowengine (drill [^\n]*)\n(.*?)```", RegexOptions.Singleline);
        Assert.True(shown.Success);

        var drill = await FlowEngineCommand.RunAsync(shown.Groups[1].Value.Split(' '));

        Assert.Equal(("", 0), (drill.Error, drill.ExitCode));
        Assert.Equal(shown.Groups[2].Value.TrimEnd(), drill.Output.ReplaceLineEndings("\n").TrimEnd());
    }

    [Fact]
    public async Task Drill_SampleFlows_SignNobodyInAfterAFailure()
    {
        var drill = await FlowEngineCommand.RunAsync("drill", "flows", "--format", "json");

        Assert.Equal("[]", drill.At("diagnostics").ToJson());
        Assert.Equal(("0", 0), (drill.At("signedIn").ToText(), drill.ExitCode));
        drill.At("flows").TryGetArray(out var flows);
        Assert.Equal(Directory.GetFiles(Flows, "*.flow.json").Length, flows!.Count);
        // Parallel, ForEach and subflows included, each activity that asks somebody has a row.
        Assert.Contains("customer/lookup", Rows(drill.At("flows")).Select(row => row.Get("activity").ToText()));
    }

    [Fact]
    public async Task Drill_FailureThatEndsInAToken_IsAnErrorWithItsPath()
    {
        using var workspace = new Workspace();
        var flow = Flow(workspace, failsOpen: true);

        var text = await FlowEngineCommand.RunAsync("drill", flow);
        var json = await FlowEngineCommand.RunAsync("drill", flow, "--format", "json");
        var github = await FlowEngineCommand.RunAsync("drill", flow, "--format", "github");

        Assert.Equal((1, 1, 1), (text.ExitCode, json.ExitCode, github.ExitCode));
        Assert.Matches(@"\nprofile +timeout +SIGNED IN +-\n", text.Output);
        Assert.Contains("error drill.signed_in", text.Error, StringComparison.Ordinal);
        Assert.Contains("profile → user → done", text.Error, StringComparison.Ordinal);
        var row = Rows(json.At("flows")).First(one => one.Get("way").ToText() == "timeout");
        Assert.Equal(
            ("failsOpen", "signedIn", "http.timeout", "outcome", """["profile","user","done"]"""),
            (
                row.Get("verdict").ToText(),
                row.Get("end").Get("kind").ToText(),
                row.Get("code").ToText(),
                row.Get("handled").ToText(),
                FlowValue.Texts(Items(row.Get("steps")).Select(step => step.Get("activity").ToText())).ToJson()
            )
        );
        Assert.Contains(
            $"::error file={flow},line=4,title=drill.signed_in::'profile' fails (timeout)",
            github.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Drill_WithoutACase_SaysWhatToDo()
    {
        using var workspace = new Workspace();
        var flow = Flow(workspace, writesCase: false);

        var drill = await FlowEngineCommand.RunAsync("drill", flow);

        Assert.Equal(1, drill.ExitCode);
        Assert.Contains("error drill.no_case", drill.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("one", "", 0)]
    [InlineData("cases/one.case.json", "", 0)]
    [InlineData("none", "There is no golden case 'none'", 2)]
    public async Task Drill_CaseByNameOrFile_IsTaken(string name, string error, int exitCode)
    {
        using var workspace = new Workspace();
        var flow = Flow(workspace);

        var drill = await FlowEngineCommand.RunAsync("drill", flow, "--case", name);

        Assert.Equal(exitCode, drill.ExitCode);
        Assert.Contains(error, drill.Error, StringComparison.Ordinal);
        Assert.Contains(exitCode == 0 ? "7 ways, 0 of them signed in" : "", drill.Output, StringComparison.Ordinal);
    }

    private static IEnumerable<FlowValue> Rows(FlowValue flows) => Items(flows).SelectMany(flow => Items(flow.Get("rows")));

    private static FlowArray Items(FlowValue value) => value.TryGetArray(out var items) ? items : FlowArray.Empty;

    private static string Flow(Workspace workspace, bool failsOpen = false, bool writesCase = true)
    {
        workspace.Write(
            "connectors/api.connector.json",
            """{ "id": "api", "type": "http", "configuration": { "baseUrl": "https://never.asked.example" } }"""
        );
        if (writesCase)
            workspace.Write(
                "cases/one.case.json",
                """{ "flow": "../f.flow.json", "replies": { "profile": { "statusCode": 200 } }, "expect": { "status": "completed" } }"""
            );
        return workspace.Write(
            "f.flow.json",
            $$"""
            {
              "id": "f", "start": "profile",
              "activities": [
                { "id": "profile", "type": "GenericHttp", "connector": "api", "outcomes": { "Away": ["timeout"] } },
                { "id": "user", "type": "SetUser", "user": { "userId": "u" } },
                { "id": "done", "type": "End" }, { "id": "away", "type": "End", "kind": "refused" } ],
              "connections": [ { "source": "profile", "port": "Success", "target": "user" },
                { "source": "profile", "port": "Away", "target": "{{(failsOpen ? "user" : "away")}}" },
                { "source": "user", "port": "Done", "target": "done" } ]
            }
            """
        );
    }
}
