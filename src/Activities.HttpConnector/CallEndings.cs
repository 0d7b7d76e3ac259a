using System.Globalization;
using System.Net;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector;

/// <summary>In which ways a call can end, for drills, as scripted replies. Stateless.</summary>
internal static class CallEndings
{
    private const int Ok = 200;
    private const int LastStatus = 599;

    /// <summary>After how many seconds the API wants to be asked again.</summary>
    private const int RetryAfter = 30;

    /// <summary>What happens to any API, sooner or later.</summary>
    private static readonly int[] UsualStatuses = [404, 429, 500, 503];
    private static readonly string[] UsualFaults = [HttpFaultCodes.Timeout, HttpFaultCodes.Connect, HttpFaultCodes.BadResponse];

    private static readonly FlowShape ErrorShape = FlowShape.Of("event", "code", "message");

    /// <summary>The ways: the usual ones, and those that the flow names, by outcomes or by conditions.</summary>
    /// <param name="call">The call.</param>
    /// <param name="statusPath">Where the flow finds the status.</param>
    /// <param name="successes">Which statuses are successes.</param>
    /// <param name="outcomes">The outcomes that the activity names; null for none.</param>
    /// <param name="judges">Whether a success is judged by its content.</param>
    /// <param name="mayBeStale">Whether an earlier answer may stand in, by an outcome of its own.</param>
    public static IReadOnlyList<WayToEnd> Of(
        DrilledCall call,
        string statusPath,
        StatusCodeSet successes,
        AnswerOutcomes? outcomes,
        bool judges,
        bool mayBeStale
    )
    {
        var usual = call.Usual.Get("statusCode").TryGetInteger(out var status) ? (int)status : Ok;
        IEnumerable<int> likely = [usual, .. UsualStatuses, .. outcomes?.Examples ?? []];
        var told = call.TellApart(statusPath, likely.Concat(Enumerable.Range(Ok, LastStatus + 1 - Ok)).Select(one => FlowValue.From(one)));
        var statuses = likely
            .Concat(told.Select(one => one.TryGetInteger(out var number) ? (int)number : usual))
            .Where(one => one != usual)
            .Distinct()
            .Order();
        var faults = UsualFaults.Union(outcomes?.FaultCodes ?? []).Where(code => code != HttpFaultCodes.NotSuccess);
        return
        [
            .. statuses.Select(one => new WayToEnd(
                one.ToString(CultureInfo.InvariantCulture),
                successes.Contains(one) ? With(call.Usual, FlowValue.Object(("statusCode", FlowValue.From(one)))) : Refusal(one)
            )),
            .. faults.Select(code => new WayToEnd(NameOf(code), Fault(code))),
            .. judges ? [new WayToEnd(NameOf(HttpFaultCodes.NotSuccess), NotSuccess(call.Usual, usual))] : Array.Empty<WayToEnd>(),
            .. mayBeStale ? [new WayToEnd(AnswerCaching.StaleName, Stale(call.Usual, usual))] : Array.Empty<WayToEnd>(),
        ];
    }

    /// <summary>The word by which outcomes name a fault.</summary>
    private static string NameOf(string code) => code[(code.LastIndexOf('.') + 1)..];

    /// <summary>As most APIs refuse: with a document that says so (RFC 9457), and when to come again.</summary>
    private static FlowValue Refusal(int status) =>
        FlowValue.Object(
            ("statusCode", FlowValue.From(status)),
            (
                "headers",
                FlowValue.Object(
                    ("content-type", FlowValue.From("application/problem+json")),
                    ("retry-after", status is 429 or 503 ? FlowValue.From(RetryAfter.ToString(CultureInfo.InvariantCulture)) : default)
                )
            ),
            ("body", FlowValue.Object(("title", FlowValue.From(TitleOf(status))), ("status", FlowValue.From(status))))
        );

    private static string TitleOf(int status)
    {
        using var answer = new HttpResponseMessage((HttpStatusCode)status);
        return answer.ReasonPhrase ?? "";
    }

    private static FlowValue Fault(string code) =>
        FlowValue.Object(
            ("error", Error(GenericHttp.ExecutionEvent, code)),
            ("retryAfter", code == HttpFaultCodes.Cooldown ? FlowValue.From(RetryAfter) : default)
        );

    private static FlowValue NotSuccess(FlowValue usual, int status) =>
        With(
            usual,
            FlowValue.Object(
                ("statusCode", FlowValue.From(status)),
                ("error", Error(GenericHttp.HttpErrorEvent, HttpFaultCodes.NotSuccess))
            )
        );

    private static FlowValue Stale(FlowValue usual, int status) =>
        With(
            usual,
            FlowValue.Object(
                ("statusCode", FlowValue.From(status)),
                ("stale", FlowValue.True),
                ("error", Error(GenericHttp.ExecutionEvent, HttpFaultCodes.Connect))
            )
        );

    private static FlowValue Error(string errorEvent, string code) =>
        FlowValue.From(
            ErrorShape.With(
                FlowValue.From(errorEvent),
                FlowValue.From(code),
                FlowValue.From((HttpErrors.All.FirstOrDefault(known => known.Code == code) ?? FlowErrors.Budget).Meaning)
            )
        );

    private static FlowValue With(FlowValue usual, FlowValue changes)
    {
        usual.TryGetObject(out var given);
        changes.TryGetObject(out var members);
        var reply = given ?? FlowObject.Empty;
        foreach (var (name, value) in members!)
            reply = reply.With(name, value);
        return FlowValue.From(reply);
    }
}
