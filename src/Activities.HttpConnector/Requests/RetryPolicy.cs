using System.Globalization;
using FlowEngine.Compilation;

namespace FlowEngine.HttpConnector.Requests;

/// <summary>
/// Shared and immutable: when a call is tried again: exponential backoff with jitter, or what the API asks for, never beyond the time that the whole call has.
/// </summary>
internal sealed class RetryPolicy
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;
    private readonly int _attempts;
    private readonly StatusCodeSet _statusCodes;
    private readonly bool _onTimeout;
    private readonly bool _onConnect;

    public RetryPolicy(GenericHttpSettings settings, TimeProvider time, ActivityCompilation compilation)
    {
        var on = settings.Retry?.On ?? [];
        _time = time;
        _timeout = TimeSpan.FromSeconds(settings.Timeout);
        _statusCodes = StatusCodeSet.Parse(on, compilation.At("retry").At("on"), compilation.Problems, "timeout", "connect");
        _onTimeout = on.Contains("timeout");
        _onConnect = on.Contains("connect");

        // Only idempotent methods (RFC 9110, 9.2.2) are tried again unless the designer says that the API takes it well.
        if (settings.Retry is { } retry && (retry.Unsafe || settings.Method is "GET" or "HEAD" or "PUT" or "DELETE" or "OPTIONS"))
            _attempts = retry.Attempts;
    }

    /// <summary>Makes the call, as often as need be, each time with the time that it may take.</summary>
    public async ValueTask<HttpResult> ExecuteAsync(Func<TimeSpan, CancellationToken, ValueTask<HttpResult>> call, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        for (var retries = 0; ; retries++)
        {
            var remaining = _timeout - _time.GetElapsedTime(started);
            var result = await call(Share(remaining, retries), cancellationToken).ConfigureAwait(false);
            if (retries == _attempts || !Matches(result))
                return result;

            // A wait that outlasts the timeout helps nobody: the last answer is the result.
            var wait = RetryAfter(result.Reply) ?? Backoff(retries);
            if (wait >= _timeout - _time.GetElapsedTime(started))
                return result;
            await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>An attempt that may be repeated after a timeout must leave time for that: it gets an even share of what is left.</summary>
    private TimeSpan Share(TimeSpan remaining, int retries) => _onTimeout ? remaining / (_attempts - retries + 1) : remaining;

    private bool Matches(HttpResult result) => result.TryGetReply(out var reply, out var fault)
        ? _statusCodes.Contains(reply.StatusCode)
        : fault.Code switch
        {
            HttpFaultCodes.Timeout => _onTimeout,
            HttpFaultCodes.Connect or HttpFaultCodes.Dns => _onConnect,
            _ => false,
        };

    /// <summary>Doubling, less up to a half, so that many callers do not come back at the same moment.</summary>
    private static TimeSpan Backoff(int retries)
    {
        var longest = FirstBackoff * Math.Pow(2, retries);
        return (longest < LongestBackoff ? longest : LongestBackoff) * (1 - Random.Shared.NextDouble() / 2);
    }

    /// <summary>What the API asks for: seconds or a date (RFC 9110, 10.2.3).</summary>
    private TimeSpan? RetryAfter(HttpReply? reply)
    {
        if (reply?.Header("retry-after") is not { Length: > 0 } text)
            return null;
        if (!text.AsSpan().ContainsAnyExceptInRange('0', '9'))
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
        if (!DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
            return null;
        var wait = date - _time.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}
