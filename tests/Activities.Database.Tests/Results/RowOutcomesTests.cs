using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using Microsoft.Data.Sqlite;

namespace FlowEngine.Database.Tests.Results;

/// <summary><c>"outcomes": "rows"</c>: which way a query leaves by what it found, and what may be read behind it.</summary>
public sealed class RowOutcomesTests : IDisposable
{
    private const string ByRows = """, "outcomes": "rows" """;

    private static readonly (string Port, string Target)[] Three = [("No Row", "none"), ("One Row", "one"), ("Many Rows", "many")];

    private readonly string _folder = Directory.CreateTempSubdirectory("rows").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("""{ "rows": [] }""", "none")]
    [InlineData("""{ "rows": [ { "id": 1 } ] }""", "one")]
    [InlineData("""{ "rows": [ { "id": 1 }, { "id": 2 } ] }""", "many")]
    [InlineData("""{ "rows": [ { "id": 1 } ], "truncated": true }""", "many")]
    [InlineData("""{ "rows": [ { "id": null } ] }""", "one")]
    public async Task Run_Rows_LeavesByTheirNumber(string reply, string end)
    {
        var run = await RunAsync("select id from t", ByRows, Three, $$"""{ "q": {{reply}} }""");
        Assert.Equal((RunStatus.Completed, end), (run.Status, run.EndName));
    }

    /// <summary>What is not read counts all the same.</summary>
    [Theory]
    [InlineData("where id > 2", "none")]
    [InlineData("where id = 1", "one")]
    [InlineData("", "many")]
    public async Task Run_MaxRowsOne_CountsTheRowsBeyondIt(string where, string end)
    {
        var file = Path.Combine(_folder, "people.db");
        await using (var connection = new SqliteConnection($"Data Source={file};Pooling=false"))
        {
            await connection.OpenAsync();
            var command = connection.CreateCommand();
            command.CommandText = "create table t (id integer); insert into t values (1), (2)";
            await command.ExecuteNonQueryAsync();
        }
        var run = await RunAsync($"select id from t {where}", ByRows + """, "maxRows": 1""", Three, file: file);
        Assert.Equal((RunStatus.Completed, end), (run.Status, run.EndName));
    }

    /// <summary>A query that failed found nothing out: it is none of the three.</summary>
    [Fact]
    public async Task Run_QueryFails_LeavesByNoneOfThem()
    {
        const string Custom = """, "errorHandling": { "Connector Execution": "custom" }""";
        var run = await RunAsync(
            "select id from t",
            ByRows + Custom,
            [.. Three, ("Connector Execution", "failed")],
            """{ "q": { "error": { "code": "db.connect" } } }"""
        );
        Assert.Equal((RunStatus.Completed, "failed"), (run.Status, run.EndName));
    }

    [Fact]
    public void Compile_SuccessIsConnected_IsNoOutcome() =>
        Assert.Equal(["flow.unknown_port"], Codes(Compile("select id from t", ByRows, [.. Three, ("Success", "none")])));

    [Fact]
    public void Compile_OneIsNotConnected_IsRefused() =>
        Assert.Equal(["flow.unconnected"], Codes(Compile("select id from t", ByRows, [.. Three.Skip(1)], ends: ["one", "many"])));

    [Fact]
    public void Compile_WithoutTheSetting_HasSuccessAlone()
    {
        Assert.Empty(Codes(Compile("select id from t", "", [("Success", "one")], ends: ["one"])));
        Assert.Empty(Codes(Compile("select id from t", """, "outcomes": "success" """, [("Success", "one")], ends: ["one"])));
        Assert.Contains("flow.value", Codes(Compile("select id from t", """, "outcomes": "row" """, [("Success", "one")], ends: ["one"])));
    }

    /// <summary>Nothing was found out, so that no outcome can be true.</summary>
    [Fact]
    public void Compile_ErrorIsIgnored_IsRefused()
    {
        var problem = Assert.Single(
            Compile("select id from t", ByRows + """, "errorHandling": { "Connector Execution": "ignore" }""", Three).Diagnostics
        );
        Assert.Equal(
            ("flow.value", "/activities/0/errorHandling/Connector Execution", Severity.Error),
            (problem.Code, problem.Pointer, problem.Severity)
        );
        Assert.Contains("cannot be ignored", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_InsideParallel_IsRefused()
    {
        var result = CompileFlow(
            """
            { "id": "f", "start": "p", "activities": [
                { "id": "p", "type": "Parallel", "activities": [
                    { "id": "q", "type": "Database", "connector": "db", "query": "select 1", "outcomes": "rows" } ] },
                { "id": "end", "type": "End" } ],
              "connections": [ { "source": "p", "port": "Success", "target": "end" } ] }
            """
        );
        var problem = Assert.Single(result.Diagnostics);
        Assert.Equal(("flow.parallel", "/activities/0/activities/0/outcomes"), (problem.Code, problem.Pointer));
    }

    [Theory]
    [InlineData("update t set id = 1", true)]
    [InlineData("-- all of them\nDELETE FROM t", true)]
    [InlineData("insert into t values (1) returning id", false)]
    [InlineData("with w as (delete from t returning id) select id from w", false)]
    [InlineData("select id from t", false)]
    public void Compile_QueryGivesNoRows_IsTold(string query, bool isTold)
    {
        var problems = Compile(query, ByRows + """, "readOnly": false""", Three).Diagnostics;
        Assert.Equal(
            isTold ? [("db.no_rows", "/activities/0/outcomes", Severity.Warning)] : [],
            problems.Select(problem => (problem.Code, problem.Pointer, problem.Severity))
        );
    }

    [Theory]
    [InlineData("none", "connectors.db.first.id", "path.unknown")]
    [InlineData("none", "connectors.db.rows[0].id", "path.unknown")]
    [InlineData("none", "connectors.db.rowCount", null)]
    [InlineData("none", "connectors.db.first", null)]
    [InlineData("one", "connectors.db.first.id", null)]
    [InlineData("many", "connectors.db.rows[1].id", null)]
    [InlineData("one", "connectors.db.first.name", "path.unknown")]
    public void Compile_PathBehindAnOutcome_IsCheckedByIt(string end, string path, string? code) =>
        Assert.Equal(
            code is null ? [] : [code],
            Codes(Compile("select id from t", ByRows, Three, outputs: (end, $$$"""{ "x": "{{{{{path}}}}}" }""")))
        );

    [Fact]
    public void Compile_PathWhereNoRowAndOneRowMeet_IsAWarning()
    {
        var problem = Assert.Single(
            Compile(
                "select id from t",
                ByRows,
                [("No Row", "one"), ("One Row", "one"), ("Many Rows", "many")],
                outputs: ("one", """{ "x": "{{connectors.db.first.id}}" }"""),
                ends: ["one", "many"]
            ).Diagnostics
        );
        Assert.Equal(("path.maybe", Severity.Warning), (problem.Code, problem.Severity));
    }

    private static string[] Codes(CompilationResult result) => [.. result.Diagnostics.Select(problem => problem.Code)];

    private static CompilationResult Compile(
        string query,
        string settings,
        (string Port, string Target)[] connections,
        (string End, string Json)? outputs = null,
        string[]? ends = null,
        string file = "people.db"
    )
    {
        var names = ends ?? [.. connections.Select(connection => connection.Target).Distinct()];
        var all = names.Select(name =>
            $$"""{ "id": "{{name}}", "type": "End", "name": "{{name}}", "outputs": {{(outputs?.End == name ? outputs?.Json : "{}")}} }"""
        );
        var lines = connections.Select(connection =>
            $$"""{ "source": "q", "port": "{{connection.Port}}", "target": "{{connection.Target}}" }"""
        );
        return CompileFlow(
            $$"""
            { "id": "f", "start": "q", "activities": [
                { "id": "q", "type": "Database", "connector": "db", "contextKey": "db", "query": {{FlowValue.From(
                query
            ).ToJson()}}{{settings}} },
                {{string.Join(", ", all)}} ],
              "connections": [ {{string.Join(", ", lines)}} ] }
            """,
            file
        );
    }

    private static CompilationResult CompileFlow(string flow, string file = "people.db")
    {
        var connectors = new ConnectorSet(DatabaseModule.ConnectorTypes(DatabaseFlow.Open));
        var json = FlowValue.Parse(
            $$"""{ "id": "db", "type": "sql", "configuration": { "engine": "sqlite", "file": {{FlowValue.From(file).ToJson()}} } }"""
        );
        connectors.Set(ConnectorDefinition.Read(json, null, new DiagnosticBag())! with { Origin = ConnectorOrigin.Operator });
        return FlowCompiler.Compile(
            FlowValue.Parse(flow),
            new CompilationEnvironment { Activities = new ActivityCatalog(DatabaseModule.ActivityTypes), Connectors = connectors }
        );
    }

    private static async Task<FlowRun> RunAsync(
        string query,
        string settings,
        (string Port, string Target)[] connections,
        string? replies = null,
        string file = "people.db"
    )
    {
        var compiled = Compile(query, settings, connections, file: file);
        Assert.True(compiled.Plan is not null, string.Join("\n", compiled.Diagnostics));
        var services = replies is null
            ? RunServices.Default
            : RunServices.Default with
            {
                Replies = new ScriptedReplies(FlowValue.Parse(replies)),
            };
        var run = FlowRun.Start(compiled.Plan, new RunStart(), services);
        await FlowExecutor.AdvanceAsync(run);
        return run;
    }
}
