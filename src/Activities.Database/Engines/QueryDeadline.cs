using System.Diagnostics;

namespace FlowEngine.Database.Engines;

/// <summary>Per query, thread-safe: when its time is over. The token tells whoever can wait for it; <see cref="IsOver"/> also whoever
/// blocks a thread, though no timer could run.</summary>
internal sealed class QueryDeadline : IDisposable
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly TimeSpan _time;
    private readonly CancellationTokenSource _source;

    /// <summary>Begins to count.</summary>
    /// <param name="seconds">How long the query may take, everything included.</param>
    /// <param name="caller">The caller's, which ends it sooner.</param>
    public QueryDeadline(int seconds, CancellationToken caller)
    {
        _time = TimeSpan.FromSeconds(seconds);
        _source = CancellationTokenSource.CreateLinkedTokenSource(caller);
        _source.CancelAfter(_time);
        Token = _source.Token;
    }

    /// <summary>Cancelled when the time is over, or by the caller.</summary>
    public CancellationToken Token { get; }

    /// <summary>Whether the time is over, or the caller has cancelled.</summary>
    public bool IsOver => Token.IsCancellationRequested || Stopwatch.GetElapsedTime(_started) >= _time;

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();
}
