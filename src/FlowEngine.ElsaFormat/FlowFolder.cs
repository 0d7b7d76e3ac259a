using FlowEngine.Errors;
using FlowEngine.Model;

namespace FlowEngine.ElsaFormat;

/// <summary>Per process, single-threaded: the flows of a folder by id. Nothing is read until a Subflow activity asks.</summary>
public sealed class FlowFolder(string folder)
{
    private Dictionary<string, FlowDefinition>? _flows;

    /// <summary>The problems of the files that were read.</summary>
    public DiagnosticBag Problems { get; } = new();

    /// <summary>The flow of that id; version 0, because files have none. Null when there is none.</summary>
    public (FlowDefinition Flow, int Version)? Find(string id) => (_flows ??= ReadAll()).TryGetValue(id, out var flow) ? (flow, 0) : null;

    private Dictionary<string, FlowDefinition> ReadAll()
    {
        var flows = new Dictionary<string, FlowDefinition>(StringComparer.Ordinal);
        if (!Directory.Exists(folder.Length == 0 ? "." : folder))
            return flows;

        // A flow file goes before an Elsa file of the same flow.
        foreach (var path in JsonFolder.Files(folder).Where(FlowFile.IsFlowFile).OrderBy(FlowFile.IsElsaFile))
        {
            var problems = new DiagnosticBag();
            if (FlowFile.Load(path, problems) is { Id.Length: > 0 } flow && !problems.HasErrors)
                flows.TryAdd(flow.Id, flow);
            Problems.AddRange(problems.Items);
        }
        return flows;
    }
}
