using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Templates;
using FlowEngine.TestServers;

namespace FlowEngine.Database.Tests;

/// <summary>What the trace shows of a query, and what it hides.</summary>
[Collection(nameof(PostgresCollection))]
public sealed class TraceTests(PostgresFixture server)
{
    [Fact]
    public async Task Run_Traced_ShowsQueryParametersAndResult()
    {
        await using var flow = DatabaseFlow.Postgres(server.ConnectionString);
        var run = await flow.RunAsync(
            "select {{client.a}} as a, {{client.n}} as n",
            FlowValue.Parse("""{ "a": "x", "n": 1 }"""),
            "",
            RunServices.Default with
            {
                Trace = true,
            }
        );
        var step = run.Trace![0];
        Assert.Equal("""{"connector":"db","query":"select @p0 as a, @p1 as n","parameters":{"@p0":"x","@p1":1}}""", step.Input.ToJson());
        Assert.Equal(
            """{"rows":[{"a":"x","n":1}],"first":{"a":"x","n":1},"rowCount":1,"affectedRows":0,"truncated":false}""",
            step.Output.ToJson()
        );
    }

    [Fact]
    public async Task Run_SensitiveParameter_KeepsItsMarkThereAndBack()
    {
        await using var flow = DatabaseFlow.Postgres(server.ConnectionString);
        var client = FlowValue.From(FlowShape.Of("password", "name").With(FlowValue.From("hunter2").AsSensitive(), FlowValue.From("Ada")));
        var run = await flow.RunAsync(
            "select {{client.password}} as same, {{client.name}} as name, 'x' || "
                + "{{client.password}} as longer, jsonb_build_object('in', {{client.password}}) as nested",
            client,
            "",
            RunServices.Default with
            {
                Trace = true,
            }
        );
        var step = run.Trace![0];
        Assert.DoesNotContain("hunter2", step.Input.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", step.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"name\":\"Ada\"", step.Output.ToString(), StringComparison.Ordinal);

        var row = run.Context.Get(ContextRoot.Connectors).Get("db").Get("first");
        Assert.True(row.Get("same").IsSensitive);
        Assert.Equal("xhunter2", row.Get("longer").ToText());
        Assert.False(row.Get("name").IsSensitive);
    }

    [Fact]
    public async Task Run_MissingValueWithoutFallback_IsNullAndAWarning()
    {
        await using var flow = DatabaseFlow.Postgres(server.ConnectionString);
        var run = await flow.RunAsync("select {{client.none}} as v", default, "", RunServices.Default with { Trace = true });
        Assert.Equal("""[{"v":null}]""", run.Context.Get(ContextRoot.Connectors).Get("db").Get("rows").ToJson());
        Assert.Equal("template.missing", Assert.Single(run.Trace![0].Warnings).Code);
    }

    [Fact]
    public async Task Run_NoContextKey_ResultStandsUnderTheActivitysId()
    {
        await using var flow = DatabaseFlow.Postgres(server.ConnectionString);
        var run = await flow.RunAsync("select 1 as v", default, """, "contextKey": "" """);
        Assert.Equal("1", run.Context.Get(ContextRoot.Connectors).Get("q").Get("first").Get("v").ToText());
    }
}
