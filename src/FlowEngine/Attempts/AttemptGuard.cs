using FlowEngine.Compilation;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Templates;

namespace FlowEngine.Attempts;

/// <summary>Shared and immutable: the limit of one activity.</summary>
internal sealed class AttemptGuard
{
    /// <summary>The outcome of a try that is not allowed.</summary>
    public const string Locked = "Locked";

    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(1);

    private readonly Template _key;
    private readonly AttemptLimit _limit;

    private AttemptGuard(Template key, AttemptLimit limit)
    {
        _key = key;
        _limit = limit;
    }

    /// <summary>The limit that an activity's setting <c>limit</c> describes; null for none.</summary>
    public static AttemptGuard? Of(AttemptLimitSettings? settings, ActivityCompilation compilation)
    {
        if (settings is null)
            return null;
        var at = compilation.At("limit");
        if (settings.Key is { IsLiteral: true, Source.Length: > 0 })
        {
            compilation.Problems.Warning(
                FlowErrors.LimitKey, at.At("key"), $"The key is '{settings.Key.LiteralText}' for everybody: whoever tries too often locks all others out.");
        }
        if (!Durations.TryParse(settings.Window, out var window) || window < TimeSpan.FromSeconds(1) || window > LongestWindow)
        {
            compilation.Problems.Error(
                FlowErrors.Value, at.At("window"), $"'{settings.Window}' is not a duration from a second to a day.", "Write an ISO 8601 duration, such as \"PT15M\".");
        }
        return new AttemptGuard(settings.Key, new AttemptLimit(settings.Tries, window));
    }

    /// <summary>Counts a try before its answer is known; false when it is not allowed.</summary>
    public ValueTask<bool> TryCountAsync(RunContext context, CancellationToken cancellationToken) =>
        context.Attempts.TryCountAsync(KeyOf(context), _limit, context.Time.GetUtcNow(), cancellationToken);

    /// <summary>Takes the try back: it was no failure. Those before stay counted, because whoever made this one need not be who made them.</summary>
    public ValueTask TakeBackAsync(RunContext context, CancellationToken cancellationToken) => context.Attempts.TakeBackAsync(KeyOf(context), cancellationToken);

    /// <summary>Forgets all tries for the account: its person has shown that they are the person.</summary>
    public ValueTask ForgetAsync(RunContext context, CancellationToken cancellationToken) => context.Attempts.ForgetAsync(KeyOf(context), cancellationToken);

    private AttemptKey KeyOf(RunContext context) =>
        AttemptKey.Of(context.Frame.Plan.FlowId, context.NodeId, _key.EvaluateText(context, ValueEncoder.None).ToText());
}
