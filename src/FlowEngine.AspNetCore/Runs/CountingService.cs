using System.Security.Cryptography;
using FlowEngine.Connectors;
using FlowEngine.Execution;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Runs;

/// <summary>Shared and immutable: what this node is called where numbers of nodes are told.</summary>
/// <param name="Name">Its address for the others of a cluster, or the machine's name.</param>
internal sealed record CountedNode(string Name);

/// <summary>
/// Per process: stores every few seconds what this node counted, and has the runs counted. A kill loses what was counted in memory since
/// the last time, of outcomes, screens and calls; of runs, nothing, because those are counted where they are stored.
/// </summary>
internal sealed class CountingService(
    RunCounts counts,
    CountStore store,
    ConnectorSet connectors,
    IdleRuns idle,
    CountedNode node,
    TimeProvider time,
    ILogger<CountingService> log
) : RepeatingService(Every, time, log)
{
    /// <summary>How often.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private static readonly string Release = typeof(CountingService).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>New with each start: what an earlier process of this node reported has numbers of its own.</summary>
    private readonly string _name = $"{node.Name}/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly SemaphoreSlim _turn = new(1);
    private DateTimeOffset _since = time.GetUtcNow();
    private (IReadOnlyList<RunCount> Counts, DateTimeOffset At)? _report;
    private long _number;
    private (TimeSpan Used, long At) _processor = (Environment.CpuUsage.TotalTime, time.GetTimestamp());

    /// <inheritdoc/>
    protected override async Task RepeatAsync(CancellationToken stoppingToken)
    {
        await ReportAsync(stoppingToken);
        await store.CountRunsAsync(stoppingToken);
    }

    /// <summary>Stores what this node counted until now. A report that could not be stored, or whose answer was lost, is sent again as it
    /// was; what is counted meanwhile comes after it.</summary>
    public async Task ReportAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_report is null)
            {
                _report = (counts.Take(), _since);
                _since = Time.GetUtcNow();
                _number++;
            }
            await store.AddAsync(_name, _number, _report.Value.At, _report.Value.Counts, About(), cancellationToken);
            _report = null;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stores what is left when the server stops.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await ReportAsync(cancellationToken);
            await store.CountRunsAsync(cancellationToken);
        }
        catch (Exception error) when (error is StorageException or OperationCanceledException)
        {
            // A storage that is gone keeps no server from stopping.
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    private string About()
    {
        var (used, at) = (Environment.CpuUsage.TotalTime, Time.GetTimestamp());
        var elapsed = Time.GetElapsedTime(_processor.At, at) * Environment.ProcessorCount;
        var share = elapsed > TimeSpan.Zero ? (used - _processor.Used) / elapsed : 0;
        _processor = (used, at);
        return new NodeReport
        {
            Name = node.Name,
            Release = Release,
            StartedAt = _startedAt,
            Runs = idle.Held,
            Processor = Math.Round(Math.Clamp(share, 0, 1), 3),
            Memory = Environment.WorkingSet,
            Connectors = connectors
                .States.GroupBy(state => state.Id, StringComparer.Ordinal)
                .ToDictionary(state => state.Key, state => state.First().State, StringComparer.Ordinal),
        }.ToText();
    }
}
