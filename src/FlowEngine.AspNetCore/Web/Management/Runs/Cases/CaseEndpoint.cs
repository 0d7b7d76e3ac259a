using FlowEngine.AspNetCore.Flows;
using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Runs.Cases;

/// <summary>A run as a golden case.</summary>
/// <param name="Case">The case file.</param>
/// <param name="FileName">What to call it.</param>
/// <param name="Warnings">What a person should know of it.</param>
internal sealed record GoldenCaseFile(FlowValue Case, string FileName, IReadOnlyList<string> Warnings);

/// <summary>Stateless: <c>/api/runs/{id}/case</c>: a run as a golden case for <c>flowengine test</c>.</summary>
internal static class CaseEndpoint
{
    /// <summary>Makes the case.</summary>
    public static async Task<GoldenCaseFile> MakeAsync(
        string id,
        RunSearch search,
        FlowStore flows,
        FlowCatalogue catalogue,
        CancellationToken cancellationToken
    )
    {
        var run = await RunEndpoints.RunOrNotFoundAsync(id, search, cancellationToken);
        var version = await flows.FindVersionAsync(run.FlowId, run.FlowVersion, cancellationToken);
        var steps = RunViews.Steps(await search.TraceAsync(run.Id, cancellationToken), catalogue.Activities);
        var recorded = new RecordedCase(
            run,
            version is null ? FlowValue.Missing : JsonReading.Parse(version.Definition),
            steps,
            catalogue.Activities
        );
        var golden = await recorded.BuildAsync(
            await catalogue.PlanAsync(run.FlowId, run.FlowVersion, cancellationToken),
            cancellationToken
        );
        return new GoldenCaseFile(golden, recorded.FileName, recorded.Warnings);
    }
}
