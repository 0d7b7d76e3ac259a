using FlowEngine.Context;
using FlowEngine.Identity;
using FlowEngine.Storage;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Cli.Keys;

/// <summary><c>flowengine keys</c> and <c>flowengine users</c> on the storage of a server that another process has open.</summary>
public sealed class KeysCommandAndUsersTests(PostgresFixture postgres)
{
    private const string Password = "a long pass phrase";

    private static CancellationToken Stop => TestStorage.Stop;

    [Fact]
    public async Task Users_AreAddedChangedAndRemoved()
    {
        await using var test = await TestStorage.CreateAsync(StoreEngine.Sqlite, postgres);
        var file = Path.Combine(test.Folder, "password.txt");
        await File.WriteAllTextAsync(file, "another pass phrase\r\nsecond line\n", Stop);

        var added = await RunAsync(test, Password + "\n", "users", "add", "Grace@Example.com", "--role", "admin");
        var first = await test.Storage.Users.FindAsync("grace@example.com", Stop);
        var again = await RunAsync(test, Password + "\n", "users", "add", "grace@example.com", "--role", "viewer");
        var lastAdmin = await RunAsync(test, "", "users", "set-role", "grace@example.com", "--role", "viewer");
        var changed = await RunAsync(test, "", "users", "set-password", "grace@example.com", "--password-file", file);
        var second = await test.Storage.Users.FindAsync("grace@example.com", Stop);

        Assert.Equal((0, "grace@example.com may sign in as admin.\n", ""), (added.ExitCode, added.Output, added.Error));
        Assert.StartsWith("$argon2id$", first!.PasswordHash, StringComparison.Ordinal);
        Assert.Equal(PasswordMatch.Yes, PasswordHash.Verify(Password, first.PasswordHash));
        AssertRefused(again, "console.user_exists");
        AssertRefused(lastAdmin, "console.last_admin");
        Assert.Equal(0, changed.ExitCode);
        Assert.Equal(PasswordMatch.Yes, PasswordHash.Verify("another pass phrase", second!.PasswordHash));
        Assert.NotEqual(first.SecurityStamp, second.SecurityStamp);

        Assert.Equal(0, (await RunAsync(test, Password, "users", "add", "ada", "--role", "admin", "--password-file", "-")).ExitCode);
        Assert.Equal(0, (await RunAsync(test, "", "users", "set-role", "grace@example.com", "--role", "designer")).ExitCode);
        var list = await RunAsync(test, "", "users", "list", "--format", "json");
        var table = await RunAsync(test, "", "users", "list");
        Assert.Equal(0, (await RunAsync(test, "", "users", "remove", "grace@example.com")).ExitCode);
        AssertRefused(await RunAsync(test, "", "users", "remove", "ada"), "console.last_admin");

        Assert.Equal(["ada admin", "grace@example.com designer"], Members(list, "users", "name", "role"));
        Assert.Matches(@"\ANAME +ROLE +ADDED +CHANGED\nada +admin +\S+Z +\S+Z\ngrace@example.com +designer", table.Output);
        Assert.Equal(
            [
                ("user.delete", "user:grace@example.com"),
                ("user.role", "user:grace@example.com"),
                ("user.add", "user:ada"),
                ("user.password", "user:grace@example.com"),
                ("user.add", "user:grace@example.com"),
            ],
            (await test.Storage.Audit.ListAsync(null, null, null, 10, Stop)).Select(entry => (entry.Action, entry.Subject))
        );
        Assert.All(await test.Storage.Audit.ListAsync(null, null, null, 10, Stop), entry => Assert.Equal("command line", entry.Actor));
    }

    [Theory]
    [InlineData("short pass\n", "console.password", "add", "ada", "--role", "admin")]
    [InlineData("", "console.password", "add", "ada", "--role", "admin")]
    [InlineData(Password, "console.name", "add", "../ada", "--role", "admin")]
    [InlineData("", "cli.user", "remove", "nobody")]
    [InlineData("", "cli.user", "set-role", "nobody", "--role", "admin")]
    [InlineData(Password, "cli.user", "set-password", "nobody")]
    [InlineData("", "cli.file", "add", "ada", "--role", "admin", "--password-file", "no-such-file")]
    public async Task Users_RefuseWithACode(string input, string code, params string[] arguments)
    {
        await using var test = await TestStorage.CreateAsync(StoreEngine.Sqlite, postgres);

        AssertRefused(await RunAsync(test, input, ["users", .. arguments]), code);
        Assert.Empty(await test.Storage.Users.ListAsync(Stop));
        Assert.Empty(await test.Storage.Audit.ListAsync(null, null, null, 10, Stop));
    }

