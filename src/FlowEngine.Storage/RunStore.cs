using FlowEngine.Storage.Engines;
using FlowEngine.Storage.Protection;

namespace FlowEngine.Storage;

/// <summary>
/// Per process, thread-safe: the runs. A save is one commit, whatever goes with it, see <see cref="RunWriter"/>. It is found by the id
/// alone, so it costs the same with a million runs beside it.
/// </summary>
internal sealed class RunStore(StorageDatabase database, RunSeals seals, TimeProvider time)
{
    /// <summary>Finds a run.</summary>
    internal static readonly string Find = $"""
        select id as Id, flow_id as FlowId, flow_version as FlowVersion, status as Status, step_token as StepToken, sealed_state as State,
          stamp as Stamp, browser_key_hash as BrowserKeyHash, person as Person, sealed_person as SealedPerson, error_code as ErrorCode,
          errors as Errors, {RunColumns.Facts("runs")}
        from runs where id = @Id
        """;

    /// <summary>Whether there is a run.</summary>
    internal const string Exists = "select 1 from runs where id = @Id";

    /// <summary>Finds runs whose server stopped in the middle of an advance.</summary>
    internal const string Stopped = $"""
        select id as Id, number as Number, updated_at as UpdatedAt from runs
        where {RunStatusSql.IsRunning} and (updated_at < @before or updated_at > @later) and (updated_at, number) > (@time, @number) and expires_at > @now
        order by updated_at, number limit @limit
        """;

    /// <summary>Stores a new run.</summary>
    /// <returns>The stamp for the next save; null when there is a run of that id.</returns>
    public Task<long?> AddAsync(RunRecord run, RunExtras extras, CancellationToken cancellationToken) =>
        WriteAsync(run, null, extras, cancellationToken);

    /// <summary>Stores a run over what <paramref name="stamp"/> stands for.</summary>
    /// <returns>The stamp for the next save; null when the run was saved in between, or is gone: then nothing was stored.</returns>
    public Task<long?> SaveAsync(RunRecord run, long stamp, RunExtras extras, CancellationToken cancellationToken) =>
        WriteAsync(run, stamp, extras, cancellationToken);

    /// <summary>Throws when there is no room for a run's next save, so that nothing is done that could not be kept. Costs a look.</summary>
    /// <exception cref="StorageException">The disk is full.</exception>
    public void EnsureRoom() => database.Room.Ensure();

    /// <summary>Finds a run by its id; null when there is none. One that expired has no state.</summary>
    /// <exception cref="StorageException">Its state or person cannot be decrypted.</exception>
    public async Task<StoredRun?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var run = await database.FirstAsync<StoredRun>(Find, new { Id = id }, cancellationToken).ConfigureAwait(false);
        if (run is null)
            return null;
        return run with
        {
            State = run.State is { } state ? seals.OpenState(state) : null,
            Person = run.SealedPerson is { } person ? seals.OpenPerson(person) : run.Person,
            SealedPerson = null,
        };
    }

    /// <summary>Whether there is a run of an id, whatever became of it.</summary>
    public async Task<bool> ExistsAsync(string id, CancellationToken cancellationToken) =>
        await database.FirstAsync<int>(Exists, new { Id = id }, cancellationToken).ConfigureAwait(false) == 1;

    /// <summary>Lists runs that are in the middle of an advance and were not
    /// stored for a while, the longest first: their server may be gone.</summary>
    /// <param name="before">Not stored since then.</param>
    /// <param name="later">Or, as it seems, stored after this time: the clock was set back since.</param>
    /// <param name="after">The last of the page before; null for the first page.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public Task<IReadOnlyList<StoppedRun>> ListStoppedAsync(
        UnixTime before,
        UnixTime later,
        StoppedRun? after,
        int limit,
        CancellationToken cancellationToken
    ) =>
        database.ListAsync<StoppedRun>(
            Stopped,
            new
            {
                before,
                later,
                time = after?.UpdatedAt.Milliseconds ?? long.MinValue,
                number = after?.Number ?? 0,
                now = (UnixTime)time.GetUtcNow(),
                limit,
            },
            cancellationToken
        );

    private async Task<long?> WriteAsync(RunRecord run, long? stamp, RunExtras extras, CancellationToken cancellationToken)
    {
        var save = new RunSave(run, extras, stamp, seals, time.GetUtcNow());
        return await database.RunWriter.WriteAsync(save, cancellationToken).ConfigureAwait(false) ? save.Next : null;
    }
}
