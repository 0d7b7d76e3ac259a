using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.AspNetCore.Web.Management.Connectors;
using FlowEngine.AspNetCore.Web.Management.Flows;
using FlowEngine.Compilation;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Diff;
using FlowEngine.Errors;
using FlowEngine.Model;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Environments;

/// <summary>Shared and immutable: a plan, with what is stored when it is applied.</summary>
/// <param name="View">As people see it.</param>
/// <param name="Flows">The flows to publish.</param>
/// <param name="Connectors">The connectors to add or save, with their secrets.</param>
/// <param name="SentFlows">All flows that were sent.</param>
/// <param name="SentConnectors">All connectors that were sent, with their secrets.</param>
internal sealed record Planned(
    EnvironmentPlan View,
    IReadOnlyList<(string Id, FlowObject Definition)> Flows,
    IReadOnlyList<(string Id, FlowObject Definition)> Connectors,
    IReadOnlyList<(string Id, FlowObject Definition)> SentFlows,
    IReadOnlyList<(string Id, FlowObject Definition)> SentConnectors
)
{
    /// <summary>The flows to delete.</summary>
    public IReadOnlyList<string> DeletedFlows { get; } = Removed(View, EnvironmentPlanner.Flow);

    /// <summary>The connectors to delete.</summary>
    public IReadOnlyList<string> DeletedConnectors { get; } = Removed(View, EnvironmentPlanner.Connector);

    /// <summary>Whether other flows would run than now.</summary>
    public bool ChangesFlows => Flows.Count > 0 || DeletedFlows.Count > 0;

    private static string[] Removed(EnvironmentPlan view, string kind) =>
        [.. view.Items.Where(item => item.Kind == kind && item.Change == EnvironmentPlanner.Removed).Select(item => item.Id)];
}

