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
internal sealed class ClusterLease(StorageDatabase database, ILocalSiloDetails node, TimeProvider time) : NodeLease
{
    /// <summary>How long it holds. The others need three probes that fail, <see cref="RunCluster.ProbeTime"/> each.</summary>
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
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
            : new ValueTask(RenewAsync(cancellationToken));
    }

    /// <summary>Looks into the table. Of many that ask at once, one does.</summary>
    /// <exception cref="RunMovingException">The others put this node out of the cluster.</exception>
    /// <exception cref="StorageException">The database does not say.</exception>
    public Task RenewAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_renewal is not { IsCompleted: false })
                _renewal = LookAsync();
            return _renewal.WaitAsync(cancellationToken);
        }
    }

    private async Task LookAsync()
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

/// <summary>Per process: renews the lease, so that most who need it need not wait.</summary>
internal sealed class LeaseRenewal(ClusterLease lease, TimeProvider time, ILogger<LeaseRenewal> log)
    : RepeatingService(TimeSpan.FromMilliseconds(500), time, log)
{
    /// <inheritdoc/>
    protected override async Task RepeatAsync(CancellationToken stoppingToken)
    {
        try
        {
            await lease.RenewAsync(stoppingToken);
        }
        catch (RunMovingException)
        {
            // Those who ask are told.
        }
    }
}
