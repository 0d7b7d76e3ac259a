using System.Globalization;
using System.Text.Json;
using FlowEngine.Context;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.Json;

namespace FlowEngine.HttpConnector;

/// <summary>
/// Shared and immutable: what an answer says of time, of limits and of what went wrong, in forms that several APIs share. It is part of
/// the result whether the answer's headers are or not.
/// </summary>
internal sealed class AnswerHints
{
    private const string RetryAfterName = "retryAfter";
    private const string RateLimitName = "rateLimit";
    private const string ProblemName = "problem";
    private const string ProblemType = "application/problem+json";

    /// <summary>Seconds since 1970 begin here; what is less is a time from now.</summary>
    private const long FirstTimestamp = 1_000_000_000;
    private const long LongestReset = 366 * RetryAfter.LongestSeconds;
    private const long LargestLimit = 1_000_000_000_000;

    /// <summary>The headers of the IETF's drafts, and those that came before them: limit, remaining, reset.</summary>
    private static readonly string[][] RateLimits =
    [
        ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"],
        ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"],
    ];

    private readonly FlowValue _retryAfter;
    private readonly FlowValue _retryAt;
    private readonly FlowValue _rateLimit;
    private readonly FlowValue _problem;

    private AnswerHints(TimeSpan? retryAfter, FlowValue rateLimit, FlowValue problem, TimeProvider time)
    {
        if (retryAfter is { } wait)
        {
            // A part of a second is waited for too.
            _retryAfter = FlowValue.From((int)Math.Ceiling(wait.TotalSeconds));
            _retryAt = Instant(time.GetUtcNow() + wait);
        }
        _rateLimit = rateLimit;
        _problem = problem;
    }

    /// <summary>The members that tell when to come again.</summary>
    public static IReadOnlyList<(string Name, ValueShape Shape)> TimeMembers { get; } =
    [(RetryAfterName, ValueShape.Scalar), ("retryAt", ValueShape.Scalar)];

    /// <summary>The members that an answer may have beside those it always has.</summary>
    public static IReadOnlyList<(string Name, ValueShape Shape)> Members { get; } =
    [
        .. TimeMembers,
        (RateLimitName, ValueShape.Object(("limit", ValueShape.Scalar), ("remaining", ValueShape.Scalar), ("resetAt", ValueShape.Scalar))),
        (ProblemName, ValueShape.Any),
    ];

    /// <summary>That a call makes sense again at an instant.</summary>
    public static AnswerHints Until(DateTimeOffset at, TimeProvider time)
    {
        var wait = at - time.GetUtcNow();
        return new AnswerHints(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, FlowValue.Missing, FlowValue.Missing, time);
    }

    /// <summary>What an answer says; null, as for most, for nothing.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="body">Its body as it was read.</param>
    /// <param name="time">The clock of what is told as an instant.</param>
    public static AnswerHints? Of(HttpReply reply, FlowValue body, TimeProvider time)
    {
        var (hasTime, hasLimit) = (false, false);
        foreach (var (name, _) in reply.Headers)
        {
            hasTime |= name == "retry-after";
            hasLimit |= IsOfLimit(name);
        }
        var problem = IsProblem(reply.MediaType) ? ProblemOf(body.Kind == FlowValueKind.String ? Parsed(reply) : body) : FlowValue.Missing;
        if (!hasTime && !hasLimit && problem.IsMissing)
            return null;
        var limit = hasLimit ? RateLimitOf(reply.Header, time) : FlowValue.Missing;
        return NullIfEmpty(hasTime ? RetryAfter.Of(reply, time) : null, limit, problem, time);
    }

