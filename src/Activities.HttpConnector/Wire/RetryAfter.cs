using System.Globalization;

namespace FlowEngine.HttpConnector.Wire;

/// <summary>Stateless: when an API wants to be asked again (<c>Retry-After</c>, RFC 9110, 10.2.3).</summary>
internal static class RetryAfter
{
    /// <summary>The longest wait that is believed: a day.</summary>
    public const int LongestSeconds = 86_400;

    /// <summary>The three forms of a date (RFC 9110, 5.6.7).</summary>
    private static readonly string[] Dates = ["r", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"];

    /// <summary>How long to wait, from none to a day; null when the answer does not say so in either form.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="time">The clock by which a date counts where the answer has none of its own.</param>
    public static TimeSpan? Of(HttpReply? reply, TimeProvider time) =>
        reply?.Header("retry-after") is { } text ? Read(text, reply.Header("date"), time) : null;

    /// <summary>Reads the header.</summary>
    /// <param name="text">Its value: seconds or a date.</param>
    /// <param name="sent">When the API sent it, by its own clock, which may be wrong as much as the date is; null when it does not say.</param>
    /// <param name="time">The clock by which a date counts then.</param>
    public static TimeSpan? Read(string text, string? sent, TimeProvider time)
    {
        if (text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9'))
            return TimeSpan.FromSeconds(
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                    ? Math.Min(seconds, LongestSeconds)
                    : LongestSeconds
            );
        if (!TryReadDate(text, out var date))
            return null;
        var wait = date - (TryReadDate(sent, out var now) ? now : time.GetUtcNow());
        return TimeSpan.FromSeconds(Math.Clamp(wait.TotalSeconds, 0, LongestSeconds));
    }

    /// <summary>Reads a date of HTTP in any of its forms.</summary>
    public static bool TryReadDate(string? text, out DateTimeOffset date) =>
        DateTimeOffset.TryParseExact(
            text,
            Dates,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite,
            out date
        );
}
