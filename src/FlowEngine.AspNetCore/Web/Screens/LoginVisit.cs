using FlowEngine.AspNetCore.Runs;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Errors;
using FlowEngine.Execution;
using Microsoft.AspNetCore.WebUtilities;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Per request: a browser at one of the pages of a login, and the pages it can be shown.</summary>
/// <param name="Http">The request.</param>
/// <param name="FlowId">The flow that the address names.</param>
/// <param name="ExecutionId">The run that the address names; "" before there is one.</param>
/// <param name="Flow">The flow as it is published now; null when it is not.</param>
/// <param name="DefaultLocale">The locale of texts without a translation.</param>
/// <param name="Screens">Draws screens.</param>
internal sealed record LoginVisit(
    HttpContext Http,
    string FlowId,
    string ExecutionId,
    HostedFlow? Flow,
    string DefaultLocale,
    ScreenRenderer Screens
)
{
    /// <summary>What the address says.</summary>
    public LoginQuery Query { get; } = LoginQuery.Of(Http.Request);

    /// <summary>Where a login that begins at this address leads; null for nowhere.</summary>
    public LoginReturn? Return => Query.RedirectUri is { } uri ? new LoginReturn(uri, Query.State, Query.CodeChallenge) : null;

    /// <summary>The path that the run's cookies are for.</summary>
    public string CookiePath => Http.Request.PathBase.Add($"/login/{FlowId}/{ExecutionId}").ToUriComponent();

    /// <summary>The page of the run.</summary>
    public string RunAddress => CookiePath + Http.Request.QueryString.ToUriComponent();

    /// <summary>This page in each language of the flow.</summary>
    public IReadOnlyList<(string Locale, string Address)> Languages =>
        ExecutionId.Length == 0
            ? []
            :
            [
                .. Locales
                    .Names.Append(DefaultLocale)
                    .Distinct(StringComparer.OrdinalIgnoreCase)
                    .Select(locale => (locale, AddressIn(locale))),
            ];

    private string StartAddress =>
        Http.Request.PathBase.Add($"/login/{FlowId}").ToUriComponent() + Http.Request.QueryString.ToUriComponent();

    private FlowLocales Locales => Flow?.Locales ?? FlowLocales.None;

    private Translation Translation =>
        Locales.For(
            Flow is null
                ? LocaleChoice.Choose([.. BuiltInTexts.Names.Append(DefaultLocale)], Query.Locale, AcceptLanguage) ?? DefaultLocale
                : Locales.Choose(Query.Locale, AcceptLanguage, DefaultLocale)
        );

    private string AcceptLanguage => Http.Request.Headers.AcceptLanguage.ToString();

    private (string, string) StartAgain => (BuiltInTexts.StartAgain, StartAddress);

    private (string, string) TryAgain => (BuiltInTexts.TryAgain, StartAddress);

    /// <summary>Where a run is: its screen, or how it ended.</summary>
    public Page At(RunAnswer answer, BrowserBinding browser, KeptAnswer kept) =>
        answer.Status == RunStatus.Waiting
            ? Screens.Render(
                new ShownScreen
                {
                    View = kept.ErrorText.Length > 0 ? WithError(answer.Screen, kept.ErrorText) : answer.Screen,
                    Wording = kept.ErrorText.Length > 0 ? answer.Wording with { Problems = kept.Problems } : answer.Wording,
                    Translation = Translation,
                    FlowName = Flow?.Name ?? "",
                    Action = RunAddress,
                    StepId = answer.StepId,
                    Token = browser.TokenFor(ExecutionId),
                    Entered = kept.Entered,
                    Notice = kept.Notice,
                    Reference = kept.ErrorText.Length > 0 ? null : answer.Reference,
                }
            ) with
            {
                ReturnUri = ReturnUriOf(answer),
            }
            : Ended(answer);

    /// <summary>The address that a run was begun for, as long as it is on the flow's list, as a whole; null for none.</summary>
    public string? ReturnUriOf(RunAnswer answer) =>
        answer.Return is { RedirectUri: var uri } && Flow?.RedirectUris.Contains(uri, StringComparer.Ordinal) == true ? uri : null;

    /// <summary>How a run ended, or that it is still on its way.</summary>
    public Page Ended(RunAnswer answer) =>
        answer.Status switch
        {
            RunStatus.Completed => Message(
                StatusCodes.Status200OK,
                "done",
                answer.Tokens is not null || !answer.User.Get("userId").IsNothing ? BuiltInTexts.SignedIn : BuiltInTexts.Done,
                MessageOf(answer) ?? BuiltInTexts.SignedInDetail,
                ReturnUriOf(answer) is { } uri ? (BuiltInTexts.Continue, uri) : null
            ),
            RunStatus.Running => Message(StatusCodes.Status200OK, "clock", BuiltInTexts.Working, BuiltInTexts.WorkingDetail) with
            {
                RefreshSeconds = 2,
            },
            RunStatus.Refused => Message(
                StatusCodes.Status403Forbidden,
                "stop",
                BuiltInTexts.TurnedAway,
                MessageOf(answer) ?? BuiltInTexts.TurnedAwayDetail,
                TryAgain,
                answer.Reference
            ),
            RunStatus.Cancelled => Message(
                StatusCodes.Status410Gone,
                "clock",
                BuiltInTexts.Cancelled,
                BuiltInTexts.CancelledDetail,
                StartAgain,
                answer.Reference
            ),
            _ => Failed(answer),
        };

    /// <summary>A run that failed. What broke is for the operator, who finds it by the reference.</summary>
    private Page Failed(RunAnswer answer)
    {
        var code = answer.Error?.Code;
        if (code == FlowErrors.Expired.Code)
            return Expired(answer.Reference);
        if (code == FlowErrors.Cancelled.Code)
            return Ended(answer with { Status = RunStatus.Cancelled });
        return code == FlowErrors.Submits.Code
            ? Message(
                StatusCodes.Status403Forbidden,
                "stop",
                BuiltInTexts.TooOften,
                BuiltInTexts.TooOftenDetail,
                StartAgain,
                answer.Reference
            )
            : Message(
                StatusCodes.Status500InternalServerError,
                "warning",
                BuiltInTexts.Failed,
                BuiltInTexts.FailedDetail,
                StartAgain,
                answer.Reference
            );
    }

    public Page NoFlow() => Message(StatusCodes.Status404NotFound, "warning", BuiltInTexts.NoFlow, BuiltInTexts.NoFlowDetail);

    public Page NeedsKey() => Message(StatusCodes.Status403Forbidden, "warning", BuiltInTexts.NeedsKey, BuiltInTexts.NeedsKeyDetail);

    public Page Unknown() =>
        Message(StatusCodes.Status404NotFound, "clock", BuiltInTexts.Unknown, BuiltInTexts.UnknownDetail, Flow is null ? null : StartAgain);

    public Page Expired(string? reference = null) =>
        Message(
            StatusCodes.Status410Gone,
            "clock",
            BuiltInTexts.Expired,
            BuiltInTexts.ExpiredDetail,
            Flow is null ? null : StartAgain,
            reference
        );

    public Page Refused() =>
        Message(
            StatusCodes.Status400BadRequest,
            "warning",
            BuiltInTexts.Refused,
            BuiltInTexts.RefusedDetail,
            (BuiltInTexts.Continue, RunAddress)
        );

    public Page Unavailable() =>
        Message(
            StatusCodes.Status503ServiceUnavailable,
            "clock",
            BuiltInTexts.Unavailable,
            BuiltInTexts.UnavailableDetail,
            (BuiltInTexts.TryAgain, ExecutionId.Length == 0 ? StartAddress : RunAddress),
            ExecutionId.Length == 0 ? null : RunReference.Of(ExecutionId)
        );

    /// <summary>The inputs in the address are not what the flow takes. Nothing began, so there is nothing to refer to.</summary>
    public Page BadInputs() => Message(StatusCodes.Status400BadRequest, "warning", BuiltInTexts.BadRequest, BuiltInTexts.BadRequestDetail);

    /// <summary>What stands for the first screen where nobody looks at it.</summary>
    public Page Ready() =>
        new()
        {
            Title = Flow?.Name ?? "",
            Main = Markup.Empty,
            Translation = Translation,
        };

    public Page Busy() => Message(StatusCodes.Status429TooManyRequests, "clock", BuiltInTexts.Busy, BuiltInTexts.BusyDetail);

    /// <summary>Why a login cannot begin at this address; null when it can.</summary>
    public (Page Page, ErrorCode Code)? RefusedQuery()
    {
        if (!LoginAddress.IsVisit(Http.Request))
            return Refusal(BuiltInTexts.BadRequest, BuiltInTexts.BadRequestDetail, LoginErrors.Visit);
        if (!Query.IsValid)
            return Refusal(BuiltInTexts.BadRequest, BuiltInTexts.BadRequestDetail, LoginErrors.Query);
        if (Query.RedirectUri is { } uri && Flow?.RedirectUris.Contains(uri, StringComparer.Ordinal) != true)
            return Refusal(BuiltInTexts.NoReturn, BuiltInTexts.NoReturnDetail, LoginErrors.Redirect);
        return Query.CodeChallenge is null && (Query.HasChallenge || (Query.RedirectUri is not null && Flow?.RequirePkce != false))
            ? Refusal(BuiltInTexts.BadRequest, BuiltInTexts.BadRequestDetail, LoginErrors.Pkce)
            : null;
    }

    private (Page, ErrorCode) Refusal(string title, string detail, ErrorCode code) =>
        (Message(StatusCodes.Status400BadRequest, "warning", title, detail, null, code.Code), code);

    /// <summary>What an End says, translated; null for nothing.</summary>
    private string? MessageOf(RunAnswer answer) =>
        answer.Message.Length > 0 ? new ScreenTexts(Translation, answer.Wording, Screens.Components).Of(answer.Message) : null;

    private static Context.FlowValue WithError(Context.FlowValue screen, string errorText)
    {
        screen.TryGetObject(out var view);
        view!.Get("state").TryGetObject(out var state);
        return Context.FlowValue.From(
            view.With("state", Context.FlowValue.From(state!.With("errorText", Context.FlowValue.From(errorText))))
        );
    }

    private Page Message(
        int statusCode,
        string mark,
        string title,
        string detail,
        (string, string)? next = null,
        string? reference = null
    ) => Page.Message(Translation, statusCode, mark, title, detail, next, reference);

    private string AddressIn(string locale)
    {
        var others = Http
            .Request.Query.Where(parameter => parameter.Key != "locale")
            .SelectMany(parameter => parameter.Value, (parameter, value) => KeyValuePair.Create(parameter.Key, value));
        return QueryHelpers.AddQueryString(CookiePath, others.Append(KeyValuePair.Create("locale", (string?)locale)));
    }
}
