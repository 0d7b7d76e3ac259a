using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Database.Connectors;
using FlowEngine.Errors;

namespace FlowEngine.Database.Tests.Connectors;

public sealed class SqlConnectorSettingsTests
{
    private const string Server = """ "host": "h", "database": "d", "username": "u" """;

    [Theory]
    [InlineData(
        """{ "engine": "postgres", "host": "h", "database": "d", "username": "u", "password": "env:NOT_SET", "port": 1,"""
            + """ "ssl": "verifyFull", "maxPoolSize": 1000 }"""
    )]
    [InlineData("""{ "engine": "mysql", "host": "h", "database": "d", "username": "u" }""")]
    [InlineData("""{ "engine": "sqlserver", "host": "h", "database": "d", "username": "u", "ssl": "disable" }""")]
    [InlineData("""{ "engine": "sqlite", "file": "people.db", "maxPoolSize": 5 }""")]
    [InlineData("""{ }""", "flow.required /configuration/engine")]
    // What is needed, an engine that is none cannot say.
    [InlineData("""{ "engine": "oracle" }""", "flow.value /configuration/engine")]
    [InlineData(
        """{ "engine": "postgres", "file": "x" }""",
        "flow.required /configuration/host",
        "flow.required /configuration/database",
        "flow.required /configuration/username",
        "connector.setting /configuration/file"
    )]
    [InlineData(
        """{ "engine": "sqlite", "host": "h", "port": 1, "password": "p", "ssl": "require" }""",
        "flow.required /configuration/file",
        "connector.setting /configuration/host",
        "connector.setting /configuration/port",
        "connector.setting /configuration/password",
        "connector.setting /configuration/ssl"
    )]
    [InlineData("""{ "engine": "sqlite", "file": ":memory:" }""", "connector.setting /configuration/file")]
    [InlineData("""{ "engine": "sqlite", "file": "file:x?mode=memory" }""", "connector.setting /configuration/file")]
    [InlineData(
        """{ "engine": "postgres", "host": "h", "database": "d", "username": "u", "port": 70000, "ssl": "maybe", "maxPoolSize": 0 }""",
        "flow.range /configuration/port",
        "flow.value /configuration/ssl",
        "flow.range /configuration/maxPoolSize"
    )]
    public void Create_Settings_HaveTheseProblemsAllAtOnce(string configuration, params string[] problems) =>
        Assert.Equal(problems, Create(configuration, out _).Select(problem => $"{problem.Code} {problem.Pointer}"));

    /// <summary>Nobody is asked, and whoever uses it in a flow is told.</summary>
    [Fact]
    public async Task Disabled_EndsEachQueryAndWarnsFlows()
    {
        await using var flow = new DatabaseFlow("""{ "engine": "sqlite", "file": "not-there.db", "disabled": true }""");

        Assert.Equal("db.disabled", (await flow.ErrorAsync("select 1")).Code);
        Assert.Equal("db.disabled", (await flow.StatementErrorAsync(["select 1", "select 2"])).Get("code").ToText());
        Assert.Contains(flow.Compile("select 1").Diagnostics, problem => problem.Code == "flow.connector_disabled");
    }

    [Fact]
    public void Create_Settings_HaveTheDefaultsOfTheDocumentation()
    {
        var settings = DatabaseModule.ConnectorTypes(DatabaseFlow.Open)[0].Settings;
        Assert.Equal("20", settings.Find("maxPoolSize")!.Default.ToText());
        Assert.Equal("prefer", settings.Find("ssl")!.Default.ToText());
        Assert.Equal(["postgres", "sqlite", "mysql", "sqlserver"], settings.Find("engine")!.Choices!);
    }

    [Fact]
    public void Create_Password_IsASecretSetting() =>
        Assert.Equal(
            FlowEngine.Settings.SettingKind.Secret,
            DatabaseModule.ConnectorTypes(DatabaseFlow.Open)[0].Settings.Find("password")!.Kind
        );

    [Theory]
    [InlineData("postgres")]
    [InlineData("mysql")]
    [InlineData("sqlserver")]
    public async Task Query_SecretIsMissing_IsAnErrorOfItsOwn(string engine)
    {
        await using var flow = new DatabaseFlow(
            $$"""{ "engine": "{{engine}}", {{Server}}, "password": "env:FLOWENGINE_NO_SUCH_VARIABLE" }"""
        );
        var (code, message) = await flow.ErrorAsync("select 1");
        Assert.Equal("connector.secret_missing", code);
        Assert.Contains("FLOWENGINE_NO_SUCH_VARIABLE", message, StringComparison.Ordinal);

        var report = await flow.Connector.TestAsync();
        Assert.Equal("false connector.secret_missing", $"{report.Get("ok").ToText()} {report.Get("error").Get("code").ToText()}");
    }

    [Fact]
    public async Task Query_SecretAppearsLater_IsFound()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("flowengine-secret-").FullName, "password");
        await using var flow = new DatabaseFlow(
            """{ "engine": "postgres", "host": "127.0.0.1", "port": 1, "database": "d", "username": "u","""
                + $$""" "password": {{FlowValue.From($"file:{file}").ToJson()}} }"""
        );
        Assert.Equal("connector.secret_missing", (await flow.ErrorAsync("select 1")).Code);
        await File.WriteAllTextAsync(file, "found");
        Assert.Equal("db.connect", (await flow.ErrorAsync("select 1")).Code);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    private static IReadOnlyList<Diagnostic> Create(string configuration, out Connector? connector)
    {
        var definition = ConnectorDefinition.Read(
            FlowValue.Parse($$"""{ "id": "db", "type": "sql", "configuration": {{configuration}} }"""),
            "db.connector.json",
            new DiagnosticBag()
        )!;
        var set = new ConnectorSet(DatabaseModule.ConnectorTypes(DatabaseFlow.Open));
        set.Set(definition with { Origin = ConnectorOrigin.Operator });
        connector = set.Find("db", out var problems);
        return problems;
    }
}
