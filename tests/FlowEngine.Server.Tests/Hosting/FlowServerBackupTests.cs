using FlowEngine.TestServers;
using Microsoft.Data.Sqlite;

namespace FlowEngine.Server.Tests.Hosting;

/// <summary>A backup that was made while the server ran: what docs/operations.md promises of it.</summary>
[Trait("Category", "cluster")]
public sealed class FlowServerBackupTests
{
    [Fact]
    public async Task Restore_ARunThatWaited_GoesOn()
    {
        await using var server = await ServeProcess.DemoAsync();
        var at = await server.BeginAsync();
        var token = (await server.SignInAsync("ada@example.com")).Get("authInfo").Get("refreshJwt").ToText();
        var copy = Path.Combine(server.Workspace.Folder, "backup.db");
        using (
            var source = new SqliteConnection(
                new SqliteConnectionStringBuilder
                {
                    DataSource = Path.Combine(server.Data, "flowengine.db"),
                    Pooling = false,
                }.ConnectionString
            )
        )
        using (var target = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = copy, Pooling = false }.ConnectionString))
        {
            source.Open();
            target.Open();
            source.BackupDatabase(target);
        }
        await server.KillAsync();
        foreach (var file in Directory.GetFiles(server.Data, "flowengine.db*"))
            File.Delete(file);

        File.Move(copy, Path.Combine(server.Data, "flowengine.db"));
        await server.StartAsync();

        Assert.Equal("completed", (await server.SubmitAsync(at, "ada@example.com")).Body.Get("status").ToText());
        Assert.Equal(System.Net.HttpStatusCode.OK, (await server.PostAsync("/v1/auth/refresh", "{}", token)).Status);
        Assert.Equal(
            System.Net.HttpStatusCode.OK,
            (
                await server.PostAsync(
                    "/v1/mgmt/flow/run",
                    """{ "flowId": "orders", "options": { "input": { "user": "ada" } } }""",
                    await server.ManagementKeyAsync()
                )
            ).Status
        );
    }
}
