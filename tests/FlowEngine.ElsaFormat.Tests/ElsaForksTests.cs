using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Tests;

namespace FlowEngine.ElsaFormat.Tests;

/// <summary>A fork whose branches, one activity each, lead to one join is our Parallel; any other is reported and kept.</summary>
public sealed class ElsaForksTests
{
    private const string Fork =
        """{ "id": "f", "type": "Elsa.FlowFork", "name": "Both", "branches": { "expression": { "type": "Object", "value": "[\"A\",\"B\"]" } } }""";

    private const string Join =
        """{ "id": "j", "type": "Elsa.FlowJoin", "mode": { "expression": { "type": "Literal", "value": "WaitAll" } } }""";

    private const string Say =
        """{ "id": "say", "type": "Elsa.WriteLine", "text": { "expression": { "type": "Literal", "value": "hi" } } }""";

    private const string Set = """
        { "id": "set", "type": "Elsa.SetOutput", "outputName": { "expression": { "type": "Literal", "value": "x" } },
          "outputValue": { "expression": { "type": "Literal", "value": 7 } } }
        """;

    private const string Call = """
        { "id": "call", "type": "Elsa.FlowSendHttpRequest", "expectedStatusCodes": { "expression": { "type": "Object", "value": "[200]" } },
          "url": { "expression": { "type": "Literal", "value": "https://api.example.com/x" } } }
        """;

    private const string End = """{ "id": "e", "type": "Elsa.End" }""";

    [Fact]
    public async Task Read_ForkWithOneActivityInEachBranch_IsAParallel()
    {
        var (flow, problems) = Read([Set, Say, Fork, Join, End], "a>f f.B>set f.A>say say>j set>j j>e");
        Assert.Empty(problems);
        Assert.Equal(["f", "e"], flow.Activities.Select(activity => activity.Id));
        Assert.Equal(["f.Success>e"], Connections(flow));

        var parallel = flow.Activities[0].Json;
        Assert.Equal("Parallel", parallel.Get("type").ToText());
        Assert.Equal(["say", "set"], Branches(flow));
        var kept = parallel.Get("metadata").Get("elsa");
        Assert.Equal("Both", kept.Get("name").ToText());
        Assert.Equal(FlowValue.Parse(Join), kept.Get("join"));
        Assert.Equal(4, ElsaChart.Elements(kept.Get("connections")).Count);

        var run = await RunAsync(flow);
        Assert.Null(run.Failure);
        Assert.Equal("""{"x":7}""", run.Outputs.ToJson());
    }

    [Fact]
    public void Read_ForkThatNothingFollows_EndsTheFlow()
    {
        var (flow, problems) = Read([Fork, Say, Set, Join], "f.A>say f.B>set say>j set>j");
        Assert.Empty(problems);
        Assert.Equal("f", flow.Start);
        Assert.Equal(["f.Success>end"], Connections(flow));
        Assert.NotNull(FlowCompiler.Compile(flow, Corpus.Environment).Plan);
    }

    [Fact]
    public void Read_BranchWithoutActivity_IsNothingToWaitFor()
    {
        var (flow, problems) = Read([Fork, Say, Join, End], "f.A>say f.B>j say>j j>e");
        Assert.Empty(problems);
        Assert.Equal(["say"], Branches(flow));
    }

    [Theory]
    [InlineData("200")]
    [InlineData("Done")]
    public void Read_RequestThatIsLeftByItsSuccess_MayBeABranch(string port)
    {
        var (flow, problems) = Read([Fork, Call, Say, Join, End], $"f.A>call f.B>say call.{port}>j say>j j>e");
        Assert.Equal(
            ["elsa.connector /root/activities/1/url", "elsa.silent_end /root/activities/1"],
            problems.Select(problem => $"{problem.Code} {problem.Pointer}").Order(StringComparer.Ordinal)
        );
        Assert.Equal(["call", "say"], Branches(flow));
        Assert.Equal("GenericHttp", flow.Activities[0].Json.Get("activities").Get(0).Get("type").ToText());
    }

    [Fact]
    public void Read_ActivityOfOursInABranch_IsTakenAsItIsAndJudgedByTheCompiler()
    {
        const string Own = """
            { "id": "own", "type": "FlowEngine.Scriptlet", "code": "return 1;", "metadata": { "designer": { "position": { "x": 1, "y": 2 } } } }
            """;
        const string Screen = """{ "id": "ask", "type": "FlowEngine.Screen", "screen": "s" }""";
        var (flow, problems) = Read([Fork, Own, Screen, Join, End], "f.A>own f.B>ask own.Success>j ask.Success>j j>e");
        Assert.Empty(problems);
        Assert.Equal(["own", "ask"], Branches(flow));
        Assert.Equal("""{"x":1,"y":2}""", flow.Json.Get("designer").Get("own").ToJson());
        Assert.Contains(
            "flow.parallel /root/activities/2/type",
            FlowCompiler.Compile(flow, Corpus.Environment).Diagnostics.Select(problem => $"{problem.Code} {problem.Pointer}")
        );
    }

