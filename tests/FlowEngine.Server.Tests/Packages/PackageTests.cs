using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;
using FlowEngine.Tests;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Packages;

/// <summary>The packages, as somebody outside the repository meets them.</summary>
public sealed class PackageTests(PackageTests.Packed packed) : IClassFixture<PackageTests.Packed>
{
    private const string Listening = "Now listening on: ";

    /// <summary>The program, which <c>dotnet tool install</c> takes.</summary>
    private const string Tool = "FlowEngine.Server";

    private static readonly string[] Libraries =
    [
        "FlowEngine",
        "FlowEngine.AspNetCore",
        "FlowEngine.Database",
        "FlowEngine.ElsaFormat",
        "FlowEngine.HttpConnector",
        "FlowEngine.Storage",
    ];

    [Fact]
    public void Packages_AreTheLibrariesAndTheTool_WithDocsSymbolsIconAndLicence()
    {
        Assert.Equal(Libraries.Append(Tool).Order(StringComparer.Ordinal), packed.Files(".nupkg").Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Libraries, packed.Files(".snupkg").Keys.Order(StringComparer.Ordinal));
        foreach (var (id, file) in packed.Files(".nupkg"))
        {
            using var package = ZipFile.OpenRead(file);
            var names = package.Entries.Select(entry => entry.FullName).ToList();
            Assert.Contains("README.md", names);
            Assert.Contains("icon.png", names);
            foreach (var extension in id == Tool ? [] : (string[])[".dll", ".xml"])
                Assert.Single(
                    names,
                    name => name.StartsWith("lib/net10.0/", StringComparison.Ordinal) && name.EndsWith(extension, StringComparison.Ordinal)
                );
            using var stream = package.GetEntry($"{id}.nuspec")!.Open();
            var nuspec = XDocument.Load(stream).Root!;
            string? Text(string name) => nuspec.Descendants().FirstOrDefault(element => element.Name.LocalName == name)?.Value;
            Assert.Equal(("MIT", "README.md", "icon.png"), (Text("license"), Text("readme"), Text("icon")));
            Assert.True(Text("description")!.Length > 30, id);
            // Whoever keeps the sources: nothing in the package says so.
            Assert.Null(Text("repository"));
            Assert.Null(Text("projectUrl"));
            // What only builds or tests these is nobody's dependency.
            Assert.DoesNotContain(
                nuspec
                    .Descendants()
                    .Where(element => element.Name.LocalName == "dependency")
                    .Select(element => element.Attribute("id")!.Value),
                name => name.Contains("Analyzers", StringComparison.Ordinal) || name.StartsWith("xunit", StringComparison.Ordinal)
            );
        }
    }

