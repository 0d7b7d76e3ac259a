using System.CommandLine;
using FlowEngine.Server.Cli;
using FlowEngine.Storage;
using FlowEngine.TestServers;
using Microsoft.Data.Sqlite;

namespace FlowEngine.Server.Tests.Cli;

/// <summary>Every command that changes what a server stores tells the audit log once, in the transaction of the change: when the one cannot
/// be stored, neither is the other.</summary>
public sealed class AuditedCommandsTests(PostgresFixture postgres)
{
    /// <summary>Commands that change nothing that a server stores: they look, try, compare, write a file, or are the server.</summary>
    private static readonly HashSet<string> Looks =
    [
        "serve",
        "health",
        "demo",
        "keys list",
        "users list",
        "run",
        "validate",
        "test",
        "drill",
        "connector test",
        "diff",
        "import",
        "export",
        "schema",
    ];

    /// <summary>What asks a server to change something, which tells it as it tells whatever else comes through its API.</summary>
    private static readonly string[] Asks = ["apply"];

    /// <summary>One call of each command that changes something, in an order in which each can be done, and the action that is told.</summary>
    private static readonly (string Command, string[] Arguments, string Action)[] Changes =
    [
        ("users add", ["ada", "--role", "admin", "--password-file", "$P"], "user.add"),
        ("users set-role", ["ada", "--role", "viewer"], "user.role"),
        ("users set-password", ["ada", "--password-file", "$P"], "user.password"),
        ("keys rotate", ["--now"], "key.rotate"),
        ("keys revoke", ["$K"], "key.revoke"),
        ("users remove", ["ada"], "user.delete"),
    ];

    private static CancellationToken Stop => TestStorage.Stop;

    [Fact]
    public void Commands_ThatChangeSomething_AreAllHere() =>
        Assert.Equal(
            CommandLine.Commands().SelectMany(command => NamesOf(command, "")).Except(Looks).Except(Asks).Order(),
            Changes.Select(change => change.Command).Order()
        );

    [Fact]
    public async Task Changes_AreToldOnce_OrNotMade()
    {
        await using var test = await TestStorage.CreateAsync(StoreEngine.Sqlite, postgres);
        var password = Path.Combine(test.Folder, "password.txt");
        await File.WriteAllTextAsync(password, "a long pass phrase", Stop);
        // The last admin would have to stay.
        await test.Storage.Users.AddAsync("root", "unknown", "admin", TestStorage.Note, Stop);

        foreach (var (command, arguments, action) in Changes)
        {
            var retired = (await test.Storage.SigningKeys.ListAsync(test.Time.GetUtcNow(), Stop)).FirstOrDefault(key =>
                key.RetiredAt is not null
            );
            string[] line =
            [
                .. command.Split(' '),
                .. arguments.Select(argument =>
                    argument == "$P" ? password
                    : argument == "$K" ? retired!.Id
                    : argument
                ),
                "--data",
                test.Folder,
            ];
            var before = await EntriesAsync(test);

            // What cannot be told is not done…
            await ExecuteAsync(test, "create trigger no_audit before insert on audit_log begin select raise(abort, 'no'); end");
            Assert.NotEqual(ExitCodes.Completed, await CommandLine.InvokeAsync(line));
            await ExecuteAsync(test, "drop trigger no_audit");
            Assert.Equal(before.Count, (await EntriesAsync(test)).Count);

            // …so that it can be done now, and is told once.
            Assert.Equal(ExitCodes.Completed, await CommandLine.InvokeAsync(line));
            var after = await EntriesAsync(test);
            Assert.Equal((before.Count + 1, action), (after.Count, after[0].Action));
        }
    }

    private static IEnumerable<string> NamesOf(Command command, string above) =>
        command.Subcommands.Count == 0
            ? [above + command.Name]
            : command.Subcommands.SelectMany(below => NamesOf(below, $"{above}{command.Name} "));

    private static Task<IReadOnlyList<AuditEntry>> EntriesAsync(TestStorage test) =>
        test.Storage.Audit.ListAsync(null, null, null, 100, Stop);

    private static async Task ExecuteAsync(TestStorage test, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={test.Options.SqliteFile}");
        await connection.OpenAsync(Stop);
        await using var command = new SqliteCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Stop);
    }
}
