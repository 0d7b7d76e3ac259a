using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Runs.Cases;

/// <summary>Stateless: <c>/api/runs/{id}/case</c>: a run as a golden case for <c>flowengine test</c>.</summary>
internal static class CaseEndpoint
{
    /// <summary>Maps it.</summary>
    public static void MapCases(this IEndpointRouteBuilder api) => api.MapGet("/runs/{id}/case", MakeAsync).RequireRole(Role.Designer);

    private static async Task MakeAsync(HttpContext http, string id, RunSearch search, FlowStore flows, FlowCatalogue catalogue)
    {
        var run = await RunEndpoints.RunOrNotFoundAsync(http, id, search);
        var version = await flows.FindVersionAsync(run.FlowId, run.FlowVersion, http.RequestAborted);
        var steps = RunViews.Steps(await search.TraceAsync(run.Id, http.RequestAborted), FlowEngineHost.Activities);
        var recorded = new RecordedCase(
            run,
            version is null ? FlowValue.Missing : JsonReading.Parse(version.Definition),
            steps,
            FlowEngineHost.Activities
        );
        var golden = await recorded.BuildAsync(
            await catalogue.PlanAsync(run.FlowId, run.FlowVersion, http.RequestAborted),
            http.RequestAborted
        );
        await ApiAnswer.WriteAsync(
            http,
            ApiJson.Object(
                ("case", golden),
                ("fileName", FlowValue.From(recorded.FileName)),
                ("warnings", ApiJson.Texts(recorded.Warnings))
            )
        );
    }
}
