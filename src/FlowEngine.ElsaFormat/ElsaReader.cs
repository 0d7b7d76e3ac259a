using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Model;

namespace FlowEngine.ElsaFormat;

/// <summary>
/// Stateless: reads an Elsa 3 workflow definition (SPEC 14). Our own activities come back as they were written; Elsa's flowchart activities
/// are mapped; what has no equal is reported and kept as it is.
/// </summary>
public static class ElsaReader
{
    /// <summary>Reads a definition.</summary>
    /// <param name="json">The file's content.</param>
    /// <param name="file">The file as the caller names it, or null.</param>
    /// <param name="problems">Where problems go; their pointers, and those of the compiler later on, lead into the Elsa file.</param>
    /// <returns>The flow, as far as it could be read; null when there is nothing to compile.</returns>
    public static FlowDefinition? Read(FlowValue json, string? file, DiagnosticBag problems)
    {
        var root = SourceLocation.Root(file);
        if (!json.TryGetObject(out var definition))
        {
            problems.Error(FlowErrors.Type, root, "An Elsa workflow definition is one JSON object.");
            return null;
        }
        if (!definition.Get("root").TryGetObject(out _))
        {
            problems.Error(
                FlowErrors.Required,
                root.At("root"),
                "The workflow definition has no root activity.",
                "Export the whole workflow definition from Elsa."
            );
            return null;
        }

        var pointers = new ElsaPointers();
        var found = new DiagnosticBag();
        var flow = new ElsaReading(json, pointers, root, found).Read();
        var read = FlowReader.ReadAt(flow, SourceLocation.Root(file, pointers.Translate), found);
        problems.AddRange(InElsasWords(found.Items, json));
        return read is null ? null : read with { HasErrors = found.HasErrors };
    }

    /// <summary>What a flow must have and has not, said of the definition that it was read from.</summary>
    private static IEnumerable<Diagnostic> InElsasWords(IReadOnlyList<Diagnostic> problems, FlowValue definition)
    {
        var chart = definition.Get("root");
        var isEmpty = chart.Get("type").ToText() == ElsaNames.Flowchart && ElsaChart.Elements(chart.Get("activities")).Count == 0;
        foreach (var problem in problems)
        {
            if (problem.Code != FlowErrors.Required.Code)
                yield return problem;
            else if (problem.Pointer == "/definitionId")
                yield return problem with
                {
                    Message = "The workflow definition has no definitionId.",
                    Advice = "Export the whole workflow definition from Elsa.",
                };
            else if (isEmpty && problem.Pointer == "/root/activities")
                yield return problem with
                {
                    Message = "The flowchart has no activities.",
                    Advice = "Add at least one activity in Elsa, and export the workflow definition again.",
                };
            else if (!isEmpty || problem.Pointer != "/root")
                yield return problem;
        }
    }

    /// <summary>Whether an activity of a flow is one of Elsa's that was kept,
    /// unchanged since, so that it can be given back as it was.</summary>
    internal static bool IsKeptAsItWas(FlowObject activity, FlowValue designerEntry)
    {
        var kept = activity.Get(ElsaNames.Kept);
        return kept.Kind == FlowValueKind.Object
            && kept.Get("id") == activity.Get("id")
            && (ElsaReading.IsForkOrJoin(kept.Get("type").ToText()) || !ElsaReading.HasEqual(kept.Get("type").ToText()))
            && FlowValue.From(ElsaReading.Keep(kept)) == FlowValue.From(activity)
            && ElsaReading.DesignerEntry(kept) == designerEntry;
    }
}
