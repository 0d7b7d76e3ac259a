using System.Diagnostics;
using System.Text.RegularExpressions;
using FlowEngine.TestServers;
using static FlowEngine.Server.Tests.Deploy.ComposeFile;

namespace FlowEngine.Server.Tests.Deploy;

/// <summary>docker-compose.yml, checked without a Docker engine: by the
/// schema of the Compose specification, and by what it names.</summary>
public sealed partial class ComposeTests
{
    [Fact]
    public void File_FitsTheComposeSpecification()
    {
        Assert.Equal("[]", Problems.ToJson());
        Assert.NotEqual("[]", Check("services: { a: { imag: x } }").Get("problems").ToJson());
    }

    [Fact]
    public void Topology_IsADatabaseTwoNodesAProxyAndTheDemoApi()
    {
        Assert.Equal(
            ["demo-api", "node-1", "node-2", "postgres", "proxy"],
            Services.Select(service => service.Key).Order(StringComparer.Ordinal)
        );
        foreach (var node in new[] { "node-1", "node-2" })
        {
            var command = Texts(Services.Get(node).Get("command"));
            Assert.Equal("serve", command[0]);
            Assert.Contains("--cluster", command);
            Assert.Contains("--database", command);
            Assert.Equal("service_healthy", Services.Get(node).Get("depends_on").Get("postgres").Get("condition").ToText());
            Assert.True(Services.Get(node).Get("ports").IsMissing, "Only the proxy is open to the outside.");
            // The server takes up to 30 s to finish what it has begun.
            Assert.True(
                int.Parse(
                    Services.Get(node).Get("stop_grace_period").ToText().TrimEnd('s'),
                    System.Globalization.CultureInfo.InvariantCulture
                ) > 30
            );
        }
        Assert.True(Services.Get("postgres").Get("ports").IsMissing);
        Assert.Equal("service_healthy", Services.Get("proxy").Get("depends_on").Get("node-2").Get("condition").ToText());

        var proxy = File.ReadAllText(PathOf("deploy/Caddyfile"));
        Assert.Contains("node-1:5080 node-2:5080", proxy, StringComparison.Ordinal);
        Assert.Contains("health_uri /readyz", proxy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_AreOnesThatTheProgramTakes()
    {
        var commands = Services
            .Where(service => service.Value.Get("image").ToText() == "flowengine")
            .SelectMany(service =>
                new[]
                {
                    Texts(service.Value.Get("command")),
                    [.. Texts(service.Value.Get("healthcheck").Get("test")).SkipWhile(word => word != "flowengine").Skip(1)],
                }
            )
            .Append([.. DockerfileCommand("CMD").Split(", ")])
            .Append([.. DockerfileCommand("HEALTHCHECK").Split(", ").Skip(1)])
            .ToList();
        Assert.Equal(8, commands.Count);

        foreach (var command in commands)
        {
            var help = await FlowEngineProcess.RunAsync(command[0], "--help");
            Assert.True(help.ExitCode == 0, command[0]);
            foreach (var option in command.Where(word => word.StartsWith("--", StringComparison.Ordinal)))
                Assert.Matches($@"(^|\s){Regex.Escape(option)}(\s|$)", help.Output);
        }
    }

    [Fact]
    public void EverythingNamed_IsThere()
    {
        foreach (var (name, service) in Services)
        {
            foreach (var volume in Texts(service.Get("volumes")).Where(volume => volume.StartsWith("./", StringComparison.Ordinal)))
                Assert.True(Path.Exists(PathOf(volume.Split(':')[0])), $"{name}: {volume}");
            foreach (var secret in Texts(service.Get("secrets")))
                Assert.Equal($"./deploy/secrets/{secret}", Document.Get("secrets").Get(secret).Get("file").ToText());
            Assert.True(name == "proxy" || !service.Get("healthcheck").Get("test").IsMissing, name);
        }
        Assert.Contains("deploy/secrets/", File.ReadAllLines(PathOf(".gitignore")));
        Assert.Contains("deploy/secrets/", File.ReadAllLines(PathOf(".dockerignore")));
    }

    [Fact]
    public void MakeSecrets_MakesWhatComposeNames_OnceAndRandom()
    {
        using var workspace = new Workspace();
        var script = workspace.Write("deploy/make-secrets.sh", File.ReadAllText(PathOf("deploy/make-secrets.sh")));
        Run(script);
        var first = Read();
        Run(script);

        Assert.Equal(first, Read());
        Assert.Equal(
            ObjectOf(Document.Get("secrets")).Select(secret => secret.Key).Order(StringComparer.Ordinal),
            first.Keys.Order(StringComparer.Ordinal)
        );
        Assert.All(first.Values, secret => Assert.True(secret.Length >= 32));
        Assert.Equal(first.Count, first.Values.Distinct().Count());
        Assert.Equal(first["server_password"], new Npgsql.NpgsqlConnectionStringBuilder(first["database"]).Password);

        // Secrets of an older release: its connection string is the superuser's, and has to go.
        File.Delete(Path.Combine(workspace.Folder, "deploy/secrets/server_password"));
        workspace.Write("deploy/secrets/database", "Host=postgres;Database=flowengine;Username=flowengine;Password=superuser");
        Run(script);
        Assert.Equal(Read()["server_password"], new Npgsql.NpgsqlConnectionStringBuilder(Read()["database"]).Password);
        Assert.Equal(first["root_key"], Read()["root_key"]);

        Dictionary<string, string> Read() =>
            Directory
                .GetFiles(Path.Combine(workspace.Folder, "deploy", "secrets"))
                .ToDictionary(file => Path.GetFileName(file), File.ReadAllText);

        static void Run(string script)
        {
            using var process = Process.Start("sh", [script]);
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
    }

    [Fact]
    public async Task Flows_OfTheNodes_AreValid()
    {
        using var workspace = new Workspace();
        var flow = workspace.Write(
            "login.flow.json",
            await File.ReadAllTextAsync(PathOf("flows/login.flow.json"), TestContext.Current.CancellationToken)
        );
        foreach (var file in Directory.GetFiles(PathOf("deploy/connectors")))
            workspace.Write(
                $"connectors/{Path.GetFileName(file)}",
                await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)
            );

        var result = await FlowEngineProcess.RunAsync("validate", flow);

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    [Fact]
    public void Dockerfile_RunsAsAUserWithoutRights_AndCopiesWhatIsThere()
    {
        var lines = File.ReadAllLines(PathOf("Dockerfile"));
        var last = lines.ToList().FindLastIndex(line => line.StartsWith("FROM ", StringComparison.Ordinal));

        Assert.True(lines.Count(line => line.StartsWith("FROM ", StringComparison.Ordinal)) >= 2);
        Assert.Contains("USER $APP_UID", lines[last..]);
        Assert.DoesNotContain(lines, line => line.StartsWith("USER root", StringComparison.Ordinal));
        foreach (
            var line in lines.Where(line =>
                line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from", StringComparison.Ordinal)
            )
        )
        {
            foreach (var source in line.Split(' ')[1..^1])
                Assert.True(Path.Exists(PathOf(source)), line);
        }
    }

    private static string DockerfileCommand(string instruction) =>
        Exec()
            .Match(File.ReadAllLines(PathOf("Dockerfile")).Last(line => line.StartsWith(instruction, StringComparison.Ordinal)))
            .Groups[1]
            .Value.Replace("\"", "", StringComparison.Ordinal);

    [GeneratedRegex(@"\[(.*)\]")]
    private static partial Regex Exec();
}
