using System.Globalization;

namespace FlowEngine.Execution;

/// <summary>
/// Shared and immutable: the failures after which a flow may issue a token all the same, because its <c>accepts</c> says so (SPEC 6.3).
/// The proof that a flow does not fail open and the drill of its failures ask here. Whoever knows how a call ended asks
/// <see cref="Contains"/>, with what the run noted: <c>plan.Accepts.Contains(new FailedCall("profile") { Event = error.Event, Code =
/// error.Code, StatusCode = 503, Outcome = step.Outcome })</c>.
/// </summary>
public sealed class AcceptedFailures
{
    /// <summary>How many entries a flow may have.</summary>
    public const int MaxEntries = 1000;

    private readonly ILookup<string, AcceptedFailure> _byActivity;

    /// <summary>Makes it.</summary>
    /// <param name="entries">The entries.</param>
    public AcceptedFailures(IEnumerable<AcceptedFailure> entries)
    {
        Entries = [.. entries];
        _byActivity = Entries.ToLookup(entry => entry.Activity, StringComparer.Ordinal);
    }

    /// <summary>No failure is accepted.</summary>
    public static AcceptedFailures None { get; } = new([]);

    /// <summary>The entries, in order.</summary>
    public IReadOnlyList<AcceptedFailure> Entries { get; }

    /// <summary>The entries that name an activity.</summary>
    /// <param name="activity">The activity's id, qualified by the subflows that it lies in: <c>customer/lookup</c>.</param>
    public IEnumerable<AcceptedFailure> Of(string activity) => _byActivity[activity];

    /// <summary>Whether a call that failed in this way is accepted: an entry names its activity, and its event, outcome, code or
    /// status.</summary>
    public bool Contains(FailedCall call) => Entries.Count > 0 && _byActivity[call.Activity].Any(entry => entry.Covers(call));
}

/// <summary>Shared and immutable: how a call failed, as far as it is known.</summary>
/// <param name="Activity">The activity's id as the run has it, qualified by the subflows that it lies in: <c>customer/lookup</c>.</param>
public readonly record struct FailedCall(string Activity)
{
    /// <summary>The error event, such as <c>Connector Execution</c>; null (the default) for none.</summary>
    public string? Event { get; init; }

    /// <summary>The outcome by which the activity left, if it has one for such a failure; null (the default) for none.</summary>
    public string? Outcome { get; init; }

    /// <summary>The error's code, such as <c>http.timeout</c>; null (the default) for none.</summary>
    public string? Code { get; init; }

    /// <summary>The status of the answer; 0 (the default) where there was none.</summary>
    public int StatusCode { get; init; }
}

/// <summary>
/// Shared and immutable: an entry of a flow's <c>accepts</c>: <c>profile: timeout</c>. The way is the name of an error event or of an
/// outcome, a status (<c>404</c>), a range (<c>502-504</c>), a class (<c>5xx</c>), a code (<c>http.timeout</c>) or what stands behind its
/// last dot (<c>timeout</c>).
/// </summary>
public sealed record AcceptedFailure
{
    private readonly int _first;
    private readonly int _last = -1;

    private AcceptedFailure(string activity, string way)
    {
        (Activity, Way) = (activity, way);
        if (TryReadStatuses(way, out var first, out var last))
            (_first, _last) = (first, last);
    }

    /// <summary>The id of the activity, qualified by the subflows that it lies in: <c>customer/lookup</c>.</summary>
    public string Activity { get; }

    /// <summary>How it fails.</summary>
    public string Way { get; }

    /// <summary>Reads an entry; null for what is none.</summary>
    public static AcceptedFailure? Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return null;
        var (activity, way) = (text[..colon].Trim(), text[(colon + 1)..].Trim());
        return activity.Length == 0 || way.Length == 0 ? null : new AcceptedFailure(activity, way);
    }

    /// <summary>Whether this is the way in which a call of the activity failed.</summary>
    internal bool Covers(FailedCall call) =>
        Activity == call.Activity
        && (
            Way == call.Event
            || Way == call.Outcome
            || (call.Code is { } code && CoversCode(code))
            || (call.StatusCode > 0 && CoversStatus(call.StatusCode))
        );

    /// <summary>Whether this names errors of that code.</summary>
    internal bool CoversCode(string code) => Way == code || Way == FailureWays.WordOf(code);

    /// <summary>Whether this names answers of that status.</summary>
    internal bool CoversStatus(int status) => _first <= status && status <= _last;

    /// <summary>The entry as it is written.</summary>
    public override string ToString() => $"{Activity}: {Way}";

    private static bool TryReadStatuses(string text, out int first, out int last)
    {
        if (text.Length == 3 && char.IsAsciiDigit(text[0]) && text.EndsWith("xx", StringComparison.OrdinalIgnoreCase))
        {
            first = (text[0] - '0') * 100;
            last = first + 99;
            return true;
        }
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0)
            return TryReadStatus(text, out first) & TryReadStatus(text, out last);
        return TryReadStatus(text.AsSpan(0, dash), out first) & TryReadStatus(text.AsSpan(dash + 1), out last) && first <= last;
    }

    private static bool TryReadStatus(ReadOnlySpan<char> text, out int status) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out status) && text.Length == 3;
}