    /// <summary>What a golden case's reply says: by its headers, as an answer does, or by the members themselves, as a case that was made
    /// of a run whose connector leaves headers out.</summary>
    public static AnswerHints? OfScripted(FlowValue reply, FlowValue body, TimeProvider time)
    {
        if (!reply.Get("headers").TryGetObject(out var headers))
            headers = FlowObject.Empty;
        var (after, type, hasLimit) = (FlowValue.Missing, FlowValue.Missing, false);
        var names = headers.Shape.Names;
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i].Equals("retry-after", StringComparison.OrdinalIgnoreCase))
                after = headers.Values[i];
            else if (names[i].Equals("content-type", StringComparison.OrdinalIgnoreCase))
                type = headers.Values[i];
            else
                hasLimit |= IsOfLimit(names[i]);
        }
        TimeSpan? wait =
            reply.Get(RetryAfterName).TryGetInteger(out var seconds)
                ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, RetryAfter.LongestSeconds))
            : after.IsMissing ? null
            : RetryAfter.Read(after.ToText(), TextOf(headers, "date"), time);
        var limit = reply.Get(RateLimitName);
        if (limit.Kind != FlowValueKind.Object)
            limit = hasLimit ? RateLimitOf(headers, time) : FlowValue.Missing;
        var problem = reply.Get(ProblemName);
        if (problem.Kind != FlowValueKind.Object)
            problem = !type.IsMissing && IsProblemType(type.ToText()) ? ProblemOf(body) : FlowValue.Missing;
        return NullIfEmpty(wait, limit, problem, time);
    }

    /// <summary>Adds them to a result.</summary>
    public void AddTo(FlowObjectBuilder result, bool isSensitive)
    {
        if (!_retryAfter.IsMissing)
        {
            result.Set(RetryAfterName, _retryAfter);
            result.Set("retryAt", _retryAt);
        }
        if (!_rateLimit.IsMissing)
            result.Set(RateLimitName, _rateLimit);
        if (!_problem.IsMissing)
            result.Set(ProblemName, _problem.WithSensitive(isSensitive));
    }

    /// <summary>A point in time as text.</summary>
    public static FlowValue Instant(DateTimeOffset at) =>
        FlowValue.From(at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));

    private static AnswerHints? NullIfEmpty(TimeSpan? retryAfter, FlowValue rateLimit, FlowValue problem, TimeProvider time) =>
        retryAfter is null && rateLimit.IsMissing && problem.IsMissing ? null : new AnswerHints(retryAfter, rateLimit, problem, time);

    private static bool IsOfLimit(string name) =>
        name.Length >= RateLimits[0][0].Length && name.Contains("ratelimit-", StringComparison.OrdinalIgnoreCase);

    private static string? TextOf(FlowObject headers, string name) =>
        headers.GetIgnoringCase(name) is { IsMissing: false } value ? value.ToText() : null;

    private static FlowValue RateLimitOf(FlowObject headers, TimeProvider time) => RateLimitOf(name => TextOf(headers, name), time);

    /// <summary>How many calls are left.</summary>
    private static FlowValue RateLimitOf(Func<string, string?> header, TimeProvider time)
    {
        foreach (var names in RateLimits)
        {
            var limit = new FlowObjectBuilder(3);
            if (TryReadNumber(header(names[0]), out var most))
                limit.Set("limit", FlowValue.From(most));
            if (TryReadNumber(header(names[1]), out var left))
                limit.Set("remaining", FlowValue.From(left));
            if (ResetOf(header(names[2]), time) is { } reset)
                limit.Set("resetAt", Instant(reset));
            if (limit.Count > 0)
                return FlowValue.From(limit.Build());
        }
        return FlowValue.Missing;
    }

    /// <summary>Seconds from now, seconds or milliseconds since 1970, or a date: APIs do it in each of these ways.</summary>
    private static DateTimeOffset? ResetOf(string? text, TimeProvider time)
    {
        if (RetryAfter.TryReadDate(text, out var date))
            return date;
        if (!TryReadNumber(text, out var number))
            return null;
        return number switch
        {
            <= LongestReset => time.GetUtcNow().AddSeconds(number),
            >= FirstTimestamp * 1000 => DateTimeOffset.FromUnixTimeMilliseconds(number),
            >= FirstTimestamp => DateTimeOffset.FromUnixTimeSeconds(number),
            _ => null,
        };
    }

    /// <summary>A whole number, or the first of several that are explained: <c>100, 100;w=60</c>.</summary>
    private static bool TryReadNumber(string? text, out long number)
    {
        number = 0;
        return text is not null
            && long.TryParse(text.AsSpan()[..EndOfFirst(text)].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && number <= LargestLimit * 10;

        static int EndOfFirst(string text) => text.AsSpan().IndexOfAny(',', ';') is >= 0 and var end ? end : text.Length;
    }

    private static bool IsProblem(string? mediaType) => mediaType == ProblemType;

    private static bool IsProblemType(ReadOnlySpan<char> contentType)
    {
        var end = contentType.IndexOf(';');
        return contentType[..(end < 0 ? contentType.Length : end)].Trim().Equals(ProblemType, StringComparison.OrdinalIgnoreCase);
    }

    private static FlowValue Parsed(HttpReply reply)
    {
        try
        {
            return JsonReading.Parse(reply.ReadText());
        }
        catch (JsonException)
        {
            return FlowValue.Missing;
        }
    }

    /// <summary>The members of the document. One that has not the type of its name is as if it were not there (RFC 9457, 3.1).</summary>
    private static FlowValue ProblemOf(FlowValue body)
    {
        if (!body.TryGetObject(out var members))
            return FlowValue.Missing;
        if (members.All(IsRight))
            return body;
        var right = new FlowObjectBuilder(members.Count);
        foreach (var (name, value) in members.Where(IsRight))
            right.Set(name, value);
        return FlowValue.From(right.Build());
    }

    private static bool IsRight(KeyValuePair<string, FlowValue> member) =>
        member.Key switch
        {
            "type" or "title" or "detail" or "instance" => member.Value.Kind == FlowValueKind.String,
            "status" => member.Value.Kind == FlowValueKind.Number,
            _ => true,
        };
}
