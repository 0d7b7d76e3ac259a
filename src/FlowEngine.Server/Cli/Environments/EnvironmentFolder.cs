using FlowEngine.AspNetCore.Engine;
using FlowEngine.Context;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;
using FlowEngine.Json;
using FlowEngine.Model;
using FlowEngine.Storage;

namespace FlowEngine.Server.Cli.Environments;

/// <summary>Stateless: a folder of flows and connectors as it is sent to a server, without secrets.</summary>
internal static class EnvironmentFolder
{
    /// <summary>Reads a folder.</summary>
    /// <param name="folder">The flows; their connectors are below it, unless told otherwise.</param>
    /// <param name="connectors">The folder of the connectors; null for <c>connectors</c> below.</param>
    /// <param name="modules">What knows the types of connectors, and with them where secrets stand.</param>
    /// <param name="problems">Where the problems of the files go.</param>
    /// <param name="notes">Where it goes what else people should know.</param>
    /// <returns>The body of a request, without what is asked of the server.</returns>
    public static async Task<FlowObject> ReadAsync(
        string folder,
        string? connectors,
        EngineModules modules,
        DiagnosticBag problems,
        List<string> notes
    )
    {
        await using var types = modules.NewConnectors();
        var known = types.Types.ToDictionary(type => type.Name, StringComparer.Ordinal);
        var places = new ConnectorSecretPlaces(type => known.GetValueOrDefault(type)?.Settings);
        var body = new FlowObjectBuilder(2);
        body.Set("flows", FlowValue.Array(Flows(folder, problems)));
        body.Set("connectors", FlowValue.Array(Connectors(connectors ?? Path.Combine(folder, "connectors"), places, problems, notes)));
        return body.Build();
    }

    private static IEnumerable<FlowValue> Flows(string folder, DiagnosticBag problems)
    {
        if (!Directory.Exists(folder))
        {
            problems.Error(FlowErrors.File, SourceLocation.Root(folder), $"There is no folder {folder}.");
            yield break;
        }
        var ids = new HashSet<string>(StringComparer.Ordinal);
        // A flow file goes before an Elsa file of the same flow, as when a server reads the folder.
        foreach (var path in JsonFolder.Files(folder).Where(FlowFile.IsFlowFile).OrderBy(FlowFile.IsElsaFile))
        {
            if (FlowFile.Load(path, problems) is { } flow && (!FlowFile.IsElsaFile(path) || !ids.Contains(flow.Id)))
            {
                ids.Add(flow.Id);
                yield return FileOf(path, flow.Json);
            }
        }
    }

    private static IEnumerable<FlowValue> Connectors(
        string folder,
        ConnectorSecretPlaces places,
        DiagnosticBag problems,
        List<string> notes
    )
    {
        foreach (var (path, definition) in ConnectorFolder.Definitions(folder, null, problems))
        {
            var masked = places.Mask(definition.Json);
            var kept = Masks(masked) - Masks(definition.Json);
            if (kept > 0)
                notes.Add($"{path}: {kept} {(kept == 1 ? "secret stays" : "secrets stay")} here; the server keeps what it has.");
            yield return FileOf(path, masked);
        }

        int Masks(FlowObject definition) => places.In(definition).Count(place => place.Value.ToText() == JsonWriting.Mask);
    }

    private static FlowValue FileOf(string path, FlowObject definition) =>
        FlowValue.Object(("file", FlowValue.From(path)), ("definition", FlowValue.From(definition)));
}
