using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Sessions;

/// <summary>Shared and immutable: a session of the console, as its cookie holds it, sealed.</summary>
/// <param name="Id">Its id, which nobody can guess: the session has ended when the storage does not know it.</param>
/// <param name="Name">The person.</param>
/// <param name="Stamp">Their <see cref="ConsoleUser.SecurityStamp"/> when they signed in: a session of another one has ended.</param>
/// <param name="CsrfToken">What every request that changes something has to send along.</param>
/// <param name="StartedAt">When they signed in.</param>
/// <param name="ExpiresAt">When it ends, unless it is used before.</param>
internal sealed record ConsoleSession(
    string Id,
    string Name,
    string Stamp,
    string CsrfToken,
    DateTimeOffset StartedAt,
    DateTimeOffset ExpiresAt
)
{
    /// <summary>How long a session lasts without being used.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromHours(8);

    /// <summary>How long a session lasts at most: a page that keeps itself up to date would use it for ever.</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromHours(24);

    /// <summary>How old a cookie becomes before it is made anew.</summary>
    private static readonly TimeSpan RenewalTime = TimeSpan.FromMinutes(30);

    /// <summary>A new session.</summary>
    public static ConsoleSession Begin(ConsoleUser user, string csrfToken, DateTimeOffset now) =>
        new(RunId.New(), user.Name, user.SecurityStamp, csrfToken, now, now + IdleTime);

    /// <summary>Whether it has ended.</summary>
    public bool IsOver(DateTimeOffset now) => now >= ExpiresAt || now >= StartedAt + LongestTime;

    /// <summary>The session with a later end, or null when that is not worth a new cookie.</summary>
    public ConsoleSession? Renewed(DateTimeOffset now) =>
        now + IdleTime - ExpiresAt > RenewalTime ? this with { ExpiresAt = now + IdleTime } : null;

    /// <summary>The text to seal.</summary>
    public string ToText() =>
        FlowValue
            .Object(
                ("id", FlowValue.From(Id)),
                ("name", FlowValue.From(Name)),
                ("stamp", FlowValue.From(Stamp)),
                ("csrf", FlowValue.From(CsrfToken)),
                ("started", FlowValue.From(StartedAt.ToUnixTimeMilliseconds())),
                ("expires", FlowValue.From(ExpiresAt.ToUnixTimeMilliseconds()))
            )
            .ToJson();

    /// <summary>Reads what <see cref="ToText"/> wrote.</summary>
    public static ConsoleSession Read(string text)
    {
        var json = JsonReading.Parse(text);
        return new ConsoleSession(
            json.Get("id").ToText(),
            json.Get("name").ToText(),
            json.Get("stamp").ToText(),
            json.Get("csrf").ToText(),
            TimeOf(json, "started"),
            TimeOf(json, "expires")
        );
    }

    private static DateTimeOffset TimeOf(FlowValue json, string name) =>
        json.Get(name).TryGetInteger(out var milliseconds)
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : DateTimeOffset.MinValue;
}
