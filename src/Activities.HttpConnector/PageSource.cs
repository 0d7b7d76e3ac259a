using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Requests;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector;

/// <summary>Per call and single-threaded: one page.</summary>
/// <param name="Read">What the answer gave.</param>
/// <param name="Response">The answer for whoever looks at its content; missing where there was none.</param>
/// <param name="Uri">Where it came from; null for where it was asked for.</param>
internal sealed record Page(CallResult Read, FlowValue Response, string? Uri);

/// <summary>Per call and single-threaded: where the pages of a call come from.</summary>
internal abstract class PageSource
{
    /// <summary>What they took so far.</summary>
    public abstract CallEffort Effort { get; }

    /// <summary>Brings a page; null where there is none left of those that were prepared.</summary>
    public abstract ValueTask<Page?> NextAsync(string url, CancellationToken cancellationToken);
}

/// <summary>Per call and single-threaded: pages that the API is asked for, all within one time and one limit of their size.</summary>
/// <param name="connector">The connector.</param>
/// <param name="retry">When a page is asked for again.</param>
/// <param name="reader">What reads it.</param>
/// <param name="first">The request for the first page.</param>
/// <param name="left">What is left of the flow's time budget; null for none.</param>
/// <param name="freshness">What the result says of where it comes from.</param>
internal sealed class SentPages(
    Connectors.HttpConnector connector,
    RetryPolicy retry,
    ResultReader reader,
    PreparedRequest first,
    TimeSpan? left,
    AnswerFreshness? freshness
) : PageSource
{
    private readonly TimeProvider _time = connector.Options.Time;
    private readonly long _started = connector.Options.Time.GetTimestamp();
    private readonly TimeSpan _timeout = left < retry.Timeout ? left.Value : retry.Timeout;
    private readonly List<HttpReply> _replies = [];
    private int _bytesLeft = connector.Options.MaxResponseBodyBytes;
    private int _attempts;

    /// <summary>The answers, in their order.</summary>
    public IReadOnlyList<HttpReply> Replies => _replies;

    /// <inheritdoc/>
    public override CallEffort Effort => new(_attempts, _time.GetElapsedTime(_started));

    /// <inheritdoc/>
    public override async ValueTask<Page?> NextAsync(string url, CancellationToken cancellationToken)
    {
        var request = new PageRequest(first, url, _bytesLeft);
        var result = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        var read = reader.Read(result, Effort, freshness);
        if (result.Reply is not { } reply)
            return new Page(read, FlowValue.Missing, null);
        _bytesLeft -= reply.Body.Length;
        _replies.Add(reply);
        return new Page(read, reader.ResponseOf(read, reply), request.Url);
    }

    private async ValueTask<HttpResult> SendAsync(PageRequest request, CancellationToken cancellationToken)
    {
        var remaining = _timeout - _time.GetElapsedTime(_started);
        if (remaining <= TimeSpan.Zero)
            return left == TimeSpan.Zero
                ? GenericHttp.OverBudget
                : SayWhy(
                    HttpResult.Failed(
                        HttpFaultCodes.Timeout,
                        $"The {_replies.Count} pages so far took all of {_timeout.TotalSeconds:0.###} s. "
                            + "Raise the timeout, or let the API give more at once."
                    )
                );
        var (result, attempts) = await retry
            .ExecuteAsync(remaining, (timeout, token) => connector.AttemptAsync(request, timeout, token), cancellationToken)
            .ConfigureAwait(false);
        _attempts += attempts;
        return SayWhy(result);
    }

    private HttpResult SayWhy(HttpResult result) => _timeout < retry.Timeout ? GenericHttp.SayWhy(result) : result;
}

/// <summary>Per call and single-threaded: pages of an earlier call, which are used again.</summary>
/// <param name="answer">The earlier call's.</param>
/// <param name="reader">What reads them.</param>
/// <param name="freshness">What the result says of where it comes from.</param>
/// <param name="effort">What the call took that they stand in for.</param>
internal sealed class KeptPages(CachedAnswer answer, ResultReader reader, AnswerFreshness freshness, CallEffort effort) : PageSource
{
    private int _next;

    /// <inheritdoc/>
    public override CallEffort Effort => effort;

    /// <inheritdoc/>
    public override ValueTask<Page?> NextAsync(string url, CancellationToken cancellationToken)
    {
        if (_next == answer.Replies.Count)
            return new((Page?)null);
        var reply = answer.Replies[_next++];
        var read = reader.Read(HttpResult.Answered(reply), effort, freshness);
        return new(new Page(read, reader.ResponseOf(read, reply), null));
    }
}

/// <summary>Per call and single-threaded: pages that replies of a golden case stand in for, in their order.</summary>
/// <param name="reader">What reads them.</param>
/// <param name="first">The first reply.</param>
/// <param name="context">What has the others.</param>
internal sealed class ScriptedPages(ResultReader reader, FlowValue first, RunContext context) : PageSource
{
    private FlowValue _next = first;

    /// <inheritdoc/>
    public override CallEffort Effort => CallEffort.Scripted;

    /// <inheritdoc/>
    public override ValueTask<Page?> NextAsync(string url, CancellationToken cancellationToken)
    {
        var reply = _next.IsMissing ? context.Replies!.Take(context.ActivityId) : _next;
        _next = FlowValue.Missing;
        if (reply.IsMissing)
            return new((Page?)null);
        var read = reader.ReadScripted(reply);
        return new(new Page(read, reader.ResponseOfScripted(read, reply), null));
    }
}
