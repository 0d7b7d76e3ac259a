using System.Globalization;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Storage.Engines;
using FlowEngine.Storage.Protection;

namespace FlowEngine.Storage;

/// <summary>Shared and immutable: which runs to list. What is null is not asked for.</summary>
internal sealed record RunFilter
{
    /// <summary>The flow.</summary>
    public string? FlowId { get; init; }

    /// <summary>Where they are. Those that expired are none of the failed ones, unless <see cref="IsExpired"/> asks for them.</summary>
    public RunStatus? Status { get; init; }

    /// <summary>Whether of the failed ones, those that expired are asked for. Default false.</summary>
    public bool IsExpired { get; init; }

    /// <summary>The code they failed with.</summary>
    public string? FailureCode { get; init; }

    /// <summary>The code of an error that they had, whether they failed with it or not.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The activity of an error that they had, qualified by the subflows it lies in.</summary>
    public string? ErrorActivity { get; init; }

    /// <summary>The connector of an error that they had.</summary>
    public string? ErrorConnector { get; init; }

    /// <summary>Whether only runs that had an error are asked for, handled or not. Default false.</summary>
    public bool HasErrors { get; init; }

    /// <summary>Whom they are about: the user id, the email, the loginId, or what the flow says its runs are found by.</summary>
    public string? Person { get; init; }

    /// <summary>Whether only runs that have ended are asked for. Default false.</summary>
    public bool IsEnded { get; init; }

    /// <summary>Started then or later.</summary>
    public UnixTime? From { get; init; }

    /// <summary>Started before then.</summary>
    public UnixTime? Until { get; init; }

    /// <summary>The <see cref="RunPage.Next"/> of the page before.</summary>
    public string? Cursor { get; init; }

    /// <summary>How many, 1 to 200. Default 50.</summary>
    public int Limit { get; init; } = 50;
}

/// <summary>Shared and immutable: a run in a list.</summary>
internal sealed record RunSummary : RunFacts
{
    /// <summary>Its place in time among runs.</summary>
    public long Number { get; init; }

    /// <summary>The run's id.</summary>
    public string Id { get; init; } = "";

    /// <summary>The flow.</summary>
    public string FlowId { get; init; } = "";

    /// <summary>The version.</summary>
    public int FlowVersion { get; init; }

    /// <summary>Where it is.</summary>
    public RunStatus Status { get; init; }

    /// <summary>Whom it is about, or null.</summary>
    public string? Person { get; init; }

    /// <summary>The person as it is stored; null in rows of releases before, and once it was opened.</summary>
    public byte[]? SealedPerson { get; init; }

    /// <summary>What its flow says it is found by, or null.</summary>
    public string? Reference { get; init; }

    /// <summary>The reference as it is stored; null once it was opened.</summary>
    public byte[]? SealedReference { get; init; }

    /// <summary>The code it failed with, or null.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The errors of its steps as JSON, see <see cref="RunErrors.ToValue"/>; null for none.</summary>
    public string? Errors { get; init; }

    /// <summary>The screen that it waits for as JSON, see <see cref="WaitingScreen"/>;
    /// null for none, and in rows of releases before.</summary>
    public string? Screen { get; init; }

    /// <summary>How many milliseconds it was worked on; null in rows of releases before.</summary>
    public long? Worked { get; init; }
}

/// <summary>Shared and immutable: where a run stands that has not ended.</summary>
internal sealed record OpenRun
{
    /// <summary>The flow.</summary>
    public string FlowId { get; init; } = "";

    /// <summary>The screen that it waits for as JSON, see <see cref="WaitingScreen"/>; null for none.</summary>
    public string? Screen { get; init; }

    /// <summary>When it began.</summary>
    public UnixTime CreatedAt { get; init; }
}

/// <summary>Shared and immutable: some runs, the newest first.</summary>
/// <param name="Runs">The runs.</param>
/// <param name="Next">The cursor of the next page, or null when this is the last.</param>
internal sealed record RunPage(IReadOnlyList<RunSummary> Runs, string? Next);

