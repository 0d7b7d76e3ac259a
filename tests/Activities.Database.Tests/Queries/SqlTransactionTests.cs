using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;

namespace FlowEngine.Database.Tests.Queries;

/// <summary>What the statements of a transaction may be: examined when the flow is compiled, without a database.</summary>
public sealed class SqlTransactionTests
{
    private const string Server = """ "host": "localhost", "database": "d", "username": "u" """;

    [Theory]
    [InlineData(""" "statements": [ "select id from t", "select {{statements[0].first.id}} as v" ], "readOnly": false""")]
    [InlineData(""" "query": "", "statements": [ "select 1 as v" ], "readOnly": false""")]
    [InlineData(""" "query": "select 1", "statements": [] """)]
    [InlineData(""" "query": "select 1", "statements": [ "select 1" ], "readOnly": false""", "flow.value /activities/0/query")]
    [InlineData(""" "statements": [ "select 1" ]""", "flow.value /activities/0/readOnly")]
    [InlineData(""" "statements": []""", "flow.required /activities/0/query")]
    [InlineData("""  "timeout": 5 """, "flow.required /activities/0/query")]
    [InlineData(""" "query": "" """, "flow.required /activities/0/query")]
    [InlineData(""" "statements": "select 1", "readOnly": false""", "flow.type /activities/0/statements")]
    [InlineData(""" "statements": [ "select 1", "" ], "readOnly": false""", "flow.required /activities/0/statements/1")]
    [InlineData(
        """ "statements": [ "select id from t where id = {{statements[0].first.id}}" ], "readOnly": false""",
        "path.unknown /activities/0/statements/0"
    )]
    [InlineData(
        """ "statements": [ "select 1 as v", "select {{statements[2].first.v}} as v", "select 1 as v" ], "readOnly": false""",
        "path.unknown /activities/0/statements/1"
    )]
    [InlineData(
        """ "statements": [ "select id from t", "select {{statements[0].first.idd ?? 0}} as v" ], "readOnly": false""",
        "path.unknown /activities/0/statements/1"
    )]
    [InlineData(
        """ "statements": [ "select id from t", "select {{statements.first.id}} as v" ], "readOnly": false""",
        "path.unknown /activities/0/statements/1"
    )]
    [InlineData(""" "query": "select {{statements[0].first.id}} as v" """, "template.unknown_root /activities/0/query")]
    [InlineData(
        """ "statements": [ "select '{{client.a}}'", "select 1; select 2", "select {{client.a}}px" ], "readOnly": false""",
        "db.quoted_template /activities/0/statements/0",
        "db.statements /activities/0/statements/1",
        "db.parameter /activities/0/statements/2"
    )]
    public async Task Compile_Settings_HaveTheseProblems(string settings, params string[] problems)
    {
        await using var connectors = Connectors("postgres");
        Assert.Equal(problems, Compile(connectors, settings).Diagnostics.Select(problem => $"{problem.Code} {problem.Pointer}"));
    }

