using System.Globalization;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Context;
using FlowEngine.Diff;
using FlowEngine.Json;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Flows;

/// <summary>Stateless: what changed between two versions of a flow.</summary>
internal static class DiffEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapDiffs(this IEndpointRouteBuilder api)
    {
        api.MapGet("/flows/{id}/diff", OfVersionsAsync).RequireRole(Role.Viewer);
        api.MapPost("/flows/diff", OfDefinitionsAsync).RequireRole(Role.Viewer);
    }

    private static async Task OfVersionsAsync(HttpContext http, string id, FlowStore store)
    {
        var from = await DefinitionAsync(http, ApiQuery.Id(id), "from", store);
        var to = await DefinitionAsync(http, id, "to", store);
        await WriteAsync(http, from, to);
    }

    private static async Task OfDefinitionsAsync(HttpContext http)
    {
        var body = await ApiBody.ReadLargeAsync(http);
        await WriteAsync(http, FlowValue.From(ApiBody.RequiredMembers(body, "from")), FlowValue.From(ApiBody.RequiredMembers(body, "to")));
    }

    private static Task WriteAsync(HttpContext http, FlowValue from, FlowValue to)
    {
        var changes = FlowDiff.Between(from, to, out var isCut, http.RequestAborted);
        return ApiAnswer.WriteAsync(
            http,
            ApiJson.Object(
                ("changes", ApiJson.Array(changes.Select(change => change.ToValue()))),
                ("truncated", isCut ? FlowValue.True : FlowValue.Missing)
            )
        );
    }

    /// <summary>A number is that version; <c>draft</c> and <c>published</c> are these.</summary>
    private static async Task<FlowValue> DefinitionAsync(HttpContext http, string id, string parameter, FlowStore store)
    {
        var which = ApiQuery.Text(http, parameter) ?? throw ApiQuery.Wrong(parameter, "there: a version's number, 'draft' or 'published'");
        var definition = which switch
        {
            "draft" => (await store.FindDraftAsync(id, http.RequestAborted))?.Definition,
            "published" => (await store.FindPublishedAsync(id, http.RequestAborted))?.Definition,
            _ when int.TryParse(which, NumberStyles.None, CultureInfo.InvariantCulture, out var version) => (
                await store.FindVersionAsync(id, version, http.RequestAborted)
            )?.Definition,
            _ => throw ApiQuery.Wrong(parameter, "a version's number, 'draft' or 'published'"),
        };
        return definition is null ? throw ApiQuery.NotFound($"'{id}' has no such version: {which}.") : JsonReading.Parse(definition);
    }
}
