using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Server.Flows;
using FlowEngine.Server.Storage;

namespace FlowEngine.Server.Runs;

/// <summary>Per process, thread-safe: finds the grain of a run and asks it.</summary>
internal sealed class OrleansRunService(IGrainFactory grains, FlowCatalogue flows) : RunService
{
    /// <inheritdoc/>
    public override async Task<RunAnswer?> StartAsync(RunRequest request, CancellationToken cancellationToken)
    {
        // No grain for a name that somebody made up.
        if (flows.FindPlan(request.FlowId) is null)
            return null;
        return Read(await grains.GetGrain<IRunGrain>(RunId.New()).StartAsync(RunWire.Write(request)).WaitAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public override async Task<RunAnswer?> SubmitAsync(string executionId, string stepId, string interactionId, FlowValue input, string? browserKey, CancellationToken cancellationToken) =>
        IsId(executionId)
            ? Read(await grains.GetGrain<IRunGrain>(executionId).SubmitAsync(stepId, interactionId, JsonWriting.ToUtf8(input), browserKey).WaitAsync(cancellationToken))
            : null;

    /// <inheritdoc/>
    public override async Task<RunAnswer?> FindAsync(string executionId, string? browserKey, CancellationToken cancellationToken) =>
        IsId(executionId) ? Read(await grains.GetGrain<IRunGrain>(executionId).FindAsync(browserKey).WaitAsync(cancellationToken)) : null;

    private static bool IsId(string text) => text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static RunAnswer? Read(RunReply reply) => reply.StorageCode is { } code
        ? throw new StorageException(StorageErrors.All.First(error => error.Code == code), reply.StorageProblem ?? "")
        : RunWire.ReadAnswer(reply.Answer);
}
