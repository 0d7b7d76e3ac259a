using Microsoft.Data.Sqlite;

namespace FlowEngine.Server.Demo;

/// <summary>Stateless: makes the demo's SQLite database of people. Names, tokens and passwords are for the demo only.</summary>
internal static class DemoPeople
{
    /// <summary>The passwords are "correct horse battery staple" (ada, Argon2id) and
    /// "amazing grace" (grace, ASP.NET Identity v3); the others have none.</summary>
    private const string Script = """
        create table users (
          id text primary key,
          email text not null unique collate nocase,
          name text not null,
          tier text not null,
          api_token text,
          password_hash text
        );
        insert into users values
          ('ada', 'ada@example.com', 'Ada Lovelace', 'gold', 'demo-token-ada',
            '$argon2id$v=19$m=19456,t=2,p=1$ZGVtby1zYWx0LW9mLWFkYQ$V3dRBuWdy90zVOYogyaxguEms1a6+VBlcN2PIqQri4c'),
          ('grace', 'grace@example.com', 'Grace Hopper', 'silver', 'demo-token-grace',
            'AQAAAAIAAYagAAAAEGRlbW8tc2FsdC1ncmFjZSEcl0eu3p1FLYyJA2z80CHpd6cdm8iU7emDlplZ99J2YQ=='),
          ('ghost', 'ghost@example.com', 'A Ghost', 'none', null, null),
          ('busy', 'busy@example.com', 'Busy Bee', 'gold', 'demo-token-busy', null),
          ('broken', 'broken@example.com', 'Broken Arrow', 'gold', 'demo-token-broken', null);
        """;

    /// <summary>Writes the database to a file that is empty or does not exist yet.</summary>
    public static void Create(string file)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = Script;
        command.ExecuteNonQuery();
    }
}
