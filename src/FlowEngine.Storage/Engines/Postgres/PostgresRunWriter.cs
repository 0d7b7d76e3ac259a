using Npgsql;

namespace FlowEngine.Storage.Engines.Postgres;

/// <summary>
/// Per process, thread-safe: writes saves of runs to PostgreSQL. Those that arrive while others are on their way wait for these, and then
/// travel together: one statement over all of them, one commit. What a save costs
/// falls with the load. Nobody is told "done" before the commit is on the disk.
/// </summary>
/// <remarks>
/// The statements of a group do what <see cref="RunWriter"/>'s do for one save, which a group of one still goes by. A group that PostgreSQL
/// refuses is written one by one, so that one bad save takes none of the others with it. A group that is repeated, because its answer was
/// lost after it had been stored, is refused too: its traces, logins and codes are there. So they need no "on conflict", which costs each
/// of them a look into its index and a record of the log.
/// </remarks>
internal sealed class PostgresRunWriter(PostgresDatabase database, int connections) : RunWriter(database)
{
    private const int LargestGroup = 64;

    /// <summary>What a group weighs at most, unless it is one save that weighs
    /// more: it is held several times over on its way, here and there.</summary>
    private const int LargestWeight = 4 * 1024 * 1024;

    /// <summary>What few saves have, in the order of the bits that say which of them a group has.</summary>
    private static readonly RunColumn[] Rares = [.. RunColumns.All.Where(column => column.IsRare)];

    /// <summary>The statements by the rare columns of a group, each made when it is first needed.</summary>
    private static readonly GroupStatement?[] Inserts = new GroupStatement?[1 << Rares.Length];
    private static readonly GroupStatement?[] Updates = new GroupStatement?[1 << Rares.Length];

    /// <summary>The logins of the saves that went through.</summary>
    private const string WithLogins = """
        logged_in as (
            insert into refresh_families (id, subject, sealed_content, current_hash, created_at, rotated_at, expires_at)
            select login.id, subject, content, hash, at, at, expires
            from unnest(@next, @loginIds, @loginSubjects, @loginContents, @loginHashes, @loginTimes, @loginExpires) as login (stamp,
              id, subject, content, hash, at, expires)
                join saved using (stamp)
            where login.id is not null
        )
        """;

    private static string Insert(IReadOnlyList<RunColumn> columns)
    {
        var names = string.Join(", ", columns.Select(column => column.Name));
        return $"""
            with given as (
                select * from unnest(@ids, @next, @traces, {string.Join(", ", columns.Select(column => "@" + column.Name))})
                    as given (id, stamp, trace, {names})
            ), saved as (
                insert into runs (id, stamp, saves, {names}) select id, stamp, 1, {names} from given
                on conflict (id) do update set stamp = excluded.stamp where runs.stamp = excluded.stamp
                returning number, saves, stamp
            ), traced as (
                insert into run_traces (run_number, part, steps, sealed_steps)
                select saved.number, saved.saves, '[]', given.trace from saved join given using (stamp) where given.trace is not null
            ), {WithLogins}
            """;
    }

    private static string Update(IReadOnlyList<RunColumn> columns)
    {
        var sets = RunColumns
            .Changing.Select(column => column.SetTo(columns.Contains(column) ? "given." + column.Name : null, "given.stamp"))
            .OfType<string>();
        return $"""
            with given as (
                select * from unnest(@ids, @next, @traces, @stamps, @untouched, {string.Join(
                    ", ",
                    columns.Select(column => "@" + column.Name)
                )})
                    as given (id, stamp, trace, before, untouched, {string.Join(", ", columns.Select(column => column.Name))})
            ), saved as (
                update runs set
                    stamp = given.stamp, saves = case when runs.stamp = given.stamp then runs.saves else runs.saves + 1 end,
                    start_saves = case when given.untouched = 1 and runs.stamp <> given.stamp then runs.saves + 1 else runs.start_saves end,
                    {string.Join(", ", sets)}
                from given where runs.id = given.id and (runs.stamp = given.before or runs.stamp = given.stamp)
                returning runs.number, runs.saves, runs.stamp, given.trace
            ), traced as (
                insert into run_traces (run_number, part, steps, sealed_steps) select number, saves, '[]', trace from saved
                  where trace is not null
            ), {WithLogins}
            """;
    }

