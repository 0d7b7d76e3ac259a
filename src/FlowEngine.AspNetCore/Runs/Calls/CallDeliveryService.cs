using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Json;
using FlowEngine.Storage;
using FlowEngine.Tracing;

namespace FlowEngine.AspNetCore.Runs.Calls;

/// <summary>
/// Per process: delivers the calls that runs left behind, at least once each, under the key that was stored with them. A delivery that
/// fails is made again after a pause that
/// grows, until the call is given up. Each connector has places of its own, so that an API that stays away keeps nobody else waiting. Any
/// number of nodes deliver side by side.
/// </summary>
internal sealed partial class CallDeliveryService(
    CallStore store,
    CallQueue queue,
    ConnectorSet connectors,
    CallOptions options,
    TimeProvider time,
    ILogger<CallDeliveryService> log
) : RepeatingService(TimeSpan.FromSeconds(1), time, log)
{
    /// <summary>How many deliveries through one connector are under way at once, and how many in all.</summary>
    private const int MostPerConnector = 8;
    private const int MostAtOnce = 64;

    private static readonly TimeSpan CountPeriod = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>How long an API may ask to be left alone.</summary>
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    /// <summary>A connector whose deliveries fail is told of once in this time.</summary>
    private static readonly TimeSpan TellPeriod = TimeSpan.FromMinutes(1);

    /// <summary>What a connector tells of a delivery has none in it.</summary>
    private static readonly Redactor NoSecrets = new([]);

    private readonly Meter _meter = new(FlowTelemetry.Name);
    private readonly ConcurrentDictionary<string, int> _underWay = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Failures> _failures = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Task, byte> _deliveries = new();
    private Counter<long>? _delivered;
    private long? _countedAt;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // Those under way have been told to end; what they did not finish is due again in a moment, here or elsewhere.
        await Task.WhenAll(_deliveries.Keys).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    protected override bool IsDueAtOnce => true;

    /// <inheritdoc/>
    protected override Task WaitAsync(CancellationToken stoppingToken) => queue.WaitAsync(Interval, stoppingToken);

    /// <summary>Begins as many deliveries as there are places for.</summary>
    protected override async Task RepeatAsync(CancellationToken stoppingToken)
    {
        _delivered ??= _meter.CreateCounter<long>(
            "flowengine.call.deliveries",
            "{delivery}",
            "Deliveries of durable calls, by connector and how they went: delivered, failed, given_up."
        );
        try
        {
            if (_countedAt is not { } countedAt || Time.GetElapsedTime(countedAt) >= CountPeriod)
            {
                queue.Take(await store.CountAsync(stoppingToken));
                _countedAt = Time.GetTimestamp();
            }
            foreach (var connector in await store.ListDueAsync(stoppingToken))
            {
                var places = Math.Min(MostPerConnector - _underWay.GetValueOrDefault(connector), MostAtOnce - _underWay.Values.Sum());
                if (places <= 0)
                    continue;
                foreach (var call in await store.ClaimAsync(connector, places, stoppingToken))
                    Begin(call, stoppingToken);
            }
        }
        finally
        {
            TellFailures();
        }
    }

    private void Begin(ClaimedCall call, CancellationToken stoppingToken)
    {
        _underWay.AddOrUpdate(call.Connector, 1, (_, count) => count + 1);
        var delivery = Task.Run(() => DeliverAsync(call, stoppingToken), CancellationToken.None);
        _deliveries.TryAdd(delivery, 0);
        delivery.ContinueWith(
            done =>
            {
                _deliveries.TryRemove(done, out _);
                _underWay.AddOrUpdate(call.Connector, 0, (_, count) => count - 1);
                queue.Ring();
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }

    /// <summary>Makes one delivery and stores what became of it. What is not stored is due again when the claim is over.</summary>
    private async Task DeliverAsync(ClaimedCall call, CancellationToken stoppingToken)
    {
        var step = TraceStep.BeginDelivery(call.Activity, Time);
        try
        {
            var delivery = connectors.Find(call.Connector, out _) is { } connector
                ? await connector.DeliverAsync(call.Content, stoppingToken)
                : new CallDelivery(default, FlowError.Of(CallErrors.Connector, CallErrors.Connector.Meaning), null);
            await StoreAsync(call, delivery, step);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
        catch (StorageException error)
        {
            LogWaiting(Log, error.Message);
        }
        // One call that nobody can make sense of must not keep the others from being delivered. It is due again when its claim is over.
#pragma warning disable CA1031
        catch (Exception error)
#pragma warning restore CA1031
        {
            Count(call.Connector, "failed");
            _failures.GetOrAdd(call.Connector, _ => new Failures()).Add(error.GetType().Name);
        }
    }

    private async Task StoreAsync(ClaimedCall call, CallDelivery delivery, TraceStep step)
    {
        if (delivery.Error is not { } error)
        {
            await store.DeliveredAsync(call, Written(step, call, delivery, "Delivered"), CancellationToken.None);
            Count(call.Connector, "delivered");
            return;
        }

        var isGivenUp = Time.GetUtcNow() - call.CreatedAt >= options.GiveUpAfter;
        var pause = delivery.RetryAfter is { } asked ? (asked < LongestRetryAfter ? asked : LongestRetryAfter) : PauseAfter(call.Attempts);
        await store.FailedAsync(
            call,
            error.Code,
            error.Message,
            pause,
            isGivenUp ? Written(step, call, delivery, "Not delivered") : null,
            CancellationToken.None
        );
        Count(call.Connector, isGivenUp ? "given_up" : "failed");
        if (isGivenUp)
            LogGivenUp(Log, call.FlowId, call.Activity, call.Connector, call.Attempts, error.Code);
        else
            _failures.GetOrAdd(call.Connector, _ => new Failures()).Add(error.Code);
    }

    /// <summary>Doubling, less up to a half, so that many calls do not come back at the same moment.</summary>
    private static TimeSpan PauseAfter(int attempts)
    {
        var longest = FirstPause * Math.Pow(2, Math.Min(attempts - 1, 30));
        return (longest < LongestPause ? longest : LongestPause) * (1 - Random.Shared.NextDouble() / 2);
    }

    /// <summary>A step for the trace of the run that left the call, which may be over since long. Only the first delivery's end is told,
    /// not each that failed.</summary>
    private byte[] Written(TraceStep step, ClaimedCall call, CallDelivery delivery, string outcome)
    {
        var answer = new FlowObjectBuilder(3);
        answer.Set("deliveries", FlowValue.From(call.Attempts));
        if (delivery.Answer.TryGetObject(out var members))
        {
            foreach (var (name, value) in members)
                answer.Set(name, value);
        }
        var error = delivery.Error is { } found ? found with { Activity = call.Activity } : null;
        step.EndDelivery(outcome, FlowValue.From(answer.Build()), error, Time);
        return JsonWriting.ToUtf8(TraceWriter.ToValue([step], NoSecrets));
    }

    private void TellFailures()
    {
        foreach (var (connector, failures) in _failures)
        {
            if (failures.Take(Time, TellPeriod) is var (count, code))
                LogFailures(Log, count, connector, code);
        }
    }

    private void Count(string connector, string outcome) =>
        _delivered!.Add(1, new("flow.connector.id", connector), new("flow.call.outcome", outcome));

    [LoggerMessage(
        EventId = 1801,
        Level = LogLevel.Warning,
        Message = "{Count} deliveries through the connector {Connector} failed, "
            + "the last with {Code}; the calls wait and are delivered again."
    )]
    private static partial void LogFailures(ILogger logger, int count, string connector, string code);

    [LoggerMessage(
        EventId = 1802,
        Level = LogLevel.Error,
        Message = "A call of the flow {Flow}, activity {Activity}, through the connector {Connector} "
            + "was given up after {Deliveries} deliveries: {Code}. GET /api/calls lists it."
    )]
    private static partial void LogGivenUp(ILogger logger, string flow, string activity, string connector, int deliveries, string code);

    [LoggerMessage(EventId = 1803, Level = LogLevel.Debug, Message = "Calls cannot be delivered right now: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string reason);
}
