using FlowEngine.Activities;
using FlowEngine.Context;
using FlowEngine.Database.Engines;
using FlowEngine.Database.Queries;
using FlowEngine.Database.Results;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Templates;

namespace FlowEngine.Database.Tests.Results;

/// <summary>In which ways a drill has a query end.</summary>
public sealed class QueryEndingsTests
{
    private const string Sqlite = """{ "engine": "sqlite", "file": "never-opened.db" }""";
    private const string Usual = """{ "rows": [ { "id": 1, "tier": "gold" } ] }""";

    [Theory]
    [InlineData("select id, tier from t", "", Usual, "connect, timeout, no row 0, many rows 2")]
    // What a query writes, nobody may know.
    [InlineData(
        "update t set n = 1 returning id, tier",
        """, "readOnly": false""",
        Usual,
        "connect, timeout, outcome_unknown, no row 0, many rows 2"
    )]
    [InlineData(
        "update t set n = 1",
        """, "readOnly": false""",
        """{ "rows": [], "affectedRows": 1 }""",
        "connect, timeout, outcome_unknown, no row 0"
    )]
    [InlineData("select id, tier from t", """, "maxRows": 1""", Usual, "connect, timeout, no row 0, many rows 1+")]
    public async Task Query_EndsByItsErrorsAndByWhatItFinds(string query, string settings, string usual, string expected)
    {
        await using var flow = new DatabaseFlow(Sqlite);

        var ways = QueryEndings.Of(
            FlowValue.Parse(usual),
            Query(query),
            isTransaction: false,
            isReadOnly: !settings.Contains("readOnly", StringComparison.Ordinal)
        );
        Assert.Equal(expected, await EndsAsync(flow.Compile(query, settings).Plan!, ways, result => result));
    }

    [Fact]
    public void QueryWithoutAUsualRow_HasItsColumnsInThoseThatADrillMakes()
    {
        var ways = QueryEndings.Of(
            FlowValue.Parse("""{ "rows": [] }"""),
            Query("select id, tier from t"),
            isTransaction: false,
            isReadOnly: true
        );

        var reply = ways.First(way => way.Name == "many rows").Reply;
        Assert.Equal("""{"rows":[{"id":null,"tier":null},{"id":null,"tier":null}]}""", reply.ToJson());
    }

    [Fact]
    public async Task Transaction_EndsByWhatItsLastStatementFinds()
    {
        await using var flow = new DatabaseFlow(Sqlite);
        var plan = flow.Compile(["select id from a", "select tier from b"]).Plan!;
        var usual = FlowValue.Parse("""{ "statements": [ { "rows": [ { "id": 1 } ] }, { "rows": [ { "tier": "gold" } ] } ] }""");
        var last = Query("select tier from b");

        var ways = QueryEndings.Of(usual, last, isTransaction: true, isReadOnly: false);

        Assert.Equal(
            "connect, timeout, outcome_unknown, no row 0, many rows 2",
            await EndsAsync(plan, ways, result => result.Get("statements").Get(1))
        );
        // Without a reply of the case nobody knows what the statements before give.
        Assert.Equal(
            ["connect", "timeout", "outcome_unknown"],
            QueryEndings.Of(default, last, isTransaction: true, isReadOnly: false).Select(way => way.Name)
        );
    }

    private static SqlQuery Query(string sql)
    {
        var problems = new DiagnosticBag();
        var at = SourceLocation.Root(null);
        return SqlQuery.Parse(
            Template.Parse(sql, at, problems),
            SqlEngineKind.All[0].Dialect,
            readOnly: false,
            ActivityCompilation.Standalone(new ActivityDefinition("q", "Database", FlowObject.Empty, at), problems),
            at
        );
    }

    /// <summary>The ways, and how many rows each gives; a plus for more that were not read.</summary>
    private static async Task<string> EndsAsync(FlowPlan plan, IReadOnlyList<WayToEnd> ways, Func<FlowValue, FlowValue> counted)
    {
        var ends = new List<string>();
        foreach (var way in ways)
        {
            var run = FlowRun.Start(
                plan,
                new RunStart(),
                RunServices.Default with
                {
                    Trace = true,
                    Replies = new ScriptedReplies(FlowValue.Object(("q", way.Reply))),
                }
            );
            await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);
            var step = run.Trace!.First(step => step.Activity == "q");
            var result = counted(step.Output);
            ends.Add(
                step.Error is { } error
                    ? error.Code.Replace("db.", "", StringComparison.Ordinal)
                    : $"{way.Name} {result.Get("rowCount")}{(result.Get("truncated") == FlowValue.True ? "+" : "")}"
            );
        }
        return string.Join(", ", ends);
    }
}
