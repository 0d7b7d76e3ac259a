using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Overview;

/// <summary>Shared and immutable: a time until now, in steps for which there are counts.</summary>
/// <param name="Span">What the steps are, see <see cref="CountStore"/>.</param>
/// <param name="From">When the first step began, in milliseconds.</param>
/// <param name="Until">When the one after the last begins.</param>
internal readonly record struct Period(int Span, long From, long Until)
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;

    /// <summary>How long a step is, in milliseconds.</summary>
    public long Step => Span * Minute;

    /// <summary>The last hour by minutes; the last day or week by hours.</summary>
    /// <param name="since">What was asked for; a day where nothing was.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="ApiException">It is none of these.</exception>
    public static Period Of(string? since, DateTimeOffset now) =>
        since switch
        {
            "hour" => OfMinutes(60, now),
            null or "day" => OfHours(24, now),
            "week" => OfHours(7 * 24, now),
            _ => throw ApiQuery.Wrong("since", "hour, day or week"),
        };

    /// <summary>That many minutes, of which the last is not over.</summary>
    public static Period OfMinutes(int count, DateTimeOffset now)
    {
        var until = CountStore.MinuteOf(now) + Minute;
        return new Period(CountStore.Minutes, until - count * Minute, until);
    }

    /// <summary>That many hours, of which the last is not over.</summary>
    public static Period OfHours(int count, DateTimeOffset now)
    {
        var until = CountStore.HourOf(now) + Hour;
        return new Period(CountStore.Hours, until - count * Hour, until);
    }
}
