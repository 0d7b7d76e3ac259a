using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Tests;

/// <summary>Per process, thread-safe. Runs snippets in other languages, so that they can check what is written for them.</summary>
internal static class Programs
{
    /// <summary>Runs a program's source with an input and gives what it prints; skips the test when the program is not installed.</summary>
    public static async Task<string> RunAsync(string program, string source, string input)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add(program == "node" ? "-e" : "-c");
        start.ArgumentList.Add(source);
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(input));
            process.StandardInput.Close();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, await errors);
            return output;
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{program} is not installed.");
            throw;
        }
    }
}
