using FlowEngine.Attempts;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Activities;

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
                FlowErrors.LimitKey,
                at.At("key"),
                $"The key is '{settings.Key.LiteralText}' for everybody: whoever tries too often locks all others out."
            );
        }
        if (!Durations.TryParse(settings.Window, out var window) || window < TimeSpan.FromSeconds(1) || window > LongestWindow)
        {
            compilation.Problems.Error(
                FlowErrors.Value,
                at.At("window"),
                $"'{settings.Window}' is not a duration from a second to a day.",
                "Write an ISO 8601 duration, such as \"PT15M\"."
            );
        }
        return new AttemptGuard(settings.Key, new AttemptLimit(settings.Tries, window));
    }

    /// <summary>What a try is counted for when nothing but the text is known.</summary>
    public AttemptKey[] KeysOf(RunContext context) => [AttemptKey.Of(context.Frame.Plan.FlowId, context.NodeId, TextOf(context))];

    /// <summary>
    /// What a try is counted for when an account was looked up: the text, and the account that was found. A database may find one account
    /// by endlessly many spellings (accents, invisible characters), which only the account's own key counts together; and which spellings
    /// it takes for the same account, it alone knows, so the text is folded only lightly.
    /// </summary>
    /// <param name="context">The run's.</param>
    /// <param name="account">What the found account alone has; null when none was found. Its second key is the text's then, which changes
    /// nothing but the time: counting for nobody takes as long.</param>
    public AttemptKey[] KeysOf(RunContext context, string? account)
    {
        var (flow, text) = (context.Frame.Plan.FlowId, TextOf(context));
        var key = AttemptKey.OfText(flow, context.NodeId, text);
        return [key, AttemptKey.OfAccount(flow, context.NodeId, account ?? key.Text)];
    }

    /// <summary>Counts a try before its answer is known; false when it is not allowed.</summary>
    public ValueTask<bool> TryCountAsync(RunContext context, AttemptKey[] keys, CancellationToken cancellationToken) =>
        context.Attempts.TryCountAsync(keys, _limit, context.Time.GetUtcNow(), cancellationToken);

    /// <summary>
    /// Takes the try back: it was no failure, or was not answered, not even when its caller is gone. Those before stay counted, because
    /// whoever made this one need not be who made them.
    /// </summary>
    public static ValueTask TakeBackAsync(RunContext context, AttemptKey[] keys) =>
        context.Attempts.TakeBackAsync(keys, CancellationToken.None);

    /// <summary>Forgets all tries for the account: its person has shown that they are the person.</summary>
    public static ValueTask ForgetAsync(RunContext context, AttemptKey[] keys, CancellationToken cancellationToken) =>
        context.Attempts.ForgetAsync(keys, cancellationToken);

    private string TextOf(RunContext context) => _key.EvaluateText(context, ValueEncoder.None).ToText();
}
