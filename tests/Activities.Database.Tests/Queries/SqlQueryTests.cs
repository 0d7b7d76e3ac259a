using FlowEngine.Context;

namespace FlowEngine.Database.Tests.Queries;

/// <summary>What a query may look like: examined at compile time, without a database.</summary>
public sealed class SqlQueryTests
{
    private const string Server = """ "host": "localhost", "database": "d", "username": "u" """;

    [Theory]
    [InlineData("postgres", "select * from t where a = '{{form.a}}'")]
    [InlineData("postgres", "select * from t where a like '%{{form.a}}%'")]
    [InlineData("postgres", "select * from t where a = 'it''s {{form.a}}'")]
    [InlineData("postgres", "select * from t where a = E'it\\'s {{form.a}}'")]
    [InlineData("postgres", "select * from t where a = e'\\\\' || '{{form.a}}'")]
    [InlineData("postgres", "select \"{{form.a}}\" from t")]
    [InlineData("postgres", "select $${{form.a}}$$")]
    [InlineData("postgres", "select $tag$ $$ {{form.a}} $tag$")]
    [InlineData("postgres", "select 1 -- {{form.a}}")]
    [InlineData("postgres", "select 1 /* /* */ {{form.a}} */")]
    [InlineData("postgres", "select * from t where a = '{{form.a}}")]
    [InlineData("postgres", "select * from t where a = U&'{{form.a}}'")]
    [InlineData("sqlite", "select * from t where a = '{{form.a}}'")]
    [InlineData("sqlite", "select `{{form.a}}`, [{{form.a}}] from t")]
    [InlineData("sqlite", "select [a]] {{form.a}}] from t")]
    [InlineData("mysql", "select * from t where a = \"{{form.a}}\"")]
    [InlineData("mysql", "select * from t where a = 'it\\'s {{form.a}}'")]
    [InlineData("mysql", "select 1 # {{form.a}}")]
    [InlineData("mysql", "select 1 -- {{form.a}}")]
    [InlineData("mysql", "select `{{form.a}}` from t")]
    [InlineData("sqlserver", "select * from t where a = N'{{form.a}}'")]
    [InlineData("sqlserver", "select [{{form.a}}] from t")]
    [InlineData("sqlserver", "select 1 /* /* */ {{form.a}} */")]
    public async Task Compile_TemplateInQuotesOrComment_IsRefused(string engine, string query)
    {
        await using var flow = Flow(engine);
        var problems = flow.Compile(query, """, "readOnly": false""").Diagnostics;
        Assert.NotEmpty(problems);
        Assert.All(problems, problem => Assert.Equal("db.quoted_template", problem.Code));
        Assert.Equal("/activities/0/query", problems[0].Pointer);
    }

    [Fact]
    public async Task Compile_QuotedTemplate_AdvisesToDropTheQuotes()
    {
        await using var flow = Flow("postgres");
        Assert.StartsWith(
            "Drop the quotes around {{form.email}}",
            Assert.Single(flow.Compile("select 1 from t where a = '{{form.email}}'").Diagnostics).Advice,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("postgres", "select 'it''s', \"x\" from t where a = {{form.a}}")]
    [InlineData("postgres", "select 'a\\' from t where a = {{form.a}} and b = 'c'")]
    [InlineData("postgres", "select $$it's$$, {{form.a}}::int")]
    [InlineData("postgres", "select a[1], tags[{{form.a}}] from t -- it's")]
    [InlineData("postgres", "select 1 /* ' */ + {{form.a}}")]
    [InlineData("postgres", "select data ? 'x' from t where data @> {{form.a}}")]
    [InlineData("postgres", "select * from t where a=any({{form.a}});")]
    [InlineData("postgres", "select 'a;b', {{form.a}} ; -- done; really")]
    [InlineData("mysql", "select 1--{{form.a}}")]
    [InlineData("mysql", "select '\\\\', {{form.a}}")]
    [InlineData("mysql", "select @total, {{form.a}}")]
    [InlineData("sqlite", "select json_extract(a, '$[0]'), {{form.a}} from t")]
    [InlineData("sqlserver", "select [it's] from t where a = {{form.a}}")]
    [InlineData("postgres", "select * from user_{{form.a}}", "db.parameter")]
    [InlineData("postgres", "select {{form.a}}{{form.b}}", "db.parameter", "db.parameter")]
    [InlineData("postgres", "select {{form.a}}px", "db.parameter")]
    [InlineData("postgres", "select * from t where a = $1 and b = {{form.b}}", "db.parameter")]
    [InlineData("mysql", "select * from t where a = @p0", "db.parameter")]
    [InlineData("sqlserver", "select * from t where a = @P12", "db.parameter")]
    [InlineData("postgres", "select 1; drop table users", "db.statements")]
    [InlineData("postgres", "commit; delete from users", "db.statements")]
    [InlineData("mysql", "commit; delete from users", "db.statements")]
    [InlineData("mysql", "select 1 /*! ; drop table users */", "db.statements")]
    [InlineData("sqlite", "select 1; delete from users", "db.statements")]
    [InlineData("sqlserver", "select 1; delete from users", "db.statements")]
    [InlineData("postgres", "select {{nowhere.a}}", "template.unknown_root")]
    public async Task Compile_Query_HasTheseProblems(string engine, string query, params string[] codes)
    {
        await using var flow = Flow(engine);
        Assert.Equal(codes, flow.Problems(query));
    }

    [Theory]
    [InlineData("postgres", "insert into a values (1); insert into b values (2)", "db.statements")]
    [InlineData("mysql", "insert into a values (1); select last_insert_id()")]
    [InlineData("sqlite", "insert into a values (1); insert into b values (2)")]
    public async Task Compile_SeveralStatementsThatMayWrite_DependOnTheEngine(string engine, string query, params string[] codes)
    {
        await using var flow = Flow(engine);
        Assert.Equal(codes, flow.Problems(query, """, "readOnly": false"""));
    }

    [Theory]
    [InlineData(""", "timeout": 0""")]
    [InlineData(""", "timeout": 61""")]
    [InlineData(""", "maxRows": 0""")]
    [InlineData(""", "maxRows": 10001""")]
    public async Task Compile_LimitOutOfRange_IsRefused(string settings)
    {
        await using var flow = Flow("postgres");
        Assert.Equal(["flow.range"], flow.Problems("select 1", settings));
    }

    [Fact]
    public async Task Compile_UnknownConnector_IsReportedWithTheQuerysOwnProblems()
    {
        await using var flow = Flow("postgres");
        Assert.Equal(["flow.unknown_connector", "db.quoted_template"], flow.Problems("select '{{form.a}}'", """, "connector": "users" """));
    }

    [Fact]
    public void ActivityType_Settings_HaveTheDefaultsOfTheSpecification()
    {
        var settings = DatabaseModule.ActivityTypes[0].Settings;
        Assert.Equal(
            """{"timeout":5,"maxRows":100,"readOnly":true}""",
            FlowValue
                .From(
                    FlowShape
                        .Of("timeout", "maxRows", "readOnly")
                        .With(settings.Find("timeout")!.Default, settings.Find("maxRows")!.Default, settings.Find("readOnly")!.Default)
                )
                .ToJson()
        );
    }

    private static DatabaseFlow Flow(string engine) =>
        new(engine == "sqlite" ? """{ "engine": "sqlite", "file": "none.db" }""" : $$"""{ "engine": "{{engine}}", {{Server}} }""");
}
