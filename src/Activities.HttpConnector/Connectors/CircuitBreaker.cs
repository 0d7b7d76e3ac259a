using FlowEngine.HttpConnector.Wire;
using Polly;
using Polly.CircuitBreaker;

namespace FlowEngine.HttpConnector.Connectors;

/// <summary>Per connector, thread-safe: stops calls for a while after many failures, for all activities that use the connector.</summary>
internal sealed class CircuitBreaker
{
    private static readonly HttpFault Open = new(
        HttpFaultCodes.CircuitOpen,
        "The connector's circuit breaker is open after many failures. Wait until the API has recovered."
    );

    private readonly ResiliencePipeline<HttpResult> _pipeline;
    private readonly CircuitBreakerStateProvider _state = new();

    public CircuitBreaker(CircuitBreakerSettings settings, TimeProvider time) =>
        _pipeline = new ResiliencePipelineBuilder<HttpResult> { TimeProvider = time }
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions<HttpResult>
                {
                    FailureRatio = settings.FailureRatio,
                    MinimumThroughput = settings.MinimumThroughput,
                    SamplingDuration = TimeSpan.FromSeconds(settings.SamplingSeconds),
                    BreakDuration = TimeSpan.FromSeconds(settings.BreakSeconds),
                    StateProvider = _state,
                    ShouldHandle = arguments => ValueTask.FromResult(IsFailure(arguments.Outcome.Result)),
                }
            )
            .Build();

    /// <summary>How it stands, as <see cref="FlowEngine.Connectors.ConnectorState.Breaker"/> calls it.</summary>
    public string State =>
        _state.CircuitState switch
        {
            CircuitState.Closed => "closed",
            CircuitState.HalfOpen => "halfOpen",
            _ => "open",
        };

    /// <summary>Makes one attempt, or fails with <c>http.circuit_open</c> without making it.</summary>
    public async ValueTask<HttpResult> SendAsync(HttpExchange exchange, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            // As an outcome, so that an open circuit throws nothing: it is hit by every login while an API is down.
            var outcome = await _pipeline
                .ExecuteOutcomeAsync(static (context, exchange) => AttemptAsync(exchange, context.CancellationToken), context, exchange)
                .ConfigureAwait(false);
            if (outcome.Exception is BrokenCircuitException)
                return HttpResult.Failed(Open);
            outcome.ThrowIfException();
            return outcome.Result;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static async ValueTask<Outcome<HttpResult>> AttemptAsync(HttpExchange exchange, CancellationToken cancellationToken)
    {
        try
        {
            return Outcome.FromResult(await exchange.SendAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception error)
        {
            return Outcome.FromException<HttpResult>(error);
        }
    }

    /// <summary>A cancelled call is no failure: the API did nothing wrong.</summary>
    private static bool IsFailure(HttpResult result) =>
        result.Fault
            is {
                Code: HttpFaultCodes.Dns
                    or HttpFaultCodes.Connect
                    or HttpFaultCodes.Tls
                    or HttpFaultCodes.Timeout
                    or HttpFaultCodes.BadResponse
            }
        || result.Reply is { StatusCode: 429 or >= 500 };
}
