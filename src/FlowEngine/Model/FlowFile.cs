using FlowEngine.Errors;

namespace FlowEngine.Model;

/// <summary>Reads flow files, <c>*.flow.json</c> and <c>*.elsa.json</c>. Stateless.</summary>
public static class FlowFile
{
    /// <summary>Reads a flow.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problems">Where problems go.</param>
    /// <returns>The flow, or null when there is nothing to compile.</returns>
    public static FlowDefinition? Load(string path, DiagnosticBag problems)
    {
        var json = JsonFile.Read(path, problems);
        return json.IsMissing ? null : FlowReader.Read(json, path, problems);
    }
}
