using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Json;

namespace FlowEngine.AspNetCore.Tokens;

/// <summary>Shared and immutable: what the tokens of a login say. It is stored, encrypted,
/// beside the refresh tokens, so that each later session token says the same.</summary>
internal sealed record SessionContent
{
    private static readonly FlowShape Shape = FlowShape.Of("subject", "audience", "sessionMinutes", "refreshDays", "claims", "user");

    /// <summary>The claim <c>sub</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>The claim <c>aud</c>; null for the server's.</summary>
    public string? Audience { get; init; }

    /// <summary>How long a session token is valid, in minutes.</summary>
    public required int SessionMinutes { get; init; }

    /// <summary>How long after the login a new session can be had, in days.</summary>
    public required int RefreshDays { get; init; }

    /// <summary>The custom claims, an object or nothing.</summary>
    public FlowValue Claims { get; init; }

    /// <summary>The person, <c>user.*</c>, which answers show and tokens do not.</summary>
    public FlowValue User { get; init; }

    /// <summary>The content of a completed run, whose <c>user.userId</c> is set.</summary>
    public static SessionContent Of(FlowRun run) =>
        new()
        {
            Subject = run.Context.User.Get("userId").ToText(),
            Audience = run.Plan.Options.Tokens.Audience,
            SessionMinutes = run.Plan.Options.Tokens.SessionMinutes,
            RefreshDays = run.Plan.Options.Tokens.RefreshDays,
            Claims = run.Context.Claims,
            User = run.Context.User,
        };

    /// <summary>Reads what <see cref="ToUtf8"/> wrote.</summary>
    public static SessionContent FromUtf8(ReadOnlySpan<byte> utf8)
    {
        var json = JsonReading.Parse(utf8);
        json.Get("sessionMinutes").TryGetInteger(out var minutes);
        json.Get("refreshDays").TryGetInteger(out var days);
        return new SessionContent
        {
            Subject = json.Get("subject").ToText(),
            Audience = json.Get("audience").TryGetText(out var audience) ? audience : null,
            SessionMinutes = (int)minutes,
            RefreshDays = (int)days,
            Claims = json.Get("claims"),
            User = json.Get("user"),
        };
    }

    /// <summary>The content as JSON. It does not keep the marks of sensitive values:
    /// whoever reads it back shows it to the person alone and logs none of it.</summary>
    public byte[] ToUtf8() =>
        JsonWriting.ToUtf8(
            FlowValue.From(
                Shape.With(
                    FlowValue.From(Subject),
                    FlowValue.From(Audience),
                    FlowValue.From(SessionMinutes),
                    FlowValue.From(RefreshDays),
                    Claims,
                    User
                )
            )
        );
}
