using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using FlowEngine.Context;
using FlowEngine.Tests;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Docs;

/// <summary>
/// CONTRIBUTING.md's recipes are patches of docs/recipes. Each applies to this tree and touches as many files as the page says; all of them
/// together are built, and the program that comes of it is asked for each.
/// </summary>
public sealed partial class ContributingDocTests
{
    private const string Anew =
        "Copy the tree, apply what still applies (git apply --reject), mend the rest by hand, and write the patch anew: "
        + "git add -A && git diff --cached -U1 > docs/recipes/NAME.patch";

    private static readonly string Recipes = Path.Combine(Repository.Root, "docs", "recipes");

    /// <summary>The page's table: each recipe with its count of files.</summary>
    private static readonly List<(string Name, int Files)> Table =
    [
        .. Row()
            .Matches(File.ReadAllText(Path.Combine(Repository.Root, "CONTRIBUTING.md")))
            .Select(row => (row.Groups[2].Value, int.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture))),
    ];

    public static TheoryData<string, int> Rows => [.. Table.Select(row => new TheoryDataRow<string, int>(row.Name, row.Files))];

    [Fact]
    public void Table_HasEveryPatch() =>
        Assert.Equal(
            Directory.GetFiles(Recipes).Select(Path.GetFileName).Order(StringComparer.Ordinal),
            Table.Select(row => $"{row.Name}.patch").Order(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Patch_AppliesToThisTree_AndTouchesAsManyFiles(string name, int files)
    {
        var touched = await GitAsync(Repository.Root, "apply", "--check", "--numstat", PatchOf(name));

        Assert.Equal(files, touched.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void Workflow_HasAJobForEachWordOfTheScript()
    {
        var script = File.ReadAllText(Path.Combine(Repository.Root, "test.sh"));
        var workflow = File.ReadAllText(Path.Combine(Repository.Root, ".github", "workflows", "ci.yml"));
        var words = Word().Matches(script).Select(match => match.Groups[1].Value).ToList();

        Assert.Equal(["unit", "database", "browser", "cluster", "elsa"], words);
        Assert.Equal(words, Job().Matches(workflow).Select(match => match.Groups[1].Value));
        Assert.Equal(words, Call().Matches(workflow).Select(match => match.Groups[1].Value));
    }

    /// <summary>What is asked is what somebody would look for who has just followed the recipe.</summary>
    [Fact]
    [Trait("Category", "slow")]
    public async Task PatchesTogether_AreBuilt_AndTheServerHasThemAll()
    {
        using var tree = new Workspace();
        Copy(tree.Folder);
        await GitAsync(tree.Folder, ["apply", .. Table.Select(row => PatchOf(row.Name))]);
        await BuildAsync(tree.Folder);

        await using var server = await ServeProcess.StartAsync(
            workspace =>
            {
                workspace.Write("flows/connectors/people.connector.json", People);
                workspace.Write("flows/connectors/gone.connector.json", Gone);
                var flow = workspace.Write("flows/birthday.flow.json", Birthday);
                return ["--flows", Path.GetDirectoryName(flow)!, "--set", "Egress:AllowPrivateNetworks=true"];
            },
            command: Path.Combine(tree.Folder, "src", "FlowEngine.Server", "bin", "Debug", "net10.0", "flowengine")
        );

        // The activity, with what the designer draws of it, and the component: a person meets both.
        var schema = await AskAsync(server, "/api/schema");
        var activity = Named(schema.Get("activities"), "type", "MaskContact");
        Assert.Equal(("eye-off", "{contact}"), (activity.Get("icon").ToText(), activity.Get("summary").ToText()));
        Assert.Equal("calendar", Named(schema.Get("components"), "type", "DateInput").Get("icon").ToText());
        using var visitor = new Visitor(server.Address);
        await visitor.GetAsync("/login/birthday");
        Assert.Contains("""<input class="fe-input fe-date" type="date" """, visitor.Html, StringComparison.Ordinal);
        var styles = Stylesheet().Match(visitor.Html).Groups[1].Value;
        await visitor.SubmitAsync("go", ("birthday", "31.12.1999"), ("email", "ada@example.com"));
        Assert.Contains("Birthday does not have the right form.", visitor.Html, StringComparison.Ordinal);
        await visitor.SubmitAsync("go", ("birthday", "1999-12-31"), ("email", "ada@example.com"));
        Assert.Contains("ad•••@example.com was born on 1999-12-31", visitor.Html, StringComparison.Ordinal);
        Assert.Contains(".fe-date {", await server.Http.GetStringAsync(styles), StringComparison.Ordinal);

        await visitor.SubmitAsync("go");

        // The run of that person has the column, its steps the field, and the engine says its name where nothing listens.
        var run = await AskAsync(server, "/api/runs/1");
        Assert.Equal("Happy birthday", run.Get("endName").ToText());
        var (lookup, call) = (Named(run.Get("trace"), "activity", "lookup"), Named(run.Get("trace"), "activity", "call"));
        Assert.Contains("CockroachDB", lookup.Get("error").Get("message").ToText(), StringComparison.Ordinal);
        Assert.Equal(FlowValue.From(2), call.Get("attempts"));

        // The kind of authentication, in a request that a connector sent.
        var trial = await TryAsync(
            server,
            """
            { "id": "api", "type": "http", "configuration": { "baseUrl": "ADDRESS",
              "authentication": { "method": "signedJwt", "signedJwt": { "issuer": "flows", "key": "known to both sides" } } } }
            """
        );
        Assert.Equal("***", trial.Get("request").Get("headers").Get("authorization").ToText());

        // The endpoint, for programs and in the document that describes it.
        Assert.Equal("The HTTP API", (await AskAsync(server, "/api/errors/api.not_found")).Get("part").ToText());
        var document = FlowValue.Parse(await server.Http.GetStringAsync("/openapi/v1.json"));
        Assert.False(document.Get("paths").Get("/api/errors/{code}").IsMissing);

        Assert.False(document.Get("components").Get("schemas").Get("Step").Get("properties").Get("attempts").IsMissing);
    }

    private const string People = """
        { "id": "people", "type": "sql", "configuration": { "engine": "cockroach",
          "host": "127.0.0.1", "port": 9, "database": "people", "username": "flows" } }
        """;

    private const string Gone = """
        { "id": "gone", "type": "http", "configuration": { "baseUrl": "http://127.0.0.1:9",
          "authentication": { "method": "signedJwt", "signedJwt": { "issuer": "flows", "key": "known to both sides" } } } }
        """;

    private const string Birthday = """
        { "id": "birthday", "access": "public", "start": "ask",
          "screens": [
            { "id": "ask", "components": [
              { "type": "DateInput", "name": "birthday", "label": "Birthday", "required": true },
              { "type": "EmailInput", "name": "email", "label": "Email" }, { "type": "Button", "id": "go", "text": "Go" } ] },
            { "id": "told", "components": [
              { "type": "Text", "text": "{{scripts.mask}} was born on {{form.birthday}}" },
              { "type": "Button", "id": "go", "text": "Go" } ] } ],
          "activities": [
            { "id": "ask", "type": "Screen", "screen": "ask" },
            { "id": "mask", "type": "MaskContact", "contact": "{{form.email}}" },
            { "id": "lookup", "type": "Database", "connector": "people", "query": "select 1",
              "errorHandling": { "Connector Execution": "custom" } },
            { "id": "call", "type": "GenericHttp", "connector": "gone", "retry": { "attempts": 1 },
              "errorHandling": { "Generic HTTP Error": "ignore", "Connector Execution": "ignore" } },
            { "id": "told", "type": "Screen", "screen": "told" },
            { "id": "end", "type": "End", "name": "Happy birthday" } ],
          "connections": [
            { "source": "ask", "port": "go", "target": "mask" },
            { "source": "mask", "port": "Email", "target": "lookup" }, { "source": "mask", "port": "Phone", "target": "lookup" },
            { "source": "mask", "port": "Neither", "target": "end" },
            { "source": "lookup", "port": "Success", "target": "call" },
            { "source": "lookup", "port": "Connector Execution", "target": "call" },
            { "source": "call", "port": "Success", "target": "told" }, { "source": "told", "port": "go", "target": "end" } ] }
        """;

    private static string PatchOf(string name) => Path.Combine(Recipes, $"{name}.patch");

    private static FlowValue Named(FlowValue list, string member, string name)
    {
        list.TryGetArray(out var all);
        return all!.Single(one => one.Get(member).ToText() == name);
    }

    private static async Task<FlowValue> AskAsync(ServeProcess server, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", await server.ManagementKeyAsync());
        using var answer = await server.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return FlowValue.Parse(text);
    }

    /// <summary>Adds a connector and tries it out.</summary>
    private static async Task<FlowValue> TryAsync(ServeProcess server, string definition)
    {
        var key = await server.ManagementKeyAsync();
        var json = definition.Replace("ADDRESS", server.Address, StringComparison.Ordinal);
        var id = FlowValue.Parse(json).Get("id").ToText();
        var (status, _, text) = await server.PostAsync("/api/connectors", $$"""{ "id": "{{id}}", "definition": {{json}} }""", key);
        Assert.True(status == HttpStatusCode.Created, text);
        return (await server.PostAsync($"/api/connectors/{id}/test", """{ "endpoint": "/healthz" }""", key)).Body;
    }

    /// <summary>Copies what a build of the server needs, as if it had been restored there.</summary>
    private static void Copy(string to)
    {
        // Not .git, which is a file where this is a work tree.
        foreach (var file in Directory.EnumerateFiles(Repository.Root).Where(file => Path.GetFileName(file) != ".git"))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        CopyFolder("src");
        CopyFolder("flows");

        void CopyFolder(string folder)
        {
            var source = Path.Combine(Repository.Root, folder);
            Directory.CreateDirectory(Path.Combine(to, folder));
            foreach (var file in Directory.EnumerateFiles(source))
            {
                var copy = Path.Combine(to, folder, Path.GetFileName(file));
                if (Path.GetFileName(source) != "obj")
                    File.Copy(file, copy);
                else
                    File.WriteAllText(copy, File.ReadAllText(file).Replace(Repository.Root, to, StringComparison.Ordinal));
            }
            var inside = Directory.EnumerateDirectories(source).Select(path => Path.GetFileName(path));
            // What a build left behind is not needed, beside what it was restored with.
            foreach (var name in Path.GetFileName(source) == "obj" ? [] : inside.Except(["bin", "dist", "node_modules"]))
                CopyFolder(Path.Combine(folder, name));
        }
    }

    private static async Task BuildAsync(string folder)
    {
        var (exit, output) = await RunAsync(
            folder,
            "dotnet",
            "build",
            "src/FlowEngine.Server",
            "--no-restore",
            "-v",
            "quiet",
            "-nologo",
            "-clp:NoSummary",
            "-m:1",
            // A compiler that the suite's own build left running has compiled all of this before.
            $"-p:UseSharedCompilation={Environment.GetEnvironmentVariable("UseSharedCompilation") ?? "false"}",
            // Analyzers take as long as the compiler; the suite's own build has asked them.
            "-p:RunAnalyzers=false",
            "-p:Console=false"
        );
        Assert.True(exit == 0, $"The patches apply, but do not build. {Anew}\n{output}");
    }

    private static async Task<string> GitAsync(string folder, params string[] arguments)
    {
        var (exit, output) = await RunAsync(folder, "git", arguments);
        Assert.True(exit == 0, $"git {string.Join(' ', arguments)}: {output}. {Anew}");
        return output;
    }

    private static async Task<(int Exit, string Output)> RunAsync(string folder, string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The tree may be no repository, and stand inside one that is not ours.
        start.Environment["GIT_CEILING_DIRECTORIES"] = Path.GetDirectoryName(folder.TrimEnd('/'));
        // What this test process was given for itself is not theirs.
        start.Environment.Remove("MSBuildSDKsPath");
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    [GeneratedRegex(@"^\| \[.*\| (\d+) \|.*\(docs/recipes/([a-z-]+)\.patch\)", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^#   \./test\.sh ([a-z]+) ", RegexOptions.Multiline)]
    private static partial Regex Word();

    [GeneratedRegex("^  ([a-z]+):\n    runs-on:", RegexOptions.Multiline)]
    private static partial Regex Job();

    [GeneratedRegex(@"^      - run: \./test\.sh (\w+)$", RegexOptions.Multiline)]
    private static partial Regex Call();

    [GeneratedRegex("""<link rel="stylesheet" href="([^"]*)">""")]
    private static partial Regex Stylesheet();
}