/// <summary>Per process, thread-safe: lists runs and reads their traces. Pages begin where the
/// last one ended (no offset, no count), so a late page costs what the first does.</summary>
internal sealed class RunSearch(StorageDatabase database, RunSeals seals)
{
    /// <summary>How many characters of an id its run is found by at least.</summary>
    public const int ShortestPrefix = 8;

    private static readonly string Columns = $"""
        r.number as Number, r.id as Id, r.flow_id as FlowId, r.flow_version as FlowVersion, r.status as Status, r.person as Person,
        r.sealed_person as SealedPerson, r.sealed_reference as SealedReference, r.error_code as ErrorCode, r.errors as Errors,
        r.screen as Screen, r.worked as Worked, {RunColumns.Facts("r")}
        """;

    /// <summary>The latest runs that have not ended.</summary>
    internal static readonly string Open =
        $"select r.flow_id as FlowId, r.screen as Screen, r.created_at as CreatedAt from runs r where r.{RunStatusSql.IsOpen} "
        + "order by r.created_at desc, r.number desc limit @count";

    /// <summary>How many runs, up to a number, had an error of a connector and were saved since: those that began within a time before are
    /// looked at.</summary>
    internal const string Struck =
        "select count(*) from (select 1 from run_marks m join runs r on r.number = m.run_number where m.mark = @mark "
        + "and m.created_at >= @began and r.updated_at >= @since limit @count) as struck";

    /// <summary>Reads a trace.</summary>
    internal const string Trace =
        "select t.steps as Steps, t.sealed_steps as SealedSteps from runs r join "
        + "run_traces t on t.run_number = r.number where r.id = @runId order by t.part";

    /// <summary>Finds the runs of a short reference.</summary>
    internal static readonly string ByShortReference =
        $"select {Columns} from runs r where r.short_ref = @reference order by r.number desc limit @count";

    /// <summary>Finds the runs whose id begins in a way.</summary>
    internal string ByPrefix => $"select {Columns} from runs r where {database.IdBetween("r.id")} limit @count";

    /// <summary>Lists runs.</summary>
    /// <returns>A page; an empty one when the cursor is none that we gave.</returns>
    public async Task<RunPage> ListAsync(RunFilter filter, CancellationToken cancellationToken)
    {
        var (time, number) = (long.MaxValue, long.MaxValue);
        if (filter.Cursor is { } cursor && !TryParse(cursor, out time, out number))
            return new RunPage([], null);

        var limit = Math.Clamp(filter.Limit, 1, 200);
        var arguments = new
        {
            filter.FlowId,
            Status = (int?)filter.Status,
            filter.FailureCode,
            filter.ErrorCode,
            CodeMark = $"code:{filter.ErrorCode}",
            ActivityMark = $"activity:{filter.ErrorActivity}",
            ConnectorMark = $"connector:{filter.ErrorConnector}",
            Person = filter.Person is null ? null : seals.HashOf(filter.Person),
            FormerPerson = filter.Person,
            Key = filter.Person is null ? null : seals.KeyOf(filter.Person),
            From = filter.From?.Milliseconds,
            Until = filter.Until?.Milliseconds,
            time,
            number,
            count = limit + 1,
        };
        IReadOnlyList<RunSummary> rows = [];
        // Each way to find them has an index of its own; what several of them find is told once.
        foreach (var statement in Statements(filter))
        {
            var found = await database.ListAsync<RunSummary>(statement, arguments, cancellationToken).ConfigureAwait(false);
            rows =
                rows.Count == 0 ? found
                : found.Count == 0 ? rows
                :
                [
                    .. rows.Concat(found)
                        .DistinctBy(row => row.Number)
                        .OrderByDescending(row => row.CreatedAt.Milliseconds)
                        .ThenByDescending(row => row.Number)
                        .Take(limit + 1),
                ];
        }
        if (rows.Count <= limit)
            return new RunPage([.. rows.Select(Opened)], null);
        var last = rows[limit - 1];
        return new RunPage(
            [.. rows.Take(limit).Select(Opened)],
            string.Create(CultureInfo.InvariantCulture, $"{last.CreatedAt.Milliseconds}.{last.Number}")
        );
    }

