using FlowEngine.TestServers;
using Npgsql;

namespace FlowEngine.Bench.Throughput;

/// <summary>Per measurement: the PostgreSQL server and its databases. Its settings are
/// PostgreSQL's own, so a commit is on the disk; only its memory is larger.</summary>
internal sealed class Databases : IAsyncDisposable
{
    /// <summary>How many people there are to sign in.</summary>
    public const int People = 10_000;

    private readonly LocalPostgres _server;

    private Databases(LocalPostgres server) => _server = server;

    /// <summary>The server's process.</summary>
    public int ProcessId => _server.ProcessId;

    public static async Task<Databases> StartAsync()
    {
        var databases = new Databases(
            await LocalPostgres.StartNewAsync("fsync=on", "shared_buffers=512MB", "max_wal_size=4GB", "max_connections=200")
        );
        await databases.CreateAsync("people");
        await databases.ExecuteAsync(
            "people",
            "create table users (id text primary key, email text not null unique, tier text not null)",
            "insert into users select 'u-' || i, 'person' || i || '@example.com', case when "
                + $"i % 3 = 0 then 'gold' else 'free' end from generate_series(0, {People - 1}) i",
            "vacuum analyze users"
        );
        return databases;
    }

    /// <summary>Makes an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateAsync(string name)
    {
        await ExecuteAsync("postgres", $"create database {name}");
        return ConnectionTo(name);
    }

    /// <summary>The connection string of a database.</summary>
    public string ConnectionTo(string name) =>
        new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = name }.ConnectionString;

    /// <summary>Executes statements one after another.</summary>
    public async Task ExecuteAsync(string database, params string[] statements)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(ConnectionTo(database)) { Pooling = false, CommandTimeout = 0 }.ConnectionString
        );
        await connection.OpenAsync();
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>
    /// Multiplies the logins that a server left behind until there are <paramref name="count"/> of them, as if they had been stored over
    /// the last month: each with its sealed state, its trace of two parts and its refresh tokens, under ids of the same form.
    /// </summary>
    public Task FillAsync(string database, int count) =>
        ExecuteAsync(
            database,
            // Ids of 24 characters, as random as the server's.
            "create temp table sample as select row_number() over (order by number) - 1 "
                + "as place, * from runs where status = 2 and sealed_state is not null limit 500",
            "create unique index on sample (place)",
            "create temp table sample_traces as select s.place, t.part, t.steps from sample s join run_traces t on t.run_number = s.number",
            "create index on sample_traces (place)",
            "create temp table sample_families as select row_number() over () - 1 as place, * from refresh_families limit 500",
            "create unique index on sample_families (place)",
            "create temp table copies as select i, i % (select count(*) from sample) "
                + "as place, (extract(epoch from now()) * 1000)::bigint - (i * 2592000000 / "
                + count
                + ") as at "
                + $"from generate_series(1::bigint, {count}) i",
            """
            insert into runs (id, flow_id, flow_version, status, step_token, sealed_state, stamp, saves, browser_key_hash, person,
              error_code, created_at, updated_at, expires_at)
            select translate(left(encode(sha256(('r' || c.i)::bytea), 'base64'), 24), '+/', '-_'), s.flow_id, s.flow_version, s.status,
              s.step_token, s.sealed_state, s.stamp + c.i, s.saves, s.browser_key_hash,
                s.person, s.error_code, c.at, c.at, (extract(epoch from now()) * 1000)::bigint + 3600000
            from copies c join sample s on s.place = c.place order by c.i desc
            """,
            """
            insert into run_traces (run_number, part, steps)
            select r.number, t.part, t.steps from runs r join copies c
              on r.id = translate(left(encode(sha256(('r' || c.i)::bytea), 'base64'), 24), '+/', '-_') join sample_traces t
              on t.place = c.place
            order by r.number, t.part
            """,
            """
            insert into refresh_families (id, subject, sealed_content, current_hash, created_at, rotated_at, expires_at)
            select translate(left(encode(sha256(('f' || c.i)::bytea), 'base64'), 24), '+/', '-_'), f.subject, f.sealed_content,
              f.current_hash, c.at, c.at, c.at + 2419200000
            from copies c join sample_families f on f.place = c.place order by c.i desc
            """,
            "vacuum analyze runs, run_traces, refresh_families",
            "checkpoint"
        );

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
