using System.Text.Json.Serialization;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Runs;
using FlowEngine.AspNetCore.Tokens;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Runtime;

/// <summary>A flow to run.</summary>
/// <param name="FlowId">The flow.</param>
/// <param name="Options">What it is run with.</param>
internal sealed record RunRequestBody([ShortText] string FlowId, RunOptions? Options = null);

/// <summary>What a flow is run with.</summary>
/// <param name="Input">The inputs, <c>client.*</c>.</param>
/// <param name="Client">The same, for programs that say so.</param>
internal sealed record RunOptions(FlowObject? Input = null, FlowObject? Client = null);

/// <summary>What a flow gave.</summary>
/// <param name="ExecutionId">The run.</param>
/// <param name="Status">That it is complete.</param>
/// <param name="Output">The End's outputs.</param>
internal sealed record RunResult(
    string ExecutionId,
    [property: OneOfStatuses(RunStatus.Completed)] string Status,
    [property: Holds(typeof(FlowObject)), JsonConverter(typeof(TellingValueConverter))]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        FlowValue Output
);

/// <summary>Stateless: <c>/v1/mgmt/flow/run</c>: programs with the management key run flows.</summary>
internal static class FlowRunEndpoint
{
    /// <summary><c>{ flowId, options: { input } }</c>: runs a flow without screens; its End's outputs come back.</summary>
    public static async Task RunAsync(HttpContext http, RunService runs, ManagementKey key, Project project)
    {
        var token = BearerToken.Of(http.Request, project.Id);
        if (token.Length == 0 || !await key.IsValidAsync(token, http.RequestAborted))
            throw new ApiException(StatusCodes.Status401Unauthorized, ApiErrors.Unauthorized);

        http.Features.Set<IKnownCaller>(new KeyHolder());
        var (body, sent) = await RequestBody.ReadWithKeyAsync<RunRequestBody>(http, IdempotencyKey.Header);
        var input = body.Options?.Input ?? body.Options?.Client ?? FlowObject.Empty;
        var request = new RunRequest
        {
            FlowId = body.FlowId,
            Key = IdempotencyKey.Of(http, $"run\n{token}", sent),
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
        if (answer.Status == RunStatus.Refused)
        {
            var refusal = new ProblemMembers
            {
                ExecutionId = answer.ExecutionId,
                Reference = answer.Reference,
                Message = answer.Message.Length > 0 ? answer.Message : null,
                Output = answer.Output,
            };
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
        if (answer.Status != RunStatus.Completed)
        {
            await ApiAnswer.ProblemAsync(
                http,
                StatusCodes.Status422UnprocessableEntity,
                answer.Error?.Code ?? ApiErrors.Failed.Code,
                ApiErrors.Failed.Meaning,
                answer.Error?.Message ?? ApiErrors.Failed.Advice,
                new ProblemMembers { Reference = answer.Reference }
            );
            return;
        }

        await ApiAnswer.WriteAsync(http, StatusCodes.Status200OK, new RunResult(answer.ExecutionId, answer.Status.ToName(), answer.Output));
    }

    /// <summary>Whoever has the management key.</summary>
    private sealed class KeyHolder : IKnownCaller;
}
