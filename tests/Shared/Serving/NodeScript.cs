using System.Diagnostics;
using FlowEngine.Context;
using FlowEngine.Tests;

namespace FlowEngine.TestServers;

/// <summary>Stateless: runs the scripts of tests/clients, which use published npm packages as they are.</summary>
internal static class NodeScript
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Runs a script to its end.</summary>
    /// <returns>The JSON it wrote.</returns>
    public static async Task<FlowValue> RunAsync(string script, string input, params string[] arguments)
    {
        var folder = Path.Combine(Repository.Root, "tests", "clients");
        Assert.True(Directory.Exists(Path.Combine(folder, "node_modules")), $"Run 'npm ci' in {folder} first; test.sh does.");
        var start = new ProcessStartInfo("node", [script, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var timeout = new CancellationTokenSource(Limit);
        await process.WaitForExitAsync(timeout.Token);
        Assert.True(process.ExitCode == 0, await error);
        return FlowValue.Parse(await output);
    }
}
