using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.Server.Hosting;
using FlowEngine.Tests;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Docs;

/// <summary>docs/operations.md says what the code does, and its commands work.
/// FLOWENGINE_UPDATE_DOCS=1 writes its table of settings anew.</summary>
public sealed partial class OperationsDocTests(PostgresFixture postgres)
{
    private const string Begin = "<!-- settings -->\n";
    private const string End = "<!-- /settings -->\n";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private static string Page { get; } = Path.Combine(Repository.Root, "docs", "operations.md");

    [Fact]
    public void Settings_AreThoseOfTheCatalogue()
    {
        var text = File.ReadAllText(Page);
        var table = new StringBuilder("| setting | default | what |\n|---|---|---|\n");
        foreach (var setting in ServerSettings.All)
            table.Append($"| `{setting.Name}` | {setting.Default} | {setting.Meaning} |\n");
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("FLOWENGINE_UPDATE_DOCS") == "1")
            File.WriteAllText(Page, text = text[..begin] + table + text[end..]);

        end = text.IndexOf(End, StringComparison.Ordinal);
        Assert.Equal(table.ToString(), text[begin..end]);
    }

    [Fact]
    public void LogEvents_HaveEachAnIdOfTheirOwn_AndWarningsStandInTheTable()
    {
        var events = typeof(SettingCatalogue)
            .Assembly.GetTypes()
            .SelectMany(type =>
                type.GetMethods(
                    BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly
                )
            )
            .Select(method => method.GetCustomAttribute<Microsoft.Extensions.Logging.LoggerMessageAttribute>())
            .OfType<Microsoft.Extensions.Logging.LoggerMessageAttribute>()
            .ToList();
        Assert.True(events.Count >= 15, $"{events.Count} events");
        Assert.Equal(events.Count, events.Select(one => one.EventId).Distinct().Count());

        var rows = Regex
            .Matches(File.ReadAllText(Page), @"^\| ((?:\d{4}(?:, )?)+) \|", RegexOptions.Multiline)
            .SelectMany(row => row.Groups[1].Value.Split(", "))
            .ToHashSet();
        Assert.All(
            events.Where(one => one.Level >= Microsoft.Extensions.Logging.LogLevel.Warning),
            one => Assert.Contains(one.EventId.ToString(System.Globalization.CultureInfo.InvariantCulture), rows)
        );
    }

    [Fact]
    public async Task CommandsForKeysAndPeople_Work()
    {
        var commands = Commands()
            .Where(command =>
                command.StartsWith("flowengine keys", StringComparison.Ordinal)
                || command.StartsWith("flowengine users", StringComparison.Ordinal)
            )
            .ToList();
        Assert.True(commands.Count >= 7, string.Join('\n', commands));
        await using var test = await TestStorage.CreateAsync(StoreEngine.Sqlite, postgres);
        using var workspace = new Workspace();
        workspace.Write("grace.txt", "a long pass phrase\n");
        // Somebody else is admin too, or grace could not be removed.
        await test.Storage.Users.AddAsync("ada", "x", "admin", TestStorage.Note, TestStorage.Stop);

        foreach (var command in commands)
        {
            using var process = Start(command.Replace("--data data", $"--data {test.Folder}", StringComparison.Ordinal), workspace.Folder);
            await process.StandardInput.WriteAsync("another pass phrase\n");
            process.StandardInput.Close();
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            using var timeout = new CancellationTokenSource(Limit);
            await process.WaitForExitAsync(timeout.Token);
            Assert.True(process.ExitCode == 0, $"{command}: {await error}");
            Assert.NotEqual("", await output);
        }
        Assert.Equal(["ada"], (await test.Storage.Users.ListAsync(TestStorage.Stop)).Select(user => user.Name));
    }

    [Fact]
    public async Task CommandsThatServe_Serve()
    {
        var commands = Commands()
            .Where(command =>
                command.Contains("flowengine serve", StringComparison.Ordinal) && !command.Contains("--cluster", StringComparison.Ordinal)
            )
            .ToList();
        Assert.True(commands.Count >= 3);
        using var workspace = new Workspace();
        workspace.Write(
            "flows/x.flow.json",
            """{ "id": "x", "start": "done", "activities": [ { "id": "done", "type": "End" } ], "connections": [] }"""
        );
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            DateTimeOffset.UnixEpoch,
            DateTimeOffset.UnixEpoch.AddYears(100)
        );
        workspace.Write("tls.crt", certificate.ExportCertificatePem());
        workspace.Write("tls.key", key.ExportPkcs8PrivateKeyPem());

        foreach (var command in commands)
        {
            using var process = Start(
                Port().Replace(command, "${address}:0").Replace("flowengine", "exec flowengine", StringComparison.Ordinal),
                workspace.Folder
            );
            try
            {
                using var timeout = new CancellationTokenSource(Limit);
                string? line;
                do line = await process.StandardOutput.ReadLineAsync(timeout.Token);
                while (line is not null && !line.StartsWith("Serving on ", StringComparison.Ordinal));
                Assert.True(
                    line is not null,
                    $"{command}: {(line is null ? await process.StandardError.ReadToEndAsync(timeout.Token) : "")}"
                );
            }
            finally
            {
                if (!process.HasExited)
                    process.Kill();
            }
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The lines of the page's shell blocks.</summary>
    private static IEnumerable<string> Commands() =>
        ShellBlock()
            .Matches(File.ReadAllText(Page))
            .SelectMany(block => block.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    private static Process Start(string command, string folder)
    {
        var program = typeof(OperationsDocTests)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "Command")
            .Value!;
        var start = new ProcessStartInfo("bash", ["-c", command])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = Path.GetDirectoryName(program) + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        start.Environment.Remove("ASPNETCORE_ENVIRONMENT");
        start.Environment.Remove("DOTNET_ENVIRONMENT");
        return Process.Start(start)!;
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex(@"(?<address>https?://[0-9.]+):\d+")]
    private static partial Regex Port();
}