    [Theory]
    [InlineData("f.A>say f.B>set say>set set>j j>e", "a branch of two activities")]
    [InlineData("f.A>say f.B>set say>j set>e j>e", "a branch that goes past the join")]
    [InlineData("f.A>say f.B>set say>j set>j e>j j>e", "a join that others lead to")]
    [InlineData("f.A>say f.C>set say>j set>j j>e", "an outcome that the fork does not have")]
    [InlineData("f.A>say f.B>say say>j j>e", "two branches with one activity")]
    [InlineData("f.A>say f.B>set say>j j>e", "a branch that ends")]
    [InlineData("f.A>say f.B>call say>j call.Timeout>j j>e", "a request that is left by its failure")]
    [InlineData("f.A>say f.B>sub say>j sub.Success>j j>e", "a subflow, any End of which would do")]
    [InlineData("f.A>j f.B>j j>e", "nothing to do")]
    [InlineData("j>e", "no branches")]
    public void Read_ForkOfAnotherShape_IsReportedAndKept(string connections, string why)
    {
        const string Sub = """{ "id": "sub", "type": "FlowEngine.Subflow", "flow": "x" }""";
        var (flow, problems) = Read([Fork, Say, Set, Call, Sub, Join, End], connections);
        Assert.True(problems.Any(problem => problem is { Code: "elsa.unsupported_activity", Pointer: "/root/activities/0" }), why);
        Assert.Equal(FlowValue.Parse(Fork), flow.Activities[0].Json.Get("elsa"));
        Assert.Equal(["f", "say", "set"], flow.Activities.Select(activity => activity.Id).Take(3));

        // What Elsa wrote it gets back, and it is kept again.
        var exported = ElsaWriter.Write(flow, 1);
        Assert.Equal(FlowValue.Parse(Fork), exported.Get("root").Get("activities").Get(0));
        Assert.Equal(flow.Json, ElsaReader.Read(exported, null, new DiagnosticBag())!.Json);
    }

    [Theory]
    [InlineData(""" "customProperties": { "canStartWorkflow": true },""", "WaitAll")]
    [InlineData("", "WaitAny")]
    public void Read_ForkThatIsNotWaitedFor_IsReported(string custom, string mode)
    {
        var say = Say.Replace("\"text\"", custom + "\"text\"", StringComparison.Ordinal);
        var join = Join.Replace("WaitAll", mode, StringComparison.Ordinal);
        var (_, problems) = Read([Fork, say, Set, join, End], "f.A>say f.B>set say>j set>j j>e");
        Assert.Contains(problems, problem => problem is { Code: "elsa.unsupported_activity", Pointer: "/root/activities/0" });
    }

    [Fact]
    public void ExportThenImport_ParallelThatWasAFork_IsEqual()
    {
        var (flow, _) = Read([Fork, Say, Set, Join, End], "f.A>say f.B>set say>j set>j j>e");
        Assert.Equal(flow.Json, ElsaReader.Read(ElsaWriter.Write(flow, 1), null, new DiagnosticBag())!.Json);
    }

    private static IEnumerable<string> Branches(FlowDefinition flow) =>
        ElsaChart.Elements(flow.Activities[0].Json.Get("activities")).Select(branch => branch.Get("id").ToText());

    private static IEnumerable<string> Connections(FlowDefinition flow) =>
        flow.Connections.Select(connection => $"{connection.Source}.{connection.Port}>{connection.Target}");

    private static async Task<FlowRun> RunAsync(FlowDefinition flow)
    {
        var result = FlowCompiler.Compile(flow, Corpus.Environment);
        Assert.True(result.Plan is not null, string.Join("\n", result.Diagnostics));
        var run = FlowRun.Start(result.Plan, new RunStart(), RunServices.Default);
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);
        return run;
    }

    /// <param name="activities">The activities.</param>
    /// <param name="connections">As <c>source.port>target</c>; without a port, Done. One from "a", which is a Start, is left out where
    /// that is not wanted.</param>
    private static (FlowDefinition Flow, IReadOnlyList<Diagnostic> Problems) Read(string[] activities, string connections)
    {
        var start = connections.StartsWith("a>", StringComparison.Ordinal) ? """, { "id": "a", "type": "Elsa.Start" }""" : "";
        var problems = new DiagnosticBag();
        var json = $$"""
            { "definitionId": "x", "root": { "type": "Elsa.Flowchart", "activities": [ {{string.Join(", ", activities)}}{{start}} ],
              "connections": [ {{string.Join(", ", connections.Split(' ').Select(Connection))}} ] } }
            """;
        return (ElsaReader.Read(FlowValue.Parse(json), null, problems)!, problems.Items);
    }

    private static string Connection(string connection)
    {
        var ends = connection.Split('>');
        var source = ends[0].Split('.');
        var port = source.Length > 1 ? source[1] : "Done";
        return $$"""{ "source": { "activity": "{{source[0]}}", "port": "{{port}}" }, "target": { "activity": "{{ends[1]}}" } }""";
    }
}
