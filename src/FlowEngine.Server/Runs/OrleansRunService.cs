using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Server.Flows;
using FlowEngine.Server.Storage;
using FlowEngine.Tracing;
using Orleans.Runtime;

namespace FlowEngine.Server.Runs;

/// <summary>Per process, thread-safe: finds the grain of a run and asks it.</summary>
internal sealed partial class OrleansRunService(IGrainFactory grains, FlowCatalogue flows, ILogger<OrleansRunService> log) : RunService
{
    private const int Attempts = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    public override async Task<RunAnswer?> StartAsync(RunRequest request, CancellationToken cancellationToken)
    {
        // No grain for a name that somebody made up.
        if (flows.FindPlan(request.FlowId) is null)
            return null;
        return Tell(await CallAsync(RunId.New(), run => run.StartAsync(RunWire.Write(request)), cancellationToken));
    }

    /// <inheritdoc/>
    public override async Task<RunAnswer?> SubmitAsync(string executionId, string stepId, string interactionId, FlowValue input, string? browserKey, CancellationToken cancellationToken) =>
        Tell(await CallAsync(executionId, run => run.SubmitAsync(stepId, interactionId, JsonWriting.ToUtf8(input), browserKey), cancellationToken));

    /// <inheritdoc/>
    public override async Task<RunAnswer?> FindAsync(string executionId, string? browserKey, CancellationToken cancellationToken) =>
        await CallAsync(executionId, run => run.FindAsync(browserKey), cancellationToken);

    /// <inheritdoc/>
    public override async Task<RunAnswer?> CancelAsync(string executionId, CancellationToken cancellationToken) =>
        await CallAsync(executionId, run => run.CancelAsync(), cancellationToken);

    /// <summary>Asks the grain. A call that was turned away because the grain was just leaving memory is made again: it did nothing.</summary>
    private async Task<RunAnswer?> CallAsync(string id, Func<IRunGrain, Task<RunReply>> call, CancellationToken cancellationToken)
    {
        if (!IsId(id))
            return null;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Read(await call(grains.GetGrain<IRunGrain>(id)).WaitAsync(cancellationToken));
            }
            catch (OrleansMessageRejectionException) when (attempt < Attempts)
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    /// <summary>Failed runs are in the log, without their values: those are in the trace, redacted.</summary>
    private RunAnswer? Tell(RunAnswer? answer)
    {
        if (answer is { Status: "failed", Error: { } error })
            LogFailed(log, FlowTelemetry.Reference(answer.ExecutionId), answer.FlowId, answer.StepName, error.Code);
        return answer;
    }

    private static bool IsId(string text) => text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static RunAnswer? Read(RunReply reply) => reply.StorageCode is { } code
        ? throw new StorageException(StorageErrors.All.First(error => error.Code == code), reply.StorageProblem ?? "")
        : reply.Answer;

    [LoggerMessage(EventId = 1401, Level = LogLevel.Warning, Message = "The run {Run} of the flow {Flow} failed at {Activity} with {Code}.")]
    private static partial void LogFailed(ILogger logger, string run, string flow, string activity, string code);
}
