using FlowEngine.Activities;
using FlowEngine.Context;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector;

/// <summary>Shared and immutable: by what rule an activity uses answers again.</summary>
internal sealed class AnswerCaching
{
    /// <summary>The outcome of a call that failed and has an earlier answer.</summary>
    public const string StaleName = "Stale";

    private const string Setting = "cache";

    /// <summary>What may pass: the API is away, or busy. What says that the answer is another one by now, or not this person's, is none of
    /// them.</summary>
    private static readonly string[] Outages =
    [
        HttpFaultCodes.Dns,
        HttpFaultCodes.Connect,
        HttpFaultCodes.Tls,
        HttpFaultCodes.Timeout,
        HttpFaultCodes.Token,
        HttpFaultCodes.BadResponse,
        HttpFaultCodes.CircuitOpen,
        HttpFaultCodes.Cooldown,
        HttpFaultCodes.Busy,
    ];

    private readonly TimeSpan _ttl;
    private readonly TimeSpan _staleIfError;

    private AnswerCaching(CacheSettings settings, bool hasStaleOutcome)
    {
        _ttl = settings.Ttl;
        _staleIfError = settings.StaleIfError ?? TimeSpan.Zero;
        HasStaleOutcome = hasStaleOutcome;
    }

    /// <summary>Whether a stale answer has an outcome to leave by; otherwise it is not used.</summary>
    public bool HasStaleOutcome { get; }

    /// <summary>Reads the setting; null where nothing is used again.</summary>
    public static AnswerCaching? Parse(GenericHttpSettings settings, ActivityCompilation compilation)
    {
        if (settings.Cache is not { } cache)
            return null;
        if (settings.Method != "GET" || settings.Async != AsyncCall.No)
            compilation.Error(
                HttpErrors.Cache,
                Setting,
                settings.Method != "GET"
                    ? $"The answer to {settings.Method} is not used again: what it does would not be done."
                    : "A call that nobody waits for has no answer that could be used again.",
                "Remove \"cache\", or use GET and wait for the answer."
            );
        if (settings.Outcomes?.ContainsKey(StaleName) == true)
            compilation.Error(
                HttpErrors.Outcomes,
                "outcomes",
                $"'{StaleName}' is the outcome of an earlier answer.",
                "Call it something else."
            );
        return new AnswerCaching(cache, cache.StaleIfError is not null && compilation.IsConnected(StaleName));
    }

    /// <summary>Whether an answer is used without a call.</summary>
    public bool IsFresh(TimeSpan age) => age < _ttl;

    /// <summary>Whether an answer may stand in for a call that failed.</summary>
    public bool MayBeStale(TimeSpan age) => HasStaleOutcome && age < _ttl + _staleIfError;

    /// <summary>Keeps the answer of a success; forgets it after what says that it is not true any more.</summary>
    /// <param name="answers">Where answers are kept.</param>
    /// <param name="key">The request.</param>
    /// <param name="replies">The answer, with the pages behind it; empty for none.</param>
    /// <param name="read">What the call ended with.</param>
    public void Learn(AnswerCache answers, RequestKey key, IReadOnlyList<HttpReply> replies, in CallResult read)
    {
        if (read.Error is null && replies.Count > 0 && !replies.Any(ForbidsStoring))
            answers.Keep(key, replies, _ttl + _staleIfError);
        else if (read.Error is null || (read.IsHttpError && !IsOutage(read)))
            answers.Forget(key);
    }

    /// <summary>Whether a call failed for a reason that may pass.</summary>
    public static bool IsOutage(in CallResult read) =>
        read.Error is { } error && (read.IsHttpError ? read.StatusCode is 429 or >= 500 : Array.IndexOf(Outages, error.Code) >= 0);

    /// <summary>RFC 9111, 5.2.2.5: whoever sends it has a reason.</summary>
    private static bool ForbidsStoring(HttpReply reply) =>
        reply.Header("cache-control")?.Split(',').Any(directive => directive.Trim().Equals("no-store", StringComparison.OrdinalIgnoreCase))
        == true;
}

/// <summary>Shared and immutable: where an answer came from.</summary>
/// <param name="IsCached">Whether it is an earlier one.</param>
/// <param name="Age">How long ago it came.</param>
/// <param name="IsStale">Whether a newer one was asked for, in vain.</param>
internal sealed record AnswerFreshness(bool IsCached, TimeSpan Age, bool IsStale)
{
    /// <summary>Of an answer that has just come.</summary>
    public static AnswerFreshness New { get; } = new(false, TimeSpan.Zero, false);

    /// <summary>The members that a result then has.</summary>
    public static IReadOnlyList<(string Name, ValueShape Shape)> Members { get; } =
    [("cached", ValueShape.Scalar), ("age", ValueShape.Scalar), ("stale", ValueShape.Scalar)];

    /// <summary>Adds them to a result.</summary>
    public void AddTo(FlowObjectBuilder result)
    {
        result.Set("cached", FlowValue.From(IsCached));
        result.Set("age", FlowValue.From((long)Age.TotalSeconds));
        result.Set("stale", FlowValue.From(IsStale));
    }
}
