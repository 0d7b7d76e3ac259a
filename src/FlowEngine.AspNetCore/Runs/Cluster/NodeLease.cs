using FlowEngine.Storage;
using FlowEngine.Storage.Engines;
using Orleans.Runtime;

namespace FlowEngine.AspNetCore.Runs.Cluster;

/// <summary>Per process, thread-safe: whether this node may speak for the runs that it holds. A server that is alone always may.</summary>
internal class NodeLease
{
    /// <summary>Goes on when it may.</summary>
    /// <exception cref="RunMovingException">The others put this node out of the cluster, and go on with its runs.</exception>
    /// <exception cref="StorageException">The database does not say.</exception>
    public virtual ValueTask EnsureAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

/// <summary>
/// Per process, thread-safe: the lease of a node in a cluster. It is renewed by a look into the table of nodes twice a second, and is over
/// sooner than the others can have put out a node that stands still. So a node that was stopped for a while (its machine paused, or its
/// process) looks first when it wakes up, before it answers for a run or does anything for it.
/// </summary>
/// <remarks>Counted by <see cref="TimeProvider.GetTimestamp"/>, which goes on while the process is stopped.</remarks>
internal sealed class ClusterLease(StorageDatabase database, ILocalSiloDetails node, TimeProvider time)
    : NodeLease,
        IHostedService,
        IDisposable
{
    /// <summary>How long it holds. The others need three probes that fail, <see cref="RunCluster.ProbeTime"/> each.</summary>
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private Task? _loop;
    private Task? _renewal;
    private long _since;
    private volatile bool _isKnown;
    private volatile bool _isLost;

    /// <inheritdoc/>
    public override ValueTask EnsureAsync(CancellationToken cancellationToken)
    {
        if (_isLost)
            throw new RunMovingException();
        return _isKnown && time.GetElapsedTime(Volatile.Read(ref _since)) < Length
            ? ValueTask.CompletedTask
            : new ValueTask(RenewTogetherAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _loop = Task.Run(LoopAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        if (_loop is { } loop)
            await loop;
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async Task LoopAsync()
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                try
                {
                    await RenewTogetherAsync(_stop.Token);
                }
                catch (Exception error) when (error is StorageException or RunMovingException)
                {
                    // Those who ask are told.
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    /// <summary>Of many that ask at once, one looks.</summary>
    private Task RenewTogetherAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_renewal is not { IsCompleted: false })
                _renewal = RenewAsync();
            return _renewal.WaitAsync(cancellationToken);
        }
    }

    private async Task RenewAsync()
    {
        var now = time.GetTimestamp();
        var status = await database.FirstAsync<int?>(
            "select status from cluster_nodes where address = @address",
            new { address = node.SiloAddress.ToParsableString() },
            CancellationToken.None
        );
        if (status is null or (int)SiloStatus.Dead)
        {
            _isLost = true;
            throw new RunMovingException();
        }
        Volatile.Write(ref _since, now);
        _isKnown = true;
    }
}
