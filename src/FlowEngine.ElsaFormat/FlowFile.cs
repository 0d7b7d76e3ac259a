using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Model;

namespace FlowEngine.ElsaFormat;

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
    /// <param name="problems">Where problems go.</param>
    /// <returns>The flow, or null when there is nothing to compile.</returns>
    public static FlowDefinition? Load(string path, DiagnosticBag problems)
    {
        var found = new DiagnosticBag();
        var json = JsonFile.Read(path, found);
        var flow = json.IsMissing ? null : Read(json, path, found);
        problems.AddRange(found.Items);
        return flow is null ? null : flow with { HasErrors = found.HasErrors };
    }

    /// <summary>Reads the content of a file, a flow or an Elsa workflow definition:
    /// told by its content, and by its name where the content leaves it open.</summary>
    /// <param name="json">The content.</param>
    /// <param name="file">The file as the caller names it.</param>
    /// <param name="problems">Where problems go; a file of another kind is one, <c>flow.file_kind</c>.</param>
    /// <returns>The flow, or null when there is nothing to compile.</returns>
    public static FlowDefinition? Read(FlowValue json, string file, DiagnosticBag problems)
    {
        var isElsa = !FileKind.Flow.Fits(json) && (IsElsaFile(file) || ElsaFile.Kind.Fits(json));
        if (!(isElsa ? ElsaFile.Kind : FileKind.Flow).Check(json, file, problems, ElsaFile.Kind))
            return null;
        return isElsa ? ElsaReader.Read(json, file, problems) : FlowReader.Read(json, file, problems);
    }
}
