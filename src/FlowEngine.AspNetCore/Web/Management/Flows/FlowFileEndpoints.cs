using System.Globalization;
using System.Text;
using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Context;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;
using FlowEngine.Json;
using FlowEngine.Model;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Flows;

/// <summary>A file to read.</summary>
/// <param name="Content">What is in it.</param>
/// <param name="FileName">What it is called; <c>flow.json</c> when it is not said.</param>
internal sealed record ImportBody([Content] string Content, [ShortText] string? FileName = null) : IRequestBody<ImportBody>;

/// <summary>A file that was read.</summary>
/// <param name="Definition">The flow; null when it is none.</param>
/// <param name="Diagnostics">What is wrong with it.</param>
internal sealed record ImportedFlow(FlowObject? Definition, IReadOnlyList<FileProblem> Diagnostics);

/// <summary>What to export, and how.</summary>
/// <param name="Version">A version's number, or <c>draft</c>; without it the published one, else the draft.</param>
/// <param name="Format">A flow file, or an Elsa 3 definition; default <c>flow</c>.</param>
internal sealed record ExportQuery(string? Version, [OneOf("flow", "elsa")] string? Format) : IRequestQuery<ExportQuery>;

/// <summary>Stateless: flows as files: flow files and Elsa 3 definitions.</summary>
internal static class FlowFileEndpoints
{
    /// <summary>Reads a file; saves nothing. What is no file of a flow is answered without a definition, and with a problem that says
    /// what it is.</summary>
    public static ImportedFlow Import(ImportBody body, FlowCatalogue catalogue, CancellationToken cancellationToken)
    {
        var file = body.FileName ?? "flow.json";
        var problems = new DiagnosticBag();
        var json = JsonFile.Parse(Encoding.UTF8.GetBytes(body.Content), file, problems);
        var flow = json.IsMissing ? null : FlowFile.Read(json, file, problems);
        if (flow is not null)
            problems.AddRange(
                catalogue.Compile(flow with { HasErrors = problems.HasErrors }, cancellationToken: cancellationToken).Diagnostics
            );
        return new ImportedFlow(flow?.Json, FileProblem.Of(problems.Items.Distinct()));
    }

    /// <summary>The flow as a file.</summary>
    public static async Task ExportAsync(HttpContext http, string id, ExportQuery query, FlowStore store)
    {
        var (definition, version) = await FindAsync(ApiQuery.Id(id), query.Version, store, http.RequestAborted);
        var format = query.Format ?? "flow";
        var json = JsonReading.Parse(definition);
        var warnings = new DiagnosticBag();
        var content = format switch
        {
            "flow" => json,
            "elsa" => AsElsa(json, version, warnings),
            _ => throw ApiQuery.Wrong("format", "flow or elsa"),
        };
        AnswerWarnings.Set(http, warnings.Items);
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{id}.{format}.json\"";
        await ApiAnswer.WriteJsonAsync(http, Encoding.UTF8.GetBytes(JsonIndenting.ToText(content)));
    }

    private static FlowValue AsElsa(FlowValue definition, int version, DiagnosticBag warnings)
    {
        var problems = new DiagnosticBag();
        return FlowReader.Read(definition, null, problems) is { } flow && !problems.HasErrors
            ? ElsaWriter.Write(flow, version, warnings)
            : throw FlowCompilation.Invalid(problems.Items);
    }

    /// <summary>Without <c>version</c> the published one, else the draft.</summary>
    private static async Task<(string Definition, int Version)> FindAsync(
        string id,
        string? which,
        FlowStore store,
        CancellationToken cancellationToken
    )
    {
        if (which is not (null or "draft"))
        {
            if (!int.TryParse(which, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                throw ApiQuery.Wrong("version", "a version's number or 'draft'");
            var found =
                await store.FindVersionAsync(id, number, cancellationToken)
                ?? throw ApiQuery.NotFound($"There is no version {number} of '{id}'.");
            return (found.Definition, number);
        }
        var published = await store.FindPublishedAsync(id, cancellationToken);
        if (which is null && published is not null)
            return (published.Definition, published.Version);
        var draft =
            await store.FindDraftAsync(id, cancellationToken)
            ?? throw ApiQuery.NotFound($"There is no {(which is null ? "flow" : "draft of")} '{id}'.");
        return (draft.Definition, (published?.Version ?? 0) + 1);
    }
}
