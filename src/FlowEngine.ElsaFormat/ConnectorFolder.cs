using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Model;

namespace FlowEngine.ElsaFormat;

/// <summary>Stateless: reads the connector files of a folder.</summary>
public static class ConnectorFolder
{
    /// <summary>Whether a file holds a connector.</summary>
    public static bool IsConnectorFile(string path) => path.EndsWith(".connector.json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the files into a set.</summary>
    /// <param name="folder">The folder; one that does not exist holds no connectors.</param>
    /// <param name="connectors">Where they go. Of two files with one id the first counts and the second is reported.</param>
    /// <param name="relocate">Applied to every connector's content, or null.</param>
    /// <param name="problems">Where the problems of broken files go.</param>
    public static void Read(string folder, ConnectorSet connectors, Func<FlowValue, FlowValue>? relocate, DiagnosticBag problems)
    {
        foreach (var (_, definition) in Definitions(folder, relocate, problems))
            connectors.Set(definition);
    }

    /// <summary>The files of a folder with what they define, those without problems; each connector once.</summary>
    public static IEnumerable<(string File, ConnectorDefinition Definition)> Definitions(
        string folder,
        Func<FlowValue, FlowValue>? relocate,
        DiagnosticBag problems
    )
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Directory.Exists(folder) ? JsonFolder.Files(folder).Where(IsConnectorFile) : [])
        {
            if (ReadFile(path, problems, relocate) is not { } definition)
                continue;
            if (files.TryAdd(definition.Id, path))
                yield return (path, definition);
            else
                problems.Error(
                    FlowErrors.DuplicateId,
                    definition.Location.At("id"),
                    $"{files[definition.Id]} is already the connector '{definition.Id}'."
                );
        }
    }

    /// <summary>Reads one file's shape; null, with the problems reported, when it has none.</summary>
    public static ConnectorDefinition? ReadFile(string path, DiagnosticBag problems, Func<FlowValue, FlowValue>? relocate = null)
    {
        var json = JsonFile.Read(path, problems);
        if (
            json.IsMissing
            || !FileKind.Connector.Check(json, path, problems, ElsaFile.Kind)
            || ConnectorDefinition.Read(relocate?.Invoke(json) ?? json, path, problems) is not { } definition
        )
            return null;
        return definition with { Origin = ConnectorOrigin.Operator };
    }
}