    /// <summary>Where runs stand that have not ended: a look at the latest of them.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public Task<IReadOnlyList<OpenRun>> ListOpenAsync(int count, CancellationToken cancellationToken) =>
        database.ListAsync<OpenRun>(Open, new { count }, cancellationToken);

    /// <summary>How many runs had an error of a connector since a time.</summary>
    /// <param name="connector">The connector.</param>
    /// <param name="since">The time.</param>
    /// <param name="most">Up to how many are counted.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public Task<long> CountStruckAsync(string connector, DateTimeOffset since, int most, CancellationToken cancellationToken) =>
        database.FirstAsync<long>(
            Struck,
            new
            {
                mark = $"connector:{connector}",
                began = (UnixTime)(since - TimeSpan.FromHours(1)),
                since = (UnixTime)since,
                count = most,
            },
            cancellationToken
        );

    /// <summary>Finds runs by the short reference that people quote, see <see cref="RunReference"/>: one, or by chance a few.</summary>
    /// <param name="reference">The reference as a number.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<IReadOnlyList<RunSummary>> FindByReferenceAsync(long reference, CancellationToken cancellationToken) =>
        [
            .. (
                await database
                    .ListAsync<RunSummary>(ByShortReference, new { reference, count = 5 }, cancellationToken)
                    .ConfigureAwait(false)
            ).Select(Opened),
        ];

    /// <summary>Finds runs by the beginning of their id, of at least <see cref="ShortestPrefix"/> characters.</summary>
    /// <param name="prefix">The beginning.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<IReadOnlyList<RunSummary>> FindByPrefixAsync(string prefix, CancellationToken cancellationToken)
    {
        if (prefix.Length < ShortestPrefix)
            return [];
        // Ids are ASCII: the character after the last one ends them.
        var until = string.Concat(prefix.AsSpan(0, prefix.Length - 1), new string((char)(prefix[^1] + 1), 1));
        return
        [
            .. (
                await database
                    .ListAsync<RunSummary>(
                        ByPrefix,
                        new
                        {
                            from = prefix,
                            until,
                            count = 5,
                        },
                        cancellationToken
                    )
                    .ConfigureAwait(false)
            ).Select(Opened),
        ];
    }

