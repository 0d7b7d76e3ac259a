using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Templates;

namespace FlowEngine.Database.Tests.Results;

/// <summary>The replies of golden cases, which stand in for a database.</summary>
public sealed class ScriptedReplyTests
{
    /// <summary>What one Database activity may allocate when a reply stands in
    /// for its database: its result, and its place in the context.</summary>
    private const int BytesPerActivity = 640;

    private const string Nowhere =
        """{ "engine": "postgres", "host": "no-such-host.invalid", "database": "d", "username": "u","""
        + """ "password": "env:FLOWENGINE_NO_SUCH_VARIABLE" }""";

    [Theory]
    [InlineData(
        """{ "rows": [ { "id": 1 }, { "id": 2 } ] }""",
        """{"rows":[{"id":1},{"id":2}],"first":{"id":1},"rowCount":2,"affectedRows":0,"truncated":false}"""
    )]
    [InlineData("""{ "rows": [] }""", """{"rows":[],"first":null,"rowCount":0,"affectedRows":0,"truncated":false}""")]
    [InlineData(
        """{ "rows": [ { "id": 1 } ], "affectedRows": 3, "truncated": true }""",
        """{"rows":[{"id":1}],"first":{"id":1},"rowCount":1,"affectedRows":3,"truncated":true}"""
    )]
    [InlineData(
        """{ "rows": [ { "id": 1 }, { "id": 2 }, { "id": 3 } ] }""",
        """{"rows":[{"id":1},{"id":2}],"first":{"id":1},"rowCount":2,"affectedRows":0,"truncated":true}"""
    )]
    [InlineData(
        """{ "error": { "event": "Connector Execution", "code": "db.timeout", "message": "Too slow." } }""",
        """{"error":{"event":"Connector Execution","code":"db.timeout","message":"Too slow."}}"""
    )]
    [InlineData(
        """{ "error": { "code": "db.connect" } }""",
        """{"error":{"event":"Connector Execution","code":"db.connect","message":"The case replies with the error db.connect."}}"""
    )]
    public async Task Run_Reply_IsTheResultWithoutADatabase(string reply, string expected)
    {
        var run = await RunAsync($$"""{ "q": [ {{reply}} ] }""");
        Assert.Equal(expected, run.Context.Get(ContextRoot.Connectors).Get("db").ToJson());
        Assert.Equal(expected.Contains("error", StringComparison.Ordinal) ? RunStatus.Failed : RunStatus.Completed, run.Status);
    }

    /// <summary>The second statement is made of what the reply gives for the first.</summary>
    [Fact]
    public async Task Run_ReplyToStatements_IsWhatEachOfThemGives()
    {
        await using var flow = new DatabaseFlow(Nowhere);
        var run = await flow.TransactAsync(
            ["select id from t", "select {{statements[0].first.id}} as v"],
            settings: """, "maxRows": 1""",
            services: RunServices.Default with
            {
                Trace = true,
                Replies = new ScriptedReplies(
                    FlowValue.Parse("""{ "q": { "statements": [ { "rows": [ { "id": 7 }, { "id": 8 } ] }, { "rows": [] } ] } }""")
                ),
            }
        );
        Assert.Equal(
            """{"statements":[{"rows":[{"id":7}],"first":{"id":7},"rowCount":1,"affectedRows":0,"truncated":true},"""
                + """{"rows":[],"first":null,"rowCount":0,"affectedRows":0,"truncated":false}]}""",
            DatabaseFlow.ResultOf(run).ToJson()
        );
        Assert.Equal("""{"@p0":7}""", run.Trace![0].Input.Get("statements").Get(1).Get("parameters").ToJson());
    }

