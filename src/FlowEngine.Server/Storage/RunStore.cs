using System.Security.Cryptography;
using FlowEngine.Execution;
using FlowEngine.Server.Storage.Engines;
using FlowEngine.Server.Storage.Protection;
using Microsoft.AspNetCore.DataProtection;

namespace FlowEngine.Server.Storage;

/// <summary>
/// Per process, thread-safe: the runs. A save is one round trip and one commit, whatever goes with it. It is found by the id alone, so it costs the same with
/// a million runs beside it.
/// </summary>
/// <remarks>
/// Each save puts a new random stamp where the old one was, and only there (compare-and-swap). A save whose answer was lost on the way is repeated, and the
/// stamp tells whether it had happened.
/// </remarks>
internal sealed class RunStore(StorageDatabase database, IDataProtectionProvider protection, TimeProvider time)
{
    private const string Columns =
        """
        id as Id, flow_id as FlowId, flow_version as FlowVersion, status as Status, step_token as StepToken, sealed_state as State, stamp as Stamp,
        browser_key_hash as BrowserKeyHash, person as Person, error_code as ErrorCode, created_at as CreatedAt, updated_at as UpdatedAt, expires_at as ExpiresAt
        """;

    /// <summary>Finds a run.</summary>
    internal const string Find = $"select {Columns} from runs where id = @Id";

    /// <summary>Finds runs whose server stopped in the middle of an advance.</summary>
    internal const string Stopped =
        """
        select id as Id, number as Number, updated_at as UpdatedAt from runs
        where status = 0 and updated_at < @before and (updated_at, number) > (@time, @number) and expires_at > @now
        order by updated_at, number limit @limit
        """;

    private const string Insert =
        """
        insert into runs (id, flow_id, flow_version, status, step_token, sealed_state, stamp, saves, browser_key_hash, person, error_code, created_at, updated_at, expires_at)
        values (@Id, @FlowId, @FlowVersion, @Status, @StepToken, @State, @Next, 1, @BrowserKeyHash, @Person, @ErrorCode, @CreatedAt, @Now, @ExpiresAt)
        on conflict (id) do update set stamp = @Next where runs.stamp = @Next
        returning stamp;
        """;

    /// <summary>Saves a run over another state.</summary>
    internal const string Update =
        """
        update runs set
            status = @Status, step_token = @StepToken, sealed_state = @State, stamp = @Next, saves = case when stamp = @Next then saves else saves + 1 end,
            browser_key_hash = @BrowserKeyHash, person = @Person, error_code = @ErrorCode, updated_at = @Now, expires_at = @ExpiresAt
        where id = @Id and (stamp = @Stamp or stamp = @Next)
        returning stamp;
        """;

    // Both only when this very save went through: the stamp is its own.
    private const string WithTrace =
        "insert into run_traces (run_number, part, steps) select number, saves, @TraceSteps from runs where id = @Id and stamp = @Next on conflict do nothing;";

    private const string WithLogin =
        """
        insert into refresh_families (id, subject, sealed_content, current_hash, created_at, rotated_at, expires_at)
        select @LoginId, @LoginSubject, @LoginContent, @LoginHash, @LoginAt, @LoginAt, @LoginExpires from runs where id = @Id and stamp = @Next on conflict do nothing;
        """;

    private readonly Vault _vault = new(protection, "runs");

    /// <summary>Stores a new run.</summary>
    /// <returns>The stamp for the next save; null when there is a run of that id.</returns>
    public Task<long?> AddAsync(RunRecord run, RunExtras extras, CancellationToken cancellationToken) => WriteAsync(Insert, run, extras, 0, cancellationToken);

    /// <summary>Stores a run over what <paramref name="stamp"/> stands for.</summary>
    /// <returns>The stamp for the next save; null when the run was saved in between, or is gone: then nothing was stored.</returns>
    public Task<long?> SaveAsync(RunRecord run, long stamp, RunExtras extras, CancellationToken cancellationToken) => WriteAsync(Update, run, extras, stamp, cancellationToken);

    /// <summary>Finds a run by its id; null when there is none. One that expired has no state.</summary>
    /// <exception cref="StorageException">Its state cannot be decrypted.</exception>
    public async Task<StoredRun?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var run = await database.FirstAsync<StoredRun>(Find, new { Id = id }, cancellationToken).ConfigureAwait(false);
        return run is { State: { } state } ? run with { State = _vault.Open(state) } : run;
    }

    /// <summary>Lists runs that are in the middle of an advance and were not stored for a while, the longest first: their server may be gone.</summary>
    /// <param name="before">Not stored since then.</param>
    /// <param name="after">The last of the page before; null for the first page.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public Task<IReadOnlyList<StoppedRun>> ListStoppedAsync(UnixTime before, StoppedRun? after, int limit, CancellationToken cancellationToken) => database.ListAsync<StoppedRun>(
        Stopped,
        new { before, time = after?.UpdatedAt.Milliseconds ?? long.MinValue, number = after?.Number ?? 0, now = (UnixTime)time.GetUtcNow(), limit },
        cancellationToken);

    private Task<long?> WriteAsync(string statement, RunRecord run, RunExtras extras, long stamp, CancellationToken cancellationToken)
    {
        // Text concatenation of constants: four texts in all, each prepared once.
        var sql = (extras.TraceSteps is null, extras.Login is null) switch
        {
            (true, true) => statement,
            (false, true) => statement + WithTrace,
            (true, false) => statement + WithLogin,
            _ => statement + WithTrace + WithLogin,
        };
        return database.WriteFirstAsync<long?>(sql, new Arguments(run, extras, stamp, _vault, time.GetUtcNow()), cancellationToken);
    }

    /// <summary>Shared and immutable: the parameters of a save, typed even where a value is null.</summary>
    private sealed class Arguments(RunRecord run, RunExtras extras, long stamp, Vault vault, DateTimeOffset now)
    {
        public string Id => run.Id;

        public string FlowId => run.FlowId;

        public int FlowVersion => run.FlowVersion;

        public int Status => (int)run.Status;

        public string StepToken => run.StepToken;

        public byte[]? State { get; } = run.State is null ? null : vault.Seal(run.State);

        public long Stamp => stamp;

        public long Next { get; } = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));

        public string? BrowserKeyHash => run.BrowserKeyHash;

        public string? Person => run.Person;

        public string? ErrorCode => run.ErrorCode;

        public long CreatedAt => run.CreatedAt.Milliseconds;

        public long ExpiresAt => run.ExpiresAt.Milliseconds;

        public long Now { get; } = now.ToUnixTimeMilliseconds();

        public string? TraceSteps => extras.TraceSteps;

        public string? LoginId => extras.Login?.Id;

        public string? LoginSubject => extras.Login?.Subject;

        public byte[]? LoginContent => extras.Login?.SealedContent;

        public string? LoginHash => extras.Login?.CurrentHash;

        public long LoginAt => extras.Login?.CreatedAt.Milliseconds ?? 0;

        public long LoginExpires => extras.Login?.ExpiresAt.Milliseconds ?? 0;
    }
}
