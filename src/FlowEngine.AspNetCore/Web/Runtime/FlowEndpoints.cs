using System.Text.Json.Serialization;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Runs;
using FlowEngine.AspNetCore.Tokens;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Screens;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;

namespace FlowEngine.AspNetCore.Web.Runtime;

/// <summary>A run to start.</summary>
/// <param name="FlowId">The flow.</param>
/// <param name="Options">What it is started with.</param>
/// <param name="InteractionId">A button or link of the start screen, which then counts as submitted with <c>input</c>.</param>
/// <param name="Input">The inputs of the start screen, by name.</param>
/// <param name="Version">The version of the client's copy of the flow; a run takes the published one.</param>
internal sealed record StartRequest(
    [ShortText] string FlowId,
    StartOptions? Options = null,
    [ShortText] string? InteractionId = null,
    FlowObject? Input = null,
    long? Version = null
);

/// <summary>What a run is started with.</summary>
/// <param name="Client">The inputs, <c>client.*</c>.</param>
/// <param name="RedirectUrl">Not used; published clients send it.</param>
/// <param name="Locale">The language of the screens.</param>
internal sealed record StartOptions(
    FlowObject? Client = null,
    [property: Holds(typeof(string))] FlowValue RedirectUrl = default,
    [ShortText] string? Locale = null
);

/// <summary>A screen that is submitted.</summary>
/// <param name="ExecutionId">The run.</param>
/// <param name="StepId">The step that the screen was shown in.</param>
/// <param name="InteractionId">The button or link.</param>
/// <param name="Input">The inputs, by name.</param>
/// <param name="Version">The version of the client's copy of the flow; a run stays on its own.</param>
internal sealed record NextRequest(
    [ShortText] string ExecutionId,
    [ShortText] string? StepId,
    [ShortText] string InteractionId,
    FlowObject? Input = null,
    long? Version = null
);

/// <summary>Where a run is.</summary>
/// <param name="ExecutionId">The run.</param>
/// <param name="StepId">The step that it waits in.</param>
/// <param name="StepName">The activity that it waits at.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Action">What to do: show the screen, or nothing.</param>
/// <param name="Screen">The screen.</param>
/// <param name="Html">The same as HTML, for who sends the header <c>FlowEngine-Markup</c>.</param>
/// <param name="Message">What its End says.</param>
/// <param name="Error">What went wrong.</param>
/// <param name="Reference">What the person may quote.</param>
/// <param name="AuthInfo">Tokens and person, of a login that is complete.</param>
/// <param name="Output">The End's outputs.</param>
internal sealed record FlowAnswer(
    string ExecutionId,
    string StepId,
    string StepName,
    [property: OneOfStatuses] string Status,
    [property: OneOf("screen", "none")] string Action,
    [property: Holds(typeof(ScreenContent)), JsonConverter(typeof(TellingValueConverter))]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        FlowValue Screen,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Html,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RunError? Error,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reference,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AuthInfo? AuthInfo,
    [property: Holds(typeof(FlowObject)), JsonConverter(typeof(TellingValueConverter))]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        FlowValue Output
);

/// <summary>What went wrong in a run.</summary>
/// <param name="Code">The stable code.</param>
/// <param name="Message">What the person may be told.</param>
internal sealed record RunError(string Code, string Message);

/// <summary>Stateless: <c>/v1/flow</c>: how clients drive a login.</summary>
internal static class FlowEndpoints
{
    /// <summary>The header of a request whose answer also holds the screen as HTML, for the web component: <c>html</c>.</summary>
    public const string MarkupHeader = "FlowEngine-Markup";

