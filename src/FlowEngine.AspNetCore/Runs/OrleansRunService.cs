using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Runs.Cluster;
using FlowEngine.AspNetCore.Tokens;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Model;
using FlowEngine.Storage;
using FlowEngine.Tracing;
using Orleans.Runtime;
using Orleans.Runtime.Messaging;

namespace FlowEngine.AspNetCore.Runs;

/// <summary>Per process, thread-safe: finds the grain of a run, on whichever node, and asks it.</summary>
internal sealed partial class OrleansRunService(
    IGrainFactory grains,
    FlowCatalogue flows,
    ManagementKey key,
    Project project,
    KnownRuns known,
    RunHomes homes,
    StartKeys keys,
    DrawnRuns drawn,
    NodeLease lease,
    TimeProvider time,
    ILogger<OrleansRunService> log
) : RunService
{
    // By name: for a type, Orleans looks up its attributes at each call.
    private static readonly GrainType Run = GrainType.Create(IRunGrain.Name);
    private static readonly GrainInterfaceType RunInterface = GrainInterfaceType.Create(IRunGrain.Name);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>How long a call is made again while its grain has no node:
    /// the others need some five seconds to see that one is lost.</summary>
    private static readonly TimeSpan MovingTime = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public override DrawnRun? Draw(string flowId, string browserKey) =>
        flows.FindPlan(flowId) is { Options.Access: FlowAccess.Public } plan && !plan.BeginsWithScreen
            ? drawn.Draw(homes.NewId(Run), flowId, browserKey)
            : null;

    /// <inheritdoc/>
    public override async Task<RunAnswer?> StartAsync(RunRequest request, CancellationToken cancellationToken)
    {
        // No grain for a name that somebody made up.
        if (flows.FindPlan(request.FlowId) is not { } plan)
            return null;
        if (plan.Options.Access == FlowAccess.Key && !request.HasKey)
        {
            var token = BearerToken.In(request.Authorization, project.Id);
            if (token.Length == 0 || !await key.IsValidAsync(token, cancellationToken))
                return RunAnswer.Refused("", plan.FlowId);
            request = request with { HasKey = true };
        }
        var caller = CallerSpan.Current;
        if (request.Drawn is { } begun && !drawn.IsValid(begun, request.FlowId, request.BrowserKey))
            return null;
        var (id, mayBeThere) = (request.Drawn?.ExecutionId ?? homes.NewId(Run), request.Drawn is not null);
        if (request.Key is { } given)
        {
            var taken = await keys.TakeAsync(given.Scope, given.Key, given.Request, id, cancellationToken);
            if (!taken.IsSameRequest)
                return RunAnswer.Refused("", plan.FlowId, RunRefusals.Idempotency);
            // Whoever took the key need not come first: a repeat may overtake it on the way to the run.
            (id, mayBeThere) = (taken.RunId, true);
            request = request with { Key = null, KeptUntil = taken.ExpiresAt };
        }
        var answer = Tell(
            await CallAsync(
                id,
                (run, isRepeated) => run.StartAsync(new StartCall(request, mayBeThere || isRepeated, caller)),
                cancellationToken
            )
        );
        if (answer is not null)
            known.Add(id);
        return answer;
    }

    /// <inheritdoc/>
    public override async Task<RunAnswer?> SubmitAsync(
        string executionId,
        string stepId,
        string interactionId,
        FlowValue input,
        string? browserKey,
        CancellationToken cancellationToken
    )
    {
        var call = new SubmitCall(stepId, interactionId, input, browserKey, CallerSpan.Current);
        return Tell(await CallKnownAsync(executionId, (run, _) => run.SubmitAsync(call), cancellationToken));
    }

    /// <inheritdoc/>
    public override async Task<RunAnswer?> FindAsync(string executionId, string? browserKey, CancellationToken cancellationToken) =>
        await CallKnownAsync(executionId, (run, _) => run.FindAsync(browserKey, CallerSpan.Current), cancellationToken);

    /// <inheritdoc/>
    public override async Task ResumeAsync(string executionId, CancellationToken cancellationToken) =>
        await CallAsync(executionId, (run, _) => run.ResumeAsync(CallerSpan.Current), cancellationToken);

    /// <inheritdoc/>
    public override async Task<RunAnswer?> CancelAsync(string executionId, string actor, CancellationToken cancellationToken) =>
        await CallKnownAsync(executionId, (run, _) => run.CancelAsync(actor, CallerSpan.Current), cancellationToken);

    /// <summary>Asks the grain of a run that there is. No grain for an id that
    /// somebody made up: each would stay in memory for minutes.</summary>
    private async Task<RunAnswer?> CallKnownAsync(
        string id,
        Func<IRunGrain, bool, Task<RunReply>> call,
        CancellationToken cancellationToken
    ) => await known.ExistsAsync(id, cancellationToken) ? await CallAsync(id, call, cancellationToken) : null;

    /// <summary>Asks the grain. A call that was turned away because the grain was just leaving memory,
    /// or that was lost with its node, is made again: each of them may be made twice.</summary>
    private async Task<RunAnswer?> CallAsync(string id, Func<IRunGrain, bool, Task<RunReply>> call, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        var pause = FirstPause;
        for (var isRepeated = false; ; isRepeated = true)
        {
            try
            {
                await lease.EnsureAsync(cancellationToken);
                var reply = await call((IRunGrain)grains.GetGrain(GrainId.Create(Run, id), RunInterface), isRepeated)
                    .WaitAsync(cancellationToken);
                // What it held may be old by now if it stood still meanwhile.
                await lease.EnsureAsync(cancellationToken);
                return Read(reply);
            }
            catch (Exception error) when (IsMoving(error))
            {
                if (time.GetElapsedTime(since) > MovingTime)
                    throw new RunMovingException();
                await Task.Delay(pause, time, cancellationToken);
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
            }
            catch (TypeLoadException)
            {
                // Its node is of another release, whose calls are not those of this one. Until the last node is replaced, the run goes on
                // there.
                throw new RunMovingException();
            }
            catch (OrleansException error)
            {
                throw new RunCallException(error.GetType().Name);
            }
        }
    }

    /// <summary>Whether the grain was between two places: leaving memory, or its
    /// node, or the one that knew where it is, was lost or does not answer.</summary>
    private static bool IsMoving(Exception error) =>
        error is OrleansMessageRejectionException or ConnectionFailedException or TimeoutException;

    /// <summary>Failed runs are in the log, without their values: those are in the trace, redacted.</summary>
    private RunAnswer? Tell(RunAnswer? answer)
    {
        if (answer is { Status: RunStatus.Failed, Error: { } error })
            LogFailed(log, FlowTelemetry.Reference(answer.ExecutionId), answer.FlowId, answer.StepName, error.Code);
        return answer;
    }

    private static RunAnswer? Read(RunReply reply) =>
        reply.StorageCode is { } code
            ? throw new StorageException(StorageErrors.All.First(error => error.Code == code), reply.StorageProblem ?? "")
            : reply.Answer;

    [LoggerMessage(
        EventId = 1401,
        Level = LogLevel.Warning,
        Message = "The run {Run} of the flow {Flow} failed at {Activity} with {Code}."
    )]
    private static partial void LogFailed(ILogger logger, string run, string flow, string activity, string code);
}
