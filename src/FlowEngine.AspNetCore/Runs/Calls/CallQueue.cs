using System.Diagnostics.Metrics;
using FlowEngine.Execution;
using FlowEngine.Storage;
using FlowEngine.Tracing;

namespace FlowEngine.AspNetCore.Runs.Calls;

/// <summary>
/// Per process, thread-safe: whether there is room for one more call, and the bell that tells <see cref="CallDeliveryService"/> that one
/// was stored. What the database holds is counted
/// every few seconds; what this node took since is added, so the limits hold about, not exactly.
/// </summary>
internal sealed class CallQueue : IDisposable
{
    private readonly CallOptions _options;
    private readonly Meter _meter = new(FlowTelemetry.Name);
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _bell = new(0, 1);
    private Dictionary<string, CallCount> _stored = new(StringComparer.Ordinal);
    private Dictionary<string, (long Count, long Bytes)> _since = new(StringComparer.Ordinal);

    /// <summary>Makes it; nothing is counted yet.</summary>
    public CallQueue(CallOptions options)
    {
        _options = options;
        Admission = Admit;
        _meter.CreateObservableGauge(
            "flowengine.call.queued",
            () => Measure(WaitingOf),
            "{call}",
            "Durable calls that wait to be delivered, by connector."
        );
        _meter.CreateObservableGauge(
            "flowengine.call.dead",
            () => Measure(count => count.Dead),
            "{call}",
            "Durable calls that were given up and are kept, by connector."
        );
    }

    /// <summary><see cref="Admit"/>, made once: every run is given it.</summary>
    public Func<QueuedCall, string?> Admission { get; }

    /// <summary>Whether there is room for a call.</summary>
    /// <returns>Null, or why it is not taken.</returns>
    public string? Admit(QueuedCall call)
    {
        if (call.Content.Length > _options.MaxBytes)
            return $"It has {call.Content.Length} bytes; {_options.MaxBytes} are allowed.";
        lock (_lock)
        {
            var (own, ownCount) = (_since.GetValueOrDefault(call.Connector), WaitingOf(_stored.GetValueOrDefault(call.Connector)));
            if (own.Count + ownCount >= _options.MaxPerConnector)
                return $"{_options.MaxPerConnector} calls wait for the connector '{call.Connector}'.";
            if (_stored.Values.Sum(WaitingOf) + _since.Values.Sum(since => since.Count) >= _options.MaxTotal)
                return $"{_options.MaxTotal} calls wait to be delivered.";
            if (
                _stored.Values.Sum(count => count.Bytes) + _since.Values.Sum(since => since.Bytes) + call.Content.Length
                > _options.MaxTotalBytes
            )
                return $"The calls that wait to be delivered have {_options.MaxTotalBytes} bytes together.";
            _since[call.Connector] = (own.Count + 1, own.Bytes + call.Content.Length);
        }
        return null;
    }

    /// <summary>Some calls were stored, or came due.</summary>
    public void Ring()
    {
        try
        {
            if (_bell.CurrentCount == 0)
                _bell.Release();
        }
        catch (SemaphoreFullException)
        {
            // It rings already.
        }
    }

    /// <summary>Waits until it rings, or for a while.</summary>
    public Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken) => _bell.WaitAsync(longest, cancellationToken);

    /// <summary>Takes what the database holds.</summary>
    public void Take(IReadOnlyList<CallCount> counts)
    {
        lock (_lock)
            (_stored, _since) = (counts.ToDictionary(count => count.Connector, StringComparer.Ordinal), new(StringComparer.Ordinal));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _meter.Dispose();
        _bell.Dispose();
    }

    /// <summary>What was given up takes no room from what waits: or whoever makes
    /// an API refuse calls would keep all others from leaving theirs.</summary>
    private static long WaitingOf(CallCount? count) => count is null ? 0 : count.Count - count.Dead;

    private IEnumerable<Measurement<long>> Measure(Func<CallCount, long> number)
    {
        lock (_lock)
            return
            [
                .. _stored.Values.Select(count => new Measurement<long>(
                    number(count),
                    new KeyValuePair<string, object?>("flow.connector.id", count.Connector)
                )),
            ];
    }
}
