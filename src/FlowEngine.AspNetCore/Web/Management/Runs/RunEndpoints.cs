using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Runs;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.AspNetCore.Web.Management.Flows;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Runs;

/// <summary>Which runs to list.</summary>
/// <param name="Flow">Of this flow.</param>
/// <param name="Status">That stand like this.</param>
/// <param name="Person">Of this person: a user id, login id or e-mail address.</param>
/// <param name="Errors">Only those with errors.</param>
/// <param name="ErrorCode">With an error of this code.</param>
/// <param name="Activity">With an error of this activity.</param>
/// <param name="Connector">With an error of this connector.</param>
/// <param name="Error">That failed with this code.</param>
/// <param name="From">That began then or later.</param>
/// <param name="Until">That began before.</param>
/// <param name="Cursor">The <c>next</c> of the page before.</param>
/// <param name="Limit">How many.</param>
internal sealed record RunQuery(
    string? Flow,
    [OneOfStatuses(AndExpired = true)] string? Status,
    string? Person,
    bool Errors,
    string? ErrorCode,
    string? Activity,
    string? Connector,
    string? Error,
    DateTimeOffset? From,
    DateTimeOffset? Until,
    string? Cursor,
    PageSize Limit
) : IRequestQuery<RunQuery>;

/// <summary>Runs, the newest first.</summary>
/// <param name="Runs">The runs.</param>
/// <param name="Next">The <c>cursor</c> of the next page; null at the end.</param>
internal sealed record RunPage(IReadOnlyList<RunView> Runs, string? Next);

/// <summary>What to search for.</summary>
/// <param name="Text">A run's number, id or short reference, or a person.</param>
internal sealed record RunSearchQuery(string? Text) : IRequestQuery<RunSearchQuery>;

/// <summary>A run that a text may mean.</summary>
/// <param name="By">What of it the text is.</param>
/// <param name="Run">The run.</param>
internal sealed record RunMatch([property: OneOf("number", "id", "reference", "person")] string By, RunView Run);

/// <summary>What a text may mean.</summary>
/// <param name="Matches">The runs.</param>
internal sealed record RunMatches(IReadOnlyList<RunMatch> Matches);

/// <summary>Stateless: runs: list and look into.</summary>
internal static class RunEndpoints
{
    /// <summary>Lists runs.</summary>
    public static async Task<RunPage> ListAsync(RunQuery query, Caller caller, RunSearch search, CancellationToken cancellationToken)
    {
        var filter = new RunFilter
        {
            FlowId = query.Flow,
            Status = StatusIn(query.Status),
            IsExpired = query.Status == RunStatusExtensions.Expired,
            Person = query.Person,
            // Or whose runs wait could be asked person by person.
            IsEnded = caller.Role == Role.Viewer && query.Person is not null,
            FailureCode = query.Error,
            HasErrors = query.Errors,
            ErrorCode = query.ErrorCode,
            ErrorActivity = query.Activity,
            ErrorConnector = query.Connector,
            From = query.From is { } from ? (UnixTime?)from : null,
            Until = query.Until is { } until ? (UnixTime?)until : null,
            Cursor =
                query.Cursor is not { } cursor || RunSearch.IsCursor(cursor)
                    ? query.Cursor
                    : throw ApiQuery.Wrong("cursor", "the 'next' of a page before"),
            Limit = query.Limit.Count,
        };
        var page = await search.ListAsync(filter, cancellationToken);
        return new RunPage([.. page.Runs.Select(run => RunViews.Of(run, caller.Role))], page.Next);
    }

    /// <summary>What a text may mean, each said for itself: a number may be a person's id too.</summary>
    public static async Task<RunMatches> SearchAsync(
        RunSearchQuery query,
        Caller caller,
        RunSearch search,
        CancellationToken cancellationToken
    )
    {
        var text = query.Text?.Trim() ?? "";
        var matches = new List<RunMatch>();
        if (text.Length > 0)
        {
            if (IsIdOrNumber(text) && await search.FindAsync(text, cancellationToken) is { } run)
                Add(RunId.IsWellFormed(text) ? "id" : "number", [run]);
            // Viewers do not learn ids of runs that wait, not even piece by piece.
            else if (caller.Role > Role.Viewer && text.Length is >= RunSearch.ShortestPrefix and < RunId.Length && RunId.IsPart(text))
                Add("id", await search.FindByPrefixAsync(text, cancellationToken));
            if (RunReference.TryParse(text, out var reference))
                Add("reference", await search.FindByReferenceAsync(reference, cancellationToken));
            var ofPerson = new RunFilter
            {
                Person = text,
                IsEnded = caller.Role == Role.Viewer,
                Limit = 5,
            };
            Add("person", (await search.ListAsync(ofPerson, cancellationToken)).Runs);
        }
        return new RunMatches(matches);

        void Add(string by, IEnumerable<RunSummary> runs) =>
            matches.AddRange(runs.Select(run => new RunMatch(by, RunViews.Of(run, caller.Role))));
    }

    /// <summary>A run with its trace.</summary>
    public static async Task<RunDetail> FindAsync(
        string id,
        Caller caller,
        RunSearch search,
        FlowStore flows,
        FlowCatalogue catalogue,
        CancellationToken cancellationToken
    )
    {
        var run = await RunOrNotFoundAsync(id, search, cancellationToken);
        var steps = RunViews.Steps(await search.TraceAsync(run.Id, cancellationToken), catalogue.Activities);
        var version = await flows.FindVersionAsync(run.FlowId, run.FlowVersion, cancellationToken);
        var showsValues = RunViews.ShowsValues(run, caller.Role);
        return new RunDetail(
            RunViews.Of(run, caller.Role),
            showsValues
                ? await RunLineage.JoinAsync(run, FlowValue.Array(steps), catalogue, cancellationToken)
                : FlowValue.Array(steps.Select(RunViews.WithoutValues)),
            !showsValues,
            version is null ? null : FlowViews.DefinitionIn(version.Definition)
        );
    }

    /// <summary>Ends a run that waits. The grain of the run does it, so that nobody advances it meanwhile.</summary>
    public static async Task CancelAsync(string id, Caller caller, RunSearch search, RunService runs, CancellationToken cancellationToken)
    {
        var run = await RunOrNotFoundAsync(id, search, cancellationToken);
        var answer = RunViews.HasEnded(run) ? null : await runs.CancelAsync(run.Id, caller.Name, cancellationToken);
        if (answer?.Error?.Code != FlowErrors.Cancelled.Code)
            throw new ApiException(StatusCodes.Status409Conflict, ManagementErrors.RunEnded);
    }

    /// <summary>The run of an id or number.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public static async Task<RunSummary> RunOrNotFoundAsync(string id, RunSearch search, CancellationToken cancellationToken) =>
        (IsIdOrNumber(id) ? await search.FindAsync(id, cancellationToken) : null) ?? throw ApiQuery.NotFound("There is no such run.");

    private static bool IsIdOrNumber(string text) =>
        RunId.IsWellFormed(text) || (text.Length is > 0 and <= 18 && text.All(char.IsAsciiDigit));

    private static RunStatus? StatusIn(string? name)
    {
        if (name is null)
            return null;
        return name == RunStatusExtensions.Expired
            ? RunStatus.Failed
            : RunStatusExtensions.FromName(name)
                ?? throw ApiQuery.Wrong("status", $"one of {string.Join(", ", RunStatusExtensions.Names)}, {RunStatusExtensions.Expired}");
    }
}
