using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Tokens;

/// <summary>Per process: keeps <see cref="SigningKeys"/> fresh. Where they cannot be read, those known last go on.</summary>
internal sealed class SigningKeyService(SigningKeys keys, TimeProvider time, ILogger<SigningKeyService> log)
    : RepeatingService(SigningKeys.RefreshPeriod, time, log)
{
    /// <inheritdoc/>
    protected override Task RepeatAsync(CancellationToken stoppingToken) => keys.RefreshAsync(stoppingToken);

    /// <inheritdoc/>
    protected override void Tell(string reason) => Failed(Log, reason);

    private static readonly Action<ILogger, string, Exception?> FailedMessage = LoggerMessage.Define<string>(
        LogLevel.Warning,
        new EventId(1901, nameof(Failed)),
        "The signing keys could not be read, those known last go on: {Reason}"
    );

    private static void Failed(ILogger log, string reason) => FailedMessage(log, reason, null);
}
