using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;
using Polly;
using Polly.Retry;

namespace FlowEngine.HttpConnector.Requests;

/// <summary>
/// Shared and immutable: when a call is tried again: exponential backoff with
/// jitter, or what the API asks for, never beyond the time that the whole call has.
/// </summary>
internal sealed class RetryPolicy
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(200);
    private static readonly ResiliencePropertyKey<Progress> ProgressKey = new("FlowEngine.Retry");
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time;
    private readonly int _attempts;
    private readonly StatusCodeSet _statusCodes;
    private readonly bool _onTimeout;
    private readonly bool _onConnect;
    private readonly ResiliencePipeline<HttpResult> _pipeline;

    public RetryPolicy(GenericHttpSettings settings, TimeProvider time, ActivityCompilation compilation)
        : this(RetryPlan.Of(settings), time, compilation.At("retry").At("on"), compilation.Problems) { }

    /// <summary>Makes the policy of a stored call, whose activity was compiled once.</summary>
    public RetryPolicy(RetryPlan plan, TimeProvider time)
        : this(plan, time, SourceLocation.Root(null), new DiagnosticBag()) { }

    private RetryPolicy(RetryPlan plan, TimeProvider time, SourceLocation at, DiagnosticBag problems)
    {
        _time = time;
        Timeout = plan.Timeout;
        _statusCodes = StatusCodeSet.Parse(plan.On, at, problems, "timeout", "connect");
        _onTimeout = plan.On.Contains("timeout");
        _onConnect = plan.On.Contains("connect");
        _attempts = plan.Attempts;
        _pipeline = _attempts == 0 ? ResiliencePipeline<HttpResult>.Empty : MakePipeline();
    }

    /// <summary>The time that a call has, with all its tries.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>How long a call takes that nobody answers. However often it is tried, the last try has all that is left.</summary>
    public LongestWait LongestWait => _onTimeout && _attempts > 0 ? new(Timeout / (_attempts + 1), _attempts + 1) : new(Timeout);

    /// <summary>Makes the call, as often as need be, each time with the time that it may take.</summary>
    /// <returns>What it ended with, and how often it was tried.</returns>
    public ValueTask<(HttpResult Result, int Attempts)> ExecuteAsync(
        Func<TimeSpan, CancellationToken, ValueTask<HttpResult>> call,
        CancellationToken cancellationToken
    ) => ExecuteAsync(Timeout, call, cancellationToken);

    /// <summary>As <see cref="ExecuteAsync(Func{TimeSpan, CancellationToken, ValueTask{HttpResult}}, CancellationToken)"/>, in less time
    /// than the whole call has.</summary>
    public async ValueTask<(HttpResult Result, int Attempts)> ExecuteAsync(
        TimeSpan timeout,
        Func<TimeSpan, CancellationToken, ValueTask<HttpResult>> call,
        CancellationToken cancellationToken
    )
    {
        if (_attempts == 0)
            return (await call(timeout, cancellationToken).ConfigureAwait(false), 1);

        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        var progress = new Progress(_time.GetTimestamp(), timeout);
        context.Properties.Set(ProgressKey, progress);
        try
        {
            var result = await _pipeline
                .ExecuteAsync(
                    static (context, state) =>
                    {
                        var (policy, progress, call) = state;
                        return call(policy.Share(policy.Remaining(progress), progress.Retries), context.CancellationToken);
                    },
                    context,
                    (this, progress, call)
                )
                .ConfigureAwait(false);
            return (result, progress.Retries + 1);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Polly's retry with a wait of our own: it must be known, and fit into
    /// what is left of the call's time, before another attempt is promised.</summary>
    private ResiliencePipeline<HttpResult> MakePipeline() =>
        new ResiliencePipelineBuilder<HttpResult> { TimeProvider = _time }
            .AddRetry(
                new RetryStrategyOptions<HttpResult>
                {
                    MaxRetryAttempts = _attempts,
                    ShouldHandle = arguments =>
                        ValueTask.FromResult(ShouldRetry(arguments.Outcome, arguments.Context.Properties.GetValue(ProgressKey, null!))),
                    DelayGenerator = arguments =>
                        ValueTask.FromResult<TimeSpan?>(arguments.Context.Properties.GetValue(ProgressKey, null!).Wait),
                    OnRetry = arguments =>
                    {
                        arguments.Context.Properties.GetValue(ProgressKey, null!).Retries++;
                        return ValueTask.CompletedTask;
                    },
                }
            )
            .Build();

    /// <summary>A wait that outlasts the timeout helps nobody: then the last answer is the result.</summary>
    private bool ShouldRetry(Outcome<HttpResult> outcome, Progress progress)
    {
        if (outcome.Exception is not null || !Matches(outcome.Result))
            return false;
        progress.Wait = RetryAfter.Of(outcome.Result.Reply, _time) ?? Backoff(progress.Retries);
        return progress.Wait < Remaining(progress);
    }

    private TimeSpan Remaining(Progress progress) => progress.Timeout - _time.GetElapsedTime(progress.Started);

    /// <summary>An attempt that may be repeated after a timeout must leave time for that: it gets an even share of what is left.</summary>
    private TimeSpan Share(TimeSpan remaining, int retries) => _onTimeout ? remaining / (_attempts - retries + 1) : remaining;

    private bool Matches(HttpResult result) =>
        result.TryGetReply(out var reply, out var fault)
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

    /// <summary>Per call and single-threaded: how far it has come.</summary>
    private sealed class Progress(long started, TimeSpan timeout)
    {
        public long Started => started;

        public TimeSpan Timeout => timeout;

        public int Retries { get; set; }

        public TimeSpan Wait { get; set; }
    }
}
