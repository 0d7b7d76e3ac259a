using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Authentication.OAuth;

/// <summary>
/// Per process, thread-safe. The token of one connector and scope. Fetched once however many wait; a waiter that gives up does not end
/// the fetch for the others. The fetch is told which token an API refused last, if any. After a failure
/// the endpoint rests, 1 s doubling to 30 s, and everyone gets the same fault at once meanwhile.
/// </summary>
internal sealed class TokenCache(Func<string?, CancellationToken, Task<TokenResult>> fetch, TimeProvider? time = null)
{
    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(1);
    private const int RememberedTokens = 8;
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Lock _lock = new();
    private volatile Cached? _cached;
    private Task<TokenResult>? _fetch;
    private readonly Queue<string> _recent = new();
    private TimeSpan _rest;
    private string? _refused;

    /// <summary>The last few tokens, so that they can be masked wherever they turn up.</summary>
    public IEnumerable<string> RecentTokens
    {
        get
        {
            lock (_lock)
                return [.. _recent];
        }
    }

    /// <summary>When the token that is used now was asked for, and until when it is used; null for none.</summary>
    public (DateTimeOffset Since, DateTimeOffset Until)? Current
    {
        get
        {
            if (_cached is not { Result.Token: not null } cached || _time.GetElapsedTime(cached.Since) is var age && age >= cached.For)
                return null;
            var since = _time.GetUtcNow() - age;
            return (since, since + cached.For);
        }
    }

    /// <exception cref="OperationCanceledException">This waiter's token was cancelled.</exception>
    public ValueTask<TokenResult> GetAsync(CancellationToken cancellationToken)
    {
        if (Fresh() is { } result)
            return new(result);

        Task<TokenResult> pending;
        lock (_lock)
        {
            if (Fresh() is { } meanwhile)
                return new(meanwhile);
            pending = _fetch ??= Task.Run(FetchAsync, CancellationToken.None);
        }
        return new(pending.WaitAsync(cancellationToken));
    }

    /// <summary>Forgets a token that an API refused. Of many callers with the same token only the first has an effect.</summary>
    public void Invalidate(string token)
    {
        lock (_lock)
        {
            if (_cached?.Result.Token?.Value != token)
                return;
            _cached = null;
            _refused = token;
        }
    }

    private TokenResult? Fresh() => _cached is { } cached && _time.GetElapsedTime(cached.Since) < cached.For ? cached.Result : null;

    private async Task<TokenResult> FetchAsync()
    {
        // A lifetime counts from the question: the answer was on its way for an unknown time.
        var asked = _time.GetTimestamp();
        var result = new TokenResult("The token endpoint could not be asked.");
        try
        {
            result = await fetch(Volatile.Read(ref _refused), CancellationToken.None).ConfigureAwait(false);
            return result;
        }
        finally
        {
            lock (_lock)
            {
                _rest = result.Token is not null ? TimeSpan.Zero : NextRest();
                _cached = result.Token is { } token ? new(result, asked, token.UsedFor) : new(result, _time.GetTimestamp(), _rest);
                _fetch = null;
                if (result.Token is { } fetched)
                    Remember(fetched.Value);
            }
        }
    }

    private void Remember(string token)
    {
        _recent.Enqueue(token);
        if (_recent.Count > RememberedTokens)
            _recent.Dequeue();
    }

    private TimeSpan NextRest() => _rest == TimeSpan.Zero ? FirstRest : TimeSpan.FromTicks(Math.Min(_rest.Ticks * 2, LongestRest.Ticks));

    private sealed record Cached(TokenResult Result, long Since, TimeSpan For);
}
