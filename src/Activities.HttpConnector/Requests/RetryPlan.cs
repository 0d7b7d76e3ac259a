using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Requests;

/// <summary>Shared and immutable: when a call is tried again.</summary>
/// <param name="Timeout">The time for all tries together.</param>
/// <param name="Attempts">How often it is tried again at most.</param>
/// <param name="On">After what, as in <see cref="RetrySettings.On"/>.</param>
internal sealed record RetryPlan(TimeSpan Timeout, int Attempts, IReadOnlyList<string> On)
{
    /// <summary>What an activity's settings say. Only idempotent methods (RFC 9110, 9.2.2) are tried again unless the designer says that
    /// the API takes it well.</summary>
    public static RetryPlan Of(GenericHttpSettings settings) =>
        new(
            TimeSpan.FromSeconds(settings.Timeout),
            settings.Retry is { } retry && (retry.Unsafe || settings.Method is "GET" or "HEAD" or "PUT" or "DELETE" or "OPTIONS")
                ? retry.Attempts
                : 0,
            settings.Retry?.On ?? []
        );
}
