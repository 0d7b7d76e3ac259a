using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Runs;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Runtime;

/// <summary>Stateless: <c>/v1/mgmt/flow/run</c>: programs with the management key run flows.</summary>
internal static class FlowRunEndpoint
{
    /// <summary>Maps it.</summary>
    public static void MapFlowRun(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/v1/mgmt/flow/run", RunAsync).RequireRateLimiting(RateLimits.Management);

    /// <summary><c>{ flowId, options: { input } }</c>: runs a flow without screens; its End's outputs come back.</summary>
    private static async Task RunAsync(HttpContext http, RunService runs, ManagementKey key, Project project)
    {
        var token = BearerToken.Of(http.Request, project.Id);
        if (token.Length == 0 || !await key.IsValidAsync(token, http.RequestAborted))
            throw new ApiException(StatusCodes.Status401Unauthorized, ApiErrors.Unauthorized);

        var body = await ApiBody.ReadAsync(http, isKnown: true);
        var options = ApiBody.Members(body, "options");
        var input = options.Get("input").IsNothing ? ApiBody.Members(options, "client") : ApiBody.Members(options, "input");
        var request = new RunRequest
        {
            FlowId = ApiBody.Id(body, "flowId"),
            Key = IdempotencyKey.Of(http, $"run\n{token}", body),
            Client = FlowValue.From(input),
            Device = Device.Of(http),
            IsUnattended = true,
            HasKey = true,
        };
        var answer =
            await runs.StartAsync(request, http.RequestAborted) ?? throw new ApiException(StatusCodes.Status404NotFound, ApiErrors.Flow);
        if (answer.IsOtherRequest)
            throw new ApiException(StatusCodes.Status422UnprocessableEntity, ApiErrors.Idempotency);
        if (answer.Error is { } inputError && inputError.Code == FlowErrors.Input.Code)
            throw new ApiException(StatusCodes.Status400BadRequest, FlowErrors.Input, inputError.Message);
        if (answer.Error?.Code == ApiErrors.Screen.Code)
            throw new ApiException(StatusCodes.Status409Conflict, ApiErrors.Screen);
        if (answer.Status == "refused")
        {
            var refusal = ApiJson.Object(
                ("executionId", FlowValue.From(answer.ExecutionId)),
                ("reference", FlowValue.From(answer.Reference)),
                ("message", answer.Message.Length > 0 ? FlowValue.From(answer.Message) : FlowValue.Missing),
                ("output", answer.Output)
            );
            await ApiAnswer.ProblemAsync(
                http,
                StatusCodes.Status422UnprocessableEntity,
                FlowErrors.Refused.Code,
                FlowErrors.Refused.Meaning,
                answer.Message.Length > 0 ? answer.Message : FlowErrors.Refused.Meaning,
                refusal
            );
            return;
        }
        if (answer.Status != "completed")
        {
            await ApiAnswer.ProblemAsync(
                http,
                StatusCodes.Status422UnprocessableEntity,
                answer.Error?.Code ?? ApiErrors.Failed.Code,
                ApiErrors.Failed.Meaning,
                answer.Error?.Message ?? ApiErrors.Failed.Advice,
                ApiJson.Object(("reference", FlowValue.From(answer.Reference)))
            );
            return;
        }

        var json = new FlowObjectBuilder(3);
        json.Set("executionId", FlowValue.From(answer.ExecutionId));
        json.Set("status", FlowValue.From(answer.Status));
        json.Set("output", answer.Output);
        await ApiAnswer.WriteAsync(http, FlowValue.From(json.Build()));
    }
}
