using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Requests;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.Templates;

namespace FlowEngine.HttpConnector;

/// <summary>
/// Shared and immutable: calls an HTTP API: build → sign → send → read → outcome. The result is <c>connectors.&lt;contextKey&gt;</c>:
/// <c>statusCode</c>, <c>body</c>, <c>headers</c>, on failure <c>error</c>, always <c>attempts</c> and <c>durationMs</c>, and what the
/// answer says of time and limits.
/// </summary>
[Activity(
    GenericHttp.TypeName,
    "Calls an HTTP API through a connector.",
    Category = "Connectors",
    Outcomes = ["Success"],
    OptionalOutcomes = [AnswerCaching.StaleName],
    ErrorEvents = [GenericHttp.HttpErrorEvent, GenericHttp.ExecutionEvent],
    CanRunInParallel = true,
    Icon = "globe",
    Tone = ActivityTone.Http,
    Stem = "request",
    Summary = "{method} {endpoint}|{method} /",
    Trace = TraceViews.Exchange,
    Reply = typeof(HttpReplySettings)
)]
[Writes("connectors.{contextKey}.statusCode", "The status code of the answer", Tells = Telling.Status)]
[Writes("connectors.{contextKey}.body", "The body of the answer", Tells = Telling.Answer)]
[Writes("connectors.{contextKey}.headers", "The headers of the answer, if the connector includes them", Tells = Telling.Answer)]
[Writes("connectors.{contextKey}.attempts", "How often the call was tried")]
[Writes("connectors.{contextKey}.durationMs", "How long it took, in milliseconds")]
[Writes("connectors.{contextKey}.retryAfter", "After how many seconds the API wants to be asked again, if it says so")]
[Writes("connectors.{contextKey}.retryAt", "When that is, an instant")]
[Writes("connectors.{contextKey}.rateLimit.limit", "How many calls the API allows, if it says so")]
[Writes("connectors.{contextKey}.rateLimit.remaining", "How many of them are left")]
[Writes("connectors.{contextKey}.rateLimit.resetAt", "When there are more, an instant")]
[Writes("connectors.{contextKey}.problem", "The members of the problem document (RFC 9457), if the answer is one", Tells = Telling.Answer)]
[Writes("connectors.{contextKey}.cached", "Whether it is an earlier answer, if there is a cache", With = "cache")]
[Writes("connectors.{contextKey}.age", "How many seconds ago it came", With = "cache")]
[Writes("connectors.{contextKey}.stale", "Whether it stands in for a call that failed", With = "cache")]
[Writes("connectors.{contextKey}.items", "The items of all pages", With = "pages")]
[Writes("connectors.{contextKey}.pages", "How many pages were read", With = "pages")]
[Writes("connectors.{contextKey}.truncated", "Whether there is more than these items", With = "pages")]
[Writes("connectors.{contextKey}.error.code", "The code of the error")]
[Writes("connectors.{contextKey}.error.message", "The message of the error")]
public sealed class GenericHttp : FlowActivity
{
    /// <summary>The name of the type.</summary>
    internal const string TypeName = "GenericHttp";

    /// <summary>The event of an answer whose status is not a success.</summary>
    public const string HttpErrorEvent = "Generic HTTP Error";

    /// <summary>The event of a call without a usable answer.</summary>
    public const string ExecutionEvent = "Connector Execution";

    private const int HttpErrorIndex = 0;
    private const int ExecutionIndex = 1;

    /// <summary>Shared by the many activities that say nothing else.</summary>
    private static readonly FailureWays UsualRefusals = new(
        [],
        () => AnswerOutcomes.Statuses.Where(status => status is < 200 or > 299),
        () => AnswerOutcomes.Statuses.Where(status => status is >= 200 and <= 299)
    );

    private static readonly FailureWays UsualFaults = new(AnswerOutcomes.Faults.Values.Where(code => code != HttpFaultCodes.NotSuccess));

    private readonly Connectors.HttpConnector? _connector;
    private readonly string _contextKey;
    private readonly RequestPlan _request;
    private readonly RetryPolicy _retry;
    private readonly ResultReader _reader;
    private readonly AsyncCall _async;
    private readonly RetryPlan _retryPlan;
    private readonly IReadOnlyList<string> _successes;
    private readonly AnswerOutcomes? _outcomes;
    private readonly AnswerCaching? _caching;
    private readonly int _stalePort;
    private readonly ActivityRule? _successWhen;
    private readonly ContextWrites[] _writes;
    private readonly TimeProvider _time;

