using System.Globalization;
using FlowEngine.Compilation;
using Polly;
using Polly.Retry;

namespace FlowEngine.HttpConnector.Requests;

/// <summary>Shared and immutable: when a call is tried again, as one of Polly's pipelines around the connector's circuit breaker.</summary>
internal sealed class RetryPolicy
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly ResiliencePropertyKey<long> Started = new("started");

    private readonly ResiliencePipeline<HttpResult> _pipeline;
    private readonly TimeProvider _time;
    private readonly StatusCodeSet _statusCodes;
    private readonly bool _onTimeout;
    private readonly bool _onConnect;
    private readonly TimeSpan _timeout;

    private RetryPolicy(RetrySettings? settings, HttpConnector connector, TimeSpan timeout, ActivityCompilation compilation)
    {
        _time = connector.Options.Time;
        _timeout = timeout;
        var on = settings?.On ?? [];
        _statusCodes = StatusCodeSet.Parse(on, compilation.At("retry").At("on"), compilation.Problems, "timeout", "connect");
        _onTimeout = on.Contains("timeout");
        _onConnect = on.Contains("connect");

        var builder = new ResiliencePipelineBuilder<HttpResult> { TimeProvider = _time };
        if (settings is { Attempts: > 0 })
        {
            builder.AddRetry(new RetryStrategyOptions<HttpResult>
            {
                MaxRetryAttempts = settings.Attempts,
                Delay = FirstDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(ShouldRetry(arguments.Outcome.Result, arguments.Context)),
                DelayGenerator = arguments => ValueTask.FromResult(RetryAfter(arguments.Outcome.Result.Reply)),
            });
        }
        if (connector.Breaker is { } breaker)
            builder.AddPipeline(breaker);
        _pipeline = builder.Build();
    }

    /// <summary>The policy of an activity; null when a call is made once and no circuit breaker watches it.</summary>
    public static RetryPolicy? Compile(GenericHttpSettings settings, HttpConnector? connector, ActivityCompilation compilation)
    {
        if (connector is null || settings.Retry is null && connector.Breaker is null)
            return null;

        // Only idempotent methods (RFC 9110, 9.2.2) are tried again unless the designer says that the API takes it well.
        var mayRetry = settings.Retry is { } retry && (retry.Unsafe || settings.Method is "GET" or "HEAD" or "PUT" or "DELETE" or "OPTIONS");
        return new RetryPolicy(mayRetry ? settings.Retry : null, connector, TimeSpan.FromSeconds(settings.Timeout), compilation);
    }

    /// <summary>Makes the call, with the time that is left for each attempt.</summary>
    public async ValueTask<HttpResult> ExecuteAsync(Func<TimeSpan, CancellationToken, ValueTask<HttpResult>> call, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            context.Properties.Set(Started, _time.GetTimestamp());
            var outcome = await _pipeline.ExecuteOutcomeAsync(
                static async (context, state) =>
                {
                    var (self, call) = state;
                    try
                    {
                        return Polly.Outcome.FromResult(await call(self.Remaining(context), context.CancellationToken).ConfigureAwait(false));
                    }
                    catch (OperationCanceledException error) when (context.CancellationToken.IsCancellationRequested)
                    {
                        return Polly.Outcome.FromException<HttpResult>(error);
                    }
                },
                context,
                (this, call)).ConfigureAwait(false);
            if (outcome.Exception is Polly.CircuitBreaker.BrokenCircuitException)
                return HttpResult.Failed(HttpFaultCodes.CircuitOpen, "The connector's circuit breaker is open after many failures. Wait until the API has recovered.");
            outcome.ThrowIfException();
            return outcome.Result;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private TimeSpan Remaining(ResilienceContext context) => _timeout - _time.GetElapsedTime(context.Properties.GetValue(Started, 0));

    private bool ShouldRetry(HttpResult result, ResilienceContext context)
    {
        var matches = result.Fault is { } fault
            ? _onTimeout && fault.Code == HttpFaultCodes.Timeout || _onConnect && fault.Code is HttpFaultCodes.Connect or HttpFaultCodes.Dns
            : result.Reply is { } reply && _statusCodes.Contains(reply.StatusCode);
        // A wait that outlasts the timeout helps nobody: the last answer is the result.
        var wait = RetryAfter(result.Reply) ?? FirstDelay;
        return matches && wait < Remaining(context);
    }

    /// <summary>What the API asks for: seconds or a date (RFC 9110, 10.2.3).</summary>
    private TimeSpan? RetryAfter(HttpReply? reply)
    {
        if (reply?.Header("retry-after") is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return TimeSpan.FromSeconds(seconds);
        if (!DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
            return null;
        var wait = date - _time.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}
