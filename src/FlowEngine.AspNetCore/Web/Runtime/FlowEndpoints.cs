using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Runs;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Screens;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;

namespace FlowEngine.AspNetCore.Web.Runtime;

/// <summary>Stateless: <c>/v1/flow</c>: how clients drive a login.</summary>
internal static class FlowEndpoints
{
    /// <summary>The header of a request whose answer also holds the screen as HTML, for the web component: <c>html</c>.</summary>
    public const string MarkupHeader = "FlowEngine-Markup";

    /// <summary>Maps them.</summary>
    public static void MapFlowApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/v1/flow/start", StartAsync).RequireRateLimiting(RateLimits.Starts);
        endpoints.MapPost("/v1/flow/next", NextAsync).RequireRateLimiting(RateLimits.Submits);
    }

    private static async Task StartAsync(
        HttpContext http,
        RunService runs,
        FlowCatalogue flows,
        HostedScreensOptions screens,
        ScreenRenderer renderer,
        Project project
    )
    {
        var body = await ApiBody.ReadAsync(http);
        ApiBody.CheckVersion(body);
        var options = ApiBody.Members(body, "options");
        var flowId = ApiBody.Id(body, "flowId");
        // Of a flow that wants the management key, nobody can send a start who does not have it: there the key is no secret.
        var isKeyed = flows.FindPlan(flowId)?.Options.Access == FlowAccess.Key;
        var request = new RunRequest
        {
            FlowId = flowId,
            Key = isKeyed
                ? IdempotencyKey.Of(http, $"start\n{BearerToken.Of(http.Request, project.Id)}", body)
                : IdempotencyKey.Of(http, "start\n", body, IdempotencyKey.ShortestOfAnybody),
            Client = FlowValue.From(ApiBody.Members(options, "client")),
            Device = Device.Of(http),
            Authorization = http.Request.Headers.Authorization,
            InteractionId = ApiBody.OptionalId(body, "interactionId") is { Length: > 0 } interaction ? interaction : null,
            Input = FlowValue.From(ApiBody.Members(body, "input")),
            Locale = ApiBody.OptionalId(options, "locale"),
        };
        var answer =
            await runs.StartAsync(request, http.RequestAborted) ?? throw new ApiException(StatusCodes.Status404NotFound, ApiErrors.Flow);
        if (answer.IsRefused)
            throw new ApiException(StatusCodes.Status401Unauthorized, ApiErrors.FlowKey);
        if (answer.IsOtherRequest)
            throw new ApiException(StatusCodes.Status422UnprocessableEntity, ApiErrors.Idempotency);
        if (answer.Error is { } error && error.Code == FlowErrors.Input.Code)
            throw new ApiException(StatusCodes.Status400BadRequest, FlowErrors.Input, error.Message);
        await ApiAnswer.WriteAsync(http, View(answer, TranslationOf(answer, flows, screens, http), renderer, http));
    }

    private static async Task NextAsync(
        HttpContext http,
        RunService runs,
        FlowCatalogue flows,
        HostedScreensOptions screens,
        ScreenRenderer renderer
    )
    {
        var body = await ApiBody.ReadAsync(http);
        ApiBody.CheckVersion(body);
        var (id, step, interaction, input) = (
            ApiBody.Id(body, "executionId"),
            ApiBody.OptionalId(body, "stepId") ?? "",
            ApiBody.Id(body, "interactionId"),
            ApiBody.Members(body, "input")
        );
        var answer =
            await runs.SubmitAsync(id, step, interaction, FlowValue.From(input), null, http.RequestAborted)
            ?? throw new ApiException(StatusCodes.Status404NotFound, ApiErrors.Run);
        await ApiAnswer.WriteAsync(http, View(answer, TranslationOf(answer, flows, screens, http), renderer, http));
    }

    /// <summary>The texts in the language that was asked for, by the same rule as the hosted pages.</summary>
    private static Translation TranslationOf(RunAnswer answer, FlowCatalogue flows, HostedScreensOptions screens, HttpContext http)
    {
        var locales = flows.FindHosted(answer.FlowId)?.Locales ?? FlowLocales.None;
        return locales.For(locales.Choose(answer.Locale, http.Request.Headers.AcceptLanguage.ToString(), screens.DefaultLocale));
    }

    private static FlowValue View(RunAnswer answer, Translation translation, ScreenRenderer renderer, HttpContext http)
    {
        var texts = new ScreenTexts(translation, answer.Wording, renderer.Components);
        var json = new FlowObjectBuilder(12);
        json.Set("executionId", FlowValue.From(answer.ExecutionId));
        json.Set("stepId", FlowValue.From(answer.StepId));
        json.Set("stepName", FlowValue.From(answer.StepName));
        json.Set("status", FlowValue.From(answer.Status));
        json.Set("action", FlowValue.From(answer.Status == "waiting" ? "screen" : "none"));
        if (!answer.Screen.IsMissing)
            json.Set("screen", texts.Screen(answer.Screen));
        if (answer.Status == "waiting" && http.Request.Headers.ContainsKey(MarkupHeader))
            json.Set("html", FlowValue.From(renderer.Embed(answer, translation)));
        if (answer.Message.Length > 0)
            json.Set("message", FlowValue.From(texts.Of(answer.Message)));
        if (ErrorOf(answer, texts) is { IsMissing: false } error)
            json.Set("error", error);
        if (answer.Reference is { } reference)
            json.Set("reference", FlowValue.From(reference));
        if (answer.Tokens is { } tokens)
            json.Set("authInfo", AuthInfo.Of(tokens, answer.User, answer.Claims));
        if (answer.Status is "completed" or "refused")
            json.Set("output", answer.Output);
        return FlowValue.From(json.Build());
    }

    /// <summary>An error as an anonymous client may see it: what an upstream or a database said stays in the trace. A refusal is one, so
    /// that no client takes it for a
    /// success.</summary>
    private static FlowValue ErrorOf(RunAnswer answer, ScreenTexts texts)
    {
        if (answer.Status == "refused")
            return ErrorOf(FlowErrors.Refused.Code, texts.Of(answer.Message.Length > 0 ? answer.Message : BuiltInTexts.TurnedAwayDetail));
        if (answer.Error is not { } error)
            return FlowValue.Missing;
        var isOwn =
            error.Code == FlowErrors.ScreenInput.Code || error.Code == FlowErrors.Interaction.Code || error.Code == FlowErrors.Expired.Code;
        var shown = answer.Screen.Get("state").Get("errorText").ToText();
        return ErrorOf(
            error.Code,
            isOwn ? error.Message
                : shown.Length > 0 ? shown
                : FlowExecutor.DefaultErrorText
        );
    }

    private static FlowValue ErrorOf(string code, string message)
    {
        var json = new FlowObjectBuilder(2);
        json.Set("code", FlowValue.From(code));
        json.Set("message", FlowValue.From(message));
        return FlowValue.From(json.Build());
    }
}
