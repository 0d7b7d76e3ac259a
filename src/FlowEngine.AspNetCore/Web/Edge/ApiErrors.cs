using FlowEngine.AspNetCore.Runs;
using FlowEngine.AspNetCore.Web.Runtime;
using FlowEngine.Errors;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>Shared and immutable: the codes of the HTTP API itself.</summary>
internal static class ApiErrors
{
    /// <summary>The body cannot be used.</summary>
    public static readonly ErrorCode Body = new(
        "api.body",
        "The request's body cannot be used.",
        "Send one JSON object with the members that the message names, as application/json."
    );

    /// <summary>The address cannot be used.</summary>
    public static readonly ErrorCode Query = new(
        "api.query",
        "A parameter of the request's address cannot be used.",
        "Send it as the message says, or leave it out."
    );

    /// <summary>The body is too large.</summary>
    public static readonly ErrorCode TooLarge = new(
        "api.too_large",
        "The request's body is too large.",
        "Send less, or raise Api:MaxAnonymousBytes, or Api:MaxRequestBytes for callers who are known."
    );

    /// <summary>There is no such address.</summary>
    public static readonly ErrorCode NotFound = new(
        "api.not_found",
        "There is nothing at this address, or not for this method.",
        "Compare path and method with the API reference."
    );

    /// <summary>There is no such flow.</summary>
    public static readonly ErrorCode Flow = new(
        "api.flow",
        "There is no published flow of this id.",
        "Check flowId; flows are published from the folder given with --flows."
    );

    /// <summary>There is no such run.</summary>
    public static readonly ErrorCode Run = new(
        "api.run",
        "There is no run of this id.",
        "Send the executionId of the last answer, or start a new run."
    );

    /// <summary>A one-time code that is of no use.</summary>
    public static readonly ErrorCode Code = new(
        "api.code",
        "The code was used, has expired, or belongs to another address or verifier.",
        "Begin the login again; a code is good for 60 seconds and once."
    );

    /// <summary>There is no project of this id.</summary>
    public static readonly ErrorCode Project = new(
        "api.project",
        "There is no project of this id.",
        "Use the id of the setting ProjectId."
    );

    /// <summary>The caller is not known.</summary>
    public static readonly ErrorCode Unauthorized = new(
        "api.unauthorized",
        "The request lacks the key or token that it needs.",
        "Send Authorization: Bearer with the management key or the refresh token; in the console, sign in."
    );

    /// <summary>The flow is not open to everybody.</summary>
    public static readonly ErrorCode FlowKey = RunRefusals.FlowKey;

    /// <summary>The caller may not do that.</summary>
    public static readonly ErrorCode Forbidden = new(
        "api.forbidden",
        "The caller's role does not allow this.",
        "Ask an admin for the role that the message names."
    );

    /// <summary>A request that changes something came without the session's token.</summary>
    public static readonly ErrorCode Csrf = new(
        "api.csrf",
        "The header X-CSRF-Token is missing, or is not that of the session.",
        "Send the csrfToken of GET /api/session with every request that is not GET."
    );

    /// <summary>Somebody else saved meanwhile.</summary>
    public static readonly ErrorCode Conflict = new(
        "api.conflict",
        "Somebody else saved meanwhile.",
        "Compare with current, which is stored now, and save again with its revision."
    );

    /// <summary>A flow or connector has problems.</summary>
    public static readonly ErrorCode Invalid = new(
        "api.invalid",
        "The definition has errors.",
        "Look at diagnostics: each says where, what, and what to do."
    );

    /// <summary>An Idempotency-Key that is none.</summary>
    public static readonly ErrorCode IdempotencyKey = new(
        "api.idempotency_key",
        "The header Idempotency-Key cannot be used.",
        "Send a fresh UUID for each start, and the same one when that start is sent again."
    );

    /// <summary>An Idempotency-Key that belongs to another request.</summary>
    public static readonly ErrorCode Idempotency = RunRefusals.Idempotency;

    /// <summary>A flow that asks a person was run by a program.</summary>
    public static readonly ErrorCode Screen = RunRefusals.Screen;

    /// <summary>A flow that a program ran has failed.</summary>
    public static readonly ErrorCode Failed = new("api.failed", "The flow failed.", "Look at the run's trace.");

    /// <summary>The server is about to stop.</summary>
    public static readonly ErrorCode Draining = new(
        "api.draining",
        "The server is about to stop and finishes what it has begun.",
        "Send requests to another node, or try again in a moment."
    );

    /// <summary>A run has no node just now.</summary>
    public static readonly ErrorCode Moving = new(
        "api.moving",
        "The node that held the run was lost, and no other has taken it over yet.",
        "Try again in a few seconds: the run goes on."
    );

    /// <summary>Too many requests from one address.</summary>
    public static readonly ErrorCode RateLimited = new(
        "api.rate_limited",
        "Too many requests came from this address.",
        "Wait as many seconds as the header Retry-After says; the operator sets RateLimits."
    );

    /// <summary>Nobody expected that.</summary>
    public static readonly ErrorCode Unexpected = new(
        "api.unexpected",
        "The server could not answer.",
        "Try again; the server's log says more."
    );

    /// <summary>All of them, in the order declared.</summary>
    public static IReadOnlyList<ErrorCode> All => ErrorCatalogue.Of(typeof(ApiErrors));
}
