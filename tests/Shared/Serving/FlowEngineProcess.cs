using System.Diagnostics;
using System.Reflection;
using FlowEngine.Context;
using FlowEngine.Tests;

namespace FlowEngine.TestServers;

/// <summary>Runs the real <c>flowengine</c> in the folder of the repository.</summary>
internal static class FlowEngineProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static string Repository { get; } = Metadata("Repository");

    public static string Command { get; } = Metadata("Command");

    public static Task<Finished> RunAsync(params string[] arguments) => RunAsync("", new Dictionary<string, string>(), arguments);

    public static async Task<Finished> RunAsync(string input, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Metadata("Command"), arguments)
        {
            WorkingDirectory = Repository,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        SetEnvironment(start, environment);
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"flowengine {string.Join(' ', arguments)} did not end within {Limit}.");
        }
        return Swept(process.ExitCode, await output, await error);
    }

    /// <summary>What a command said, in which no secret of the demo stands.</summary>
    public static Finished Swept(int exitCode, string output, string error)
    {
        SecretSweep.AssertNone(output + error, DemoSecrets.Value);
        return new Finished(exitCode, output, error);
    }

    /// <summary>What a program finds around it, whatever the tests themselves were started with.</summary>
    /// <param name="start">The program that is to start.</param>
    /// <param name="environment">The test's own word, which goes before.</param>
    public static void SetEnvironment(ProcessStartInfo start, IReadOnlyDictionary<string, string> environment)
    {
        start.Environment.Remove("DOTNET_ENVIRONMENT");
        start.Environment.Remove("ASPNETCORE_ENVIRONMENT");
        // It lives for seconds: no method is called so often that compiling it once more, better, is worth it.
        start.Environment["DOTNET_TC_CallCounting"] = "0";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
    }

    /// <summary>The secrets of the sample connectors, and the passwords of the demo people: no command may print them.</summary>
    private static readonly Lazy<string[]> DemoSecrets = new(() =>
        [
            .. Directory
                .GetFiles(Path.Combine(Repository, "flows", "connectors"), "*.connector.json")
                .SelectMany(file => SecretsIn(FlowValue.Parse(File.ReadAllText(file)), "")),
            "correct horse battery staple",
            "amazing grace",
        ]
    );

    private static IEnumerable<string> SecretsIn(FlowValue value, string name)
    {
        if (value.TryGetText(out var text))
            return name is "password" or "clientSecret" or "hmacSecret" or "bearerToken" or "token" ? [text] : [];
        return value.TryGetObject(out var obj) ? obj.SelectMany(member => SecretsIn(member.Value, member.Key)) : [];
    }

    private static string Metadata(string key) =>
        typeof(FlowEngineProcess)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == key)
            .Value!;

    internal sealed record Finished(int ExitCode, string Output, string Error)
    {
        /// <summary>Standard output, which must be one JSON value and nothing else.</summary>
        public FlowValue Json => FlowValue.Parse(Output);

        /// <summary>An element of <see cref="Json"/>: names and indexes separated by slashes.</summary>
        public FlowValue At(string pointer) =>
            pointer.Split('/').Aggregate(Json, (value, name) => int.TryParse(name, out var index) ? value.Get(index) : value.Get(name));
    }
}
