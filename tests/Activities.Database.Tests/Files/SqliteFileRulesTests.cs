using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Database.Files;
using Microsoft.Data.Sqlite;

namespace FlowEngine.Database.Tests.Files;

/// <summary>Which files a connector opens, by whose it is; on real files and links.</summary>
public sealed class SqliteFileRulesTests : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("flowengine-files-").FullName;

    private string Allowed => Path.Combine(_root, "allowed");

    private string Data => Path.Combine(_root, "data");

    private DatabaseModuleOptions Options => new() { SqliteFiles = new SqliteFileRules([Allowed], Data) };

    public async ValueTask InitializeAsync()
    {
        foreach (var file in (string[])["allowed/people.db", "data/flowengine.db", "elsewhere/people.db"])
        {
            var path = Path.Combine(_root, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using var connection = new SqliteConnection($"Data Source={path};Pooling=false");
            await connection.OpenAsync();
            await using var command = new SqliteCommand("create table t (v text)", connection);
            await command.ExecuteNonQueryAsync();
        }
        File.CreateSymbolicLink(Path.Combine(Allowed, "link.db"), Path.Combine(_root, "elsewhere", "people.db"));
        Directory.CreateSymbolicLink(Path.Combine(Allowed, "folder"), Path.Combine(_root, "elsewhere"));
        Directory.CreateSymbolicLink(Path.Combine(_root, "alias"), Data);
        File.CreateSymbolicLink(Path.Combine(_root, "elsewhere", "own.db"), Path.Combine(_root, "alias", "flowengine.db"));
        Directory.CreateSymbolicLink(Path.Combine(_root, "way-in"), Allowed);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("allowed/people.db", ConnectorOrigin.Saved, true)]
    [InlineData("way-in/people.db", ConnectorOrigin.Saved, true)]
    [InlineData("allowed/../allowed/people.db", ConnectorOrigin.Saved, true)]
    [InlineData("elsewhere/people.db", ConnectorOrigin.Saved, false)]
    [InlineData("elsewhere/none.db", ConnectorOrigin.Saved, false)]
    [InlineData("allowed/../elsewhere/people.db", ConnectorOrigin.Saved, false)]
    [InlineData("allowed-too/people.db", ConnectorOrigin.Saved, false)]
    [InlineData("allowed/link.db", ConnectorOrigin.Saved, false)]
    [InlineData("allowed/folder/people.db", ConnectorOrigin.Saved, false)]
    [InlineData("data/flowengine.db", ConnectorOrigin.Saved, false)]
    [InlineData("elsewhere/people.db", ConnectorOrigin.Operator, true)]
    [InlineData("allowed/link.db", ConnectorOrigin.Operator, true)]
    [InlineData("data/flowengine.db", ConnectorOrigin.Operator, false)]
    [InlineData("data/other.db", ConnectorOrigin.Operator, false)]
    [InlineData("alias/flowengine.db", ConnectorOrigin.Operator, false)]
    [InlineData("elsewhere/own.db", ConnectorOrigin.Operator, false)]
    public async Task Connector_File_IsRefusedWhenItIsSavedAndWhenItIsOpened(string file, ConnectorOrigin origin, bool allowed)
    {
        await using var flow = Flow(Path.Combine(_root, file), origin);
        Assert.Equal(
            allowed ? [] : ["db.file /configuration/file"],
            flow.ConnectorProblems.Select(problem => $"{problem.Code} {problem.Pointer}")
        );
        if (allowed)
            Assert.Equal("[]", await flow.RowsAsync("select v from t"));
    }

    [Theory]
    [InlineData(ConnectorOrigin.Operator)]
    [InlineData(ConnectorOrigin.Saved)]
    public async Task Connector_HardLinkToTheServersDatabase_IsThatDatabase(ConnectorOrigin origin)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells a file's identity.");
        var link = Path.Combine(Allowed, "hard.db");
        using (var made = System.Diagnostics.Process.Start("ln", [Path.Combine(Data, "flowengine.db"), link]))
            await made.WaitForExitAsync();
        Assert.True(File.Exists(link));

        await using var flow = Flow(link, origin);
        Assert.Equal("db.file", Assert.Single(flow.ConnectorProblems).Code);
    }

    [Theory]
    [InlineData("elsewhere/people.db")]
    [InlineData("data/flowengine.db")]
    public async Task Query_FileBecameALinkAfterTheConnectorWasMade_IsRefused(string target)
    {
        var file = Path.Combine(Allowed, "people.db");
        await using var flow = Flow(file, ConnectorOrigin.Saved);
        Assert.NotNull(flow.Compile("select v from t").Plan);

        File.Delete(file);
        File.CreateSymbolicLink(file, Path.Combine(_root, target));

        Assert.Equal("db.file", (await flow.ErrorAsync("select v from t")).Code);
        Assert.Equal("db.file", (await flow.Connector.TestAsync()).Get("error").Get("code").ToText());
    }

    [Theory]
    [InlineData("file:people.db?mode=rw")]
    [InlineData("FILE:///etc/passwd")]
    [InlineData("people.db;Mode=ReadWriteCreate")]
    [InlineData("|DataDirectory|x.db")]
    [InlineData("x\\u0000.db")]
    public async Task Connector_FileThatIsNoPath_OpensNothing(string file)
    {
        await using var flow = new DatabaseFlow(
            $$"""{ "engine": "sqlite", "file": "{{file}}" }""",
            Path.Combine(Allowed, "db.connector.json"),
            Options,
            ConnectorOrigin.Saved
        );
        Assert.True(flow.ConnectorProblems.Count > 0 || (await flow.ErrorAsync("select 1")).Code == "db.connect");
    }

    [Fact]
    public async Task Connector_NoFolderIsSet_OpensNothingForWhoeverSavedIt()
    {
        await using var flow = new DatabaseFlow(
            $$"""{ "engine": "sqlite", "file": {{FlowValue.From(Path.Combine(Allowed, "people.db")).ToJson()}} }""",
            null,
            new DatabaseModuleOptions(),
            ConnectorOrigin.Saved
        );
        Assert.Equal("db.file", Assert.Single(flow.ConnectorProblems).Code);
    }

    private DatabaseFlow Flow(string file, ConnectorOrigin origin) =>
        new($$"""{ "engine": "sqlite", "file": {{FlowValue.From(file).ToJson()}} }""", null, Options, origin);
}
