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

/// <summary>Stateless: flows as files: flow files and Elsa 3 definitions.</summary>
internal static class FlowFileEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapFlowFiles(this IEndpointRouteBuilder api)
    {
        api.MapPost("/flows/import", ImportAsync).RequireRole(Role.Designer);
        api.MapGet("/flows/{id}/export", ExportAsync).RequireRole(Role.Viewer);
    }

    /// <summary>Reads a file; saves nothing. What is no file of a flow is answered
    /// without a definition, and with a problem that says what it is.</summary>
    private static async Task ImportAsync(HttpContext http, FlowCatalogue catalogue)
    {
        var body = await ApiBody.ReadLargeAsync(http);
        var (content, file) = (ApiBody.Content(body, "content"), ApiBody.OptionalId(body, "fileName") ?? "flow.json");
        var problems = new DiagnosticBag();
        var json = JsonFile.Parse(Encoding.UTF8.GetBytes(content), file, problems);
        var flow = json.IsMissing ? null : FlowFile.Read(json, file, problems);
        if (flow is not null)
            problems.AddRange(
                catalogue.Compile(flow with { HasErrors = problems.HasErrors }, cancellationToken: http.RequestAborted).Diagnostics
            );
        await ApiAnswer.WriteAsync(
            http,
            ApiJson.Object(
                ("definition", flow is null ? FlowValue.Null : FlowValue.From(flow.Json)),
                ("diagnostics", ApiJson.Diagnostics(problems.Items.Distinct()))
            )
        );
    }

    private static async Task ExportAsync(HttpContext http, string id, FlowStore store)
    {
        var (definition, version) = await FindAsync(http, ApiQuery.Id(id), store);
        var format = ApiQuery.Text(http, "format") ?? "flow";
        var json = JsonReading.Parse(definition);
        var content = format switch
        {
            "flow" => json,
            "elsa" => AsElsa(json, version),
            _ => throw ApiQuery.Wrong("format", "flow or elsa"),
        };
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{id}.{format}.json\"";
        await ApiAnswer.WriteJsonAsync(http, Encoding.UTF8.GetBytes(JsonIndenting.ToText(content)));
    }

    private static FlowValue AsElsa(FlowValue definition, int version)
    {
        var problems = new DiagnosticBag();
        return FlowReader.Read(definition, null, problems) is { } flow && !problems.HasErrors
            ? ElsaWriter.Write(flow, version)
            : throw FlowCompilation.Invalid(problems.Items);
    }

    /// <summary>Without <c>version</c> the published one, else the draft.</summary>
    private static async Task<(string Definition, int Version)> FindAsync(HttpContext http, string id, FlowStore store)
    {
        var which = ApiQuery.Text(http, "version");
        if (which is not (null or "draft"))
        {
            if (!int.TryParse(which, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                throw ApiQuery.Wrong("version", "a version's number or 'draft'");
            var found =
                await store.FindVersionAsync(id, number, http.RequestAborted)
                ?? throw ApiQuery.NotFound($"There is no version {number} of '{id}'.");
            return (found.Definition, number);
        }
        var published = await store.FindPublishedAsync(id, http.RequestAborted);
        if (which is null && published is not null)
            return (published.Definition, published.Version);
        var draft =
            await store.FindDraftAsync(id, http.RequestAborted)
            ?? throw ApiQuery.NotFound($"There is no {(which is null ? "flow" : "draft of")} '{id}'.");
        return (draft.Definition, (published?.Version ?? 0) + 1);
    }
}