    /// <summary>What comes before <see cref="Result"/> when a save of the group has a code, as few have.</summary>
    private const string WithCodes = """
        , coded as (
            insert into one_time_codes (hash, sealed_content, expires_at)
            select code.hash, content, expires
            from unnest(@next, @codeHashes, @codeContents, @codeExpires) as code (stamp, hash, content, expires) join saved using (stamp)
            where code.hash is not null
        )
        """;

    /// <summary>The same when somebody cancelled a run of the group.</summary>
    private static readonly string WithNotes = $"""
        , told as (
            insert into audit_log (at, actor, action, subject, detail)
            select note.at, actor, '{AuditAction.RunCancel.Name}', 'run:' || number, detail
            from unnest(@next, @updated_at, @cancellers, @cancelDetails) as note (stamp, at, actor, detail) join saved using (stamp)
            where actor is not null
                and not exists (select 1 from audit_log where subject = 'run:' || saved.number and action = '{AuditAction.RunCancel.Name}')
        )
        """;

    private const string Result = " select stamp from saved";

    private readonly Lock _gate = new();
    private readonly Queue<Waiting> _queue = new();
    private int _writers;

    /// <inheritdoc/>
    public override Task<bool> WriteAsync(RunSave save, CancellationToken cancellationToken)
    {
        // Few saves have calls, and these have statements of their own.
        if (save.Calls.Count > 0)
            return base.WriteAsync(save, cancellationToken);
        var waiting = new Waiting(save);
        bool begins;
        lock (_gate)
        {
            _queue.Enqueue(waiting);
            begins = HasWork(_writers);
            if (begins)
                _writers++;
        }
        if (begins)
            _ = WriteAllAsync();
        return waiting.Task.WaitAsync(cancellationToken);
    }

    /// <summary>One writer makes the largest groups; others help when whole groups wait.</summary>
    private bool HasWork(int others) => _queue.Count > 0 && (others == 0 || (others < connections && _queue.Count >= LargestGroup));

    private async Task WriteAllAsync()
    {
        var group = new List<Waiting>(LargestGroup);
        while (true)
        {
            // Whoever is about to save comes along.
            await Task.Yield();
            lock (_gate)
            {
                if (!HasWork(_writers - 1))
                {
                    _writers--;
                    return;
                }
                Take(group);
            }
            await WriteGroupAsync(group).ConfigureAwait(false);
            group.Clear();
        }
    }

    private void Take(List<Waiting> group)
    {
        for (var weight = 0L; group.Count < LargestGroup && _queue.TryPeek(out var next); group.Add(_queue.Dequeue()))
        {
            weight += next.Save.Weight;
            if (group.Count > 0 && weight > LargestWeight)
                return;
        }
    }

    /// <summary>Writes a group and tells each of those that wait. Never faulted: the writer goes on whatever happens.</summary>
    private async Task WriteGroupAsync(List<Waiting> group)
    {
        if (group.Count > 1)
        {
            try
            {
                var saved = await SaveAsync(group).ConfigureAwait(false);
                foreach (var waiting in group)
                    waiting.SetResult(saved.Contains(waiting.Save.Next));
                return;
            }
            catch (StorageException error)
            {
                foreach (var waiting in group)
                    waiting.SetException(error);
                return;
            }
            // What is wrong with one of them, a text that cannot be sent or that PostgreSQL refuses, is told to that one, below.
#pragma warning disable CA1031
            catch (Exception)
#pragma warning restore CA1031
            {
                // Nothing of the group was stored.
            }
        }

        foreach (var waiting in group)
        {
            try
            {
                waiting.SetResult(await base.WriteAsync(waiting.Save, CancellationToken.None).ConfigureAwait(false));
            }
#pragma warning disable CA1031 // Whatever went wrong goes to the one who waits for it; the writer goes on.
            catch (Exception error)
#pragma warning restore CA1031
            {
                waiting.SetException(error);
            }
        }
    }

