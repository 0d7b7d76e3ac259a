using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Database;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.HttpConnector;
using FlowEngine.Model;
using FlowEngine.Screens;

namespace FlowEngine.AspNetCore.Engine;

/// <summary>
/// Per folder of flows, single-threaded while it compiles: the one place where the engine is put together: activity types, connector types,
/// connectors and the flows that Subflow activities name.
/// </summary>
internal sealed class FlowEngineHost : IAsyncDisposable
{
    private readonly FlowFolder _flows;
    private readonly DiagnosticBag _connectorProblems = new();

    private FlowEngineHost(string flowFolder, string? connectorFolder, EngineModules modules, Func<FlowValue, FlowValue>? relocate)
    {
        _flows = new FlowFolder(flowFolder);
        Connectors = modules.NewConnectors();
        if (connectorFolder is not null && !Directory.Exists(connectorFolder))
            _connectorProblems.Error(FlowErrors.File, SourceLocation.Root(connectorFolder), $"There is no folder {connectorFolder}.");
        ConnectorFolder.Read(connectorFolder ?? Path.Combine(flowFolder, "connectors"), Connectors, relocate, _connectorProblems);
        Environment = new CompilationEnvironment
        {
            Activities = modules.Activities(),
            Components = modules.Components(),
            Connectors = Connectors,
            FindFlow = _flows.Find,
        };
    }

    /// <summary>The activity types of the engine, its modules, and these.</summary>
    internal static ActivityCatalog ActivitiesOf(params IEnumerable<ActivityType> more) =>
        new([.. HttpModule.ActivityTypes, .. DatabaseModule.ActivityTypes, .. more]);

    /// <summary>The connectors.</summary>
    public ConnectorSet Connectors { get; }

    /// <summary>What flows are compiled against.</summary>
    public CompilationEnvironment Environment { get; }

    /// <summary>Problems of files beside the flow: connectors that cannot be read, and flows that were looked at for a Subflow.</summary>
    public IEnumerable<Diagnostic> FolderProblems => [.. _connectorProblems.Items, .. _flows.Problems.Items];

    /// <summary>Puts the engine together for the flows of one folder.</summary>
    /// <param name="flowFolder">Where Subflow activities find flows.</param>
    /// <param name="connectorFolder">Where the connectors are; null is <c>connectors/</c> in the folder of the flows.</param>
    /// <param name="modules">What connectors may do.</param>
    /// <param name="relocate">Applied to every connector's content, or null.</param>
    public static FlowEngineHost Open(
        string flowFolder,
        string? connectorFolder,
        EngineModules modules,
        Func<FlowValue, FlowValue>? relocate = null
    ) => new(flowFolder, connectorFolder, modules, relocate);

    /// <summary>Reads and compiles a flow file. When it is refused, the problems
    /// of the files beside it are told too: they are often the cause.</summary>
    public CompilationResult Compile(string flowFile)
    {
        var problems = new DiagnosticBag();
        var flow = FlowFile.Load(flowFile, problems);
        FlowPlan? plan = null;
        if (flow is not null)
        {
            var result = FlowCompiler.Compile(flow, Environment);
            problems.AddRange(result.Diagnostics);
            plan = problems.HasErrors ? null : result.Plan;
        }
        if (plan is null && flow is not null)
            problems.AddRange(FolderProblems);
        return new CompilationResult(plan, [.. problems.Items.Distinct()]);
    }

    /// <summary>Closes the connectors.</summary>
    public ValueTask DisposeAsync() => Connectors.DisposeAsync();
}
