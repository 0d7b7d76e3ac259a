using FlowEngine.Activities;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Screens;

namespace FlowEngine.Compilation;

/// <summary>Per compilation and single-threaded: the compiler, as the activities know it.</summary>
internal sealed class CompiledParts(FlowCompiler compiler) : FlowParts
{
    /// <inheritdoc/>
    public override IEnumerable<string> ConnectorIds => compiler.Environment.Connectors.Ids;

    /// <inheritdoc/>
    public override IEnumerable<string> ScreenIds => compiler.ScreenIds;

    /// <inheritdoc/>
    public override Connector? FindConnector(string id, out IReadOnlyList<Diagnostic> problems) => compiler.FindConnector(id, out problems);

    /// <inheritdoc/>
    public override void ReportOnce(IReadOnlyList<Diagnostic> diagnostics) => compiler.ReportOnce(diagnostics);

    /// <inheritdoc/>
    public override void CheckReads(Connector connector, SourceLocation at) => compiler.CheckReads(connector, at);

    /// <inheritdoc/>
    public override bool IsConnected(string activity, string outcome) => compiler.IsConnected(activity, outcome);

    /// <inheritdoc/>
    public override void CheckLocal(PathRead read, ValueShape shape) => compiler.CheckLocal(read, shape);

    /// <inheritdoc/>
    public override void TakeItemRead(PathRead read, PathRead list) => compiler.TakeItemRead(read, list);

    /// <inheritdoc/>
    public override bool HoldsCode(string root, string key) => compiler.HoldsCode(root, key);

    /// <inheritdoc/>
    public override CompiledScreen? FindScreen(string id) => compiler.FindScreen(id);

    /// <inheritdoc/>
    public override FlowPlan? CompileSubflow(string id, ActivityCompilation activity) => compiler.CompileSubflow(id, activity);

    /// <inheritdoc/>
    public override PlanNode? CompileInline(FlowObject json, SourceLocation at, bool repeats) => compiler.CompileInline(json, at, repeats);
}
