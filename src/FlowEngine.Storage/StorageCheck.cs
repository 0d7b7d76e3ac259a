using System.Diagnostics.Metrics;
using FlowEngine.Storage.Engines;
using FlowEngine.Tracing;

namespace FlowEngine.Storage;

/// <summary>
/// Per process, thread-safe: looks through the whole embedded database now and then (<see cref="StorageOptions.CheckEvery"/>), beside all
/// that is done with it, and keeps what it found. A server that runs on with a damaged file still
/// signs people in where the pages are whole; it tells with <c>/readyz</c>, a metric and the log.
/// </summary>
internal sealed partial class StorageCheck : RepeatingService
{
    /// <summary>What a timer can count.</summary>
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(45);

    private readonly StorageDatabase _database;
    private readonly ILogger<StorageCheck> _log;
    private readonly Meter _meter = new(FlowTelemetry.Name);
    private volatile string? _damage;

    /// <summary>Makes it; nothing was looked at yet.</summary>
    public StorageCheck(StorageDatabase database, StorageSetup options, TimeProvider time, ILogger<StorageCheck> log)
        : base(options.Storage.CheckEvery < LongestPeriod ? options.Storage.CheckEvery : LongestPeriod, time, log)
    {
        _database = database;
        _log = log;
        _meter.CreateObservableGauge(
            "flowengine.storage.damaged",
            () => _damage is null ? 0 : 1,
            null,
            "1 when the embedded database was found damaged."
        );
    }

    /// <summary>What the last look found broken; null for nothing.</summary>
    public string? Damage => _damage;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task RepeatAsync(CancellationToken stoppingToken)
    {
        var found = await _database.FindDamageAsync(isFull: true, stoppingToken).ConfigureAwait(false);
        if (!found.IsComplete)
            return;
        _damage = found.Damage;
        if (found.Damage is { } damage)
            Damaged(_log, StorageErrors.Damaged.Code, damage, StorageErrors.Damaged.Advice);
    }

    /// <inheritdoc/>
    protected override void Tell(string reason) => Failed(_log, reason);

    [LoggerMessage(EventId = 1601, Level = LogLevel.Error, Message = "{Code}: The embedded database is damaged: {Damage} {Advice}")]
    private static partial void Damaged(ILogger log, string code, string damage, string? advice);

    [LoggerMessage(
        EventId = 1602,
        Level = LogLevel.Warning,
        Message = "The embedded database cannot be looked through, and is the next time: {Reason}"
    )]
    private static partial void Failed(ILogger log, string reason);
}
