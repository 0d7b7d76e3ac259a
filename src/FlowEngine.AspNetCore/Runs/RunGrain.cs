using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Runs.Calls;
using FlowEngine.AspNetCore.Runs.Cluster;
using FlowEngine.AspNetCore.Tokens;
using FlowEngine.Attempts;
using FlowEngine.Connectors;
using FlowEngine.Execution;
using FlowEngine.Storage;
using Orleans.Placement;
using Orleans.Runtime;

namespace FlowEngine.AspNetCore.Runs;

/// <summary>A run, by its id: Orleans keeps one grain of it in the whole cluster, so that nobody else advances it. What is handed over
/// travels to another node as JSON, see <see cref="RunWire"/>.</summary>
[GrainInterfaceType(Name)]
[Alias(Name)]
internal interface IRunGrain : IGrainWithStringKey
{
    /// <summary>What Orleans calls it.</summary>
    const string Name = "run";

    /// <summary>Starts the run.</summary>
    [Alias("start")]
    Task<RunReply> StartAsync(StartCall call);

    /// <summary>Submits a step.</summary>
    [Alias("submit")]
    Task<RunReply> SubmitAsync(SubmitCall call);

    /// <summary>Goes on when its server stopped in the middle of an advance.</summary>
    [Alias("resume")]
    Task<RunReply> ResumeAsync(CallerSpan? caller);

    /// <summary>Ends the run for an operator.</summary>
    [Alias("cancel")]
    Task<RunReply> CancelAsync(string actor, CallerSpan? caller);

    /// <summary>Where the run is.</summary>
    [Alias("find")]
    Task<RunReply> FindAsync(string? browserKey, CallerSpan? caller);
}

/// <summary>Shared and immutable: what a grain answers. A storage that does not
/// answer is told, not thrown: an exception would not arrive as it was.</summary>
/// <param name="Answer">The answer; null for none.</param>
/// <param name="StorageCode">The code of what is wrong with the storage; null for nothing.</param>
/// <param name="StorageProblem">What is wrong with it.</param>
[GenerateSerializer, Immutable, Alias("run.reply")]
internal sealed record RunReply(
    [property: Id(0)] RunAnswer? Answer,
    [property: Id(1)] string? StorageCode = null,
    [property: Id(2)] string? StorageProblem = null
);

/// <summary>Per run: the grain, at home on the node that was asked first. It goes from memory when nobody called it for a while, see
/// <see cref="IdleRuns"/>. All it does is to be there once, and to take one call after another.</summary>
[GrainType(IRunGrain.Name)]
[PreferLocalPlacement]
[KeepAlive]
internal sealed class RunGrain(
    FlowCatalogue flows,
    RunStore store,
    TokenService tokens,
    OneTimeCodes codes,
    ConnectorSet connectors,
    AttemptCounter attempts,
    CallQueue calls,
    TimeProvider time,
    IdleRuns idle,
    NodeLease lease,
    ConnectorFaults faults,
    RunCounts counts
) : Grain, IRunGrain
{
    private RunSession? _session;
    private IdleRun? _idle;

    private RunSession Session =>
        _session ??= new RunSession(
            this.GetPrimaryKeyString(),
            flows,
            store,
            tokens,
            codes,
            connectors,
            attempts,
            calls,
            faults,
            counts,
            time
        );

    /// <inheritdoc/>
    public Task<RunReply> StartAsync(StartCall call) =>
        ReplyAsync(call.Caller, session => session.StartAsync(call.Request, call.IsRepeated));

    /// <inheritdoc/>
    public Task<RunReply> SubmitAsync(SubmitCall call) =>
        ReplyAsync(call.Caller, session => session.SubmitAsync(call.StepId, call.InteractionId, call.Input, call.BrowserKey));

    /// <inheritdoc/>
    public Task<RunReply> ResumeAsync(CallerSpan? caller) => ReplyAsync(caller, session => session.ResumeAsync());

    /// <inheritdoc/>
    public Task<RunReply> FindAsync(string? browserKey, CallerSpan? caller) => ReplyAsync(caller, session => session.FindAsync(browserKey));

    /// <inheritdoc/>
    public Task<RunReply> CancelAsync(string actor, CallerSpan? caller) => ReplyAsync(caller, session => session.CancelAsync(actor));

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _idle = idle.Enter(GrainContext);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_idle is { } run)
            idle.Leave(run);
        return Task.CompletedTask;
    }

    private async Task<RunReply> ReplyAsync(CallerSpan? caller, Func<RunSession, Task<RunAnswer?>> call)
    {
        using var span = caller?.Continue();
        idle.Begin(_idle!);
        try
        {
            await lease.EnsureAsync(CancellationToken.None);
            return new RunReply(await call(Session));
        }
        catch (StorageException error)
        {
            return new RunReply(null, error.Code.Code, error.Message);
        }
        finally
        {
            // What is over is read again from the storage when somebody comes back. The empty grain goes a moment later: to end it here
            // would send calls on that already wait for it.
            var isOver = Session.IsOver;
            if (isOver)
                _session = null;
            idle.End(_idle!, isOver);
        }
    }
}
