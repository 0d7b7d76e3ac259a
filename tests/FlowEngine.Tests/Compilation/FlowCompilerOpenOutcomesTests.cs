using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Tests.Execution;

namespace FlowEngine.Tests.Compilation;

public sealed class FlowCompilerOpenOutcomesTests
{
    private const string Activities =
        """{ "id": "p", "type": "Probe", "do": "ok", "errorHandling": { "Probe Failed": "custom" } }, { "id": "end", "type": "End" }""";

    [Fact]
    public void Compile_OpenOutcomes_SaysNothingOfThemAndThePlanTellsThem()
    {
        var result = Compile(ProbeFlow.Json("p", Activities, ""), isOpen: true);

        Assert.Empty(result.Diagnostics);
        Assert.Equal(["Success", "Probe Failed"], result.Plan!.OutcomesOf("p"));
    }

    [Fact]
    public void Compile_Default_ReportsEachOutcomeWithoutAConnection() =>
        Assert.Equal(2, Compile(ProbeFlow.Json("p", Activities, ""), isOpen: false).Diagnostics.Count(d => d.Code == "flow.unconnected"));

    [Fact]
    public void Compile_OpenOutcomesWithAnUnknownPort_IsAnErrorAsBefore() =>
        Assert.Equal("flow.unknown_port", TestFlow.OnlyError(Compile(ProbeFlow.Json("p", Activities, "p.Nope>end"), true)).Code);

    [Fact]
    public void Compile_OpenOutcomesOfASubflow_AreReported()
    {
        var flow = ProbeFlow.Json("s", """{ "id": "s", "type": "Subflow", "flow": "inner" }""", "");
        var inner = ProbeFlow.Json("p", Activities, "").Replace("\"test\"", "\"inner\"", StringComparison.Ordinal);

        Assert.Contains(Compile(flow, isOpen: true, inner).Diagnostics, d => d.Code == "flow.unconnected");
    }

    [Fact]
    public async Task Advance_OutcomeWithoutConnection_FailsTheRun()
    {
        var run = await ProbeFlow.RunAsync(Compile(ProbeFlow.Json("p", Activities, ""), isOpen: true).Plan!);

        Assert.Equal((RunStatus.Failed, "flow.unconnected", "p"), (run.Status, run.Failure!.Code, run.Failure.Activity));
    }

    private static CompilationResult Compile(string json, bool isOpen, string? other = null) =>
        FlowCompiler.Compile(
            FlowValue.Parse(json),
            new CompilationEnvironment
            {
                Activities = ProbeFlow.Catalog,
                OpenOutcomes = isOpen,
                FindFlow = _ => other is null ? null : (FlowReader.Read(FlowValue.Parse(other), null, new())!, 1),
            }
        );
}