    [Fact]
    public async Task Users_TakeNoPasswordOnTheCommandLine()
    {
        var refused = await FlowEngineProcess.RunAsync("users", "add", "ada", "--role", "admin", "--password", Password);

        Assert.Equal(2, refused.ExitCode);
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Keys_AreRotatedAndListed(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(
            engine,
            postgres,
            options => options with { Storage = new() { RootKey = new FlowEngine.Settings.Secret(RootKey) } }
        );

        var empty = await RunAsync(test, "", "keys", "list");
        var first = await RunAsync(test, "", "keys", "rotate", "--now");
        var planned = await RunAsync(test, "", "keys", "rotate");
        var list = await RunAsync(test, "", "keys", "list", "--format", "json");
        var table = await RunAsync(test, "", "keys", "list");

        Assert.Equal((0, "KEY  STATE  SIGNS FROM  SIGNS UNTIL  VERIFIES UNTIL\n"), (empty.ExitCode, empty.Output));
        Assert.Equal((0, ""), (first.ExitCode, first.Error));
        Assert.Contains("signs in 2 minutes", planned.Output, StringComparison.Ordinal);
        // The one that rotate found nothing of and made, the one that took over at once, and the one that waits.
        Assert.Equal(["verifying", "signing", "next"], Members(list, "keys", "state"));
        Assert.DoesNotContain("PRIVATE", list.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(4, table.Output.TrimEnd().Split('\n').Length);
        var audit = await test.Storage.Audit.ListAsync(null, null, null, 10, Stop);
        Assert.Equal(
            ["""key.rotate {"now":false}""", """key.rotate {"now":true}"""],
            audit.Select(entry => $"{entry.Action} {entry.Detail}")
        );
        Assert.All(audit, entry => Assert.StartsWith("key:", entry.Subject, StringComparison.Ordinal));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Keys_Revoked_LeaveTheSetAndTheOneThatSignsStays(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(
            engine,
            postgres,
            options => options with { Storage = new() { RootKey = new FlowEngine.Settings.Secret(RootKey) } }
        );
        await RunAsync(test, "", "keys", "rotate", "--now");
        var ids = Members(await RunAsync(test, "", "keys", "list", "--format", "json"), "keys", "id");

        var old = await RunAsync(test, "", "keys", "revoke", ids[0]);
        var again = await RunAsync(test, "", "keys", "revoke", ids[0]);
        var signing = await RunAsync(test, "", "keys", "revoke", ids[1]);

        Assert.Equal((0, ""), (old.ExitCode, old.Error));
        Assert.Equal((1, 1), (again.ExitCode, signing.ExitCode));
        Assert.Contains("cli.key", again.Error, StringComparison.Ordinal);
        Assert.Contains("cli.key", signing.Error, StringComparison.Ordinal);
        Assert.Equal([ids[1]], Members(await RunAsync(test, "", "keys", "list", "--format", "json"), "keys", "id"));
        Assert.Equal("key.revoke", (await test.Storage.Audit.ListAsync(null, null, null, 1, Stop))[0].Action);
    }

    [Fact]
    public async Task AFolderWithoutADatabase_IsRefusedAndNotMade()
    {
        using var workspace = new Workspace();
        var folder = Path.Combine(workspace.Folder, "typo");

        AssertRefused(await FlowEngineProcess.RunAsync("keys", "list", "--data", folder), "cli.file");
        Assert.False(Directory.Exists(folder));
    }

    private const string RootKey = "0123456789abcdef0123456789abcdef";

    private static Task<FlowEngineProcess.Finished> RunAsync(TestStorage test, string input, params string[] arguments)
    {
        string[] where =
            test.Options.Postgres is { } database ? ["--database", database, "--set", $"Storage:RootKey={RootKey}"]
            : test.Options.Storage.RootKey is null ? ["--data", test.Folder]
            : ["--data", test.Folder, "--set", $"Storage:RootKey={RootKey}"];
        return FlowEngineProcess.RunAsync(input, new Dictionary<string, string>(), [.. arguments, .. where]);
    }

    private static string[] Members(FlowEngineProcess.Finished finished, string list, params string[] names)
    {
        Assert.True(finished.Json.Get(list).TryGetArray(out var items), finished.Output);
        return [.. items.Select(item => string.Join(' ', names.Select(name => item.Get(name).ToText())))];
    }

    private static void AssertRefused(FlowEngineProcess.Finished finished, string code)
    {
        Assert.Equal((1, ""), (finished.ExitCode, finished.Output));
        Assert.StartsWith($"error {code}: ", finished.Error, StringComparison.Ordinal);
        Assert.Single(finished.Error.TrimEnd().Split('\n'));
    }
}
