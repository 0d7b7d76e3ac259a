using System.Text;
using FlowEngine.AspNetCore.Runs;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Runtime;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Model;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>
/// Per process, thread-safe: a login in the browser. Begin starts a run and redirects to its page; Show is that page, whatever happened
/// meanwhile; Submit advances the run and redirects to the page again, so that reload, back and double submit all end at where the run is.
/// </summary>
internal sealed partial class LoginPages(
    RunService runs,
    HostedFlows flows,
    PageWriter pages,
    ScreenRenderer screens,
    HostedScreensOptions options,
    ApiOptions api,
    ILogger<LoginPages> log
)
{
    private const string Refusal = "The flow refused the sign-in.";

    /// <summary>GET /login/{flowId}</summary>
    public Task BeginAsync(HttpContext http, string flowId) =>
        GuardAsync(
            http,
            flowId,
            "",
            async visit =>
            {
                if (visit.Flow is not { } flow)
                    return visit.NoFlow();
                if (visit.RefusedQuery() is var (page, code))
                {
                    LogRefusal(log, flowId, code.Code, code.Advice);
                    return page;
                }

                var browser = BrowserBinding.New();
                var lifetime = flow.ExpiresAfter + TimeSpan.FromDays(1);
                // A start that calls somebody is made by the run's own page:
                // reloaded when the server was lost meanwhile, it is the same run.
                if (runs.Draw(flowId, browser.Key) is { } drawn)
                {
                    visit = visit with { ExecutionId = drawn.ExecutionId };
                    browser.Give(http.Response, visit.CookiePath, lifetime);
                    http.Response.Cookies.Append(
                        LoginAddress.TicketCookie,
                        drawn.Ticket,
                        BrowserBinding.CookieFor(http.Response, visit.CookiePath, DrawnRuns.Lifetime)
                    );
                    await pages.SendToAsync(http, visit.RunAddress);
                    return null;
                }

                var answer = await runs.StartAsync(RequestOf(visit, flow, browser), http.RequestAborted);
                if (answer is null)
                    return visit.NoFlow();
                if (answer.IsRefused)
                    return visit.NeedsKey();

                // Inputs that the flow refuses make no run, and so no address of one and no reference.
                if (answer.Error?.Code == FlowErrors.Input.Code)
                {
                    LogRefusal(log, flowId, FlowErrors.Input.Code, answer.Error.Message);
                    return visit.BadInputs();
                }

                visit = visit with { ExecutionId = answer.ExecutionId };
                browser.Give(http.Response, visit.CookiePath, lifetime);
                var address = ReturnAddress(visit, answer);
                if (address is null && answer.Status is RunStatus.Failed or RunStatus.Refused or RunStatus.Cancelled)
                    return visit.Ended(answer);
                await pages.SendToAsync(http, address ?? visit.RunAddress);
                return null;
            }
        );

    /// <summary>HEAD /login/{flowId}: whether a login can begin there, as those ask who watch over servers. None begins.</summary>
    public Task HeadAsync(HttpContext http, string flowId) =>
        GuardAsync(
            http,
            flowId,
            "",
            visit =>
                Task.FromResult<Page?>(
                    visit.Flow is not { } flow ? visit.NoFlow()
                    : visit.RefusedQuery() is var (page, _) ? page
                    : flow.Access == FlowAccess.Key ? visit.NeedsKey()
                    : visit.Ready()
                )
        );

    /// <summary>GET and HEAD /login/{flowId}/{executionId}</summary>
    public Task ShowAsync(HttpContext http, string flowId, string executionId) =>
        GuardAsync(
            http,
            flowId,
            executionId,
            async visit =>
            {
                if (BrowserBinding.Of(http.Request) is not { } browser)
                    return visit.Unknown();
                RunAnswer? answer;
                var isHead = HttpMethods.IsHead(http.Request.Method);
                var mayBegin = http.Request.Cookies.TryGetValue(LoginAddress.TicketCookie, out var ticket);
                if (mayBegin && !isHead && visit.Flow is { } flow)
                {
                    if (visit.RefusedQuery() is var (page, code))
                    {
                        LogRefusal(log, flowId, code.Code, code.Advice);
                        return page;
                    }
                    var request = RequestOf(visit, flow, browser) with { Drawn = new DrawnRun(executionId, ticket!) };
                    answer = await runs.StartAsync(request, http.RequestAborted);
                    if (answer is { IsRefused: true })
                        return visit.NeedsKey();
                    // A browser that has this answer has no more use for the ticket, and looks at its run as everybody does.
                    http.Response.Cookies.Append(
                        LoginAddress.TicketCookie,
                        "",
                        BrowserBinding.CookieFor(http.Response, visit.CookiePath, TimeSpan.Zero)
                    );
                    if (answer?.Error?.Code == FlowErrors.Input.Code)
                    {
                        LogRefusal(log, flowId, FlowErrors.Input.Code, answer.Error.Message);
                        return visit.BadInputs();
                    }
                    if (answer is not null && ReturnAddress(visit, answer) is { } address)
                    {
                        await pages.SendToAsync(http, address);
                        return null;
                    }
                }
                else
                {
                    answer = await FindAsync(visit, browser);
                }
                if (answer is null)
                    return mayBegin && isHead ? visit.Ready() : visit.Expired();
                // Whoever does not see the page does not take what was kept for it.
                return visit.At(answer, browser, isHead ? KeptAnswer.Nothing : KeptAnswer.Take(http, visit.CookiePath, browser));
            }
        );

    /// <summary>GET of an address below /login that is no page of a flow.</summary>
    public Task NoneAsync(HttpContext http) => GuardAsync(http, "", "", visit => Task.FromResult<Page?>(visit.NoFlow()));

    /// <summary>POST /login/{flowId}/{executionId}</summary>
    public Task SubmitAsync(HttpContext http, string flowId, string executionId) =>
        GuardAsync(
            http,
            flowId,
            executionId,
            async visit =>
            {
                if (BrowserBinding.Of(http.Request) is not { } browser)
                    return visit.Unknown();
                if (await ReadFormAsync(http) is not { } form || !browser.IsTokenFor(executionId, form[FormNames.Token].ToString()))
                    return visit.Refused();

                var before = await FindAsync(visit, browser);
                if (before is null)
                    return visit.Expired();

                var stepId = form[FormNames.Step].ToString();
                var isCurrent = before.StepId == stepId;
                var entered = isCurrent ? EnteredIn(form, before.Screen) : FlowValue.From(FlowObject.Empty);
                var answer = await runs.SubmitAsync(
                    executionId,
                    stepId,
                    form[FormNames.Interaction].ToString(),
                    entered,
                    browser.Key,
                    http.RequestAborted
                );
                if (answer is null)
                    return visit.Expired();

                // A step that was submitted before is answered as it was then; the page
                // shows where the run is now. Only the answer that completed it has tokens.
                if (!isCurrent && (before.Status == RunStatus.Waiting || answer.Status != before.Status))
                    answer = before;
                if (ReturnAddress(visit, answer) is { } address)
                {
                    await pages.SendToAsync(http, address);
                    return null;
                }

                var kept = Keep(answer, stepId, isCurrent, entered);
                if (PageWriter.IsInline(http.Request))
                    return visit.At(answer, browser, kept);
                if (kept != KeptAnswer.Nothing)
                    kept.Give(http.Response, visit.CookiePath, browser);
                await pages.SendToAsync(http, visit.RunAddress);
                return null;
            }
        );

    /// <summary>The page of a browser that asks too often; when to come back is in the headers.</summary>
    public Task TurnAwayAsync(HttpContext http, string flowId) =>
        GuardAsync(http, flowId, "", visit => Task.FromResult<Page?>(visit.Busy()));

    private static KeptAnswer Keep(RunAnswer answer, string stepId, bool isCurrent, FlowValue entered)
    {
        if (answer.Status != RunStatus.Waiting)
            return KeptAnswer.Nothing;
        if (!isCurrent)
            return new KeptAnswer(BuiltInTexts.Stale, "", [], FlowValue.Missing);
        return answer.Error?.Code == FlowErrors.ScreenInput.Code && answer.StepId == stepId
            ? new KeptAnswer(
                null,
                answer.Screen.Get("state").Get("errorText").ToText(),
                answer.Wording.Problems,
                WithoutSecrets(entered, answer.Screen)
            )
            : KeptAnswer.Nothing;
    }

    private static RunRequest RequestOf(LoginVisit visit, HostedFlow flow, BrowserBinding browser) =>
        new()
        {
            FlowId = visit.FlowId,
            Client = LoginQuery.ClientInputs(visit.Http.Request, flow.Inputs),
            Device = Device.Of(visit.Http),
            BrowserKey = browser.Key,
            Authorization = visit.Http.Request.Headers.Authorization,
            Return = visit.Return,
        };

    private async Task<RunAnswer?> FindAsync(LoginVisit visit, BrowserBinding browser)
    {
        var answer = await runs.FindAsync(visit.ExecutionId, browser.Key, visit.Http.RequestAborted);
        return answer?.FlowId == visit.FlowId ? answer : null;
    }

    /// <summary>Where a run that ended sends the person: with the one-time code for its result, or with the error of OAuth (RFC 6749,
    /// 4.1.2.1) when the flow turned them away; null when they stay here.</summary>
    private static string? ReturnAddress(LoginVisit visit, RunAnswer answer)
    {
        var isRefused = answer.Status == RunStatus.Refused;
        if ((answer.Code is null && !isRefused) || visit.ReturnUriOf(answer) is not { } redirectUri)
            return null;
        var address = new StringBuilder(Ascii.IsValid(redirectUri) ? redirectUri : new Uri(redirectUri).AbsoluteUri).Append(
            redirectUri.Contains('?', StringComparison.Ordinal) ? '&' : '?'
        );
        if (isRefused)
            address.Append("error=access_denied&error_description=").Append(Uri.EscapeDataString(DescriptionOf(answer)));
        else
            address.Append("code=").Append(Uri.EscapeDataString(answer.Code!));
        if (answer.Return!.State is { } state)
            address.Append("&state=").Append(Uri.EscapeDataString(state));
        return address.ToString();
    }

    /// <summary>What the flow said, where the standard's few characters are enough for it; else what a refusal is.</summary>
    private static string DescriptionOf(RunAnswer answer) =>
        answer.Message is { Length: > 0 } text && text.All(c => c is >= ' ' and <= '~' and not ('"' or '\\')) ? text : Refusal;

    /// <summary>Reads the flow, runs a handler and writes its page; whatever breaks becomes a page too.</summary>
    private async Task GuardAsync(HttpContext http, string flowId, string executionId, Func<LoginVisit, Task<Page?>> handle)
    {
        var visit = new LoginVisit(http, flowId, executionId, null, options.DefaultLocale, screens);
        try
        {
            visit = visit with { Flow = await flows.FindAsync(flowId, http.RequestAborted) };
            if (await handle(visit) is { } page)
                await pages.WriteAsync(http, visit.Flow is null ? page : page with { Languages = visit.Languages });
        }
        catch (Exception error) when (!http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted)
        {
            LogFailure(log, error, flowId);
            await pages.WriteAsync(http, visit.Unavailable());
        }
    }

    private async Task<IFormCollection?> ReadFormAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType || http.Request.ContentLength > api.MaxAnonymousBytes)
            return null;
        if (http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = api.MaxAnonymousBytes;
        try
        {
            return await http.Request.ReadFormAsync(http.RequestAborted);
        }
        // A damaged framing is an IOException as well.
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            return null;
        }
    }

    /// <summary>The values of the screen's own inputs: a page of ours sends no others.</summary>
    private static FlowValue EnteredIn(IFormCollection form, FlowValue screen)
    {
        var entered = new FlowObjectBuilder();
        if (screen.Get("components").TryGetArray(out var components))
        {
            foreach (var component in components)
            {
                if (component.Get("name").ToText() is { Length: > 0 } name && form.TryGetValue(name, out var values) && values.Count > 0)
                    entered.Set(name, FlowValue.From(values[^1] ?? ""));
            }
        }
        return FlowValue.From(entered.Build());
    }

    private static FlowValue WithoutSecrets(FlowValue entered, FlowValue screen)
    {
        var visible = new FlowObjectBuilder();
        if (screen.Get("components").TryGetArray(out var components))
        {
            foreach (var component in components)
            {
                if (
                    component.Get("sensitive") != FlowValue.True
                    && component.Get("name").ToText() is { Length: > 0 } name
                    && entered.Get(name) is { IsMissing: false } value
                )
                    visible.Set(name, value);
            }
        }
        return FlowValue.From(visible.Build());
    }

    [LoggerMessage(EventId = 1102, Level = LogLevel.Warning, Message = "A login of the flow {FlowId} was not begun: {Code}. {Advice}")]
    private static partial void LogRefusal(ILogger logger, string flowId, string code, string advice);

    [LoggerMessage(EventId = 1101, Level = LogLevel.Error, Message = "A page of the flow {FlowId} could not be made.")]
    private static partial void LogFailure(ILogger logger, Exception error, string flowId);
}
