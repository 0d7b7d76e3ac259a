using FlowEngine.Errors;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Connectors;

/// <summary>
/// Per connector, thread-safe: when an API asked for time, no run calls it until that is over: those of other nodes neither, as soon as
/// they look, which they do before a call, at most every <see cref="LookAgain"/>. Who comes while one looks waits for what that one sees.
/// </summary>
/// <param name="settings">After which answers, and how long at most.</param>
/// <param name="on">Those answers.</param>
/// <param name="key">Stands for the connector and where it leads.</param>
/// <param name="options">The clock, and who else calls.</param>
internal sealed class Cooldown(CooldownSettings settings, StatusCodeSet on, string key, HttpModuleOptions options)
{
    /// <summary>How old what the others told may be.</summary>
    public static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan LongestSpread = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time = options.Time;
    private readonly long _began = options.Time.GetTimestamp();
    private readonly Lock _lock = new();
    private TimeSpan _until;
    private TimeSpan _look;
    private Task _looking = Task.CompletedTask;

    /// <summary>Why no call may be made now; null when one may.</summary>
    public async ValueTask<HttpFault?> CheckAsync(CancellationToken cancellationToken)
    {
        var left = Left();
        if (left <= TimeSpan.Zero && options.Cooldowns != CooldownSharing.None)
        {
            await Look().WaitAsync(cancellationToken).ConfigureAwait(false);
            left = Left();
        }
        if (left <= TimeSpan.Zero)
            return null;
        // Those who are told to come back are not told to do it at one moment.
        var spread = left / 10 < LongestSpread ? left / 10 : LongestSpread;
        return new HttpFault(
            HttpFaultCodes.Cooldown,
            $"The API asked for time: no call is made for another {Math.Ceiling(left.TotalSeconds)} s."
        )
        {
            RetryAt = _time.GetUtcNow() + left + spread * Random.Shared.NextDouble(),
        };
    }

    /// <summary>Until when no call is made, as far as this node knows; null when calls are made.</summary>
    public DateTimeOffset? Until => Left() is var left && left > TimeSpan.Zero ? _time.GetUtcNow() + left : null;

    /// <summary>Looks whether an answer asks for time, and tells the others.</summary>
    public async ValueTask TakeAsync(HttpResult result)
    {
        if (result.Reply is not { } reply || !on.Contains(reply.StatusCode) || RetryAfter.Of(reply, _time) is not { } wait)
            return;
        if (wait > settings.Max)
            wait = settings.Max;
        if (wait <= TimeSpan.Zero)
            return;
        Hold(wait);
        await options.Cooldowns.TellAsync(key, wait).ConfigureAwait(false);
    }

    private TimeSpan Left()
    {
        lock (_lock)
            return _until - _time.GetElapsedTime(_began);
    }

    private void Hold(TimeSpan wait)
    {
        lock (_lock)
        {
            var until = _time.GetElapsedTime(_began) + wait;
            if (wait > TimeSpan.Zero && until > _until)
                _until = until;
        }
    }

    /// <summary>What the others told. Of many who come at once, one looks: nobody's own end ends it, since the rest wait for it.</summary>
    private Task Look()
    {
        lock (_lock)
        {
            var now = _time.GetElapsedTime(_began);
            if (!_looking.IsCompleted || now < _look)
                return _looking;
            _look = now + LookAgain;
            return _looking = LookAsync();
        }
    }

    private async Task LookAsync() => Hold(await options.Cooldowns.LeftAsync(key, CancellationToken.None).ConfigureAwait(false));
}
