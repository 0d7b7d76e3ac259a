using System.Globalization;
using FlowEngine.Activities;
using FlowEngine.Context;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.Templates;

namespace FlowEngine.HttpConnector.Requests;

/// <summary>Shared and immutable: how a call finds the items of a page, and the page behind it, which is never beyond the origin of the
/// base URL.</summary>
internal sealed class PagePlan
{
    private const string Setting = "pages";

    private readonly BaseUrl? _baseUrl;
    private readonly ActivityPath? _items;
    private readonly ActivityPath? _path;
    private readonly NextPageSettings _next;
    private readonly string _itemsAt;

    private PagePlan(PageSettings settings, BaseUrl? baseUrl, ActivityCompilation compilation)
    {
        _baseUrl = baseUrl;
        _next = settings.Next;
        _itemsAt = settings.Items;
        AtMost = settings.AtMost;
        var at = compilation.At(Setting);
        _items = Path(settings.Items, "items");
        _path = settings.Next.Path is { } path ? Path(path, "next", "path") : null;

        ActivityPath? Path(string text, params string[] place) =>
            ActivityPath.Compile(
                text,
                place.Aggregate(at, (outer, name) => outer.At(name)),
                ContextRoot.Response,
                ResultReader.ResponseShape,
                compilation
            );
    }

    /// <summary>How many pages are read.</summary>
    public int AtMost { get; }

    /// <summary>What tells calls apart that begin with the same request and go on in different ways.</summary>
    public string Identity => $"{_itemsAt}\n{_next.Path}\n{_next.Query}\n{_next.From}\n{_next.Step}\n{AtMost}";

    private bool Counts => _next.Path is null && _next.Query is not null;

    /// <summary>Reads the setting; null where there is one page.</summary>
    public static PagePlan? Parse(GenericHttpSettings settings, BaseUrl? baseUrl, ActivityCompilation compilation)
    {
        if (settings.Pages is not { } pages)
            return null;
        if (settings.Method != "GET")
            Report($"{settings.Method} is not sent again for the pages of its answer: what it does would be done again.", "Use GET.");
        else if (settings.Async != AsyncCall.No)
            Report("A call that nobody waits for has no answer whose pages could be read.", "Remove \"pages\", or wait for the answer.");
        var (path, query) = (pages.Next.Path, pages.Next.Query);
        if (path?.Length == 0 || query?.Length == 0)
            Report("What names the next page is empty.", "Write a path such as body.next, or the name of a parameter.");
        if ((pages.Next.From ?? pages.Next.Step) is not null && (path is not null || query is null))
            Report(
                "Only a counter begins somewhere and has steps.",
                "Name its parameter as \"query\" alone, or remove \"from\" and \"step\"."
            );
        else if (path is null && query is not null && settings.Query.Entries.ToArray().Any(pair => pair.Key == query))
            Report(
                $"The parameter '{query}' counts the pages, and is in \"query\" too.",
                "Remove it there; \"from\" says where it begins."
            );
        return new PagePlan(pages, baseUrl, compilation);

        void Report(string message, string advice) => compilation.Error(HttpErrors.Pages, Setting, message, advice);
    }

    /// <summary>Where the first page is.</summary>
    /// <param name="url">What the request says.</param>
    public string First(string url) => Counts ? RequestUri.With(url, _next.Query!, Counter(0)) : url;

    /// <summary>Takes the items of a page.</summary>
    /// <param name="response">The answer: <c>statusCode</c>, <c>headers</c>, <c>body</c>.</param>
    /// <param name="items">The items; an answer without a body, or with null in the list's place, has none.</param>
    /// <returns>Null, or that there is no list.</returns>
    public HttpFault? Read(FlowValue response, out FlowValue items)
    {
        items = _items!.Evaluate(response);
        if (items.Kind == FlowValueKind.Array)
            return null;
        if (items.Kind == FlowValueKind.Null || response.Get("body").IsNothing)
        {
            items = FlowValue.From(FlowArray.Empty);
            return null;
        }
        return new HttpFault(
            HttpFaultCodes.PageItems,
            items.IsMissing
                ? $"A page of the answer has nothing at {_itemsAt}, where the flow looks for its list."
                : $"A page of the answer has something at {_itemsAt} that is no list."
        );
    }

    /// <summary>Finds the next page.</summary>
    /// <param name="response">The answer: <c>statusCode</c>, <c>headers</c>, <c>body</c>.</param>
    /// <param name="from">Where it came from.</param>
    /// <param name="first">Where the first page was.</param>
    /// <param name="pages">How many pages there are so far.</param>
    /// <param name="hasItems">Whether this one has items.</param>
    /// <param name="url">Where the next page is; null where this is the last.</param>
    /// <returns>Null, or why it is not asked for.</returns>
    public HttpFault? Next(FlowValue response, string from, string first, int pages, bool hasItems, out string? url)
    {
        url = null;
        if (Counts)
        {
            url = hasItems ? RequestUri.With(first, _next.Query!, Counter(pages)) : null;
            return null;
        }
        var named = _path is not null ? _path.Evaluate(response) : LinkOf(response.Get("headers"));
        if (named.IsNothing || (named.TryGetText(out var text) && text.Length == 0) || (named.TryGetBoolean(out var more) && !more))
            return null;
        if (_next.Query is { } cursor)
        {
            if (named.Kind is not (FlowValueKind.String or FlowValueKind.Number))
                return Refused($"{_next.Path} is neither a text nor a number");
            url = RequestUri.With(first, cursor, named.ToText());
            return null;
        }
        return text is not null ? Resolve(from, text, out url) : Refused($"{_next.Path} is no text");
    }

    /// <summary>That a page names one that was read already.</summary>
    public static HttpFault NamesItself() => Refused("it names a page that was read already");

    private string Counter(int pages) => ((_next.From ?? 1L) + (_next.Step ?? 1L) * pages).ToString(CultureInfo.InvariantCulture);

    private static FlowValue LinkOf(FlowValue headers) =>
        headers.Get("link").TryGetText(out var header) && LinkHeader.Find(header, "next") is { } target
            ? FlowValue.From(target.Length > 0 ? target : "#")
            : FlowValue.Missing;

    /// <summary>A relative reference is relative to the page that names it (RFC 3986, 5).</summary>
    private HttpFault? Resolve(string from, string reference, out string? url)
    {
        url = null;
        if (!Uri.TryCreate(from, UriKind.Absolute, out var page) || !Uri.TryCreate(page, reference, out var target))
            return Refused("what it names is no URL");
        // A fragment is for the client alone.
        if (!RequestUri.TryParse(target.GetLeftPart(UriPartial.Query), out var uri, out var fault))
            return Refused($"what it names may not be sent. {fault.Message.TrimEnd('.')}");
        if (uri.GetLeftPart(UriPartial.Authority) != _baseUrl!.Origin)
            return Refused("what it names is beyond the origin of the connector's base URL, where its credentials must not go");
        url = uri.OriginalString;
        return null;
    }

    private static HttpFault Refused(string why) =>
        new(HttpFaultCodes.PageNext, $"A page names a next one that is not asked for: {why}. Look at what the API answers.");
}
