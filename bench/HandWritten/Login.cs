using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Mail;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FlowEngine.Bench.HandWritten;

/// <summary>Per process, thread-safe: the login.</summary>
internal sealed class Login(
    RunTable runs,
    People people,
    ProfileApi profiles,
    Tokens tokens,
    IDataProtectionProvider protection,
    TimeProvider time
)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private static readonly Screen SignIn = new(
        "sign-in",
        "Sign in",
        [
            new("EmailInput", Name: "email", Label: "Email", Required: true),
            new("ErrorMessage"),
            new("Button", Id: "submit", Text: "Continue"),
        ],
        new([], "")
    );

    private readonly IDataProtector _protector = protection.CreateProtector("runs");

    /// <summary>Begins a login: it is stored before its screen is shown.</summary>
    public async Task<Results<Ok<Answer>, NotFound>> StartAsync(StartRequest request, HttpContext http)
    {
        if (request.FlowId != "login")
            return TypedResults.NotFound();
        var now = time.GetUtcNow();
        var state = new RunState
        {
            Id = NewId(),
            StartedAt = now,
            Client = request.Options?.Client,
            Device = new(
                http.Connection.RemoteIpAddress?.ToString(),
                http.Request.Headers.UserAgent.ToString(),
                http.Request.Headers.AcceptLanguage.ToString()
            ),
            Path = ["signIn"],
        };
        var step = NewId();
        var trace = new[] { new TraceStep("signIn", "Screen", now, 0, "suspended", null, null) };
        await runs.AddAsync(
            new(state.Id, "waiting", step, Seal(state), null, now, now + Lifetime),
            JsonSerializer.Serialize(trace, Json.Default.TraceStepArray),
            http.RequestAborted
        );
        return TypedResults.Ok(
            new Answer
            {
                ExecutionId = state.Id,
                StepId = step,
                StepName = "signIn",
                Status = "waiting",
                Action = "screen",
                Screen = SignIn,
            }
        );
    }

    /// <summary>Takes the submitted address, and finishes the login. A second
    /// submission of the same step gets the answer of the first.</summary>
    public async Task<Results<Ok<Answer>, NotFound, BadRequest, Conflict, StatusCodeHttpResult>> NextAsync(
        NextRequest request,
        CancellationToken cancellationToken
    )
    {
        if (await runs.FindAsync(request.ExecutionId, cancellationToken) is not { } run || run.State is null)
            return TypedResults.NotFound();
        var state = JsonSerializer.Deserialize(_protector.Unprotect(run.State), Json.Default.RunState)!;
        if (state.LastStep == request.StepId && state.LastAnswer is { } before)
            return TypedResults.Ok(before);
        if (run.Step != request.StepId || run.Status != "waiting" || run.ExpiresAt < time.GetUtcNow())
            return TypedResults.Conflict();
        if (
            request.InteractionId != "submit"
            || request.Input?.GetValueOrDefault("email") is not { Length: > 0 and <= 254 } email
            || !MailAddress.TryCreate(email, out _)
        )
            return TypedResults.BadRequest();

        state.Form = new() { ["email"] = email };
        var trace = new List<TraceStep>();
        var (started, clock) = Begin();
        if (await people.FindAsync(email, cancellationToken) is not { } person)
            return TypedResults.NotFound();
        state.Person = person;
        trace.Add(
            new(
                "lookup",
                "Database",
                started,
                Stopwatch.GetElapsedTime(clock).TotalMilliseconds,
                "Success",
                JsonSerializer.SerializeToElement(new("users", email), Json.Default.Lookup),
                JsonSerializer.SerializeToElement(person, Json.Default.Person)
            )
        );

        (started, clock) = Begin();
        var profile = await profiles.GetAsync(person, cancellationToken);
        state.Profile = profile;
        trace.Add(
            new(
                "profile",
                "GenericHttp",
                started,
                Stopwatch.GetElapsedTime(clock).TotalMilliseconds,
                "Success",
                JsonSerializer.SerializeToElement(new("GET", $"/users/{person.Id}", person.Tier), Json.Default.Call),
                JsonSerializer.SerializeToElement(profile, Json.Default.Profile)
            )
        );
        if (profile.StatusCode != 200)
            return TypedResults.StatusCode(502);

        var now = time.GetUtcNow();
        state.Path.AddRange(["lookup", "profile", "user", "claims", "done"]);
        foreach (var (activity, type) in ((string, string)[])[("user", "SetUser"), ("claims", "CustomClaims"), ("done", "End")])
            trace.Add(new(activity, type, now, 0, "Done", null, null));
        var user = new User(person.Id, email);
        var claims = new Claims(profile.Headers.GetValueOrDefault("x-region"));
        var (session, refresh, expires, family) = tokens.Issue(user, claims);
        var answer = new Answer
        {
            ExecutionId = state.Id,
            StepId = "",
            StepName = "done",
            Status = "completed",
            Action = "none",
            AuthInfo = new(session, refresh, user, claims, expires.ToUnixTimeSeconds()),
            Output = [],
        };
        state.LastStep = request.StepId;
        state.LastAnswer = answer;
        var content = _protector.Protect(JsonSerializer.SerializeToUtf8Bytes(new(user, claims), Json.Default.FamilyContent));
        var stored = await runs.CompleteAsync(
            new(state.Id, "completed", "", Seal(state), user.UserId, state.StartedAt, run.ExpiresAt),
            request.StepId,
            JsonSerializer.Serialize(trace, Json.Default.ListTraceStep),
            family with
            {
                Content = content,
            },
            now,
            cancellationToken
        );
        return stored ? TypedResults.Ok(answer) : TypedResults.Conflict();
    }

    /// <summary>An id that nobody can guess.</summary>
    public static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18));

    /// <summary>What is stored of an id that must stay secret.</summary>
    public static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private (DateTimeOffset Started, long Clock) Begin() => (time.GetUtcNow(), Stopwatch.GetTimestamp());

    private byte[] Seal(RunState state) => _protector.Protect(JsonSerializer.SerializeToUtf8Bytes(state, Json.Default.RunState));
}
