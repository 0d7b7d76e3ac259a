using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Tokens;

/// <summary>Per process: keeps <see cref="SigningKeys"/> fresh. Where they cannot be read, those known last go on.</summary>
internal sealed partial class SigningKeyService(SigningKeys keys, TimeProvider time, ILogger<SigningKeyService> log)
    : RepeatingService(SigningKeys.RefreshPeriod, time, log)
{
    /// <inheritdoc/>
    protected override Task RepeatAsync(CancellationToken stoppingToken) => keys.RefreshAsync(stoppingToken);

    /// <inheritdoc/>
    protected override void Tell(string reason) => Failed(Log, reason);

    [LoggerMessage(
        EventId = 1901,
        Level = LogLevel.Warning,
        Message = "The signing keys could not be read, those known last go on: {Reason}"
    )]
    private static partial void Failed(ILogger log, string reason);
}
