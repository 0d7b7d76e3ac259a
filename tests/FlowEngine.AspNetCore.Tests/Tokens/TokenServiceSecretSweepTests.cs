using System.Text;
using FlowEngine.AspNetCore.Tokens;
using FlowEngine.Context;
using FlowEngine.Storage;
using FlowEngine.TestServers;
using Npgsql;

namespace FlowEngine.AspNetCore.Tests.Tokens;

/// <summary>Whoever gets hold of the database alone, its write-ahead log included, finds no secret in it.</summary>
public sealed class TokenServiceSecretSweepTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestStorage.Stop;

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task RawBytes_AfterUseOfEveryStore_HoldNoSecret(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var storage = test.Storage;
        using var keys = await SigningKeys.OpenAsync(storage.SigningKeys, test.Time, Stop);
        var tokens = new TokenService(
            keys,
            storage,
            new TokenRules { Issuer = "https://login.example/default", Audience = "default" },
            test.Time
        );

        var login = tokens.Issue(
            new SessionContent
            {
                Subject = "person-in-plain@example.com",
                SessionMinutes = 10,
                RefreshDays = 28,
                Claims = FlowValue.Parse("""{"tier":"claim-in-plain"}"""),
            }
        );
        var code = storage.Codes.New("code-content-in-plain"u8.ToArray());
        var run = SampleRuns.Waiting("r1", TestStorage.Start) with { Person = "person-in-plain@example.com" };
        var extras = new RunExtras
        {
            TraceSteps = "[\"trace-in-plain\"]"u8.ToArray(),
            Login = login.Family,
            Code = code,
        };
        var stamp = await storage.Runs.AddAsync(run, extras, Stop);
        await storage.Runs.SaveAsync(
            run,
            stamp!.Value,
            new RunExtras { TraceSteps = "[\"trace-in-plain of a later save\"]"u8.ToArray() },
            Stop
        );
        // Saves that travel together, which PostgreSQL writes with a statement of their own.
        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(async i =>
                {
                    var added = await storage.Runs.AddAsync(run with { Id = $"many-{i}" }, extras with { Login = null, Code = null }, Stop);
                    await storage.Runs.SaveAsync(
                        run with
                        {
                            Id = $"many-{i}",
                        },
                        added!.Value,
                        extras with
                        {
                            Login = null,
                            Code = null,
                        },
                        Stop
                    );
                })
        );
        await storage.Connectors.AddAsync("profile-api", SampleConnector.Definition("connector-secret-in-plain"), "ada", null, Stop);
        var managementKey = "management-key-in-plain-0123456789";
        await storage.ManagementKey.SetAsync(managementKey, Stop);
        var refreshed = await tokens.RefreshAsync(login.Tokens.RefreshJwt, Stop);
        var privateKey = Assert.Single(await storage.SigningKeys.ListAsync(test.Time.GetUtcNow(), Stop)).PrivateKey;

        var bytes = engine == StoreEngine.Sqlite ? await FilesAsync(test.Folder) : await TablesAsync(test.Options.Postgres!);

        // What is there in plain is found: the sweep sees what it looks at.
        Assert.True(Holds(bytes, Encoding.UTF8.GetBytes(SampleRuns.Waiting("r1", TestStorage.Start).BrowserKeyHash!)));
        Assert.True(Holds(bytes, "https://api.example.com"u8));
        string[] secrets =
        [
            "hunter2-in-plain",
            "connector-secret-in-plain",
            "claim-in-plain",
            "code-content-in-plain",
            managementKey,
            code.Text,
            "trace-in-plain",
            "person-in-plain",
            login.Tokens.RefreshJwt,
            refreshed.Tokens!.RefreshJwt,
            login.Tokens.RefreshJwt[24..67],
            refreshed.Tokens.RefreshJwt[24..67],
            "<value>",
        ];
        Assert.All(
            secrets,
            secret =>
            {
                var plain = Encoding.UTF8.GetBytes(secret);
                Assert.False(Holds(bytes, plain), secret);
                Assert.False(Holds(bytes, Encoding.ASCII.GetBytes(Convert.ToBase64String(plain).TrimEnd('=')[..^1])), secret);
            }
        );
        Assert.False(Holds(bytes, privateKey.AsSpan(^32..)));
        Assert.False(Holds(bytes, Encoding.ASCII.GetBytes(Convert.ToBase64String(privateKey)[..40])));
    }

    private static bool Holds(byte[] bytes, ReadOnlySpan<byte> part) => bytes.AsSpan().IndexOf(part) >= 0;

    /// <summary>All that a backup of the database takes with it: not the root key.</summary>
    private static async Task<byte[]> FilesAsync(string folder)
    {
        using var all = new MemoryStream();
        foreach (var file in Directory.GetFiles(folder, "flowengine.db*"))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            await stream.CopyToAsync(all, Stop);
        }
        return all.ToArray();
    }

    private static async Task<byte[]> TablesAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(Stop);
        var tables = new List<string>();
        await using (var command = new NpgsqlCommand("select tablename from pg_tables where schemaname = 'public'", connection))
        await using (var reader = await command.ExecuteReaderAsync(Stop))
        {
            while (await reader.ReadAsync(Stop))
                tables.Add(reader.GetString(0));
        }
        Assert.True(tables.Count > 10);
        using var all = new MemoryStream();
        foreach (var table in tables)
        {
            await using var copy = await connection.BeginRawBinaryCopyAsync($"copy {table} to stdout (format binary)", Stop);
            await copy.CopyToAsync(all, Stop);
        }
        return all.ToArray();
    }
}
