using Npgsql;

namespace FlowEngine.Bench.HandWritten;

/// <summary>A row of <c>runs</c>.</summary>
internal sealed record Run(
    string Id,
    string Status,
    string Step,
    byte[]? State,
    string? Person,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt
);

/// <summary>A row of <c>refresh_families</c>.</summary>
internal sealed record RefreshFamily(string Id, string Subject, byte[] Content, string Hash, DateTimeOffset ExpiresAt);

/// <summary>Per process, thread-safe: the durable state. A start is one commit; a
/// submission is one read, and one commit of run, trace and refresh tokens.</summary>
internal sealed class RunTable(NpgsqlDataSource source)
{
    /// <summary>Makes the tables, with the indexes that a list of runs and a clean-up need.</summary>
    public async Task CreateAsync()
    {
        await using var command = source.CreateCommand(
            """
            create table if not exists runs (
                id text primary key, status text not null, step text not null, state bytea null, person text null,
                  created_at timestamptz not null, updated_at timestamptz not null,
                expires_at timestamptz not null);
            create index if not exists runs_by_time on runs (created_at);
            create index if not exists runs_by_person on runs (person, created_at) where person is not null;
            create index if not exists runs_to_expire on runs (expires_at) where state is not null;
            create table if not exists run_traces (run_id text not null, part integer not null, steps text not null,
              primary key (run_id, part));
            create table if not exists refresh_families (
                id text primary key, subject text not null, content bytea not null, current_hash text not null,
                  created_at timestamptz not null, expires_at timestamptz not null);
            create index if not exists refresh_families_by_subject on refresh_families (subject);
            create index if not exists refresh_families_to_expire on refresh_families (expires_at);
            """
        );
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Stores a new run with its trace.</summary>
    public async Task AddAsync(Run run, string trace, CancellationToken cancellationToken)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(
            Command(
                "insert into runs (id, status, step, state, created_at, updated_at, expires_at) values ($1, $2, $3, $4, $5, $5, $6)",
                new NpgsqlParameter<string> { TypedValue = run.Id },
                new NpgsqlParameter<string> { TypedValue = run.Status },
                new NpgsqlParameter<string> { TypedValue = run.Step },
                new NpgsqlParameter<byte[]?> { TypedValue = run.State },
                new NpgsqlParameter<DateTimeOffset> { TypedValue = run.CreatedAt },
                new NpgsqlParameter<DateTimeOffset> { TypedValue = run.ExpiresAt }
            )
        );
        batch.BatchCommands.Add(
            Command(
                "insert into run_traces (run_id, part, steps) values ($1, 1, $2)",
                new NpgsqlParameter<string> { TypedValue = run.Id },
                new NpgsqlParameter<string> { TypedValue = trace }
            )
        );
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Finds a run.</summary>
    public async Task<Run?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            "select status, step, state, person, created_at, expires_at from runs where id = $1"
        );
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        return new Run(
            id,
            reader.GetString(0),
            reader.GetString(1),
            reader.IsDBNull(2) ? null : reader.GetFieldValue<byte[]>(2),
            reader.IsDBNull(3) ? null : reader.GetString(3),
            reader.GetFieldValue<DateTimeOffset>(4),
            reader.GetFieldValue<DateTimeOffset>(5)
        );
    }

    /// <summary>Stores the end of a run, where its step is still the one that was submitted, with its trace and refresh tokens.</summary>
    /// <returns>Whether it was.</returns>
    public async Task<bool> CompleteAsync(
        Run run,
        string submitted,
        string trace,
        RefreshFamily family,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(
            Command(
                "update runs set status = $3, step = $4, state = $5, person = $6, updated_at = $7 where id = $1 and step = $2",
                new NpgsqlParameter<string> { TypedValue = run.Id },
                new NpgsqlParameter<string> { TypedValue = submitted },
                new NpgsqlParameter<string> { TypedValue = run.Status },
                new NpgsqlParameter<string> { TypedValue = run.Step },
                new NpgsqlParameter<byte[]?> { TypedValue = run.State },
                new NpgsqlParameter<string?> { TypedValue = run.Person },
                new NpgsqlParameter<DateTimeOffset> { TypedValue = now }
            )
        );
        batch.BatchCommands.Add(
            Command(
                "insert into run_traces (run_id, part, steps) select id, 2, $2 "
                    + "from runs where id = $1 and updated_at = $3 on conflict do nothing",
                new NpgsqlParameter<string> { TypedValue = run.Id },
                new NpgsqlParameter<string> { TypedValue = trace },
                new NpgsqlParameter<DateTimeOffset> { TypedValue = now }
            )
        );
        batch.BatchCommands.Add(
            Command(
                """
                insert into refresh_families (id, subject, content, current_hash, created_at, expires_at)
                select $2, $3, $4, $5, $6, $7 from runs where id = $1 and updated_at = $6
                """,
                new NpgsqlParameter<string> { TypedValue = run.Id },
                new NpgsqlParameter<string> { TypedValue = family.Id },
                new NpgsqlParameter<string> { TypedValue = family.Subject },
                new NpgsqlParameter<byte[]> { TypedValue = family.Content },
                new NpgsqlParameter<string> { TypedValue = family.Hash },
                new NpgsqlParameter<DateTimeOffset> { TypedValue = now },
                new NpgsqlParameter<DateTimeOffset> { TypedValue = family.ExpiresAt }
            )
        );
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[0].RecordsAffected == 1;
    }

    private static NpgsqlBatchCommand Command(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(parameters);
        return command;
    }
}
