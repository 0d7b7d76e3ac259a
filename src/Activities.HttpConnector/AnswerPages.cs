using FlowEngine.Activities;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Requests;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector;

/// <summary>
/// Per call and single-threaded: goes from page to page and collects their items. What fails ends it: the result is that of the page that
/// failed, with the items of those before it.
/// </summary>
/// <param name="plan">How the next page is found.</param>
/// <param name="reader">What reads answers.</param>
/// <param name="successWhen">What must hold of each page; null for nothing.</param>
internal sealed class AnswerPages(PagePlan plan, ResultReader reader, ActivityRule? successWhen)
{
    /// <summary>The members that a result then has.</summary>
    public static IReadOnlyList<(string Name, ValueShape Shape)> Members { get; } =
    [("items", ValueShape.List(ValueShape.Any)), ("pages", ValueShape.Scalar), ("truncated", ValueShape.Scalar)];

    private readonly List<FlowValue> _items = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private int _pages;

    /// <summary>A result without any page.</summary>
    public static CallResult None(CallResult result) => With(result, FlowArray.Empty, 0, isTruncated: true);

    /// <summary>Reads pages.</summary>
    /// <param name="context">The run's data.</param>
    /// <param name="url">Where the first is.</param>
    /// <param name="source">Where they come from.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>The result; null where the source has too few.</returns>
    public async ValueTask<CallResult?> ReadAsync(RunContext context, string url, PageSource source, CancellationToken cancellationToken)
    {
        for (var next = url; ; )
        {
            _seen.Add(next);
            if (await source.NextAsync(next, cancellationToken).ConfigureAwait(false) is not { } page)
                return null;
            var read = page.Read;
            if (read.Error is null && successWhen is not null)
            {
                var (holds, problem) = await successWhen.HoldsAsync(context, page.Response, cancellationToken).ConfigureAwait(false);
                read = holds ? read : ResultReader.Refuse(read, problem);
            }
            if (read.Error is not null)
                return End(read, isTruncated: true);
            if (Take(page, next, url, out var following) is { } fault)
                return End(reader.Failure(fault, source.Effort), isTruncated: true);
            if (following is null || _pages == plan.AtMost)
                return End(read, following is not null);
            next = following;
        }
    }

    /// <summary>A result of a golden case that says itself what all pages gave, or is the only page.</summary>
    /// <param name="read">What the reply gave.</param>
    /// <param name="reply">The reply.</param>
    public CallResult Whole(CallResult read, FlowValue reply)
    {
        if (!reply.Get("items").TryGetArray(out var items) && read.Error is null)
        {
            plan.Read(reader.ResponseOfScripted(read, reply), out var own);
            own.TryGetArray(out items);
        }
        var pages =
            reply.Get("pages").TryGetInteger(out var count) ? count
            : items is null ? 0
            : 1;
        return With(
            read,
            reader.Marked(items ?? FlowArray.Empty),
            pages,
            reply.Get("truncated") == FlowValue.True || (read.Error is not null && reply.Get("truncated").IsMissing)
        );
    }

    /// <summary>Takes the items of a page, and finds the next.</summary>
    private HttpFault? Take(Page page, string asked, string first, out string? following)
    {
        following = null;
        if (plan.Read(page.Response, out var items) is { } noList)
            return noList;
        items.TryGetArray(out var list);
        foreach (ref readonly var item in list!.AsSpan())
            _items.Add(item.WithSensitive(items.IsSensitive));
        _pages++;
        var fault = plan.Next(page.Response, page.Uri ?? asked, first, _pages, list.Count > 0, out following);
        if (_pages == plan.AtMost)
        {
            // It is not asked for: whatever it is, there is more.
            following ??= fault is null ? null : asked;
            return null;
        }
        return fault ?? (following is not null && _seen.Contains(following) ? PagePlan.NamesItself() : null);
    }

    private CallResult End(CallResult result, bool isTruncated) => With(result, FlowArray.From(_items), _pages, isTruncated);

    private static CallResult With(CallResult result, FlowArray items, long pages, bool isTruncated)
    {
        result.Value.TryGetObject(out var members);
        var complete = new FlowObjectBuilder(members!);
        complete.Set("items", FlowValue.From(items));
        complete.Set("pages", FlowValue.From(pages));
        complete.Set("truncated", FlowValue.From(isTruncated));
        return result with { Value = FlowValue.From(complete.Build()) };
    }
}