    [Theory]
    [InlineData("""{ "rows": [] }""", "neither \"statements\" nor \"error\"")]
    [InlineData("""{ "statements": [ { "rows": [] } ] }""", "has 1 elements; the activity has 2 statements")]
    [InlineData("""{ "statements": [ { "rows": [] }, { } ] }""", "The reply's statement 2 has neither")]
    [InlineData("""{ "error": { "code": "db.query", "statement": 1 } }""", null)]
    public async Task Run_ReplyToStatements_MustFitThem(string reply, string? problem)
    {
        await using var flow = new DatabaseFlow(Nowhere);
        var run = await flow.TransactAsync(
            ["select 1", "select 2"],
            services: RunServices.Default with
            {
                Replies = new ScriptedReplies(FlowValue.Parse($$"""{ "q": {{reply}} }""")),
            }
        );
        Assert.Equal(RunStatus.Failed, run.Status);
        if (problem is null)
            Assert.Equal("1", DatabaseFlow.ResultOf(run).Get("error").Get("statement").ToText());
        else
            Assert.Contains(problem, run.Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ }""")]
    [InlineData("""{ "q": [] }""")]
    [InlineData("""{ "other": { "rows": [] } }""")]
    [InlineData("""{ "q": { "statusCode": 200 } }""")]
    [InlineData("""{ "q": { "rows": [ 1 ] } }""")]
    [InlineData("""{ "q": { "rows": [], "affectedRows": "x" } }""")]
    [InlineData("""{ "q": { "rows": [], "truncated": 1 } }""")]
    [InlineData("""{ "q": { "error": { "event": "Generic HTTP Error", "code": "x" } } }""")]
    [InlineData("""{ "q": { "error": { } } }""")]
    public async Task Run_NoUsableReply_FailsTheRun(string replies)
    {
        var run = await RunAsync(replies, """, "errorHandling": { "Connector Execution": "ignore" }""");
        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.Equal("test.no_reply", run.Failure!.Code);
    }

    [Fact]
    public async Task Run_Reply_TracesWhatWouldHaveBeenSent()
    {
        var run = await RunAsync("""{ "q": { "rows": [ { "id": 1 } ] } }""", trace: true);
        Assert.Equal("""{"connector":"db","query":"select @p0","parameters":{"@p0":"x"}}""", run.Trace![0].Input.ToJson());
        Assert.Equal(run.Context.Get(ContextRoot.Connectors).Get("db").ToJson(), run.Trace[0].Output.ToJson());
    }

    [Fact]
    public async Task Run_Reply_AllocatesLittle()
    {
        await using var flow = new DatabaseFlow(Nowhere);
        var with = await BytesPerRunAsync(flow.Compile("select {{client.x}}").Plan!);
        var without = await BytesPerRunAsync(
            FlowEngine
                .Compilation.FlowCompiler.Compile(
                    FlowValue.Parse("""{ "id": "f", "start": "end", "activities": [ { "id": "end", "type": "End" } ] }"""),
                    new FlowEngine.Compilation.CompilationEnvironment()
                )
                .Plan!
        );
        Assert.InRange(with - without, 1, BytesPerActivity);
    }

    private static async Task<long> BytesPerRunAsync(FlowPlan plan)
    {
        const int Runs = 500;
        var reply = FlowValue.Parse("""{ "rows": [ { "id": 1, "tier": "gold" } ] }""");
        var replies = new ScriptedReplies(
            FlowValue.From(FlowShape.Of("q").With(FlowValue.From(FlowArray.From(Enumerable.Repeat(reply, Runs * 2)))))
        );
        var services = RunServices.Default with { Replies = replies };
        var bytes = 0L;
        for (var round = 0; round < 2; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Runs; i++)
            {
                var run = FlowRun.Start(plan, new RunStart(), services);
                await FlowExecutor.AdvanceAsync(run);
                Assert.Equal(RunStatus.Completed, run.Status);
            }
            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Runs;
        }
        return bytes;
    }

    private static async Task<FlowRun> RunAsync(string replies, string settings = "", bool trace = false)
    {
        await using var flow = new DatabaseFlow(Nowhere);
        var services = RunServices.Default with { Replies = new ScriptedReplies(FlowValue.Parse(replies)), Trace = trace };
        return await flow.RunAsync("select {{client.x}}", FlowValue.Parse("""{ "x": "x" }"""), """, "maxRows": 2""" + settings, services);
    }
}
