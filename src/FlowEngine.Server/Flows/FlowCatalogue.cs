using System.Collections.Concurrent;
using FlowEngine.Compilation;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Model;
using FlowEngine.Server.Engine;
using FlowEngine.Server.Screens;
using FlowEngine.Server.Storage;

namespace FlowEngine.Server.Flows;

/// <summary>
/// Per process, thread-safe: the published flows, compiled. New runs take the published version; runs that began earlier stay on theirs, which is compiled when
/// one of them comes back.
/// </summary>
internal sealed class FlowCatalogue(FlowStore store, ConnectorSet connectors) : HostedFlows
{
    private readonly ConcurrentDictionary<(string Id, int Version), FlowPlan> _plans = new();
    private volatile IReadOnlyDictionary<string, PublishedFlow> _published = new Dictionary<string, PublishedFlow>();

    /// <summary>The published flows.</summary>
    public IEnumerable<PublishedFlow> Published => _published.Values;

    /// <summary>Reads what is published now, and compiles it.</summary>
    /// <returns>The problems of flows that do not compile.</returns>
    public async Task<IReadOnlyList<Diagnostic>> RefreshAsync(CancellationToken cancellationToken)
    {
        var definitions = new Dictionary<string, (FlowDefinition Flow, int Version)>(StringComparer.Ordinal);
        foreach (var head in await store.ListAsync(cancellationToken))
        {
            if (await store.FindPublishedAsync(head.Id, cancellationToken) is { } version && Read(version) is { } flow)
                definitions.Add(head.Id, (flow, version.Version));
        }

        var problems = new DiagnosticBag();
        var environment = Environment(id => definitions.TryGetValue(id, out var found) ? found : null);
        var published = new Dictionary<string, PublishedFlow>(StringComparer.Ordinal);
        _plans.Clear();
        foreach (var (id, (flow, version)) in definitions)
        {
            var result = FlowCompiler.Compile(flow, environment, version);
            problems.AddRange(result.Diagnostics);
            published.Add(id, new PublishedFlow(flow, version, result.Plan, result.Plan is { } plan ? HostedFlow.Of(plan) : null));
        }
        _published = published;
        return problems.Items;
    }

    /// <summary>The plan that new runs take; null when there is no such flow.</summary>
    public FlowPlan? FindPlan(string flowId) => _published.TryGetValue(flowId, out var flow) ? flow.Plan : null;

    /// <summary>What the hosted screens know of a flow.</summary>
    public HostedFlow? FindHosted(string flowId) => _published.TryGetValue(flowId, out var flow) ? flow.Hosted : null;

    /// <inheritdoc/>
    public override ValueTask<HostedFlow?> FindAsync(string flowId, CancellationToken cancellationToken) => ValueTask.FromResult(FindHosted(flowId));

    /// <summary>The plan of a version; null when there is none, or it does not compile any more.</summary>
    public async Task<FlowPlan?> PlanAsync(string flowId, int version, CancellationToken cancellationToken)
    {
        if (FindPlan(flowId) is { } current && current.Version == version)
            return current;
        if (_plans.TryGetValue((flowId, version), out var known))
            return known;
        if (await store.FindVersionAsync(flowId, version, cancellationToken) is not { } stored || Read(stored) is not { } flow)
            return null;
        var plan = FlowCompiler.Compile(flow, Environment(FindDefinition), version).Plan;
        return plan is null ? null : _plans.GetOrAdd((flowId, version), plan);
    }

    /// <summary>Loads a stored run on the versions, of its flow and of the subflows it is in, that it began with.</summary>
    /// <param name="state">What <see cref="RunState"/> wrote.</param>
    /// <param name="services">What the run needs from outside.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="RunStateException">The state is damaged, or its version does not compile any more.</exception>
    public async Task<FlowRun> LoadAsync(byte[] state, Func<FlowPlan, RunServices> services, CancellationToken cancellationToken)
    {
        var (flowId, version) = RunState.FlowOf(state);
        var plan = await PlanAsync(flowId, version, cancellationToken)
            ?? throw new RunStateException($"Version {version} of '{flowId}' cannot be used any more.");
        try
        {
            return RunState.Load(state, plan, services(plan));
        }
        catch (RunStateException)
        {
            // A subflow that the run is in was published since.
            plan = await PinnedPlanAsync(state, flowId, version, cancellationToken);
            if (plan is null)
                throw;
            return RunState.Load(state, plan, services(plan));
        }
    }

    private async Task<FlowPlan?> PinnedPlanAsync(byte[] state, string flowId, int version, CancellationToken cancellationToken)
    {
        var pinned = new Dictionary<string, (FlowDefinition Flow, int Version)>(StringComparer.Ordinal);
        JsonReading.Parse(state).Get("frames").TryGetArray(out var frames);
        foreach (var frame in (frames ?? FlowArray.From([])).Skip(1))
        {
            if (frame.Get("flow").TryGetText(out var id) && frame.Get("version").TryGetInteger(out var number)
                && await store.FindVersionAsync(id, (int)number, cancellationToken) is { } stored && Read(stored) is { } flow)
            {
                pinned[id] = (flow, (int)number);
            }
        }
        return pinned.Count > 0 && await store.FindVersionAsync(flowId, version, cancellationToken) is { } root && Read(root) is { } definition
            ? FlowCompiler.Compile(definition, Environment(id => pinned.TryGetValue(id, out var found) ? found : FindDefinition(id)), version).Plan
            : null;
    }

    private (FlowDefinition Flow, int Version)? FindDefinition(string id) => _published.TryGetValue(id, out var flow) ? (flow.Definition, flow.Version) : null;

    /// <summary>Compiles a flow against what is published now.</summary>
    /// <param name="flow">The flow, which need not be published.</param>
    /// <param name="version">The number that its plan carries; 0 for a draft.</param>
    public CompilationResult Compile(FlowDefinition flow, int version = 0) => FlowCompiler.Compile(flow, Environment(FindDefinition), version);

    private CompilationEnvironment Environment(Func<string, (FlowDefinition Flow, int Version)?> find) =>
        new() { Activities = FlowEngineHost.Activities, Connectors = connectors, FindFlow = find };

    private static FlowDefinition? Read(FlowVersion version) =>
        FlowReader.Read(JsonReading.Parse(version.Definition), $"{version.FlowId} (version {version.Version})", new DiagnosticBag());
}
