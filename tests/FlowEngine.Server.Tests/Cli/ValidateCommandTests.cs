using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Cli;

public sealed class ValidateCommandTests
{
    [Fact]
    public async Task Validate_SampleFlows_HasNoProblem()
    {
        var validation = await FlowEngineCommand.RunAsync("validate", "flows", "--format", "json");

        Assert.Equal("[]", validation.At("diagnostics").ToJson());
        Assert.Equal(0, validation.ExitCode);
        var files = Directory
            .EnumerateFiles(Path.Combine(FlowEngineProcess.Repository, "flows"), "*.json", SearchOption.AllDirectories)
            .Count(file => !file.EndsWith("schema.json", StringComparison.Ordinal));
        Assert.Equal(files.ToString(System.Globalization.CultureInfo.InvariantCulture), validation.At("files").ToText());
    }

    [Fact]
    public async Task Validate_GitHub_NamesFileLineAndCode()
    {
        using var workspace = new Workspace();
        var flow = workspace.Write(
            "x.flow.json",
            "{\n  \"id\": \"x\",\n  \"start\": \"gone\",\n  \"activities\": [ { \"id\": \"end\", \"type\": \"End\" } ]\n}\n"
        );

        var validation = await FlowEngineCommand.RunAsync("validate", flow, "--format", "github");

        Assert.Equal(1, validation.ExitCode);
        Assert.Contains($"::error file={flow},line=3,title=flow.unknown_id::", validation.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_Text_CountsFilesOnStandardOutput()
    {
        using var workspace = new Workspace();
        workspace.Write("a.flow.json", """{ "id": "a", "start": "end", "activities": [ { "id": "end", "type": "End" } ] }""");
        workspace.Write(
            "sub/b.flow.json",
            """{ "id": "b", "start": "end", "activities": [ { "id": "end", "type": "End" }, { "id": "lost", "type": "End" } ] }"""
        );
        workspace.Write("other.json", "not json");

        var validation = await FlowEngineCommand.RunAsync("validate", workspace.Folder);

        Assert.Equal(0, validation.ExitCode);
        Assert.Equal("Checked 2 files: 0 errors, 1 warning.", validation.Output.Trim());
        Assert.Contains("warning flow.unreachable", validation.Error, StringComparison.Ordinal);
    }

    /// <summary>The picture in flows/README.md.</summary>
    [Fact]
    public async Task Validate_Waits_ShowsEachStretchBetweenScreens()
    {
        var text = await FlowEngineCommand.RunAsync("validate", "flows/login.flow.json", "--waits");
        Assert.Equal(0, text.ExitCode);
        Assert.Contains(
            "flows/login.flow.json\n  signIn → 15 s: lookup 5 s, profile 10 s\n  userNotFound → 0 s\n",
            text.Output.ReplaceLineEndings("\n"),
            StringComparison.Ordinal
        );

        var json = await FlowEngineCommand.RunAsync("validate", "flows/login.flow.json", "--waits", "--format", "json");
        Assert.Equal(
            """{"file":"flows/login.flow.json","from":"signIn","seconds":15,"parts":[{"activity":"lookup","seconds":5,"times":1},"""
                + """{"activity":"profile","seconds":10,"times":1}]}""",
            json.At("waits").Get(0).ToJson()
        );
        var without = await FlowEngineCommand.RunAsync("validate", "flows/login.flow.json", "--format", "json");
        Assert.True(without.At("waits").IsMissing);
    }

    /// <summary>What nothing writes is refused by all who compile: before anybody signs in through it.</summary>
    [Theory]
    [InlineData("validate")]
    [InlineData("run")]
    [InlineData("test")]
    public async Task AMistypedPath_IsRefusedWithLineAndAdvice(string command)
    {
        using var workspace = new Workspace();
        var flow = workspace.Sample("customer.flow.json", "{{connectors.db.first.tier}}", "{{connectors.db.first.teir}}");
        foreach (var connector in new[] { "users-db" })
            workspace.Write(
                $"connectors/{connector}.connector.json",
                await File.ReadAllTextAsync(
                    Path.Combine(FlowEngineProcess.Repository, "flows", "connectors", connector + ".connector.json"),
                    TestContext.Current.CancellationToken
                )
            );
        var golden = workspace.Write(
            "a.case.json",
            """{ "flow": "customer.flow.json", "client": { "email": "ada@example.com" }, "replies": { "lookup": { "rows": [] } },"""
                + """ "expect": { "status": "completed" } }"""
        );

        var result = await FlowEngineCommand.RunAsync(command, command == "test" ? golden : flow);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("path.unknown", result.Output + result.Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'tier'?", result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_Connector_ReportsItsSettings()
    {
        using var workspace = new Workspace();
        var file = workspace.Write(
            "bad.connector.json",
            """{ "id": "bad", "type": "http", "configuration": { "baseUrl": "ftp://example.com", "useStaticIps": true } }"""
        );

        var validation = await FlowEngineCommand.RunAsync("validate", file, "--format", "json");

        Assert.Equal(1, validation.ExitCode);
        Assert.Contains("connector.static_ips", validation.Output, StringComparison.Ordinal);
        Assert.Contains("/configuration/baseUrl", validation.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_Case_ReportsItsShape()
    {
        using var workspace = new Workspace();
        var file = workspace.Write(
            "bad.case.json",
            """{ "flow": "gone.flow.json", "answers": {}, "expect": { "stauts": "completed", "context": { "nowhere.x": 1 } } }"""
        );

        var validation = await FlowEngineCommand.RunAsync("validate", file, "--format", "json");

        Assert.Equal(1, validation.ExitCode);
        foreach (var pointer in new[] { "/answers", "/expect/stauts", "/expect/context/nowhere.x" })
            Assert.Contains($"\"pointer\":\"{pointer}\"", validation.Output, StringComparison.Ordinal);
    }
}