    internal GenericHttp(GenericHttpSettings settings, ActivityCompilation compilation)
    {
        _connector = compilation.Connector<Connectors.HttpConnector>(settings.Connector);
        _contextKey = settings.ContextKey.Length > 0 ? settings.ContextKey : compilation.Definition.Id;
        compilation.CheckContextKey(_contextKey);
        _request = new RequestPlan(settings, _connector, compilation);
        _time = _connector?.Options.Time ?? TimeProvider.System;
        CertificateEnd.WarnOfOurs(_connector?.ClientCertificate, _time.GetUtcNow(), compilation.At("connector"), compilation.Problems);
        _retry = new RetryPolicy(settings, _time, compilation);
        _reader = new ResultReader(settings, _connector, _contextKey, compilation);
        _async = settings.Async;
        _retryPlan = RetryPlan.Of(settings);
        _successes = settings.SuccessStatusCodes;
        _successWhen = ActivityRule.Compile(
            settings.SuccessWhen,
            "successWhen",
            ContextRoot.Response,
            ResultReader.ResponseShape,
            compilation
        );
        if (_async != AsyncCall.No && settings.SuccessWhen is not null)
            compilation.Error(
                FlowErrors.Value,
                "successWhen",
                "Nobody waits for this call, so nobody looks at its answer.",
                "Remove \"successWhen\", or \"async\"."
            );
        _outcomes = AnswerOutcomes.Parse(settings, _reader.Successes, compilation);
        _caching = _reader.Caching;
        _stalePort = _caching is { HasStaleOutcome: true } ? _outcomes?.Names.Count ?? 1 : 0;
        Outcomes = _stalePort == 0 ? _outcomes?.Names : [.. _outcomes?.Names ?? ["Success"], AnswerCaching.StaleName];
        _writes = _async == AsyncCall.No ? Writes() : [ContextWrites.Nothing];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string>? Outcomes { get; }

    /// <inheritdoc/>
    public override string? ConnectorId => _connector?.Id;

    /// <summary>All of its timeout, of which tries after a timeout get an even share; nothing where nobody waits.</summary>
    public override LongestWait LongestWait => _async == AsyncCall.No ? _retry.LongestWait : default;

    /// <summary>The answer; nothing when nobody waits for it.</summary>
    public override ContextWrites WritesByOutcome(int outcome) => _writes[Math.Min(outcome, _writes.Length - 1)];

    /// <summary>The answer with <c>error</c>, or <c>error</c> alone when there was no usable one.</summary>
    public override ContextWrites WritesByError(int errorEvent) =>
        ContextWrites.Connector(_contextKey, errorEvent == HttpErrorIndex ? _reader.RefusalShape : _reader.FailureShape);

    /// <inheritdoc/>
    public override Fails FailsBy(int outcome) =>
        outcome == 0 ? Fails.Never
        : outcome == _stalePort ? Fails.Always
        : _outcomes is null ? Fails.Never
        : _outcomes.CausesOf(outcome) is var causes && !causes.HasFlag(OutcomeCauses.Success) ? Fails.Always
        : causes == OutcomeCauses.Success && !MayBeRefusedByContent ? Fails.Never
        : Fails.Sometimes;

    /// <summary>A stale answer stands in for any failure; and an outcome for a status may be that of an answer which is no success by its
    /// content, unless an outcome of its own is named for that.</summary>
    public override bool NamesFailure(int outcome) =>
        outcome != _stalePort && !(MayBeRefusedByContent && _outcomes!.CausesOf(outcome).HasFlag(OutcomeCauses.Success));

    /// <inheritdoc/>
    public override IReadOnlyList<WayToEnd> WaysToEnd(DrilledCall call) =>
        _async == AsyncCall.No
            ? CallEndings.Of(
                call,
                $"connectors.{_contextKey}.statusCode",
                _reader.Successes,
                _outcomes,
                _successWhen is not null,
                _stalePort > 0
            )
            : [];

    /// <inheritdoc/>
    public override FailureWays WaysByError(int errorEvent) =>
        _outcomes is null && _successWhen is null && _successes is ["2xx"]
            ? errorEvent == HttpErrorIndex
                ? UsualRefusals
                : UsualFaults
            : WaysOf(port: 0, errorEvent == HttpErrorIndex, errorEvent == ExecutionIndex);

    /// <inheritdoc/>
    public override FailureWays WaysByOutcome(int outcome) =>
        outcome == _stalePort ? WaysOf(port: 0, ofAnswers: true, ofFaults: true) : WaysOf(outcome, ofAnswers: true, ofFaults: true);

    /// <inheritdoc/>
    public override ValueTask<Outcome> ExecuteAsync(RunContext context, CancellationToken cancellationToken)
    {
        if (_request.Prepare(context, out var request) is { } fault)
            return new(Finish(context, NotSent(fault)));
        if (_async == AsyncCall.Durable)
            return new(Queue(context, request));
        if (_async == AsyncCall.No && context.Replies is null && !_connector!.IsDisabled)
            return CallNowAsync(context, request, cancellationToken);
        if (context.Step is { } step)
            step.Input = request.ToValue();
        if (_async == AsyncCall.Forget)
            return new(Forget(context, request));
        return context.Replies is { } replies
            ? FinishScriptedAsync(context, request, replies.Take(context.ActivityId), cancellationToken)
            : new(Finish(context, NotSent(_connector!.SwitchedOff)));
    }

    private ValueTask<Outcome> CallNowAsync(RunContext context, PreparedRequest request, CancellationToken cancellationToken)
    {
        request.Step = context.Step;
        var call =
            _caching is not null ? CallOrReuseAsync(context, request, _caching, cancellationToken)
            : _request.Pages is not null ? CallPagesAsync(context, request, cancellationToken)
            : context.TimeLeft is { } left ? CallWithinAsync(left, context, request, cancellationToken)
            : CallAsync(context, request, cancellationToken);
        return request.Step is null ? call : TellAsync(request, call);
    }

    /// <summary>The step is told what is sent; where nothing was, what was prepared.</summary>
    private static async ValueTask<Outcome> TellAsync(PreparedRequest request, ValueTask<Outcome> call)
    {
        try
        {
            return await call.ConfigureAwait(false);
        }
        finally
        {
            request.TellUnsent();
        }
    }

    /// <summary>The failure of a call that could not be sent.</summary>
    private CallResult NotSent(HttpFault fault)
    {
        var failure = _reader.Failure(fault, CallEffort.None);
        return _request.Pages is null ? failure : AnswerPages.None(failure);
    }

    private async ValueTask<Outcome> CallAsync(RunContext context, PreparedRequest request, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var (result, attempts) = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        var effort = new CallEffort(attempts, _time.GetElapsedTime(started));
        return await EndAsync(context, result, effort, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether an answer with the status of a success may be a failure for which no outcome is named.</summary>
    private bool MayBeRefusedByContent => _successWhen is not null && _outcomes?.OfFault(HttpFaultCodes.NotSuccess) is null or 0;

    private ValueTask<Outcome> EndAsync(RunContext context, HttpResult result, CallEffort effort, CancellationToken cancellationToken)
    {
        var read = _reader.Read(result, effort);
        return _successWhen is null || read.Error is not null
            ? new(Finish(context, read))
            : JudgeAsync(context, read, _reader.ResponseOf(read, result.Reply!), cancellationToken);
    }

    /// <summary>What a success has to be by its content, unless it is decided already.</summary>
    private async ValueTask<Outcome> JudgeAsync(
        RunContext context,
        CallResult result,
        FlowValue response,
        CancellationToken cancellationToken
    )
    {
        var (holds, problem) = await _successWhen!.HoldsAsync(context, response, cancellationToken).ConfigureAwait(false);
        return Finish(context, holds ? result : ResultReader.Refuse(result, problem));
    }

    /// <summary>Uses an earlier answer to the same request, or calls; an answer that is too old stands in for a call that fails.</summary>
    private async ValueTask<Outcome> CallOrReuseAsync(
        RunContext context,
        PreparedRequest request,
        AnswerCaching caching,
        CancellationToken cancellationToken
    )
    {
        if (_request.ToOutgoing(request, measure: false, out var outgoing) is { } fault)
            return Finish(context, NotSent(fault));
        var answers = _connector!.Answers;
        var key = RequestKey.Of(outgoing, _request.Pages?.Identity ?? "");
        var earlier = answers.Find(key);
        if (earlier is not null && answers.AgeOf(earlier) is var age && caching.IsFresh(age))
        {
            var kept = new AnswerFreshness(true, age, false);
            if (await ReuseAsync(context, request, earlier, kept, CallEffort.None, cancellationToken).ConfigureAwait(false) is { } reused)
                return Finish(context, reused);
        }

        var (read, effort, replies) = await AskAsync(context, request, cancellationToken).ConfigureAwait(false);
        caching.Learn(answers, key, replies, read);
        if (earlier is null || !AnswerCaching.IsOutage(read) || answers.AgeOf(earlier) is var old && !caching.MayBeStale(old))
            return Finish(context, read);
        var stale = new AnswerFreshness(true, old, true);
        return await ReuseAsync(context, request, earlier, stale, effort, cancellationToken).ConfigureAwait(false) is { } answer
            ? FinishStale(context, answer, read)
            : Finish(context, read);
    }

    /// <summary>Asks the API, for the pages too.</summary>
    private async ValueTask<(CallResult Read, CallEffort Effort, IReadOnlyList<HttpReply> Replies)> AskAsync(
        RunContext context,
        PreparedRequest request,
        CancellationToken cancellationToken
    )
    {
        if (_request.Pages is not null)
        {
            var source = new SentPages(_connector!, _retry, _reader, request, context.TimeLeft, AnswerFreshness.New);
            var pages = await ReadPagesAsync(context, request, source, _successWhen, cancellationToken).ConfigureAwait(false);
            return (pages!.Value, source.Effort, source.Replies);
        }
        var (result, effort) = await SendWithinAsync(context.TimeLeft, request, cancellationToken).ConfigureAwait(false);
        var read = _reader.Read(result, effort, AnswerFreshness.New);
        if (result.Reply is not { } reply)
            return (read, effort, []);
        return (await JudgedAsync(context, read, reply, cancellationToken).ConfigureAwait(false), effort, [reply]);
    }

    /// <summary>An earlier answer, judged again; null where it is no whole one.</summary>
    private async ValueTask<CallResult?> ReuseAsync(
        RunContext context,
        PreparedRequest request,
        CachedAnswer answer,
        AnswerFreshness freshness,
        CallEffort effort,
        CancellationToken cancellationToken
    )
    {
        if (_request.Pages is not null)
        {
            var source = new KeptPages(answer, _reader, freshness, effort);
            var judge = freshness.IsStale ? null : _successWhen;
            return await ReadPagesAsync(context, request, source, judge, cancellationToken).ConfigureAwait(false);
        }
        var reply = answer.Replies[0];
        var read = _reader.Read(HttpResult.Answered(reply), effort, freshness);
        return freshness.IsStale ? read : await JudgedAsync(context, read, reply, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<CallResult?> ReadPagesAsync(
        RunContext context,
        PreparedRequest request,
        PageSource source,
        ActivityRule? successWhen,
        CancellationToken cancellationToken
    ) => new AnswerPages(_request.Pages!, _reader, successWhen).ReadAsync(context, request.Url, source, cancellationToken);

    private async ValueTask<Outcome> CallPagesAsync(RunContext context, PreparedRequest request, CancellationToken cancellationToken)
    {
        var source = new SentPages(_connector!, _retry, _reader, request, context.TimeLeft, freshness: null);
        var read = await ReadPagesAsync(context, request, source, _successWhen, cancellationToken).ConfigureAwait(false);
        return Finish(context, read!.Value);
    }

    /// <summary>What is no success by its content is none, also where it is used again.</summary>
    private async ValueTask<CallResult> JudgedAsync(
        RunContext context,
        CallResult read,
        HttpReply reply,
        CancellationToken cancellationToken
    )
    {
        if (_successWhen is null || read.Error is not null)
            return read;
        var (holds, problem) = await _successWhen
            .HoldsAsync(context, _reader.ResponseOf(read, reply), cancellationToken)
            .ConfigureAwait(false);
        return holds ? read : ResultReader.Refuse(read, problem);
    }

    /// <summary>The earlier answer, with the error that it stands in for.</summary>
    private Outcome FinishStale(RunContext context, CallResult answer, CallResult failed)
    {
        var value = ResultReader.WithError(answer.Value, failed.Error!);
        context.SetConnector(_contextKey, value);
        if (context.Step is { } step)
            step.Output = value;
        return Outcome.Handled(_stalePort, failed.IsHttpError ? HttpErrorIndex : ExecutionIndex, failed.Error!);
    }

    /// <summary>Calls in what is left of the flow's time budget.</summary>
    private async ValueTask<Outcome> CallWithinAsync(
        TimeSpan left,
        RunContext context,
        PreparedRequest request,
        CancellationToken cancellationToken
    )
    {
        var (result, effort) = await SendWithinAsync(left, request, cancellationToken).ConfigureAwait(false);
        return await EndAsync(context, result, effort, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends in what is left of the flow's time budget, if it has one: token, attempts and the waits between them.</summary>
    private async ValueTask<(HttpResult Result, CallEffort Effort)> SendWithinAsync(
        TimeSpan? left,
        PreparedRequest request,
        CancellationToken cancellationToken
    )
    {
        if (left == TimeSpan.Zero)
            return (OverBudget, CallEffort.None);
        var isCut = left < _retry.Timeout;
        var started = _time.GetTimestamp();
        var (result, attempts) = await _retry
            .ExecuteAsync(
                isCut ? left!.Value : _retry.Timeout,
                (timeout, token) => _connector!.AttemptAsync(request, timeout, token),
                cancellationToken
            )
            .ConfigureAwait(false);
        return (isCut ? SayWhy(result) : result, new CallEffort(attempts, _time.GetElapsedTime(started)));
    }

    /// <summary>A call for which the flow has no time left.</summary>
    internal static HttpResult OverBudget =>
        HttpResult.Failed(HttpFaultCodes.Budget, "The flow's time budget was over before the call began.");

    /// <summary>Says of a call that was cut short that it was not its own timeout.</summary>
    internal static HttpResult SayWhy(HttpResult result) =>
        result.Fault is { Code: HttpFaultCodes.Timeout or HttpFaultCodes.Token } fault
            ? HttpResult.Failed(fault with { Message = $"{fault.Message} The flow's time budget left it no more." })
            : result;

    /// <summary>Fire and forget. The caller's cancellation is not passed on: the flow goes on, and so does the request.</summary>
    private Outcome Forget(RunContext context, PreparedRequest request)
    {
        if (context.Replies is null)
            _connector!.Track(Task.Run(() => ForgetAsync(request), CancellationToken.None));
        return Outcome.Success;
    }

    /// <summary>Nobody waits for the call; that it was lost is told nevertheless.</summary>
    private async Task ForgetAsync(PreparedRequest request)
    {
        string? code = FlowErrors.Unexpected.Code;
        try
        {
            var (result, _) = await SendAsync(request, CancellationToken.None).ConfigureAwait(false);
            code = _reader.Read(result, CallEffort.None).Error?.Code;
        }
        finally
        {
            // Also where an exception goes on to nobody.
            if (code is not null)
                _connector!.TellLost(code);
        }
    }

    /// <summary>Leaves the call to whoever stores the run. What could never be sent fails here and now.</summary>
    private Outcome Queue(RunContext context, PreparedRequest request)
    {
        request.Step = context.Step;
        if (_request.ToOutgoing(request, measure: false, out var outgoing) is { } fault)
        {
            request.TellUnsent();
            return Finish(context, _reader.Failure(fault, CallEffort.None));
        }
        request.Sending(outgoing);
        if (context.Replies is null)
        {
            var call = new QueuedCall(
                RequestPlan.KeyOf(context.StepKey),
                _connector!.Id,
                context.ActivityId,
                StoredCall.Write(request, outgoing, _retryPlan, _successes),
                _retryPlan.Timeout
            );
            if (context.Queue(call) is { } problem)
                return Finish(
                    context,
                    _reader.Failure(new HttpFault(HttpFaultCodes.Queue, $"The call could not be queued. {problem}"), CallEffort.None)
                );
        }
        if (context.Step is { } step)
            step.HasQueued = true;
        return Outcome.Success;
    }

    private ValueTask<(HttpResult Result, int Attempts)> SendAsync(PreparedRequest request, CancellationToken cancellationToken) =>
        _retry.ExecuteAsync((timeout, token) => _connector!.AttemptAsync(request, timeout, token), cancellationToken);

    private ValueTask<Outcome> FinishScriptedAsync(
        RunContext context,
        PreparedRequest request,
        FlowValue reply,
        CancellationToken cancellationToken
    )
    {
        if (reply.IsMissing)
            return new(NoReply(context));
        if (_request.Pages is not null)
            return FinishScriptedPagesAsync(context, request, reply, cancellationToken);
        var result = _reader.ReadScripted(reply);
        if (_stalePort > 0 && reply.Get("stale") == FlowValue.True)
            return new(FinishStale(context, result, ResultReader.ScriptedOutage(reply)));
        if (_successWhen is not null && result.Error is null && ResultReader.IsRefusedByScript(reply))
            return new(Finish(context, ResultReader.Refuse(result, problem: null)));
        return _successWhen is null || result.Error is not null
            ? new(Finish(context, result))
            : JudgeAsync(context, result, _reader.ResponseOfScripted(result, reply), cancellationToken);
    }

    /// <summary>Replies are pages, in their order, unless one says what all of them gave.</summary>
    private async ValueTask<Outcome> FinishScriptedPagesAsync(
        RunContext context,
        PreparedRequest request,
        FlowValue reply,
        CancellationToken cancellationToken
    )
    {
        var isStale = _stalePort > 0 && reply.Get("stale") == FlowValue.True;
        if (isStale || !reply.Get("items").IsMissing)
        {
            var whole = new AnswerPages(_request.Pages!, _reader, _successWhen).Whole(_reader.ReadScripted(reply), reply);
            return isStale ? FinishStale(context, whole, ResultReader.ScriptedOutage(reply)) : Finish(context, whole);
        }
        var source = new ScriptedPages(_reader, reply, context);
        return await ReadPagesAsync(context, request, source, _successWhen, cancellationToken).ConfigureAwait(false) is { } read
            ? Finish(context, read)
            : NoReply(context);
    }

    private static Outcome NoReply(RunContext context) =>
        Outcome.Fail(FlowErrors.NoReply, $"There is no reply left for '{context.ActivityId}'.");

    private Outcome Finish(RunContext context, CallResult result)
    {
        context.SetConnector(_contextKey, result.Value);
        if (context.Step is { } step)
            step.Output = result.Value;
        var named = NamedFor(result);
        if (result.Error is not { } error)
            return Outcome.Port(named);
        var errorEvent = result.IsHttpError ? HttpErrorIndex : ExecutionIndex;
        return named > 0 ? Outcome.Handled(named, errorEvent, error) : Outcome.Error(errorEvent, error);
    }

    /// <summary>The outcome that the flow names for what came; 0 for none.</summary>
    private int NamedFor(in CallResult result) =>
        _outcomes is null ? 0
        : result.Error is { } error && _outcomes.OfFault(error.Code) is var fault && fault > 0 ? fault
        : _outcomes.OfStatus(result.StatusCode);

    /// <summary>The failures that the flow names an outcome for, or, by 0, for which it names none.</summary>
    private FailureWays WaysOf(int port, bool ofAnswers, bool ofFaults)
    {
        var faults = AnswerOutcomes.Faults.Values.Where(code => (_outcomes?.OfFault(code) ?? 0) == port);
        return new FailureWays(
            faults.Where(code => code == HttpFaultCodes.NotSuccess ? ofAnswers && _successWhen is not null : ofFaults),
            ofAnswers
                ? () =>
                    AnswerOutcomes.Statuses.Where(status =>
                        (_outcomes?.OfStatus(status) ?? 0) == port && (_successWhen is not null || !_reader.Successes.Contains(status))
                    )
                : null,
            () => AnswerOutcomes.Statuses.Where(_reader.Successes.Contains)
        );
    }

    /// <summary>What is written by each outcome.</summary>
    private ContextWrites[] Writes()
    {
        var success = ContextWrites.Connector(_contextKey, _reader.SuccessShape);
        ContextWrites[] stale = _stalePort == 0 ? [] : [ContextWrites.Connector(_contextKey, _reader.RefusalShape)];
        if (_outcomes is null)
            return [success, .. stale];
        (OutcomeCauses Cause, ContextWrites Writes)[] ways =
        [
            (OutcomeCauses.Success, success),
            (OutcomeCauses.Refusal, ContextWrites.Connector(_contextKey, _reader.RefusalShape)),
            (OutcomeCauses.Fault, ContextWrites.Connector(_contextKey, _reader.FailureShape)),
        ];
        return
        [
            success,
            .. Enumerable
                .Range(1, _outcomes.Names.Count - 1)
                .Select(port =>
                    ways.Where(way => _outcomes.CausesOf(port).HasFlag(way.Cause))
                        .Select(way => way.Writes)
                        .DefaultIfEmpty(success)
                        .Aggregate((one, other) => one.Or(other))
                ),
            .. stale,
        ];
    }
}
