using System.Collections.Concurrent;
using System.Collections.Frozen;
using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Model;
using FlowEngine.Screens;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Flows;

/// <summary>
/// Per process, thread-safe: the published flows, compiled. New runs take the published version; runs that began earlier stay on theirs,
/// which is compiled when one of them comes back. <see cref="CatalogueService"/>
/// keeps it up to date; a change takes effect at once, for all flows together.
/// </summary>
internal sealed class FlowCatalogue(FlowStore store, ConnectorSet connectors, ActivityCatalog activities, ComponentCatalog components)
{
    private volatile Snapshot _known = new(0, FrozenDictionary<string, PublishedFlow>.Empty);

    /// <summary>The activity types that flows can use.</summary>
    public ActivityCatalog Activities => activities;

    /// <summary>The types of components that screens have.</summary>
    public ComponentCatalog Components => components;

    /// <summary>The published flows.</summary>
    public IEnumerable<PublishedFlow> Published => _known.Flows.Values;

    /// <summary>Changes with every change of flows or connectors: a plan that
    /// was had before may hold connectors that are about to be closed.</summary>
    public long Generation => _known.Generation;

    /// <summary>The published version that is known of a flow; 0 for none.</summary>
    public int PublishedVersion(string flowId) => _known.Flows.TryGetValue(flowId, out var flow) ? flow.Version : 0;

    /// <summary>Puts a new state of things into effect, and compiles what it changes: what was published, what uses it as a subflow, and
    /// what uses one of the connectors. One caller at a time.</summary>
    /// <param name="versions">The published versions by flow: all there are.</param>
    /// <param name="fresh">The definitions of those that were not known before.</param>
    /// <param name="changedConnectors">The ids of the connectors that were added, changed or removed.</param>
    /// <returns>The problems of all published flows.</returns>
    public IReadOnlyList<Diagnostic> Apply(
        IReadOnlyDictionary<string, int> versions,
        IEnumerable<FlowVersion> fresh,
        IReadOnlySet<string> changedConnectors
    )
    {
        var before = _known.Flows;
        var definitions = before
            .Where(flow => versions.ContainsKey(flow.Key))
            .ToDictionary(flow => flow.Key, flow => (Flow: flow.Value.Definition, flow.Value.Version), StringComparer.Ordinal);
        var changed = before.Keys.Where(id => !versions.ContainsKey(id)).ToHashSet(StringComparer.Ordinal);
        foreach (var version in fresh)
        {
            changed.Add(version.FlowId);
            definitions.Remove(version.FlowId);
            if (Read(version) is { } flow)
                definitions.Add(version.FlowId, (flow, version.Version));
        }

        var environment = Environment(id => definitions.TryGetValue(id, out var found) ? found : null);
        var after = new Snapshot(
            _known.Generation + 1,
            definitions.ToFrozenDictionary(
                flow => flow.Key,
                flow =>
                    before.TryGetValue(flow.Key, out var known) && !changed.Contains(flow.Key) && IsUntouched(known)
                        ? known
                        : new PublishedFlow(
                            flow.Value.Flow,
                            flow.Value.Version,
                            FlowCompiler.Compile(flow.Value.Flow, environment, flow.Value.Version)
                        ),
                StringComparer.Ordinal
            )
        );
        // Runs of the version before are on their way: its plan stays at hand.
        foreach (
            var known in before.Values.Where(known => known.Plan is not null && changed.Contains(known.Definition.Id) && IsUntouched(known))
        )
            after.Plans[(known.Definition.Id, known.Version)] = known.Plan!;
        _known = after;
        return [.. after.Flows.Values.SelectMany(flow => flow.Result.Diagnostics).Distinct()];

        bool IsUntouched(PublishedFlow flow) => !flow.Result.Connectors.Overlaps(changedConnectors) && !flow.Result.Flows.Overlaps(changed);
    }

    /// <summary>The plan that new runs take; null when there is no such flow.</summary>
    public FlowPlan? FindPlan(string flowId) => _known.Flows.TryGetValue(flowId, out var flow) ? flow.Plan : null;

    /// <summary>The plan of a version; null when there is none, or it does not compile any more.</summary>
    public async Task<FlowPlan?> PlanAsync(string flowId, int version, CancellationToken cancellationToken)
    {
        var known = _known;
        if (known.Flows.TryGetValue(flowId, out var current) && current.Version == version && current.Plan is { } published)
            return published;
        if (known.Plans.TryGetValue((flowId, version), out var compiled))
            return compiled;
        if (await store.FindVersionAsync(flowId, version, cancellationToken) is not { } stored || Read(stored) is not { } flow)
            return null;
        var plan = FlowCompiler.Compile(flow, Environment(FindDefinition), version, cancellationToken).Plan;
        return plan is null ? null : known.Plans.GetOrAdd((flowId, version), plan);
    }

    /// <summary>Loads a stored run on the versions, of its flow and of the subflows it is in, that it began with.</summary>
    /// <param name="state">What <see cref="RunState"/> wrote.</param>
    /// <param name="services">What the run needs from outside.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="RunStateException">The state is damaged, or its version does not compile any more.</exception>
    public async Task<FlowRun> LoadAsync(byte[] state, Func<FlowPlan, RunServices> services, CancellationToken cancellationToken)
    {
        var (flowId, version) = RunState.FlowOf(state);
        var plan =
            await PlanAsync(flowId, version, cancellationToken)
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
            if (
                frame.Get("flow").TryGetText(out var id)
                && frame.Get("version").TryGetInteger(out var number)
                && await store.FindVersionAsync(id, (int)number, cancellationToken) is { } stored
                && Read(stored) is { } flow
            )
            {
                pinned[id] = (flow, (int)number);
            }
        }
        return
            pinned.Count > 0 && await store.FindVersionAsync(flowId, version, cancellationToken) is { } root && Read(root) is { } definition
            ? FlowCompiler
                .Compile(
                    definition,
                    Environment(id => pinned.TryGetValue(id, out var found) ? found : FindDefinition(id)),
                    version,
                    cancellationToken
                )
                .Plan
            : null;
    }

    private (FlowDefinition Flow, int Version)? FindDefinition(string id) =>
        _known.Flows.TryGetValue(id, out var flow) ? (flow.Definition, flow.Version) : null;

    /// <summary>Compiles a flow against what is published now.</summary>
    /// <param name="flow">The flow, which need not be published.</param>
    /// <param name="version">The number that its plan carries; 0 for a draft.</param>
    /// <param name="cancellationToken">The caller's: nobody compiles to the end for somebody who has left.</param>
    public CompilationResult Compile(FlowDefinition flow, int version = 0, CancellationToken cancellationToken = default) =>
        FlowCompiler.Compile(flow, Environment(FindDefinition), version, cancellationToken);

    private CompilationEnvironment Environment(Func<string, (FlowDefinition Flow, int Version)?> find) =>
        new()
        {
            Activities = activities,
            Components = components,
            Connectors = connectors,
            FindFlow = find,
        };

    private static FlowDefinition? Read(FlowVersion version) =>
        FlowReader.Read(JsonReading.Parse(version.Definition), $"{version.FlowId} (version {version.Version})", new DiagnosticBag());

    /// <summary>Shared; only plans are added: what is known at one time, and
    /// the plans of older versions that were compiled against it.</summary>
    private sealed record Snapshot(long Generation, FrozenDictionary<string, PublishedFlow> Flows)
    {
        public ConcurrentDictionary<(string Id, int Version), FlowPlan> Plans { get; } = new();
    }
}
