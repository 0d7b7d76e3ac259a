using System.Globalization;
using FlowEngine.Execution;
using FlowEngine.Server.Storage.Engines;
using FlowEngine.Server.Storage.Protection;

namespace FlowEngine.Server.Storage;

/// <summary>Shared and immutable: which runs to list. What is null is not asked for.</summary>
internal sealed record RunFilter
{
    /// <summary>The flow.</summary>
    public string? FlowId { get; init; }

    /// <summary>Where they are.</summary>
    public RunStatus? Status { get; init; }

    /// <summary>The code they failed with.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Whom they are about.</summary>
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
internal sealed record RunSummary
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

    /// <summary>The code it failed with, or null.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>When it was started.</summary>
    public UnixTime CreatedAt { get; init; }

    /// <summary>When it was last saved.</summary>
    public UnixTime UpdatedAt { get; init; }

    /// <summary>When it expires or expired.</summary>
    public UnixTime ExpiresAt { get; init; }
}

/// <summary>Shared and immutable: some runs, the newest first.</summary>
/// <param name="Runs">The runs.</param>
/// <param name="Next">The cursor of the next page, or null when this is the last.</param>
internal sealed record RunPage(IReadOnlyList<RunSummary> Runs, string? Next);

/// <summary>Per process, thread-safe: lists runs and reads their traces. Pages begin where the last one ended (no offset, no count), so a late page costs what the first does.</summary>
internal sealed class RunSearch(StorageDatabase database, RunSeals seals)
{
    private const string Columns =
        """
        number as Number, id as Id, flow_id as FlowId, flow_version as FlowVersion, status as Status, person as Person, sealed_person as SealedPerson, error_code as ErrorCode,
        created_at as CreatedAt, updated_at as UpdatedAt, expires_at as ExpiresAt
        """;

    /// <summary>Reads a trace.</summary>
    internal const string Trace = "select t.steps as Steps, t.sealed_steps as SealedSteps from runs r join run_traces t on t.run_number = r.number where r.id = @runId order by t.part";

    /// <summary>Lists runs.</summary>
    /// <returns>A page; an empty one when the cursor is none that we gave.</returns>
    public async Task<RunPage> ListAsync(RunFilter filter, CancellationToken cancellationToken)
    {
        var (time, number) = (long.MaxValue, long.MaxValue);
        if (filter.Cursor is { } cursor && !TryParse(cursor, out time, out number))
            return new RunPage([], null);

        var limit = Math.Clamp(filter.Limit, 1, 200);
        var rows = await ReadAsync(filter.Person is null ? null : seals.HashOf(filter.Person)).ConfigureAwait(false);
        // Rows of releases before hold the person itself, until they are sealed or gone.
        if (filter.Person is not null && await ReadAsync(filter.Person).ConfigureAwait(false) is { Count: > 0 } former)
            rows = [.. rows.Concat(former).OrderByDescending(row => row.CreatedAt.Milliseconds).ThenByDescending(row => row.Number).Take(limit + 1)];
        if (rows.Count <= limit)
            return new RunPage([.. rows.Select(Opened)], null);
        var last = rows[limit - 1];
        return new RunPage([.. rows.Take(limit).Select(Opened)], string.Create(CultureInfo.InvariantCulture, $"{last.CreatedAt.Milliseconds}.{last.Number}"));

        Task<IReadOnlyList<RunSummary>> ReadAsync(string? person) => database.ListAsync<RunSummary>(
            Sql(filter),
            new
            {
                filter.FlowId,
                Status = (int?)filter.Status,
                filter.ErrorCode,
                Person = person,
                From = filter.From?.Milliseconds,
                Until = filter.Until?.Milliseconds,
                time,
                number,
                count = limit + 1,
            },
            cancellationToken);
    }

    /// <summary>Finds a run by its id, or by its number.</summary>
    public async Task<RunSummary?> FindAsync(string idOrNumber, CancellationToken cancellationToken)
    {
        // Ids have 24 characters, numbers never that many digits.
        var row = idOrNumber.Length < 20 && long.TryParse(idOrNumber, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? await database.FirstAsync<RunSummary>($"select {Columns} from runs where number = @number", new { number }, cancellationToken).ConfigureAwait(false)
            : await database.FirstAsync<RunSummary>($"select {Columns} from runs where id = @idOrNumber", new { idOrNumber }, cancellationToken).ConfigureAwait(false);
        return row is null ? null : Opened(row);
    }

    /// <summary>The redacted trace of a run: for each save that had one, a JSON array of its steps, in order.</summary>
    /// <exception cref="StorageException">It cannot be decrypted.</exception>
    public async Task<IReadOnlyList<string>> TraceAsync(string runId, CancellationToken cancellationToken)
    {
        var parts = await database.ListAsync<TracePart>(Trace, new { runId }, cancellationToken).ConfigureAwait(false);
        return [.. parts.Select(part => part.SealedSteps is { } steps ? seals.OpenTrace(steps) : part.Steps)];
    }

    private RunSummary Opened(RunSummary row) => row.SealedPerson is { } person ? row with { Person = seals.OpenPerson(person), SealedPerson = null } : row;

    /// <summary>The statement of a filter. Only what is asked for stands in it, so that the planner sees which index fits.</summary>
    internal static string Sql(RunFilter filter)
    {
        var conditions = new List<string>();
        Add(filter.FlowId is not null, "flow_id = @FlowId");
        Add(filter.ErrorCode is not null, "error_code = @ErrorCode");
        Add(filter.Person is not null, "person = @Person");
        Add(filter.IsEnded, "status >= 2");
        Add(filter.From is not null, "created_at >= @From");
        Add(filter.Until is not null, "created_at < @Until");
        Add(filter.Cursor is not null, "(created_at, number) < (@time, @number)");
        // The condition of the index on the few that have not ended, in its words.
        Add(filter.Status is RunStatus.Running or RunStatus.Waiting, "status < 2");
        Add(filter.Status is not null, "status = @Status");
        Add(filter.Status is RunStatus.Failed, "error_code is not null");
        var where = conditions.Count == 0 ? "" : $"where {string.Join(" and ", conditions)}";
        return $"select {Columns} from runs {where} order by created_at desc, number desc limit @count";

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
