using System.Text.Json.Serialization;
using FlowEngine.AspNetCore.Tokens;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Runtime;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Contract;

/// <summary>Shared and immutable: the endpoints that applications call: a line for each.</summary>
internal static class RuntimeRoutes
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        new("POST", "/v1/flow/start", FlowEndpoints.StartAsync, "Starts a run of a flow")
        {
            Credential = Credential.None,
            Limit = RateLimits.Starts,
            Body = typeof(StartRequest),
            Answer = typeof(FlowAnswer),
            Group = "Flows",
            Description =
                "With an `interactionId` of the start screen, that screen counts as submitted with `input`. A flow "
                + "whose `access` is `key` wants the management key. "
                + "With a header `Idempotency-Key` (a UUID) the start may be sent again for a day: the same key and body are the same run.",
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
        new("POST", "/v1/flow/next", FlowEndpoints.NextAsync, "Submits the screen that a run waits at")
        {
            Credential = Credential.None,
            Limit = RateLimits.Submits,
            Body = typeof(NextRequest),
            Answer = typeof(FlowAnswer),
            Group = "Flows",
            Description =
                "A step that was submitted before gets the same answer again; one that is no longer current gets the current one.",
            Errors = [(400, ApiErrors.Body), (404, ApiErrors.Run), (413, ApiErrors.TooLarge), (429, ApiErrors.RateLimited)],
        },
        new("POST", "/v1/mgmt/flow/run", FlowRunEndpoint.RunAsync, "Runs a flow without screens")
        {
            Credential = Credential.ManagementKey,
            Limit = RateLimits.Management,
            Body = typeof(RunRequestBody),
            Answer = typeof(RunResult),
            Group = "Flows",
            Description =
                "`options.input` are the flow's inputs, `client.*`; its End's outputs come back. A flow that ends at "
                + "an End of kind refused is answered by 422 `run.refused`, "
                + "with `message`, `output` and the run's `reference`. With a header `Idempotency-Key` it may be sent "
                + "again for a day: the same key and body are the same run and answer.",
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
        new("GET", "/.well-known/jwks.json", TokenEndpoints.KeysAsync, "The keys that tokens are verified with")
        {
            Credential = Credential.None,
            Limit = RateLimits.Others,
            Answer = typeof(KeySet),
            Group = "Tokens",
        },
        new("GET", "/v2/keys/{projectId}", TokenEndpoints.KeysOfAsync, "The same keys, where the published clients ask for them")
        {
            Credential = Credential.None,
            Limit = RateLimits.Others,
            Answer = typeof(KeySet),
            Group = "Tokens",
            Errors = [(404, ApiErrors.Project)],
        },
        new("POST", "/v1/auth/refresh", TokenEndpoints.RefreshAsync, "A new session token, and the next refresh token")
        {
            Credential = Credential.RefreshToken,
            Limit = RateLimits.Tokens,
            Body = typeof(RefreshBody),
            IsBodyOptional = true,
            Answer = typeof(AuthInfo),
            Group = "Tokens",
            Description =
                "A refresh token is an opaque text, good once: a second use ends its login. The token is sent as "
                + "`Authorization: Bearer`, or as `refreshJwt` in the body.",
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
        new("POST", "/v1/auth/logout", TokenEndpoints.LogoutAsync, "Ends the login of a refresh token")
        {
            Credential = Credential.RefreshToken,
            Limit = RateLimits.Tokens,
            Body = typeof(RefreshBody),
            IsBodyOptional = true,
            Answer = typeof(Nothing),
            Group = "Tokens",
            Errors = [(401, ApiErrors.Unauthorized), (401, TokenErrors.Invalid), (401, TokenErrors.Expired), (429, ApiErrors.RateLimited)],
        },
        new("POST", "/v1/auth/logoutall", TokenEndpoints.LogoutAllAsync, "Ends all logins of the person")
        {
            Credential = Credential.RefreshToken,
            Limit = RateLimits.Tokens,
            Body = typeof(RefreshBody),
            IsBodyOptional = true,
            Answer = typeof(Nothing),
            Group = "Tokens",
            Errors = [(401, ApiErrors.Unauthorized), (401, TokenErrors.Invalid), (401, TokenErrors.Expired), (429, ApiErrors.RateLimited)],
        },
        new("POST", "/v1/auth/code/exchange", TokenEndpoints.ExchangeAsync, "The result of a hosted login for its one-time code")
        {
            Credential = Credential.None,
            Limit = RateLimits.Tokens,
            Body = typeof(ExchangeBody),
            Answer = typeof(CodeExchange),
            Group = "Tokens",
            Description =
                "Within 60 seconds, once, with the `redirect_uri` that the login began with, and the verifier of its `code_challenge`.",
            Errors = [(400, ApiErrors.Body), (400, ApiErrors.Code), (429, ApiErrors.RateLimited)],
        },
        new("GET", "/healthz", HealthEndpoints.Live, "Whether the process lives")
        {
            Credential = Credential.None,
            Limit = RateLimits.Others,
            Answer = typeof(string),
            Group = "Health",
            AnswerType = "text/plain",
        },
        new("GET", "/readyz", HealthEndpoints.ReadyAsync, "Whether its storage answers")
        {
            Credential = Credential.None,
            Limit = RateLimits.Others,
            Answer = typeof(string),
            Group = "Health",
            AnswerType = "text/plain",
            Errors = [(503, StorageErrors.Unavailable), (503, StorageErrors.Full)],
        },
    ];
}

/// <summary>Shared and immutable: what is known of each record that these endpoints take or return, and of what all share, written when the server is
/// built.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(FlowValueConverter), typeof(FlowObjectConverter), typeof(UnixTimeConverter)]
)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(FlowValue))]
[JsonSerializable(typeof(StartRequest))]
[JsonSerializable(typeof(NextRequest))]
[JsonSerializable(typeof(FlowAnswer))]
[JsonSerializable(typeof(RunRequestBody))]
[JsonSerializable(typeof(RunResult))]
[JsonSerializable(typeof(RefreshBody))]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(ExchangeBody))]
[JsonSerializable(typeof(CodeExchange))]
internal sealed partial class RuntimeJson : JsonSerializerContext;
