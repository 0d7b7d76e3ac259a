using FlowEngine.Settings;

namespace FlowEngine.HttpConnector;

/// <summary>Bound once, then read only: how a call goes on to the pages behind the first.</summary>
public sealed class PageSettings
{
    /// <summary>How many pages are read when the flow does not say.</summary>
    public const int DefaultAtMost = 10;

    /// <summary>How many pages may ever be read.</summary>
    public const int MaxPages = 1_000;

    /// <summary>How the next page is found.</summary>
    [Setting(
        "How the next page is found: \"link\" (the answer's Link header), { \"path\" } to its URL in the answer, "
            + "{ \"path\", \"query\" } to a cursor in the answer and the parameter that takes it, or { \"query\", \"from\" } for a counter.",
        Hint = "",
        Required = true,
        Initial = "\"link\""
    )]
    public NextPageSettings Next { get; set; } = new();

    /// <summary>Where a page has its items.</summary>
    [Setting(
        "Where each answer has its list: a path such as body.items, or body where it is the list.",
        Required = true,
        Initial = "\"body\""
    )]
    public string Items { get; set; } = "";

    /// <summary>How many pages are read. Default 10.</summary>
    [Setting("How many pages are read; where there are more, the result says truncated.", Minimum = 1, Maximum = MaxPages, Unit = "pages")]
    public int AtMost { get; set; } = DefaultAtMost;
}

/// <summary>Bound once, then read only: how the next page is found. Without path and query it is <see cref="By"/>.</summary>
[Shorthand("by")]
public sealed class NextPageSettings
{
    /// <summary>What names it; not where <see cref="Path"/> or <see cref="Query"/> is given. Default the <c>Link</c> header.</summary>
    [Setting("What names the next page, unless a path or a parameter does.")]
    public NextPage By { get; set; }

    /// <summary>Where the answer has the URL of the next page, or with <see cref="Query"/> a cursor; null (the default) for
    /// nowhere.</summary>
    [Setting("Where the answer has the URL of the next page, or its cursor: a path such as body.next. Nothing there ends it.")]
    public string? Path { get; set; }

    /// <summary>The parameter of the query that takes the cursor, or without <see cref="Path"/> the counter; null (the default) for
    /// none.</summary>
    [Setting("The parameter of the query that takes the cursor; without a path a counter, which ends with the first page without items.")]
    public string? Query { get; set; }

    /// <summary>The counter of the first page; null (the default) is 1.</summary>
    [Setting("The counter of the first page; 1 where it is not given.", Minimum = 0)]
    public int? From { get; set; }

    /// <summary>What is added to the counter for each page; null (the default) is 1.</summary>
    [Setting("What is added to the counter for each page: 1 where it is not given, the size of a page for an offset.", Minimum = 1)]
    public int? Step { get; set; }
}

/// <summary>What names the next page.</summary>
public enum NextPage
{
    /// <summary>The <c>Link</c> header.</summary>
    [SettingOption("\"link\"", "The answer's Link header", "The link with rel=next (RFC 8288).")]
    Link,
}
