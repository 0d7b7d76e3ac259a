using FlowEngine.Elsa;
using FlowEngine.Errors;

namespace FlowEngine.Model;

/// <summary>Reads flow files, <c>*.flow.json</c> and <c>*.elsa.json</c>. Stateless.</summary>
public static class FlowFile
{
    private const string Extension = ".flow.json";
    private const string ElsaExtension = ".elsa.json";

    /// <summary>Whether a path names a flow file: <c>*.flow.json</c> or <c>*.elsa.json</c>.</summary>
    public static bool IsFlowFile(string path) => path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) || IsElsaFile(path);

    /// <summary>Whether a path names an Elsa workflow definition: <c>*.elsa.json</c>.</summary>
    public static bool IsElsaFile(string path) => path.EndsWith(ElsaExtension, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a flow.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problems">Where problems go. They do not reach the compiler: a flow with an error among them must not be run.</param>
    /// <returns>The flow, or null when there is nothing to compile.</returns>
    public static FlowDefinition? Load(string path, DiagnosticBag problems)
    {
        var json = JsonFile.Read(path, problems);
        if (json.IsMissing)
            return null;
        return IsElsaFile(path) ? ElsaReader.Read(json, path, problems) : FlowReader.Read(json, path, problems);
    }
}
