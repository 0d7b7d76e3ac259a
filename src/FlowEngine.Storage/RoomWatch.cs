using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using FlowEngine.Storage.Engines;
using FlowEngine.Tracing;

namespace FlowEngine.Storage;

/// <summary>
/// Per process: tells of a full disk (log, metric; <c>/readyz</c> asks <see cref="StorageRoom"/> itself), and writes something larger
/// than a login every few seconds until it
/// fits: then all goes on by itself.
/// </summary>
internal sealed partial class RoomWatch : RepeatingService
{
    private const string Name = "storage.room";

    /// <summary>Some dozen logins: with less than that the disk would be full again at once.</summary>
    private const int ProbeBytes = 512 * 1024;

    private readonly StorageDatabase _database;
    private readonly TimeProvider _time;
    private readonly ILogger<RoomWatch> _log;
    private readonly Meter _meter = new(FlowTelemetry.Name);
    private bool _isTold;

    /// <summary>Makes it.</summary>
    public RoomWatch(StorageDatabase database, TimeProvider time, ILogger<RoomWatch> log)
        : base(TimeSpan.FromSeconds(2), time, log)
    {
        (_database, _time, _log) = (database, time, log);
        _meter.CreateObservableGauge(
            "flowengine.storage.full",
            () => _database.Room.IsFull ? 1 : 0,
            null,
            "1 when the disk of the database is full."
        );
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    /// <summary>Writes more than a login needs, and removes it. Whether that worked is what <see cref="StorageRoom"/> says then.</summary>
    internal async Task ProbeAsync(CancellationToken cancellationToken)
    {
        // Random, so that no database compresses it.
        var value = Convert.ToBase64String(RandomNumberGenerator.GetBytes(ProbeBytes));
        try
        {
            await _database
                .WriteAsync(
                    "insert into settings (name, value, updated_at) values (@name, @value, @now) on "
                        + "conflict (name) do update set value = excluded.value, updated_at = excluded.updated_at",
                    new
                    {
                        name = Name,
                        value,
                        now = (UnixTime)_time.GetUtcNow(),
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
            await _database
                .WriteAsync("delete from settings where name = @name", new { name = Name }, cancellationToken)
                .ConfigureAwait(false);
            _database.Room.Empty();
        }
        catch (StorageException)
        {
            // Still full, or worse: the next look tells.
        }
    }

    /// <inheritdoc/>
    protected override async Task WaitAsync(CancellationToken stoppingToken)
    {
        if (!_isTold)
        {
            await _database.Room.WaitUntilFullAsync(stoppingToken).ConfigureAwait(false);
            Full(_log, StorageErrors.Full.Code, StorageErrors.Full.Meaning, StorageErrors.Full.Advice);
            _isTold = true;
        }
        await base.WaitAsync(stoppingToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task RepeatAsync(CancellationToken stoppingToken)
    {
        if (_database.Room.IsFull)
            await ProbeAsync(stoppingToken).ConfigureAwait(false);
        if (_database.Room.IsFull)
            return;
        HasRoom(_log);
        _isTold = false;
    }

    [LoggerMessage(EventId = 1603, Level = LogLevel.Error, Message = "{Code}: {Meaning} No run goes on until there is room. {Advice}")]
    private static partial void Full(ILogger log, string code, string meaning, string? advice);

    [LoggerMessage(EventId = 1604, Level = LogLevel.Warning, Message = "The disk of the database has room again: runs go on.")]
    private static partial void HasRoom(ILogger log);
}
