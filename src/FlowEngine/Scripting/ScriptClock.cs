using System.Globalization;
using Jint.Runtime;

namespace FlowEngine.Scripting;

/// <summary>Shared, thread-safe: the clock of scripts. Each thread that runs a
/// script sets it to the run's own clock; the time zone is always UTC.</summary>
internal sealed class ScriptClock : ITimeSystem
{
    private static readonly DefaultTimeSystem Inner = new(TimeZoneInfo.Utc, CultureInfo.InvariantCulture);

    [ThreadStatic]
    private static TimeProvider? _current;

    /// <summary>The clock of the script that runs on this thread.</summary>
    public static TimeProvider? Current
    {
        get => _current;
        set => _current = value;
    }

    public TimeZoneInfo DefaultTimeZone => TimeZoneInfo.Utc;

    public DateTimeOffset GetUtcNow() => (_current ?? TimeProvider.System).GetUtcNow();

    public TimeSpan GetUtcOffset(long epochMilliseconds) => TimeSpan.Zero;

    public bool TryParse(string date, out long epochMilliseconds) => Inner.TryParse(date, out epochMilliseconds);
}
