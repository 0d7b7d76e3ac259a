using FlowEngine.Compilation;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Model;
using FlowEngine.Server.Engine;
using FlowEngine.Server.Storage;

namespace FlowEngine.Server.Flows;

/// <summary>
/// Per process, single-threaded: takes the flows and connectors of a folder into the storage at the start. A file that changed becomes a new published version; one that
/// has errors is reported and changes nothing; one that is gone leaves what is published.
/// </summary>
internal sealed class FolderImport(ServerStorage storage, ConnectorSet connectors, Func<FlowValue, FlowValue>? relocate)
{
    private const string Author = "folder";

    /// <summary>The problems of the files.</summary>
    public DiagnosticBag Problems { get; } = new();

    /// <summary>Takes over the folder <c>connectors/</c>, and gives the engine all connectors that are stored.</summary>
    public async Task ConnectorsAsync(string folder, CancellationToken cancellationToken)
    {
        var files = new Dictionary<string, ConnectorDefinition>(StringComparer.Ordinal);
        foreach (var path in Directory.Exists(folder) ? JsonFolder.Files(folder).Where(ConnectorFolder.IsConnectorFile) : [])
        {
            if (ConnectorFolder.ReadFile(path, Problems) is not { } definition)
                continue;
            if (files.TryAdd(definition.Id, definition))
                await StoreAsync(definition, cancellationToken);
            else
                Problems.Error(FlowErrors.DuplicateId, definition.Location.At("id"), $"{files[definition.Id].Location.File} is already the connector '{definition.Id}'.");
        }

        foreach (var stored in await storage.Connectors.ListAsync(cancellationToken))
        {
            var json = FlowValue.From(stored.Definition);
            var file = files.TryGetValue(stored.Id, out var given) ? given.Location.File : null;
            if (ConnectorDefinition.Read(relocate?.Invoke(json) ?? json, file, Problems) is { } definition)
            {
                connectors.Set(definition);
                foreach (var (path, problem) in storage.Connectors.MissingSecrets(definition.Json))
                    Problems.Warning(FlowErrors.SecretMissing, path.Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(definition.Location.At("configuration"), (place, name) => place.At(name)), $"Connector '{definition.Id}': {problem.Message}");
            }
        }
    }

    /// <summary>Publishes the flows that changed.</summary>
    /// <returns>How many versions are new.</returns>
    public async Task<int> FlowsAsync(string folder, FlowCatalogue catalogue, CancellationToken cancellationToken)
    {
        var flows = new Dictionary<string, FlowDefinition>(StringComparer.Ordinal);
        // A flow file goes before an Elsa file of the same flow.
        foreach (var path in JsonFolder.Files(folder).Where(FlowFile.IsFlowFile).OrderBy(FlowFile.IsElsaFile))
        {
            var found = new DiagnosticBag();
            if (FlowFile.Load(path, found) is { Id.Length: > 0 } flow && !found.HasErrors)
                flows.TryAdd(flow.Id, flow);
            Problems.AddRange(found.Items);
        }

        var published = catalogue.Published.ToDictionary(flow => flow.Definition.Id, flow => (flow.Definition, flow.Version), StringComparer.Ordinal);
        var environment = new CompilationEnvironment
        {
            Activities = FlowEngineHost.Activities,
            Connectors = connectors,
            FindFlow = id => flows.TryGetValue(id, out var flow) ? (flow, 0) : published.TryGetValue(id, out var stored) ? stored : null,
        };
        var count = 0;
        foreach (var flow in flows.Values)
        {
            var result = FlowCompiler.Compile(flow, environment);
            Problems.AddRange(result.Diagnostics);
            if (result.Plan is null)
                continue;
            var publication = new FlowPublication
            {
                FlowId = flow.Id,
                Definition = FlowValue.From(flow.Json).ToJson(),
                Note = $"From {Path.GetFileName(flow.Location.File)}",
                Author = Author,
                OnlyIfChanged = true,
            };
            if ((await storage.Flows.PublishAsync(publication, cancellationToken))?.IsNew == true)
                count++;
        }
        return count;
    }

    private async Task StoreAsync(ConnectorDefinition definition, CancellationToken cancellationToken)
    {
        var before = await storage.Connectors.FindAsync(definition.Id, cancellationToken);
        if (before is null)
            await storage.Connectors.AddAsync(definition.Id, definition.Json, Author, cancellationToken);
        else if (FlowValue.From(before.Definition).ToJson() != FlowValue.From(definition.Json).ToJson())
            await storage.Connectors.SaveAsync(definition.Id, definition.Json, before.Revision, Author, cancellationToken);
    }
}