    [Fact]
    public async Task Compile_PathToALaterStatement_SaysWhatAStatementReads()
    {
        await using var connectors = Connectors("postgres");
        var problem = Assert.Single(
            Compile(
                connectors,
                """ "statements": [ "select 1 as v", "select {{statements[1].first.v}} as v" ], "readOnly": false"""
            ).Diagnostics
        );
        Assert.Equal("This reads statements[1].first.v, but there is no '1': statements has one element.", problem.Message);
        Assert.StartsWith("A statement reads what the statements before it gave", problem.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compile_MoreThanTwenty_AreTooMany()
    {
        await using var connectors = Connectors("postgres");
        Assert.Empty(Codes(20));
        Assert.Equal("flow.too_large /activities/0/statements", Codes(21)[0]);

        string[] Codes(int count) =>
            [
                .. Compile(
                    connectors,
                    $""" "statements": {FlowValue.Texts(Enumerable.Repeat("select 1", count)).ToJson()}, "readOnly": false"""
                )
                    .Diagnostics.Select(problem => $"{problem.Code} {problem.Pointer}"),
            ];
    }

    [Theory]
    [InlineData("postgres", "insert into t values (1) returning id")]
    [InlineData("postgres", "with w as (delete from t returning id) select id from w")]
    [InlineData("postgres", "create temporary table x (id int)")]
    [InlineData("postgres", "do $$ begin /* ; */ perform 1; end $$")]
    [InlineData("postgres", "(select 1)")]
    [InlineData("postgres", "commit", true)]
    [InlineData("postgres", "end", true)]
    [InlineData("postgres", "ROLLBACK", true)]
    [InlineData("postgres", "-- all of it\nabort", true)]
    [InlineData("postgres", "begin", true)]
    [InlineData("postgres", "savepoint a", true)]
    [InlineData("postgres", "release a", true)]
    [InlineData("postgres", "prepare transaction 'x'", true)]
    [InlineData("postgres", "vacuum t", true)]
    [InlineData("sqlite", "replace into t values (1)")]
    [InlineData("sqlite", "create table x (id)")]
    [InlineData("sqlite", "commit", true)]
    [InlineData("sqlite", "savepoint a", true)]
    [InlineData("sqlite", "attach 'x' as y", true)]
    [InlineData("sqlite", "vacuum", true)]
    [InlineData("mysql", "insert into t values (1)")]
    [InlineData("mysql", "call pay()")]
    [InlineData("mysql", "commit", true)]
    [InlineData("mysql", "/*! commit */", true)]
    [InlineData("mysql", "create table x (id int)", true)]
    [InlineData("mysql", "truncate t", true)]
    [InlineData("mysql", "lock tables t write", true)]
    [InlineData("mysql", "set autocommit = 1", true)]
    [InlineData("mysql", "start transaction", true)]
    [InlineData("mysql", "execute immediate 'commit'", true)]
    [InlineData("mysql", "begin not atomic commit", true)]
    [InlineData("mysql", "xa end 'x'", true)]
    [InlineData("mysql", "insert into t values ('a\\'; commit; -- ')", true)]
    [InlineData("mysql", "select 1 from t into outfile '/tmp/x'", true)]
    [InlineData("sqlserver", "update t set n = 1 output inserted.id")]
    [InlineData("sqlserver", "exec pay")]
    [InlineData("sqlserver", "insert into t values (1) commit", true)]
    [InlineData("sqlserver", "begin tran", true)]
    [InlineData("sqlserver", "save transaction x", true)]
    [InlineData("sqlserver", "set implicit_transactions off", true)]
    public async Task Compile_Statement_MustNotEndTheTransaction(string engine, string sql, bool isRefused = false)
    {
        await using var connectors = Connectors(engine);
        var settings = $""" "statements": {FlowValue.Texts(["select 1 as v", sql]).ToJson()}, "readOnly": false""";
        Assert.Equal(
            isRefused ? ["db.transaction /activities/0/statements/1"] : [],
            Compile(connectors, settings).Diagnostics.Select(problem => $"{problem.Code} {problem.Pointer}")
        );
    }

    [Theory]
    [InlineData("end", "connectors.db.statements[1].first.id", null)]
    [InlineData("end", "connectors.db.statements[0].rows[0].name", null)]
    [InlineData("end", "connectors.db.statements[1].first.name", "path.unknown")]
    [InlineData("end", "connectors.db.statements[2].first", "path.unknown")]
    [InlineData("end", "connectors.db.first.id", "path.unknown")]
    [InlineData("end", "connectors.db.rows", "path.unknown")]
    [InlineData("failed", "connectors.db.error.statement", null)]
    [InlineData("failed", "connectors.db.statements[0].first", "path.unknown")]
    public async Task Compile_PathBehind_IsKnownByStatement(string where, string path, string? code)
    {
        await using var connectors = Connectors("postgres");
        var result = Compile(
            connectors,
            """
             "statements": [ "select name from t", "select id from t" ], "readOnly": false,
             "errorHandling": { "Connector Execution": "custom" }
            """,
            outputs: (where, path),
            ports: ["Success", "Connector Execution"]
        );
        Assert.Equal(code is null ? [] : [code], result.Diagnostics.Select(problem => problem.Code));
    }

    /// <summary>Of several statements the last one's rows decide.</summary>
    [Theory]
    [InlineData("""[ { "rows": [ {}, {} ] }, { "rows": [] } ]""", "No Row")]
    [InlineData("""[ { "rows": [] }, { "rows": [ {} ] } ]""", "One Row")]
    [InlineData("""[ { "rows": [] }, { "rows": [ {} ], "truncated": true } ]""", "Many Rows")]
    public async Task Run_OutcomesByRows_AreThoseOfTheLastStatement(string replies, string end)
    {
        await using var connectors = Connectors("postgres");
        var compiled = Compile(
            connectors,
            """ "statements": [ "select name from t", "select id from t" ], "readOnly": false, "outcomes": "rows" """,
            ports: ["No Row", "One Row", "Many Rows"]
        );
        Assert.Empty(compiled.Diagnostics);
        var services = RunServices.Default with
        {
            Replies = new ScriptedReplies(FlowValue.Parse($$"""{ "q": { "statements": {{replies}} } }""")),
        };
        var run = FlowRun.Start(compiled.Plan!, new RunStart(), services);
        await FlowExecutor.AdvanceAsync(run);
        Assert.Equal(end, run.EndName);
    }

    [Theory]
    [InlineData("select id from t", "update t set n = 1", true)]
    [InlineData("update t set n = 1", "select id from t", false)]
    public async Task Compile_OutcomesByRowsOfALastStatementWithout_AreWarnedOf(string first, string last, bool isTold)
    {
        await using var connectors = Connectors("postgres");
        var settings = $""" "statements": {FlowValue.Texts([first, last]).ToJson()}, "readOnly": false, "outcomes": "rows" """;
        Assert.Equal(
            isTold ? ["db.no_rows"] : [],
            Compile(connectors, settings, ports: ["No Row", "One Row", "Many Rows"]).Diagnostics.Select(problem => problem.Code)
        );
    }

    private static ConnectorSet Connectors(string engine)
    {
        var connectors = new ConnectorSet(DatabaseModule.ConnectorTypes(DatabaseFlow.Open));
        var settings = engine == "sqlite" ? """ "file": "people.db" """ : Server;
        var json = FlowValue.Parse($$"""{ "id": "db", "type": "sql", "configuration": { "engine": "{{engine}}", {{settings}} } }""");
        connectors.Set(ConnectorDefinition.Read(json, null, new DiagnosticBag())! with { Origin = ConnectorOrigin.Operator });
        return connectors;
    }

    /// <summary>A flow whose ends are named as the ports that lead there; the event's is <c>failed</c>, that of Success <c>end</c>.</summary>
    private static CompilationResult Compile(
        ConnectorSet connectors,
        string settings,
        (string End, string Path)? outputs = null,
        params string[] ports
    )
    {
        var ends = (ports.Length == 0 ? ["Success"] : ports)
            .Select(port =>
                (
                    Port: port,
                    Id: port switch
                    {
                        "Success" => "end",
                        "Connector Execution" => "failed",
                        _ => port.Replace(' ', '-'),
                    }
                )
            )
            .ToList();
        var activities = ends.Select(end =>
            $$"""{ "id": "{{end.Id}}", "type": "End", "name": "{{end.Port}}" """
            + (outputs is { } output && output.End == end.Id ? $$$""", "outputs": { "x": "{{{{{output.Path}}}}}" } }""" : "}")
        );
        var connections = ends.Select(end => $$"""{ "source": "q", "port": "{{end.Port}}", "target": "{{end.Id}}" }""");
        var flow = $$"""
            { "id": "f", "start": "q", "inputs": { "a": {} }, "activities": [
                { "id": "q", "type": "Database", "connector": "db", "contextKey": "db", {{settings}} }, {{string.Join(", ", activities)}} ],
              "connections": [ {{string.Join(", ", connections)}} ] }
            """;
        return FlowCompiler.Compile(
            FlowValue.Parse(flow),
            new CompilationEnvironment { Activities = new ActivityCatalog(DatabaseModule.ActivityTypes), Connectors = connectors }
        );
    }
}
