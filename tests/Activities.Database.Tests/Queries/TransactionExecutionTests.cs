using FlowEngine.Context;
using FlowEngine.Execution;

namespace FlowEngine.Database.Tests.Queries;

/// <summary>Statements of one transaction on a real database: all of them or none, each made of what those before it gave. Each engine has
/// the table <c>t (id, name unique, n)</c> with the row 1, one, 1, and an empty <c>child (t_id, note)</c>.</summary>
public abstract class TransactionExecutionTests
{
    /// <summary>The flow on the database.</summary>
    private protected abstract DatabaseFlow Flow { get; }

    /// <summary>A query that takes longer than a second, and ends when it is cancelled.</summary>
    protected abstract string SlowQuery { get; }

    [Fact]
    public async Task Run_Statements_EachIsMadeOfWhatThoseBeforeItGave()
    {
        var statements = await Flow.StatementsAsync(
            [
                "insert into t (id, name, n) values (10, {{client.name}}, 5)",
                "select id, name from t where name = {{client.name}}",
                "insert into child (t_id, note) values ({{statements[1].first.id}}, {{statements[1].rows[0].name}})",
                "select note from child where t_id = {{statements[1].first.id}} and note <> {{statements[0].first.id ?? \"nobody\"}}",
            ],
            """{ "name": "Ada" }"""
        );

        Assert.Equal("""[{"note":"Ada"}]""", statements.Get(3).Get("rows").ToJson());
        Assert.Equal("""{"rows":[],"first":null,"rowCount":0,"affectedRows":1,"truncated":false}""", statements.Get(0).ToJson());
        Assert.Equal("""[{"note":"Ada"}]""", await Flow.RowsAsync("select note from child"));
    }

    [Fact]
    public async Task Run_SecondStatementFails_NothingIsWrittenAndTheErrorSaysWhich()
    {
        var error = await Flow.StatementErrorAsync([
            "insert into t (id, name, n) values (20, 'new', 5)",
            "insert into t (id, name, n) values (1, 'again', 5)",
            "insert into t (id, name, n) values (21, 'never', 5)",
        ]);

        Assert.Equal(("db.query", "1"), (error.Get("code").ToText(), error.Get("statement").ToText()));
        Assert.Contains("Statement 2 of 3 failed, and nothing was written.", error.Get("message").ToText(), StringComparison.Ordinal);
        Assert.Equal("""[{"id":1}]""", await Flow.RowsAsync("select id from t order by id"));
    }

    /// <summary>Half a transaction that took too long.</summary>
    [Fact]
    public async Task Run_SecondStatementTakesTooLong_NothingIsWritten()
    {
        var error = await Flow.StatementErrorAsync(
            ["insert into t (id, name, n) values (30, 'new', 5)", SlowQuery],
            settings: """, "timeout": 1"""
        );

        Assert.Equal(("db.timeout", "1"), (error.Get("code").ToText(), error.Get("statement").ToText()));
        Assert.Equal("""[{"id":1}]""", await Flow.RowsAsync("select id from t order by id"));
        Assert.Equal("1", (await Flow.StatementsAsync(["update t set n = 2 where id = 1"])).Get(0).Get("affectedRows").ToText());
    }

    [Fact]
    public async Task Run_MoreRowsThanMaxRows_EachStatementIsCutByItself()
    {
        var statements = await Flow.StatementsAsync(
            [
                "insert into t (id, name, n) values (40, 'a', 5), (41, 'b', 5)",
                "select id from t order by id",
                "select id from t where id = 1",
            ],
            settings: """, "maxRows": 2"""
        );

        Assert.Equal(
            ["0 false", "2 true", "1 false"],
            Enumerable
                .Range(0, 3)
                .Select(i => $"{statements.Get(i).Get("rowCount").ToText()} {statements.Get(i).Get("truncated").ToText()}")
        );
    }

    /// <summary>What one statement found is a secret as soon as the next one is made of it.</summary>
    [Fact]
    public async Task Run_Sensitive_WhatTheNextStatementIsGivenIsMasked()
    {
        var run = await Flow.TransactAsync(
            [
                "insert into t (id, name, n) values (50, 'hunter2-value', 5)",
                "select name from t where id = 50",
                "insert into child (t_id, note) values (50, {{statements[1].first.name}})",
            ],
            settings: """, "sensitive": true""",
            services: RunServices.Default with
            {
                Trace = true,
            }
        );

        var step = run.Trace![0];
        Assert.Equal("""[{"note":"hunter2-value"}]""", await Flow.RowsAsync("select note from child"));
        Assert.Contains("\"@p0\"", step.Input.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", step.Input.Get("statements").Get(2).Get("parameters").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", step.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Traced_ShowsEachStatementAndHowFarItCame()
    {
        var run = await Flow.TransactAsync(
            [
                "select name from t where id = {{client.id}}",
                "insert into t (id, name, n) values (60, {{statements[0].first.name}}, 5)",
                "select name from t where id = {{client.id}}",
            ],
            """{ "id": 1 }""",
            services: RunServices.Default with
            {
                Trace = true,
            }
        );

        Assert.Equal(
            """{"connector":"db","statements":[{"query":"select name from t where id = @p0","parameters":{"@p0":1}},"""
                + """{"query":"insert into t (id, name, n) values (60, @p0, 5)","parameters":{"@p0":"one"}},"""
                + """{"query":"select name from t where id = @p0"}]}""",
            run.Trace![0].Input.ToJson()
        );
    }

    /// <summary>Two rows of one name: the last statement's rows decide, and what it changed is kept whichever way it leaves.</summary>
    [Fact]
    public async Task Run_LastStatementsRows_AreWhatTransactionsResultHas()
    {
        var statements = await Flow.StatementsAsync(["update t set n = n + 1 where id = 1", "select n from t where id = 1"]);
        Assert.Equal("2", statements.Get(1).Get("first").Get("n").ToText());
        Assert.Equal(2, statements.TryGetArray(out var all) ? all.Count : 0);
    }
}