    /// <summary>Writes a group.</summary>
    /// <returns>The stamps of the saves that went through.</returns>
    private Task<HashSet<long>> SaveAsync(List<Waiting> group)
    {
        // In one order on all nodes, so that none waits for another that waits for it.
        group.Sort((a, b) => string.CompareOrdinal(a.Save.Id, b.Save.Id));
        RunSave[] added = [.. group.Select(waiting => waiting.Save).Where(save => save.IsNew)];
        RunSave[] changed = [.. group.Select(waiting => waiting.Save).Where(save => !save.IsNew)];
        return database.WriteGroupAsync(async connection =>
        {
            var batch = new NpgsqlBatch(connection);
            await using var batchCloses = batch.ConfigureAwait(false);
            if (added.Length > 0)
                batch.BatchCommands.Add(ToInsert(added));
            if (changed.Length > 0)
                batch.BatchCommands.Add(ToUpdate(changed));

            var saved = new HashSet<long>(group.Count);
            var reader = await batch.ExecuteReaderAsync().ConfigureAwait(false);
            await using var readerCloses = reader.ConfigureAwait(false);
            do
            {
                while (await reader.ReadAsync().ConfigureAwait(false))
                    saved.Add(reader.GetInt64(0));
            } while (await reader.NextResultAsync().ConfigureAwait(false));
            return saved;
        });
    }

    private static NpgsqlBatchCommand ToInsert(RunSave[] saves)
    {
        var rares = RaresOf(saves);
        return ToCommand(Inserts[rares] ??= GroupStatement.Of(In(RunColumns.All, rares), Insert), saves);
    }

    private static NpgsqlBatchCommand ToUpdate(RunSave[] saves)
    {
        var rares = RaresOf(saves);
        var command = ToCommand(Updates[rares] ??= GroupStatement.Of(In(RunColumns.Changing, rares), Update), saves);
        Add(command, "stamps", saves, save => save.Stamp);
        Add(command, "untouched", saves, save => save.Untouched);
        return command;
    }

    /// <summary>Which of <see cref="Rares"/> a group has, a bit for each.</summary>
    private static int RaresOf(RunSave[] saves)
    {
        var rares = 0;
        for (var i = 0; i < Rares.Length; i++)
        {
            if (Rares[i].IsIn(saves))
                rares |= 1 << i;
        }
        return rares;
    }

    /// <summary>The columns without those that a group has nothing for.</summary>
    private static RunColumn[] In(IReadOnlyList<RunColumn> columns, int rares) =>
        [.. columns.Where(column => !column.IsRare || (rares & (1 << Array.IndexOf(Rares, column))) != 0)];

    private static NpgsqlBatchCommand ToCommand(GroupStatement statement, RunSave[] saves)
    {
        var hasCodes = Array.Exists(saves, save => save.Code is not null);
        var hasNotes = Array.Exists(saves, save => save.CancelledBy is not null);
        var command = new NpgsqlBatchCommand(statement.Sql + (hasCodes ? WithCodes : "") + (hasNotes ? WithNotes : "") + Result);
        if (hasNotes)
        {
            Add(command, "cancellers", saves, save => save.CancelledBy);
            Add(command, "cancelDetails", saves, save => save.CancelDetail);
        }
        if (hasCodes)
        {
            Add(command, "codeHashes", saves, save => save.Code?.Hash);
            Add(command, "codeContents", saves, save => save.Code?.SealedContent);
            Add(command, "codeExpires", saves, save => save.Code?.ExpiresAt.Milliseconds ?? 0);
        }
        Add(command, "ids", saves, save => save.Id);
        Add(command, "next", saves, save => save.Next);
        Add(command, "traces", saves, save => save.TraceSteps);
        foreach (var column in statement.Columns)
            command.Parameters.Add(new NpgsqlParameter(column.Name, column.ValuesOf(saves)));
        Add(command, "loginIds", saves, save => save.Login?.Id);
        Add(command, "loginSubjects", saves, save => save.Login?.Subject);
        Add(command, "loginContents", saves, save => save.Login?.SealedContent);
        Add(command, "loginHashes", saves, save => save.Login?.CurrentHash);
        Add(command, "loginTimes", saves, save => save.Login?.CreatedAt.Milliseconds ?? 0);
        Add(command, "loginExpires", saves, save => save.Login?.ExpiresAt.Milliseconds ?? 0);
        return command;
    }

    private static void Add<T>(NpgsqlBatchCommand command, string name, RunSave[] saves, Func<RunSave, T> value) =>
        command.Parameters.Add(new NpgsqlParameter<T[]>(name, Array.ConvertAll(saves, save => value(save))));

    /// <summary>Per save: the save, and whoever waits for it.</summary>
    private sealed class Waiting(RunSave save) : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public RunSave Save => save;
    }

    /// <summary>Shared and immutable: a statement over a group, and the columns that it has arrays for.</summary>
    private sealed record GroupStatement(string Sql, RunColumn[] Columns)
    {
        public static GroupStatement Of(RunColumn[] columns, Func<RunColumn[], string> sql) => new(sql(columns), columns);
    }
}
