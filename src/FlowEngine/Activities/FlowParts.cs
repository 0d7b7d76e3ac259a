using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Screens;

namespace FlowEngine.Activities;

/// <summary>Per compilation and single-threaded: what an activity can name of the flow that it stands in, and beside it. The compiler is
/// above the activities; this is what they know of it.</summary>
internal abstract class FlowParts
{
    /// <summary>The ids of the connectors.</summary>
    public abstract IEnumerable<string> ConnectorIds { get; }

    /// <summary>The ids of the flow's screens.</summary>
    public abstract IEnumerable<string> ScreenIds { get; }

    /// <summary>A connector, with the problems of its file; null when there is none.</summary>
    public abstract Connector? FindConnector(string id, out IReadOnlyList<Diagnostic> problems);

    /// <summary>Reports problems of what several activities may name, once.</summary>
    public abstract void ReportOnce(IReadOnlyList<Diagnostic> diagnostics);

    /// <summary>Checks what a connector itself reads of the context.</summary>
    public abstract void CheckReads(Connector connector, SourceLocation at);

    /// <summary>Whether a connection leaves an activity by an outcome.</summary>
    public abstract bool IsConnected(string activity, string outcome);

    /// <summary>Checks that what is read of a local root can be there.</summary>
    public abstract void CheckLocal(PathRead read, ValueShape shape);

    /// <summary>Takes that something reads an item of a list.</summary>
    public abstract void TakeItemRead(PathRead read, PathRead list);

    /// <summary>Whether a value is a secret because a CodeInput is compared with it.</summary>
    public abstract bool HoldsCode(string root, string key);

    /// <summary>A screen; null when there is none.</summary>
    public abstract CompiledScreen? FindScreen(string id);

    /// <summary>The plan of another flow; null, with the problem reported, when there is none.</summary>
    public abstract FlowPlan? CompileSubflow(string id, ActivityCompilation activity);

    /// <summary>An activity inside another; null, with the problem reported, when it is none.</summary>
    /// <param name="json">The activity.</param>
    /// <param name="at">Where it stands.</param>
    /// <param name="repeats">Whether it is done for each item of a list, which it knows by roots of its own.</param>
    public abstract PlanNode? CompileInline(FlowObject json, SourceLocation at, bool repeats);
}
