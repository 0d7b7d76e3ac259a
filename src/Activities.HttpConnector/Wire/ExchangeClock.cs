using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Wire;

/// <summary>
/// Per request. Travels in <see cref="HttpRequestMessage.Options"/> to the connect callback. A connection attempt can outlive the
/// request that began it (another connection became free first), so each mark is one atomic write and may come late.
/// </summary>
internal sealed class ExchangeClock(TimeProvider time)
{
    private static readonly HttpRequestOptionsKey<ExchangeClock> Key = new("FlowEngine.ExchangeClock");

    private readonly long _start = time.GetTimestamp();
    private long _connecting,
        _resolved,
        _connected,
        _secured,
        _firstByte;
    private bool _literalAddress;

    public static ExchangeClock? Of(HttpRequestMessage message) => message.Options.TryGetValue(Key, out var clock) ? clock : null;

    public void AttachTo(HttpRequestMessage message) => message.Options.Set(Key, this);

    public void Connecting() => Mark(ref _connecting);

    public void Resolved(bool literalAddress)
    {
        _literalAddress = literalAddress;
        Mark(ref _resolved);
    }

    public void Connected() => Mark(ref _connected);

    public void Secured() => Mark(ref _secured);

    public void FirstByte() => Mark(ref _firstByte);

    public ExchangeTimings Stop()
    {
        var now = time.GetTimestamp();
        return new(
            _literalAddress ? null : Between(ref _connecting, ref _resolved),
            Between(ref _resolved, ref _connected),
            Between(ref _connected, ref _secured),
            time.GetElapsedTime(_start, Volatile.Read(ref _firstByte)),
            time.GetElapsedTime(_start, now)
        );
    }

    private void Mark(ref long field) => Volatile.Write(ref field, time.GetTimestamp());

    private TimeSpan? Between(ref long from, ref long to)
    {
        long begin = Volatile.Read(ref from),
            end = Volatile.Read(ref to);
        return begin == 0 || end == 0 ? null : time.GetElapsedTime(begin, end);
    }
}
