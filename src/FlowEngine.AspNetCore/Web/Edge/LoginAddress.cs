namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>Stateless: what the limits must know of the pages that people sign in on.</summary>
internal static class LoginAddress
{
    /// <summary>What their addresses begin with.</summary>
    public const string Path = "/login";

    /// <summary>The cookie of a start that the next page makes.</summary>
    public const string TicketCookie = "fe_start";

    /// <summary>Whether a request is for one of them.</summary>
    public static bool IsAt(HttpRequest request) => request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether somebody visits the address: a page, a frame, or a script of no other site. An image, a style sheet or a script of
    /// another's page is no visit, nor is what its scripts fetch unseen. A client that does not say (no browser of today) visits.</summary>
    public static bool IsVisit(HttpRequest request) =>
        request.Headers["Sec-Fetch-Dest"].ToString() switch
        {
            "" or "document" or "iframe" => true,
            "empty" => request.Headers["Sec-Fetch-Site"] != "cross-site",
            _ => false,
        };
}

/// <summary>Per process, thread-safe: answers people who asked too often for pages to sign in on. The pages are above the limits, so they
/// give this to them.</summary>
/// <param name="AnswerAsync">Writes the answer; its headers are there.</param>
internal sealed record TurnedAway(Func<HttpContext, Task> AnswerAsync);
