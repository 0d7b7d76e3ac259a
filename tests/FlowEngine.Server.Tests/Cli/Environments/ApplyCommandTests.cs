using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Cli.Environments;

/// <summary>A folder in git is what runs: <c>diff</c> and <c>apply</c> against a server.</summary>
[Trait("Category", "cluster")]
public sealed class ApplyCommandTests
{
    [Fact]
    public async Task AFolder_IsShownThenAppliedThenTheSame()
    {
        using var folder = new Workspace();
        folder.Write("hello.flow.json", Flow("one"));
        folder.Write(
            "connectors/api.connector.json",
            """{ "id": "api", "type": "http", "configuration": { "baseUrl": "https://api.example.com" } }"""
        );
        await using var server = await ServeProcess.StartAsync(workspace =>
            ["--flows", Path.GetDirectoryName(workspace.Write("flows/none.txt", ""))!]
        );
        var key = Path.Combine(server.Data, "management.key");

        // Shown, and done only when told so.
        var shown = await FlowEngineCommand.RunAsync("apply", folder.Folder, "--to", server.Address, "--key-file", key);
        Assert.Equal(1, shown.ExitCode);
        Assert.Contains("+ flow hello\n+ connector api\n2 to add, 0 to change, 0 to remove;", shown.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing was applied: --yes does it.", shown.Error, StringComparison.Ordinal);
        var applied = await FlowEngineCommand.RunAsync(
            "apply",
            folder.Folder,
            "--to",
            server.Address,
            "--key-file",
            key,
            "--yes",
            "--note",
            "first"
        );
        Assert.Equal(("", 0), (applied.Error, applied.ExitCode));
        Assert.EndsWith("Applied.\n", applied.Output, StringComparison.Ordinal);
        Assert.Equal(
            0,
            (await FlowEngineCommand.RunAsync("diff", "--from", server.Address, "--to", folder.Folder, "--key-file", key)).ExitCode
        );
        Assert.Equal("one", (await server.BeginAsync("hello")).Get("output").Get("said").ToText());

        // A literal secret of the folder is not sent, and told so; the server has none that it could keep.
        folder.Write("hello.flow.json", Flow("two"));
        folder.Write(
            "connectors/api.connector.json",
            """{ "id": "api", "type": "http", "configuration": { "baseUrl": "https://api.example.com", "hmacSecret": "of-the-folder" } }"""
        );
        var refused = await FlowEngineCommand.RunAsync("apply", folder.Folder, "--to", server.Address, "--key-file", key, "--yes");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("1 secret stays here", refused.Error, StringComparison.Ordinal);
        Assert.Contains("connector.secret_masked", refused.Error, StringComparison.Ordinal);
        Assert.Contains(
            "~ flow hello (version 1)\n    ~ activity end: outputs.said = \"one\" -> \"two\"",
            refused.Output,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("of-the-folder", refused.Output + refused.Error, StringComparison.Ordinal);
        Assert.Equal("one", (await server.BeginAsync("hello")).Get("output").Get("said").ToText());
    }

    [Theory]
    [InlineData("http://login.example.com", "the management key would go over the network in the clear")]
    [InlineData("login", "not an http URL")]
    public async Task AServer_ThatIsNotAskedSafely_IsRefused(string url, string told)
    {
        var refused = await FlowEngineCommand.RunAsync("apply", "flows", "--to", url);

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(told, refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServer_ThatDoesNotAnswer_IsTold()
    {
        using var folder = new Workspace();
        var key = folder.Write("management.key", "of-nobody");

        var failed = await FlowEngineCommand.RunAsync("diff", "--from", "http://127.0.0.1:9", "--to", folder.Folder, "--key-file", key);

        Assert.Equal(1, failed.ExitCode);
        Assert.Contains("error cli.server:", failed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("of-nobody", failed.Error, StringComparison.Ordinal);
    }

    private static string Flow(string said) =>
        $$"""
            { "id": "hello", "start": "end", "access": "public",
              "activities": [ { "id": "end", "type": "End", "outputs": { "said": "{{said}}" } } ], "connections": [] }
            """;
}
