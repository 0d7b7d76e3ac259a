using System.Globalization;
using System.Text;
using FlowEngine.Storage.Engines;

namespace FlowEngine.Storage;

/// <summary>Per process, thread-safe: writes saves of runs, each in one round
/// trip and one commit. The SQL is what both databases understand.</summary>
/// <remarks>
/// Each save puts a new random stamp where the old one was, and only there (compare-and-swap). A save whose answer was lost on the way is
/// repeated, and the stamp tells whether it had happened.
/// </remarks>
internal class RunWriter(StorageDatabase database)
{
    private static readonly string Insert = $"""
        insert into runs (id, stamp, saves, {string.Join(", ", RunColumns.All.Select(column => column.Name))})
        values (@Id, @Next, 1, {string.Join(", ", RunColumns.All.Select(column => "@" + column.Name))})
        on conflict (id) do update set stamp = @Next where runs.stamp = @Next
        returning stamp;
        """;

    private static readonly string Update = $"""
        update runs set
            stamp = @Next, saves = case when stamp = @Next then saves else saves + 1 end,
            start_saves = case when @Untouched = 1 and stamp <> @Next then saves + 1 else start_saves end,
            {string.Join(", ", RunColumns.Changing.Select(column => column.SetTo("@" + column.Name, "@Next")))}
        where id = @Id and (stamp = @Stamp or stamp = @Next)
        returning stamp;
        """;

    // All of them only when this very save went through: the stamp is its own.
    private const string WithTrace =
        "insert into run_traces (run_number, part, steps, sealed_steps) select number, saves, "
        + "'[]', @TraceSteps from runs where id = @Id and stamp = @Next on conflict do nothing;";

    private const string WithLogin = """
        insert into refresh_families (id, subject, sealed_content, current_hash, created_at, rotated_at, expires_at)
        select @LoginId, @LoginSubject, @LoginContent, @LoginHash, @LoginAt, @LoginAt, @LoginExpires from runs where id = @Id
          and stamp = @Next on conflict do nothing;
        """;

    private const string WithCode = """
        insert into one_time_codes (hash, sealed_content, expires_at)
        select @CodeHash, @CodeContent, @CodeExpires from runs where id = @Id and stamp = @Next on conflict do nothing;
        """;

    // Not its id: what stands in the log is read by more people than may go on with runs. A run is cancelled once, however often its save
    // is sent.
    private static readonly string WithNote = $"""
        insert into audit_log (at, actor, action, subject, detail)
        select @Now, @CancelledBy, '{AuditAction.RunCancel.Name}', 'run:' || number, @CancelDetail from runs
            where id = @Id and stamp = @Next
            and not exists (select 1 from audit_log where subject = 'run:' || runs.number and action = '{AuditAction.RunCancel.Name}');
        """;

    /// <summary>The texts by what a save has: a trace (1), a login (2), a code (4), an earlier save (8), somebody who cancelled it (16).
    /// Each is prepared once.</summary>
    private static readonly string[] Texts =
    [
        .. Enumerable
            .Range(0, 32)
            .Select(has =>
                ((has & 8) == 0 ? Insert : Update)
                + ((has & 1) == 0 ? "" : WithTrace)
                + ((has & 2) == 0 ? "" : WithLogin)
                + ((has & 4) == 0 ? "" : WithCode)
                + ((has & 16) == 0 ? "" : WithNote)
            ),
    ];

    private const string WithCall = """
        insert into queued_calls (id, connector, flow_id, run_id, activity, sealed_content, size, timeout_ms, attempts, created_at, due_at)
        select @Call#Id, @Call#Connector, flow_id, id, @Call#Activity, @Call#Content, @Call#Size, @Call#Timeout, 0, @Now, @Now from runs
          where id = @Id and stamp = @Next on conflict do nothing;
        """;

    /// <summary>Writes a save.</summary>
    /// <returns>Whether it went through: false when there is a run of that id already, or
    /// when the run was saved in between or is gone. Then nothing was stored.</returns>
    /// <exception cref="StorageException">The database does not answer.</exception>
    public virtual async Task<bool> WriteAsync(RunSave save, CancellationToken cancellationToken)
    {
        var has =
            (save.TraceSteps is null ? 0 : 1)
            + (save.Login is null ? 0 : 2)
            + (save.Code is null ? 0 : 4)
            + (save.IsNew ? 0 : 8)
            + (save.CancelledBy is null ? 0 : 16);
        var text = save.Calls.Count == 0 ? Texts[has] : WithCalls(Texts[has], save.Calls.Count);
        return await database.WriteFirstAsync<long?>(text, save, cancellationToken).ConfigureAwait(false) is not null;
    }

    /// <summary>A save with calls has a text of its own for each number of them.</summary>
    private static string WithCalls(string text, int calls)
    {
        var all = new StringBuilder(text);
        for (var i = 0; i < calls; i++)
            all.Append(WithCall.Replace("Call#", string.Create(CultureInfo.InvariantCulture, $"Call{i}"), StringComparison.Ordinal));
        return all.ToString();
    }
}
