namespace FlowEngine.Database.Network;

/// <summary>Shared, thread-safe: a driver's pool, bound to an address that the guard has allowed. The
/// host is looked up again now and then; the pool is kept while its address still counts.</summary>
/// <param name="route">The way to the server.</param>
/// <param name="open">Makes a pool for an address.</param>
internal sealed class PinnedSource<T>(DatabaseRoute route, Func<string, T> open) : IAsyncDisposable
    where T : class, IAsyncDisposable
{
    private readonly SemaphoreSlim _changing = new(1, 1);
    private volatile Pin? _pin;

    /// <summary>The pool in use; null before the first one.</summary>
    public T? Current => _pin?.Source;

    /// <summary>The pool.</summary>
    /// <exception cref="DatabaseRefusal">The guard allows no address.</exception>
    public ValueTask<T> GetAsync(CancellationToken cancellationToken) =>
        _pin is { } pin && !route.IsOld(pin.Since) ? new(pin.Source) : new(LookUpAsync(cancellationToken));

    /// <summary>After a pool whose address did not answer: goes on to the next address.</summary>
    /// <param name="failed">The pool.</param>
    /// <param name="attempt">How many addresses have been tried before it.</param>
    /// <returns>Whether there is another one to try.</returns>
    public Task<bool> TryNextAsync(T failed, int attempt) =>
        ChangeAsync(pin =>
            attempt + 1 >= pin.Addresses.Count ? null
            : ReferenceEquals(pin.Source, failed) ? Open(pin.Addresses, (pin.Index + 1) % pin.Addresses.Count)
            : pin
        );

    /// <summary>Replaces a pool by one that is made anew for its address, because it cannot be used as it is.</summary>
    public Task<bool> RenewAsync(T unfit) => ChangeAsync(pin => ReferenceEquals(pin.Source, unfit) ? Open(pin.Addresses, pin.Index) : pin);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_pin is { } pin)
            await pin.Source.DisposeAsync().ConfigureAwait(false);
        _changing.Dispose();
    }

    private async Task<T> LookUpAsync(CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_pin is { } pin && !route.IsOld(pin.Since))
                return pin.Source;
            var addresses = await route.ResolveAsync(cancellationToken).ConfigureAwait(false);
            var before = _pin;
            var kept = before is null ? -1 : addresses.ToList().IndexOf(before.Addresses[before.Index]);
            var now = kept >= 0 ? before! with { Addresses = addresses, Index = kept, Since = route.Now } : Open(addresses, 0);
            await ReplaceAsync(before, now).ConfigureAwait(false);
            return now.Source;
        }
        finally
        {
            _changing.Release();
        }
    }

    private async Task<bool> ChangeAsync(Func<Pin, Pin?> change)
    {
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_pin is not { } pin || change(pin) is not { } changed)
                return false;
            await ReplaceAsync(pin, changed).ConfigureAwait(false);
            return true;
        }
        finally
        {
            _changing.Release();
        }
    }

    private Pin Open(IReadOnlyList<string> addresses, int index) => new(addresses, index, open(addresses[index]), route.Now);

    private async Task ReplaceAsync(Pin? before, Pin now)
    {
        _pin = now;
        if (before is not null && !ReferenceEquals(before.Source, now.Source))
            await before.Source.DisposeAsync().ConfigureAwait(false);
    }

    private sealed record Pin(IReadOnlyList<string> Addresses, int Index, T Source, long Since);
}
