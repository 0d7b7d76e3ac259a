using System.Diagnostics.Metrics;
using FlowEngine.Storage;
using FlowEngine.Tracing;
using Orleans.Runtime;

namespace FlowEngine.AspNetCore.Runs;

/// <summary>
/// Per process, thread-safe: the grains of runs that nobody calls right now, and when each leaves memory: that of an ended run after
/// <see cref="EndedAge"/>, any other after <see cref="WaitingAge"/>, and sooner, the longest idle first, when there are more than the
/// memory is good for. A run that left is read from the storage again when somebody comes back.
/// </summary>
/// <remarks>
/// Orleans' own collector is not used for them. It goes by the machine's clock, refuses to take a grain while that one is set back, and
/// keeps whatever ended for as long as what waits. Here time is <see cref="TimeProvider.GetTimestamp"/>, which no clock moves. A call that
/// arrives at the moment its grain leaves is handed to the grain's successor by Orleans.
/// </remarks>
internal sealed class IdleRuns : RepeatingService
{
    /// <summary>How long the empty grain of an ended run stays: a call for it that is on its way just now is still taken.</summary>
    public static readonly TimeSpan EndedAge = TimeSpan.FromSeconds(2);

    /// <summary>How long a run that waits for a person stays.</summary>
    public static readonly TimeSpan WaitingAge = TimeSpan.FromMinutes(5);

    private const long BytesForEach = 64 * 1024;
    private const long FewestKept = 1_000;
    private const long MostKept = 50_000;

    private readonly TimeProvider _time;
    private readonly Meter _meter = new(FlowTelemetry.Name);
    private readonly Lock _lock = new();
    private readonly LinkedList<IdleRun> _ended = new();
    private readonly LinkedList<IdleRun> _waiting = new();
    private int _held;
    private long _seenCollection;

    /// <summary>Makes it; nothing is in memory yet.</summary>
    public IdleRuns(TimeProvider time, ILogger<IdleRuns> log)
        : base(TimeSpan.FromMilliseconds(250), time, log)
    {
        _time = time;
        _meter.CreateObservableGauge("flowengine.run.held", () => Volatile.Read(ref _held), "{run}", "The runs in this node's memory.");
    }

    /// <summary>How many grains are in memory.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>A grain came into memory.</summary>
    public IdleRun Enter(IGrainContext grain)
    {
        Interlocked.Increment(ref _held);
        return new IdleRun(grain);
    }

    /// <summary>A call begins: until it is over, the grain stays.</summary>
    public void Begin(IdleRun run)
    {
        lock (_lock)
            run.Node.List?.Remove(run.Node);
    }

    /// <summary>A call is over.</summary>
    public void End(IdleRun run, bool hasEnded)
    {
        lock (_lock)
        {
            run.Since = _time.GetTimestamp();
            run.Node.List?.Remove(run.Node);
            if (!run.HasLeft)
                (hasEnded ? _ended : _waiting).AddLast(run.Node);
        }
    }

    /// <summary>A grain left memory.</summary>
    public void Leave(IdleRun run)
    {
        lock (_lock)
        {
            run.Node.List?.Remove(run.Node);
            if (run.HasLeft)
                return;
            run.HasLeft = true;
        }
        Interlocked.Decrement(ref _held);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    /// <summary>Sends those away whose time has come.</summary>
    internal void Sweep()
    {
        var memory = GC.GetGCMemoryInfo(GCKind.Any);
        var most = Math.Clamp(memory.TotalAvailableMemoryBytes / BytesForEach, FewestKept, MostKept);
        // Runs can be much larger than most are. After a collection that left the heap more than half full, half of what waits goes.
        if (
            memory.Index != _seenCollection
            && memory.TotalAvailableMemoryBytes > 0
            && memory.HeapSizeBytes > memory.TotalAvailableMemoryBytes / 2
        )
            most = Math.Min(most, _waiting.Count / 2);
        _seenCollection = memory.Index;

        while (Next(_ended, EndedAge, long.MaxValue) is { } run)
            Send(run);
        while (Next(_waiting, WaitingAge, most) is { } run)
            Send(run);
    }

    /// <inheritdoc/>
    protected override Task RepeatAsync(CancellationToken stoppingToken)
    {
        Sweep();
        return Task.CompletedTask;
    }

    private IdleRun? Next(LinkedList<IdleRun> list, TimeSpan age, long most)
    {
        lock (_lock)
        {
            if (list.First is not { } first || (list.Count <= most && _time.GetElapsedTime(first.Value.Since) < age))
                return null;
            list.Remove(first);
            return first.Value;
        }
    }

    private static void Send(IdleRun run) =>
        run.Grain.Deactivate(
            new DeactivationReason(DeactivationReasonCode.ActivationIdle, "Nobody called it for a while."),
            CancellationToken.None
        );
}

/// <summary>Per grain: its place among those that are idle. Changed by <see cref="IdleRuns"/> alone, under its lock.</summary>
internal sealed class IdleRun
{
    /// <summary>Makes the place of a grain.</summary>
    public IdleRun(IGrainContext grain)
    {
        Grain = grain;
        Node = new LinkedListNode<IdleRun>(this);
    }

    /// <summary>The grain.</summary>
    public IGrainContext Grain { get; }

    /// <summary>Its place in a list; in none while it is called.</summary>
    public LinkedListNode<IdleRun> Node { get; }

    /// <summary>When the last call was over, as <see cref="TimeProvider.GetTimestamp"/> counts.</summary>
    public long Since { get; set; }

    /// <summary>Whether it left memory.</summary>
    public bool HasLeft { get; set; }
}
