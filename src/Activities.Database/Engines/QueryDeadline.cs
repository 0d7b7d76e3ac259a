namespace FlowEngine.Database.Engines;

/// <summary>Per query, thread-safe: when its time is over. The token tells whoever can wait for it; <see cref="IsOver"/> also whoever
/// blocks a thread, though no timer could run.</summary>
internal sealed class QueryDeadline : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly long _started;
    private readonly TimeSpan _time;
    private readonly CancellationTokenSource _source;
    private readonly ITimer? _timer;

    /// <summary>Begins to count.</summary>
    /// <param name="time">How long the query may take, everything included.</param>
    /// <param name="clock">The clock that it is taken by.</param>
    /// <param name="caller">The caller's, which ends it sooner.</param>
    public QueryDeadline(TimeSpan time, TimeProvider clock, CancellationToken caller)
    {
        _time = time;
        _clock = clock;
        _started = clock.GetTimestamp();
        _source = CancellationTokenSource.CreateLinkedTokenSource(caller);
        // A source that is linked counts by no clock but the system's.
        if (clock == TimeProvider.System)
            _source.CancelAfter(_time);
        else
            _timer = clock.CreateTimer(
                static source => ((CancellationTokenSource)source!).Cancel(),
                _source,
                time,
                Timeout.InfiniteTimeSpan
            );
        Token = _source.Token;
    }

    /// <summary>Cancelled when the time is over, or by the caller.</summary>
    public CancellationToken Token { get; }

    /// <summary>Whether the time is over, or the caller has cancelled.</summary>
    public bool IsOver => Token.IsCancellationRequested || _clock.GetElapsedTime(_started) >= _time;

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        _source.Dispose();
    }
}
