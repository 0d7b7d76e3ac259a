using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Runs;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Runs;

/// <summary>Stateless: runs: list and look into.</summary>
internal static class RunEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapRuns(this IEndpointRouteBuilder api)
    {
        api.MapGet("/runs", ListAsync).RequireRole(Role.Viewer);
        api.MapGet("/runs/search", SearchAsync).RequireRole(Role.Viewer);
        api.MapGet("/runs/{id}", FindAsync).RequireRole(Role.Viewer);
        api.MapPost("/runs/{id}/cancel", CancelAsync).RequireRole(Role.Designer);
    }

    private static async Task ListAsync(HttpContext http, Caller caller, RunSearch search)
    {
        var filter = new RunFilter
        {
            FlowId = ApiQuery.Text(http, "flow"),
            Status = StatusIn(http),
            IsExpired = ApiQuery.Text(http, "status") == RunViews.Expired,
            Person = ApiQuery.Text(http, "person"),
            // Or whose runs wait could be asked person by person.
            IsEnded = caller.Role == Role.Viewer && ApiQuery.Text(http, "person") is not null,
            FailureCode = ApiQuery.Text(http, "error"),
            HasErrors = ApiQuery.Flag(http, "errors"),
            ErrorCode = ApiQuery.Text(http, "errorCode"),
            ErrorActivity = ApiQuery.Text(http, "activity"),
            ErrorConnector = ApiQuery.Text(http, "connector"),
            From = ApiQuery.Time(http, "from") is { } from ? (UnixTime?)from : null,
            Until = ApiQuery.Time(http, "until") is { } until ? (UnixTime?)until : null,
            Cursor =
                ApiQuery.Text(http, "cursor") is not { } cursor || RunSearch.IsCursor(cursor)
                    ? ApiQuery.Text(http, "cursor")
                    : throw ApiQuery.Wrong("cursor", "the 'next' of a page before"),
            Limit = ApiQuery.Limit(http),
        };
        var page = await search.ListAsync(filter, http.RequestAborted);
        await ApiAnswer.WriteAsync(
            http,
            ApiJson.Object(
                ("runs", ApiJson.Array(page.Runs.Select(run => FlowValue.From(RunViews.Of(run, caller.Role))))),
                ("next", ApiJson.Text(page.Next))
            )
        );
    }

    /// <summary>What a text may mean, each said for itself: a number may be a person's id too.</summary>
    private static async Task SearchAsync(HttpContext http, Caller caller, RunSearch search)
    {
        var text = ApiQuery.Text(http, "text")?.Trim() ?? "";
        var matches = new List<FlowValue>();
        if (text.Length > 0)
        {
            if (IsIdOrNumber(text) && await search.FindAsync(text, http.RequestAborted) is { } run)
                Add(RunId.IsWellFormed(text) ? "id" : "number", [run]);
            // Viewers do not learn ids of runs that wait, not even piece by piece.
            else if (caller.Role > Role.Viewer && text.Length is >= RunSearch.ShortestPrefix and < RunId.Length && RunId.IsPart(text))
                Add("id", await search.FindByPrefixAsync(text, http.RequestAborted));
            if (RunReference.TryParse(text, out var reference))
                Add("reference", await search.FindByReferenceAsync(reference, http.RequestAborted));
            Add(
                "person",
                (
                    await search.ListAsync(
                        new RunFilter
                        {
                            Person = text,
                            IsEnded = caller.Role == Role.Viewer,
                            Limit = 5,
                        },
                        http.RequestAborted
                    )
                ).Runs
            );
        }
        await ApiAnswer.WriteAsync(http, ApiJson.Object(("matches", ApiJson.Array(matches))));

        void Add(string by, IEnumerable<RunSummary> runs) =>
            matches.AddRange(
                runs.Select(run => ApiJson.Object(("by", FlowValue.From(by)), ("run", FlowValue.From(RunViews.Of(run, caller.Role)))))
            );
    }

    private static async Task FindAsync(HttpContext http, string id, Caller caller, RunSearch search, FlowStore flows)
    {
        var run = await RunOrNotFoundAsync(http, id, search);
        var steps = RunViews.Steps(await search.TraceAsync(run.Id, http.RequestAborted), FlowEngineHost.Activities);
        var version = await flows.FindVersionAsync(run.FlowId, run.FlowVersion, http.RequestAborted);
        var showsValues = RunViews.ShowsValues(run, caller.Role);
        await ApiAnswer.WriteAsync(
            http,
            FlowValue.From(
                RunViews
                    .Of(run, caller.Role)
                    .With("trace", ApiJson.Array(showsValues ? steps : steps.Select(RunViews.WithoutValues)))
                    .With("valuesHidden", FlowValue.From(!showsValues))
                    .With("definition", version is null ? FlowValue.Null : JsonReading.Parse(version.Definition))
            )
        );
    }

    /// <summary>The grain of the run ends it, so that nobody advances it meanwhile.</summary>
    private static async Task CancelAsync(HttpContext http, string id, Caller caller, RunSearch search, RunService runs, AuditLog audit)
    {
        var run = await RunOrNotFoundAsync(http, id, search);
        var answer = RunViews.HasEnded(run) ? null : await runs.CancelAsync(run.Id, http.RequestAborted);
        if (answer?.Error?.Code != FlowErrors.Cancelled.Code)
            throw new ApiException(StatusCodes.Status409Conflict, ManagementErrors.RunEnded);
        // Not its id: what stands in the log is read by more people than may go on with runs.
        await audit.WriteAsync(
            caller.Name,
            AuditAction.RunCancel,
            $"run:{run.Number}",
            ApiJson.Object(("flow", FlowValue.From(run.FlowId))).ToJson(),
            http.RequestAborted
        );
        await ApiAnswer.DoneAsync(http);
    }

    /// <summary>The run of an id or number.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public static async Task<RunSummary> RunOrNotFoundAsync(HttpContext http, string id, RunSearch search) =>
        (IsIdOrNumber(id) ? await search.FindAsync(id, http.RequestAborted) : null) ?? throw ApiQuery.NotFound("There is no such run.");

    private static bool IsIdOrNumber(string text) =>
        RunId.IsWellFormed(text) || (text.Length is > 0 and <= 18 && text.All(char.IsAsciiDigit));

    private static RunStatus? StatusIn(HttpContext http)
    {
        if (ApiQuery.Text(http, "status") is not { } name)
            return null;
        if (name == RunViews.Expired)
            return RunStatus.Failed;
        foreach (var status in Enum.GetValues<RunStatus>())
        {
            if (status.ToName() == name)
                return status;
        }
        throw ApiQuery.Wrong(
            "status",
            $"one of {string.Join(", ", Enum.GetValues<RunStatus>().Select(status => status.ToName()))}, {RunViews.Expired}"
        );
    }
}
