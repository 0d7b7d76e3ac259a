namespace FlowEngine.HttpConnector.Connectors;

/// <summary>
/// Per connector, thread-safe: bounds how many calls are under way, so that an API that hangs holds no more than these, and nobody else's
/// time. Who finds no room waits, in the order of arrival.
/// </summary>
/// <param name="most">How many there may be.</param>
/// <param name="time">The clock.</param>
#pragma warning disable CA1001 // Without its wait handle a SemaphoreSlim holds nothing, and calls outlast their connector.
internal sealed class ConcurrencyGate(int most, TimeProvider time)
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _room = new(most, most);

    /// <summary>How many there may be.</summary>
    public int Most => most;

    /// <summary>Enters.</summary>
    /// <param name="patience">How long to wait for room.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>Whether there was room; then <see cref="Leave"/> has to follow.</returns>
    public async ValueTask<bool> EnterAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (_room.Wait(0, CancellationToken.None))
            return true;
        if (patience <= TimeSpan.Zero)
            return false;
        using var over = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            await _room.WaitAsync(either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Makes room for the next.</summary>
    public void Leave() => _room.Release();
}