    /// <summary>Finds a run by its id, or by its number.</summary>
    public async Task<RunSummary?> FindAsync(string idOrNumber, CancellationToken cancellationToken)
    {
        // Ids have 24 characters, numbers never that many digits.
        var row =
            idOrNumber.Length < 20 && long.TryParse(idOrNumber, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? await database
                    .FirstAsync<RunSummary>($"select {Columns} from runs r where r.number = @number", new { number }, cancellationToken)
                    .ConfigureAwait(false)
                : await database
                    .FirstAsync<RunSummary>($"select {Columns} from runs r where r.id = @idOrNumber", new { idOrNumber }, cancellationToken)
                    .ConfigureAwait(false);
        return row is null ? null : Opened(row);
    }

    /// <summary>The redacted trace of a run: for each save that had one, a JSON array of its steps, in order.</summary>
    /// <exception cref="StorageException">It cannot be decrypted.</exception>
    public async Task<IReadOnlyList<string>> TraceAsync(string runId, CancellationToken cancellationToken)
    {
        var parts = await database.ListAsync<TracePart>(Trace, new { runId }, cancellationToken).ConfigureAwait(false);
        return [.. parts.Select(part => part.SealedSteps is { } steps ? seals.OpenTrace(steps) : part.Steps)];
    }

    private RunSummary Opened(RunSummary row) =>
        row with
        {
            Person = row.SealedPerson is { } person ? seals.OpenPerson(person) : row.Person,
            SealedPerson = null,
            Reference = row.SealedReference is { } reference ? seals.OpenReference(reference) : null,
            SealedReference = null,
        };

    /// <summary>The statements of a filter: one for each index that may have what is asked for.
    /// Only what is asked for stands in them, so that the planner sees which index fits.</summary>
    internal static IEnumerable<string> Statements(RunFilter filter)
    {
        if (filter.Person is not null)
        {
            // Rows of releases before hold the person itself, until they are sealed or gone.
            foreach (
                var person in new[]
                {
                    "r.person = @Person",
                    "r.person = @FormerPerson",
                    "r.reference_key = @Key",
                    "r.email_key = @Key",
                    "r.login_key = @Key",
                }
            )
                yield return Statement(filter, person, null);
        }
        else if (Marks(filter) is [var first, ..])
        {
            yield return Statement(filter, null, first);
            // What ended a run without being an error of a step: that it expired, or was cancelled.
            if (filter.ErrorCode is not null)
                yield return Statement(filter, "r.error_code = @ErrorCode", null);
        }
        else
        {
            yield return Statement(filter, null, null);
        }
    }

    /// <summary>What of a filter is found by marks.</summary>
    private static List<string> Marks(RunFilter filter)
    {
        var marks = new List<string>(3);
        if (filter.ErrorCode is not null)
            marks.Add("@CodeMark");
        if (filter.ErrorActivity is not null)
            marks.Add("@ActivityMark");
        if (filter.ErrorConnector is not null)
            marks.Add("@ConnectorMark");
        return marks;
    }

    /// <param name="filter">The filter.</param>
    /// <param name="by">The condition that it is found by; null for none.</param>
    /// <param name="mark">The parameter of the mark that it is found by; null for none.</param>
    private static string Statement(RunFilter filter, string? by, string? mark)
    {
        var conditions = new List<string>();
        var (at, number) = mark is null ? ("r.created_at", "r.number") : ("m.created_at", "m.run_number");
        Add(mark is not null, $"m.mark = {mark}");
        Add(by is not null, by!);
        Add(filter.FlowId is not null, "r.flow_id = @FlowId");
        Add(filter.FailureCode is not null, "r.error_code = @FailureCode");
        foreach (var other in Marks(filter).Where(other => other != mark))
        {
            // Not "exists", which PostgreSQL makes a join of, and then reads all that have the mark before it sorts out a page.
            var isMarked = $"(select 1 from run_marks o where o.run_number = {number} and o.mark = {other} limit 1) is not null";
            conditions.Add(other == "@CodeMark" ? $"(r.error_code = @ErrorCode or {isMarked})" : isMarked);
        }
        Add(filter.HasErrors, "r.errors is not null");
        Add(filter.IsEnded, $"r.{RunStatusSql.IsOver}");
        Add(filter.From is not null, $"{at} >= @From");
        Add(filter.Until is not null, $"{at} < @Until");
        Add(filter.Cursor is not null, $"({at}, {number}) < (@time, @number)");
        // The condition of the index on the few that have not ended, in its words.
        Add(filter.Status?.IsOver() == false, $"r.{RunStatusSql.IsOpen}");
        Add(filter.Status is not null, "r.status = @Status");
        Add(filter.Status is RunStatus.Failed, $"r.error_code {(filter.IsExpired ? "=" : "<>")} '{FlowErrors.Expired.Code}'");
        // In the words of their indexes, too.
        Add(filter.Status is RunStatus.Refused, $"r.{RunStatusSql.IsRefused}");
        Add(filter.Status is RunStatus.Cancelled, $"r.error_code = '{FlowErrors.Cancelled.Code}'");
        var where = conditions.Count == 0 ? "" : $"where {string.Join(" and ", conditions)}";
        var from = mark is null ? "runs r" : "run_marks m join runs r on r.number = m.run_number";
        return $"select {Columns} from {from} {where} order by {at} desc, {number} desc limit @count";

        void Add(bool isAsked, string condition)
        {
            if (isAsked)
                conditions.Add(condition);
        }
    }

    /// <summary>A part of a trace as it is stored; in plain in rows of releases before.</summary>
    private sealed record TracePart
    {
        public string Steps { get; init; } = "";

        public byte[]? SealedSteps { get; init; }
    }

    /// <summary>Whether a text may be a cursor that we gave.</summary>
    public static bool IsCursor(string text) => TryParse(text, out _, out _);

    private static bool TryParse(string cursor, out long time, out long number)
    {
        number = 0;
        var dot = cursor.IndexOf('.', StringComparison.Ordinal);
        return long.TryParse(dot < 0 ? cursor : cursor[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out time)
            && long.TryParse(cursor.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
