using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Cli;

public sealed class CommandLineStartupTests
{
    /// <summary>What a start costs is what it loads; how long that takes is for a bench, not for a machine that runs other tests.</summary>
    [Theory]
    [InlineData("--help")]
    [InlineData("validate", "flows/orders.flow.json")]
    [InlineData("run", "flows/orders.flow.json", "--client", "user=ada")]
    public async Task Command_LoadsNeitherWebServerNorScriptEngineNorConsoleLibrary(params string[] arguments)
    {
        using var workspace = new Workspace();
        var list = Path.Combine(workspace.Folder, "assemblies.txt");

        await FlowEngineProcess.RunAsync(
            "",
            new Dictionary<string, string>
            {
                ["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location,
                [StartupHook.ListVariable] = list,
            },
            arguments
        );

        var loaded = await File.ReadAllLinesAsync(list);
        Assert.Contains("FlowEngine.Server", loaded);
        Assert.DoesNotContain(
            loaded,
            name =>
                name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
                || name.StartsWith("Spectre", StringComparison.Ordinal)
                || name.StartsWith("Microsoft.IdentityModel", StringComparison.Ordinal)
                || name is "Jint" or "Npgsql" or "Microsoft.Data.SqlClient" or "MySqlConnector" or "Microsoft.Data.Sqlite"
        );
    }
}