/// <summary>Per process, thread-safe: finds what a folder would change here, and whether all of it could run. One plan is made at a
/// time.</summary>
internal sealed class EnvironmentPlanner(
    ServerStorage storage,
    FlowCatalogue catalogue,
    CatalogueService service,
    ConnectorSet connectors,
    ConnectorChecks checks
) : IDisposable
{
    /// <summary>A kind of item.</summary>
    public const string Flow = "flow";

    /// <inheritdoc cref="Flow"/>
    public const string Connector = "connector";

    /// <summary>What happens to an item that is not in the folder.</summary>
    public const string Removed = "removed";

    private readonly Sources _sources = new(storage, catalogue, service, connectors, checks);
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Makes a plan.</summary>
    /// <exception cref="ApiException">A file is none.</exception>
    public async Task<Planned> PlanAsync(EnvironmentBody body, Caller caller, CancellationToken cancellationToken)
    {
        Refuse(body.Flows, "flows");
        Refuse(body.Connectors, "connectors");
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Read first: what changes after this is seen when the plan is applied.
            var revision = await storage.Settings.CatalogueRevisionAsync(cancellationToken);
            await service.RefreshAsync(cancellationToken);
            await using var plan = new Plan(_sources, body, caller, cancellationToken);
            await plan.AddConnectorsAsync();
            plan.AddFlows();
            return plan.Made(revision);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private static void Refuse(IReadOnlyList<EnvironmentFileBody?> files, string name)
    {
        for (var i = 0; i < files.Count; i++)
        {
            if (files[i]?.Definition is null)
            {
                throw new ApiException(StatusCodes.Status400BadRequest, ApiErrors.Body, $"'{name}' has an element without a definition.")
                {
                    Members = new ProblemMembers { Pointer = $"/{name}/{i}/definition" },
                };
            }
        }
    }

    /// <summary>What plans are made of.</summary>
    private sealed record Sources(
        ServerStorage Storage,
        FlowCatalogue Catalogue,
        CatalogueService Service,
        ConnectorSet Connectors,
        ConnectorChecks Checks
    );

    /// <summary>One plan in the making, single-threaded.</summary>
    private sealed class Plan(Sources of, EnvironmentBody body, Caller caller, CancellationToken cancellationToken) : IAsyncDisposable
    {
        private readonly ConnectorSet _set = new(of.Connectors.Types);
        private readonly List<FileProblem> _problems = [];
        private readonly List<EnvironmentItem> _flowItems = [];
        private readonly List<EnvironmentItem> _connectorItems = [];
        private readonly List<(string Id, FlowObject Definition)> _flows = [];
        private readonly List<(string Id, FlowObject Definition)> _connectors = [];
        private readonly List<(string Id, FlowObject Definition)> _sentFlows = [];
        private readonly List<(string Id, FlowObject Definition)> _sentConnectors = [];
        private readonly HashSet<string> _flowIds = new(StringComparer.Ordinal);
        private readonly HashSet<string> _connectorIds = new(StringComparer.Ordinal);
        private readonly HashSet<string> _changedConnectors = new(StringComparer.Ordinal);
        private int _told;

        private bool Prunes => body.Prune == true;

        public ValueTask DisposeAsync() => _set.DisposeAsync();

        public Planned Made(long revision)
        {
            EnvironmentItem[] items = [.. InOrder(_flowItems), .. InOrder(_connectorItems)];
            var unchanged = _sentFlows.Count + _sentConnectors.Count - _flows.Count - _connectors.Count;
            return new Planned(
                new EnvironmentPlan(revision, Applied: false, items, unchanged, [.. _problems.Distinct()]),
                _flows,
                _connectors,
                _sentFlows,
                _sentConnectors
            );

            static IEnumerable<EnvironmentItem> InOrder(IEnumerable<EnvironmentItem> items) =>
                items.OrderBy(item => item.Id, StringComparer.Ordinal);
        }

        public async Task AddConnectorsAsync()
        {
            var stored = (await of.Storage.Connectors.ListAsync(cancellationToken)).ToDictionary(
                connector => connector.Id,
                StringComparer.Ordinal
            );
            foreach (var file in body.Connectors)
            {
                var id = file.Definition.Get("id").ToText();
                var before = stored.GetValueOrDefault(id);
                var found = of.Checks.CheckSecrets(file.Definition, before, caller.Role);
                var definition = before is null ? file.Definition : of.Storage.Connectors.Unmask(file.Definition, before.Definition);
                var read = await of.Service.ReadAsync(definition, found, cancellationToken);
                if (read is not null && IsFirst(_connectorIds, id, found))
                {
                    _set.Set(read);
                    _sentConnectors.Add((id, definition));
                    if (before is null || FlowValue.From(before.Definition) != FlowValue.From(definition))
                        Add(id, definition, before?.Definition, found);
                }
                Tell(found.Items, file.File);
            }
            foreach (var (id, connector) in stored)
            {
                if (_connectorIds.Contains(id))
                    continue;
                _connectorItems.Add(new EnvironmentItem(Connector, id, Prunes ? Removed : "kept"));
                if (Prunes)
                    _changedConnectors.Add(id);
                else if (await of.Service.ReadAsync(connector.Definition, new DiagnosticBag(), cancellationToken) is { } kept)
                    _set.Set(kept);
            }
        }

        public void AddFlows()
        {
            var published = of.Catalogue.Published.ToDictionary(flow => flow.Definition.Id, StringComparer.Ordinal);
            var files = new Dictionary<string, (FlowDefinition Flow, string? File)>(StringComparer.Ordinal);
            foreach (var file in body.Flows)
            {
                var found = new DiagnosticBag();
                if (FlowReader.Read(FlowValue.From(file.Definition), file.File, found) is { } flow && IsFirst(_flowIds, flow.Id, found))
                {
                    files.Add(flow.Id, (flow, file.File));
                    _sentFlows.Add((flow.Id, file.Definition));
                }
                Tell(found.Items, file.File);
            }

            var changed = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (id, (flow, _)) in files)
            {
                var before = published.GetValueOrDefault(id);
                if (before is not null && FlowValue.From(before.Definition.Json) == FlowValue.From(flow.Json))
                    continue;
                changed.Add(id);
                _flows.Add((id, flow.Json));
                _flowItems.Add(ItemOf(id, flow, before));
            }
            foreach (var (id, flow) in published.Where(flow => !files.ContainsKey(flow.Key)))
            {
                _flowItems.Add(new EnvironmentItem(Flow, id, Prunes ? Removed : "kept", flow.Version));
                if (Prunes)
                    changed.Add(id);
            }

            var environment = new CompilationEnvironment
            {
                Activities = of.Catalogue.Activities,
                Components = of.Catalogue.Components,
                Connectors = _set,
                FindFlow = id =>
                    files.TryGetValue(id, out var file) ? (file.Flow, 0)
                    : published.TryGetValue(id, out var stored) && !changed.Contains(id) ? (stored.Definition, stored.Version)
                    : null,
            };
            foreach (var (id, (flow, file)) in files)
            {
                if (changed.Contains(id) || IsTouched(published[id]))
                    Compile(flow, file);
            }
            foreach (var (id, flow) in published)
            {
                // One that could not run before does not stand in the way.
                if (!files.ContainsKey(id) && !changed.Contains(id) && flow.Plan is not null && IsTouched(flow))
                    Compile(flow.Definition, null);
            }

            bool IsTouched(PublishedFlow flow) =>
                flow.Result.Connectors.Overlaps(_changedConnectors) || flow.Result.Flows.Overlaps(changed);

            void Compile(FlowDefinition flow, string? file) =>
                Tell(
                    FlowCompiler.Compile(flow, environment, cancellationToken: cancellationToken).Diagnostics,
                    file ?? $"{flow.Id} (published)"
                );
        }

        private EnvironmentItem ItemOf(string id, FlowDefinition flow, PublishedFlow? before)
        {
            if (before is null)
                return new EnvironmentItem(Flow, id, "added");
            // All flows together tell as much as one.
            if (_told >= FlowDiff.MaxChanges)
                return new EnvironmentItem(Flow, id, "changed", before.Version, [], Truncated: true);
            var changes = FlowDiff.Between(
                FlowValue.From(before.Definition.Json),
                FlowValue.From(flow.Json),
                out var isCut,
                cancellationToken
            );
            _told += changes.Count;
            return new EnvironmentItem(
                Flow,
                id,
                "changed",
                before.Version,
                [.. changes.Select(ChangeView.From)],
                Truncated: isCut ? true : null
            );
        }

        private void Add(string id, FlowObject definition, FlowObject? before, DiagnosticBag found)
        {
            _changedConnectors.Add(id);
            _connectors.Add((id, definition));
            if (!found.HasErrors)
            {
                _set.Find(id, out var problems);
                found.AddRange(problems);
            }
            if (before is null)
            {
                _connectorItems.Add(new EnvironmentItem(Connector, id, "added"));
                return;
            }
            SettingChangeView[] changes = [.. ConnectorChanges.Of(of.Storage.Connectors, before, definition)];
            _connectorItems.Add(
                new EnvironmentItem(
                    Connector,
                    id,
                    "changed",
                    Settings: [.. changes.Take(ConnectorChanges.Most)],
                    Truncated: changes.Length > ConnectorChanges.Most ? true : null
                )
            );
        }

        private static bool IsFirst(HashSet<string> ids, string id, DiagnosticBag found)
        {
            if (ids.Add(id))
                return true;
            found.Error(FlowErrors.DuplicateId, SourceLocation.Root(null).At("id"), $"Another file is '{id}' already.");
            return false;
        }

        private void Tell(IEnumerable<Diagnostic> problems, string? file) =>
            _problems.AddRange(FileProblem.Of(problems).Select(problem => problem with { File = problem.File ?? file }));
    }
}