    [Fact]
    public async Task Tool_InstalledFromAFolder_Serves()
    {
        using var workspace = new Workspace();
        workspace.Write("flows/login.flow.json", EmbeddedProgram.Login);
        var tools = Path.Combine(workspace.Folder, "tools");
        await Packed.DotnetAsync(
            workspace.Folder,
            new Dictionary<string, string> { ["NUGET_PACKAGES"] = Path.Combine(workspace.Folder, "packages") },
            ["tool", "install", Tool, "--version", Packed.Version, "--tool-path", tools, "--source", packed.Folder]
        );

        await using var server = await ServeProcess.StartAsync(
            _ => ["--flows", Path.Combine(workspace.Folder, "flows")],
            command: Path.Combine(tools, "flowengine")
        );

        using var visitor = new Visitor(server.Address);
        await visitor.GetAsync("/login/login");
        await visitor.SubmitAsync("go", ("email", "ada@example.com"));
        Assert.Contains("You are signed in", visitor.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProgramOutsideTheRepository_HasALoginAndAConsole()
    {
        using var workspace = new Workspace();
        workspace.Write("flows/login.flow.json", EmbeddedProgram.Login);
        workspace.Write(
            "nuget.config",
            $"""<configuration><packageSources><add key="flowengine" value="{packed.Folder}" /></packageSources></configuration>"""
        );
        workspace.Write(
            "Shop.csproj",
            $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
              <ItemGroup><PackageReference Include="FlowEngine.AspNetCore" Version="{Packed.Version}" /></ItemGroup>
            </Project>
            """
        );
        // The page's program, and what else it shows of a program.
        var snippets = Docs.EmbeddingDocTests.Snippets("csharp");
        Assert.True(snippets.Count >= 4);
        workspace.Write("Program.cs", snippets[0]);
        workspace.Write(
            "Snippets.cs",
            $$"""
            static class Snippets
            {
                {{string.Join(
                '\n',
                snippets.Skip(1).Select((code, i) => $"static void Show{i}(WebApplicationBuilder builder, WebApplication app) {{\n{code}}}")
            )}}
            }
            """
        );
        // Packages of the machine are taken as they are; ours are unpacked where the test can remove them.
        var packages = Path.Combine(workspace.Folder, "packages");
        var known =
            Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var environment = new Dictionary<string, string> { ["NUGET_PACKAGES"] = packages, ["NUGET_FALLBACK_PACKAGES"] = known };

        await Packed.DotnetAsync(workspace.Folder, environment, "build", "-c", "Release", "-v", "quiet", "-nologo");

        var start = new ProcessStartInfo("dotnet", ["bin/Release/net10.0/Shop.dll", "--urls=http://127.0.0.1:0"])
        {
            WorkingDirectory = workspace.Folder,
            RedirectStandardOutput = true,
        };
        using var program = Process.Start(start)!;
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            string? line;
            do line = await program.StandardOutput.ReadLineAsync(limit.Token);
            while (line is not null && !line.Contains(Listening, StringComparison.Ordinal));
            Assert.NotNull(line);
            _ = program.StandardOutput.ReadToEndAsync(CancellationToken.None);
            using var visitor = new Visitor(line.Split(Listening)[1].Trim());
            await visitor.GetAsync("/auth/login/login");
            await visitor.SubmitAsync("go", ("email", "ada@example.com"));
            Assert.Contains("You are signed in", visitor.Html, StringComparison.Ordinal);
            await visitor.GetAsync("/auth/console/flows");
            Assert.Contains("/auth/console/assets/", visitor.Html, StringComparison.Ordinal);
        }
        finally
        {
            program.Kill();
            await program.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task Elsa_CompiledAgainstDeclarations_IsNotPacked()
    {
        var configuration = typeof(Packed).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var start = new ProcessStartInfo(
            "dotnet",
            ["pack", "src/FlowEngine.Elsa", "--no-build", "-c", configuration, "-o", packed.Folder, "-nologo"]
        )
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
        };
        start.Environment.Remove("MSBuildSDKsPath");
        using var pack = Process.Start(start)!;
        var output = await pack.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await pack.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.NotEqual(0, pack.ExitCode);
        Assert.Contains("FLOW001", output, StringComparison.Ordinal);
        Assert.Contains("-p:ElsaReferences=packages", output, StringComparison.Ordinal);
        Assert.DoesNotContain("FlowEngine.Elsa", packed.Files(".nupkg").Keys);
    }

    /// <summary>Per test class: the packages in a folder, made of what was built.</summary>
    public sealed class Packed : IAsyncLifetime
    {
        public const string Version = "0.1.0-packed";

        private readonly Workspace _workspace = new();

        public string Folder => Path.Combine(_workspace.Folder, "packages");

        public async ValueTask InitializeAsync()
        {
            var configuration = typeof(Packed).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
            // The whole solution is asked: what is no library must say so itself.
            await DotnetAsync(
                Repository.Root,
                new Dictionary<string, string>(),
                "pack",
                "FlowEngine.slnx",
                "--no-build",
                "-c",
                configuration,
                "-o",
                Folder,
                "-v",
                "quiet",
                "-nologo",
                $"-p:PackageVersion={Version}"
            );
        }

        public IReadOnlyDictionary<string, string> Files(string extension) =>
            Directory
                .EnumerateFiles(Folder, "*" + extension)
                .Where(file => Path.GetExtension(file) == extension)
                .ToDictionary(file => Path.GetFileName(file)[..^$".{Version}{extension}".Length], StringComparer.Ordinal);

        public static async Task DotnetAsync(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
        {
            var start = new ProcessStartInfo("dotnet", arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            foreach (var (name, value) in environment)
                start.Environment[name] = value;
            // What this test process was given for itself is none of theirs.
            start.Environment.Remove("MSBuildSDKsPath");
            using var dotnet = Process.Start(start)!;
            var (output, error) = (dotnet.StandardOutput.ReadToEndAsync(), dotnet.StandardError.ReadToEndAsync());
            await dotnet.WaitForExitAsync();
            Assert.True(dotnet.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}: {await output}{await error}");
        }

        public ValueTask DisposeAsync()
        {
            _workspace.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