    /// <summary>Starts a run.</summary>
    public static async Task StartAsync(
        HttpContext http,
        RunService runs,
        FlowCatalogue flows,
        HostedScreensOptions screens,
        ScreenRenderer renderer,
        Project project
    )
    {
        var (body, sent) = await RequestBody.ReadWithKeyAsync<StartRequest>(http, IdempotencyKey.Header);
        var flowId = body.FlowId;
        // Of a flow that wants the management key, nobody can send a start who does not have it: there the key is no secret.
        var isKeyed = flows.FindPlan(flowId)?.Options.Access == FlowAccess.Key;
        var request = new RunRequest
        {
            FlowId = flowId,
            Key = isKeyed
                ? IdempotencyKey.Of(http, $"start\n{BearerToken.Of(http.Request, project.Id)}", sent)
                : IdempotencyKey.Of(http, "start\n", sent, IdempotencyKey.ShortestOfAnybody),
            Client = FlowValue.From(body.Options?.Client ?? FlowObject.Empty),
            Device = Device.Of(http),
            Authorization = http.Request.Headers.Authorization,
            InteractionId = body.InteractionId is { Length: > 0 } interaction ? interaction : null,
            Input = FlowValue.From(body.Input ?? FlowObject.Empty),
            Locale = body.Options?.Locale,
        };
        var answer =
            await runs.StartAsync(request, http.RequestAborted) ?? throw new ApiException(StatusCodes.Status404NotFound, ApiErrors.Flow);
        if (answer.IsRefused)
            throw new ApiException(StatusCodes.Status401Unauthorized, ApiErrors.FlowKey);
        if (answer.IsOtherRequest)
            throw new ApiException(StatusCodes.Status422UnprocessableEntity, ApiErrors.Idempotency);
        if (answer.Error is { } error && error.Code == FlowErrors.Input.Code)
            throw new ApiException(StatusCodes.Status400BadRequest, FlowErrors.Input, error.Message);
        await ApiAnswer.WriteAsync(
            http,
            StatusCodes.Status200OK,
            View(answer, TranslationOf(answer, flows, screens, http), renderer, http)
        );
    }

    /// <summary>Submits a screen.</summary>
    public static async Task NextAsync(
        HttpContext http,
        RunService runs,
        FlowCatalogue flows,
        HostedScreensOptions screens,
        ScreenRenderer renderer
    )
    {
        var body = await RequestBody.ReadAsync<NextRequest>(http);
        var input = FlowValue.From(body.Input ?? FlowObject.Empty);
        var answer =
            await runs.SubmitAsync(body.ExecutionId, body.StepId ?? "", body.InteractionId, input, null, http.RequestAborted)
            ?? throw new ApiException(StatusCodes.Status404NotFound, ApiErrors.Run);
        await ApiAnswer.WriteAsync(
            http,
            StatusCodes.Status200OK,
            View(answer, TranslationOf(answer, flows, screens, http), renderer, http)
        );
    }

    /// <summary>The texts in the language that was asked for, by the same rule as the hosted pages.</summary>
    private static Translation TranslationOf(RunAnswer answer, FlowCatalogue flows, HostedScreensOptions screens, HttpContext http)
    {
        var locales = flows.FindHosted(answer.FlowId)?.Locales ?? FlowLocales.None;
        return locales.For(locales.Choose(answer.Locale, http.Request.Headers.AcceptLanguage.ToString(), screens.DefaultLocale));
    }

    private static FlowAnswer View(RunAnswer answer, Translation translation, ScreenRenderer renderer, HttpContext http)
    {
        var texts = new ScreenTexts(translation, answer.Wording, renderer.Components);
        var wantsMarkup = answer.Status == RunStatus.Waiting && http.Request.Headers.ContainsKey(MarkupHeader);
        return new FlowAnswer(
            answer.ExecutionId,
            answer.StepId,
            answer.StepName,
            answer.Status.ToName(),
            answer.Status == RunStatus.Waiting ? "screen" : "none",
            answer.Screen.IsMissing ? default : texts.Screen(answer.Screen),
            wantsMarkup ? renderer.Embed(answer, translation) : null,
            answer.Message.Length > 0 ? texts.Of(answer.Message) : null,
            ErrorOf(answer, texts),
            answer.Reference,
            answer.Tokens is { } tokens ? AuthInfo.Of(tokens, answer.User, answer.Claims) : null,
            answer.Status.HasResult() ? answer.Output : default
        );
    }

    /// <summary>An error as an anonymous client may see it: what an upstream or a database said stays in the trace. A refusal is one, so
    /// that no client takes it for a success.</summary>
    private static RunError? ErrorOf(RunAnswer answer, ScreenTexts texts)
    {
        if (answer.Status == RunStatus.Refused)
            return new RunError(
                FlowErrors.Refused.Code,
                texts.Of(answer.Message.Length > 0 ? answer.Message : BuiltInTexts.TurnedAwayDetail)
            );
        if (answer.Error is not { } error)
            return null;
        var isOwn =
            error.Code == FlowErrors.ScreenInput.Code || error.Code == FlowErrors.Interaction.Code || error.Code == FlowErrors.Expired.Code;
        var shown = answer.Screen.Get("state").Get("errorText").ToText();
        return new RunError(
            error.Code,
            isOwn ? error.Message
                : shown.Length > 0 ? shown
                : FlowExecutor.DefaultErrorText
        );
    }
}
