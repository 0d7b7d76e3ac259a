using FlowEngine.AspNetCore.Engine;
using FlowEngine.Compilation;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;
using FlowEngine.Model;
using FlowEngine.Settings;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Flows;

/// <summary>
/// Per process, single-threaded: takes the flows and connectors of a folder into the storage at the start. A file that changed since it was
/// taken over becomes a new published version; one that did not leaves alone what was published or deleted
/// elsewhere since; one that has errors is reported and changes nothing; so does one that is gone.
/// </summary>
internal sealed class FolderImport(ServerStorage storage, ConnectorSet connectors)
{
    private const string Author = "folder";

    private readonly OperatorFiles _files = new(storage);

    /// <summary>The problems of the files.</summary>
    public DiagnosticBag Problems { get; } = new();

    /// <summary>The files of the connectors, by id.</summary>
    public Dictionary<string, string> ConnectorFiles { get; } = new(StringComparer.Ordinal);

    /// <summary>Takes over the folder <c>connectors/</c>.</summary>
    public async Task ConnectorsAsync(string folder, CancellationToken cancellationToken)
    {
        foreach (var (file, definition) in ConnectorFolder.Definitions(folder, null, Problems))
        {
            ConnectorFiles.Add(definition.Id, file);
            await StoreAsync(definition, cancellationToken);
        }

        // Told at the start, not by the first person who signs in.
        foreach (var stored in await storage.Connectors.ListAsync(cancellationToken))
        {
            foreach (var (path, _, value) in storage.Connectors.SecretsIn(stored.Definition))
            {
                if (!value.TryGetText(out var text) || new Secret(text).TryReveal(out _, out var problem))
                    continue;
                var place = path.Split('/', StringSplitOptions.RemoveEmptyEntries)
                    .Aggregate(
                        SourceLocation.Root(ConnectorFiles.GetValueOrDefault(stored.Id)).At("configuration"),
                        (at, name) => at.At(name)
                    );
                Problems.Warning(FlowErrors.SecretMissing, place, $"Connector '{stored.Id}': {problem!.Message}");
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

        var published = catalogue.Published.ToDictionary(
            flow => flow.Definition.Id,
            flow => (flow.Definition, flow.Version),
            StringComparer.Ordinal
        );
        var environment = new CompilationEnvironment
        {
            Activities = catalogue.Activities,
            Components = catalogue.Components,
            Connectors = connectors,
            FindFlow = id =>
                flows.TryGetValue(id, out var flow) ? (flow, 0)
                : published.TryGetValue(id, out var stored) ? stored
                : null,
        };
        var count = 0;
        foreach (var flow in flows.Values)
        {
            var result = FlowCompiler.Compile(flow, environment, cancellationToken: cancellationToken);
            Problems.AddRange(result.Diagnostics);
            if (result.Plan is null)
                continue;
            var definition = FlowValue.From(flow.Json).ToJson();
            if (!await _files.IsNewAsync("flow", flow.Id, definition, cancellationToken))
                continue;
            var publication = new FlowPublication
            {
                FlowId = flow.Id,
                Definition = definition,
                Note = $"From {Path.GetFileName(flow.Location.File)}",
                Author = Author,
                Tells = null,
                OnlyIfChanged = true,
            };
            if ((await storage.Flows.PublishAsync(publication, cancellationToken))?.IsNew == true)
                count++;
            await _files.RememberAsync("flow", flow.Id, definition, cancellationToken);
        }
        return count;
    }

    private async Task StoreAsync(ConnectorDefinition definition, CancellationToken cancellationToken)
    {
        var json = FlowValue.From(definition.Json).ToJson();
        if (!await _files.IsNewAsync("connector", definition.Id, json, cancellationToken))
            return;
        var before = await storage.Connectors.FindAsync(definition.Id, cancellationToken);
        if (before is null)
            await storage.Connectors.AddAsync(definition.Id, definition.Json, Author, null, cancellationToken);
        else if (FlowValue.From(before.Definition).ToJson() != json)
            await storage.Connectors.SaveAsync(definition.Id, definition.Json, before.Revision, Author, null, cancellationToken);
        await _files.RememberAsync("connector", definition.Id, json, cancellationToken);
    }
}
