using FlowEngine.AspNetCore.Tokens;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Runtime;
using FlowEngine.Errors;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Reference;

/// <summary>Shared and immutable: the endpoints that applications call.</summary>
internal static class RuntimeOperations
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        new("POST", "/v1/flow/start", "Starts a run of a flow")
        {
            Group = "Flows",
            Description =
                "With an `interactionId` of the start screen, that screen counts as submitted with `input`. A flow whose `access` is `key` wants the management key. "
                + "With a header `Idempotency-Key` (a UUID) the start may be sent again for a day: the same key and body are the same run.",
            Body = "StartRequest",
            Answer = "FlowAnswer",
            Errors =
            [
                (400, ApiErrors.Body),
                (400, FlowErrors.Input),
                (400, ApiErrors.IdempotencyKey),
                (401, ApiErrors.FlowKey),
                (404, ApiErrors.Flow),
                (413, ApiErrors.TooLarge),
                (422, ApiErrors.Idempotency),
                (429, ApiErrors.RateLimited),
            ],
        },
        new("POST", "/v1/flow/next", "Submits the screen that a run waits at")
        {
            Group = "Flows",
            Description =
                "A step that was submitted before gets the same answer again; one that is no longer current gets the current one.",
            Body = "NextRequest",
            Answer = "FlowAnswer",
            Errors = [(400, ApiErrors.Body), (404, ApiErrors.Run), (413, ApiErrors.TooLarge), (429, ApiErrors.RateLimited)],
        },
        new("POST", "/v1/mgmt/flow/run", "Runs a flow without screens")
        {
            Group = "Flows",
            Description =
                "`options.input` are the flow's inputs, `client.*`; its End's outputs come back. A flow that ends at an End of kind refused is answered by 422 `run.refused`, "
                + "with `message`, `output` and the run's `reference`. With a header `Idempotency-Key` it may be sent again for a day: the same key and body are the same run and answer.",
            Credential = Credential.ManagementKey,
            Body = "{ flowId: string, options?: { input?: map<any>, client?: map<any> } }",
            Answer = """{ executionId: string, status: "completed", output: map<any> }""",
            Errors =
            [
                (400, ApiErrors.Body),
                (400, FlowErrors.Input),
                (400, ApiErrors.IdempotencyKey),
                (401, ApiErrors.Unauthorized),
                (404, ApiErrors.Flow),
                (409, ApiErrors.Screen),
                (422, ApiErrors.Failed),
                (422, FlowErrors.Refused),
                (422, ApiErrors.Idempotency),
            ],
        },
        new("GET", "/.well-known/jwks.json", "The keys that tokens are verified with") { Group = "Tokens", Answer = "KeySet" },
        new("GET", "/v2/keys/{projectId}", "The same keys, where the published clients ask for them")
        {
            Group = "Tokens",
            Answer = "KeySet",
            Errors = [(404, ApiErrors.Project)],
        },
        new("POST", "/v1/auth/refresh", "A new session token, and the next refresh token")
        {
            Group = "Tokens",
            Description =
                "A refresh token is an opaque text, good once: a second use ends its login. The token is sent as `Authorization: Bearer`, or as `refreshJwt` in the body.",
            Credential = Credential.RefreshToken,
            Body = "{ refreshJwt?: string }",
            Answer = "AuthInfo",
            Errors =
            [
                (401, ApiErrors.Unauthorized),
                (401, TokenErrors.Invalid),
                (401, TokenErrors.Expired),
                (401, TokenErrors.Revoked),
                (401, TokenErrors.Reused),
                (429, ApiErrors.RateLimited),
            ],
        },
        new("POST", "/v1/auth/logout", "Ends the login of a refresh token")
        {
            Group = "Tokens",
            Credential = Credential.RefreshToken,
            Body = "{ refreshJwt?: string }",
            Answer = "{}",
            Errors = [(401, ApiErrors.Unauthorized), (401, TokenErrors.Invalid), (401, TokenErrors.Expired), (429, ApiErrors.RateLimited)],
        },
        new("POST", "/v1/auth/logoutall", "Ends all logins of the person")
        {
            Group = "Tokens",
            Credential = Credential.RefreshToken,
            Body = "{ refreshJwt?: string }",
            Answer = "{}",
            Errors = [(401, ApiErrors.Unauthorized), (401, TokenErrors.Invalid), (401, TokenErrors.Expired), (429, ApiErrors.RateLimited)],
        },
        new("POST", "/v1/auth/code/exchange", "The result of a hosted login for its one-time code")
        {
            Group = "Tokens",
            Description =
                "Within 60 seconds, once, with the `redirect_uri` that the login began with, and the verifier of its `code_challenge`.",
            Body = "{ code: string, redirectUri: string, codeVerifier?: string }",
            Answer = "CodeExchange",
            Errors = [(400, ApiErrors.Body), (400, ApiErrors.Code), (429, ApiErrors.RateLimited)],
        },
        new("GET", "/healthz", "Whether the process lives")
        {
            Group = "Health",
            Answer = "string",
            AnswerType = "text/plain",
        },
        new("GET", "/readyz", "Whether its storage answers")
        {
            Group = "Health",
            Answer = "string",
            AnswerType = "text/plain",
            Errors = [(503, StorageErrors.Unavailable), (503, StorageErrors.Full)],
        },
    ];
}
