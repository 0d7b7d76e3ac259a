using System.Diagnostics;

namespace FlowEngine.Server.Tests.Cli;

public sealed class StartupTests
{
    /// <summary>A smoke test with room for a busy machine; the numbers themselves are measured by hand.</summary>
    [Theory]
    [InlineData("validate", "flows/login.flow.json")]
    [InlineData("run", "flows/orders.flow.json", "--client", "user=ada")]
    public async Task Start_IsQuick(params string[] arguments)
    {
        await FlowEngineProcess.RunAsync(arguments);
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await FlowEngineProcess.RunAsync(arguments);
            var elapsed = Stopwatch.GetElapsedTime(started);
            best = elapsed < best ? elapsed : best;
        }

        Assert.True(best < TimeSpan.FromSeconds(2), $"The best of three starts took {best}.");
    }

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
            new Dictionary<string, string> { ["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location, [StartupHook.ListVariable] = list },
            arguments);

        var loaded = await File.ReadAllLinesAsync(list);
        Assert.Contains("FlowEngine.Server", loaded);
        Assert.DoesNotContain(loaded, name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || name.StartsWith("Spectre", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.IdentityModel", StringComparison.Ordinal) || name is "Jint" or "Npgsql" or "Microsoft.Data.SqlClient" or "MySqlConnector" or "Microsoft.Data.Sqlite");
    }
}
