using FlowEngine.Context;
using FlowEngine.Server.Tests.Cli;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Demo;

/// <summary>Files in flows/ that are made from others are current.</summary>
public sealed class SampleFlowsTests
{
    private static string Flows => Path.Combine(FlowEngineProcess.Repository, "flows");

    [Fact]
    public async Task LoginElsa_IsTheExportedLoginFlow()
    {
        var export = await FlowEngineCommand.RunAsync("export", "--format", "elsa", "flows/login.flow.json");

        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Flows, "login.elsa.json")), export.Output);
    }

    [Fact]
    public async Task LoginElsa_ImportedAgain_EqualsTheLoginFlow()
    {
        var import = await FlowEngineCommand.RunAsync("import", "flows/login.elsa.json");

        Assert.Equal(FlowValue.Parse(await File.ReadAllTextAsync(Path.Combine(Flows, "login.flow.json"))), import.Json);
    }

    [Fact]
    public async Task LoginElsa_RunsLikeTheLoginFlow()
    {
        using var workspace = new Workspace();

        var run = await FlowEngineCommand.RunAsync(
            "run",
            "flows/login.elsa.json",
            "--demo",
            "--answers",
            workspace.SignIns("ada@example.com"),
            "--format",
            "json"
        );

        Assert.Equal("eu-west-1", run.At("claims/region").ToText());
    }

    [Fact]
    public async Task FlowSchema_IsWhatTheCodeGenerates()
    {
        var schema = await FlowEngineCommand.RunAsync("schema");

        Assert.Equal(0, schema.ExitCode);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Flows, "flow.schema.json")), schema.Output);
    }

    [Fact]
    public async Task Readme_NamesEverySampleFlow()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Flows, "README.md"));

        Assert.All(
            Directory.GetFiles(Flows, "*.flow.json"),
            file => Assert.Contains($"**{Path.GetFileName(file)[..^".flow.json".Length]}**", readme, StringComparison.Ordinal)
        );
    }
}
