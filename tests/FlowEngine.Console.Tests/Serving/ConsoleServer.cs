using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using FlowEngine.Server.Tests.Serve;
using Microsoft.Data.Sqlite;

namespace FlowEngine.Browser.Tests.Console.Serving;

/// <summary>Per fixture: the real server with its console, and what a test needs to know of it.</summary>
internal sealed partial class ConsoleServer : IAsyncDisposable
{
    private readonly ServeProcess _process;

    private ConsoleServer(ServeProcess process) => _process = process;

    public string Address => _process.Address;

    public string Data => _process.Data;

    public HttpClient Http => _process.Http;

    /// <summary>The link that the first start prints.</summary>
    public Uri SetupLink =>
        new(
            SetupLinkLine().Match(_process.Output) is { Success: true } line
                ? line.Value
                : throw new InvalidOperationException($"No link was printed: {_process.Output}")
        );

    /// <summary>A server with the sample flows, the demo's people and its API, where <see cref="Account"/>s can sign in.</summary>
    public static async Task<ConsoleServer> DemoAsync()
    {
        var server = new ConsoleServer(await ServeProcess.DemoAsync());
        await server.AddPeopleAsync();
        return server;
    }

    /// <summary>A server with nothing in it.</summary>
    /// <param name="settings">Further settings.</param>
    public static async Task<ConsoleServer> EmptyAsync(params string[] settings) =>
        new(
            await ServeProcess.StartAsync(workspace =>
                [
                    "--flows",
                    Directory.CreateDirectory(Path.Combine(workspace.Folder, "flows")).FullName,
                    "--set",
                    "Egress:AllowPrivateNetworks=true",
                    "--set",
                    $"Connectors:SqliteFolders={workspace.Folder}",
                    .. settings.SelectMany(setting => new[] { "--set", setting }),
                ]
            )
        );

    /// <summary>Makes a SQLite file with the people of the sample login, where connectors of this server may read it.</summary>
    public async Task<string> WritePeopleAsync()
    {
        var file = Path.Combine(_process.Workspace.Folder, "people.db");
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        await connection.OpenAsync();
        const string Sql = """
            create table users (id text primary key, email text not null unique, tier text not null);
            insert into users values ('ada', 'ada@example.com', 'gold'), ('ghost', 'ghost@example.com', 'none'),
              ('busy', 'busy@example.com', 'gold'), ('broken', 'broken@example.com', 'gold');
            """;
        await using var command = new SqliteCommand(Sql, connection);
        await command.ExecuteNonQueryAsync();
        return file;
    }

    /// <summary>Signs somebody of the demo in, or tries to, through the flow's API.</summary>
    public async Task SignInAsync(string email) => await _process.SignInAsync(email);

    /// <summary>Calls the management API with the key of the data folder.</summary>
    public async Task<JsonElement> CallAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new("Bearer", (await File.ReadAllTextAsync(Path.Combine(Data, "management.key"))).Trim());
        using var answer = await Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task AddPeopleAsync()
    {
        foreach (var person in new[] { Account.Admin, Account.Designer, Account.Viewer })
            await CallAsync(
                HttpMethod.Post,
                "/api/users",
                new
                {
                    name = person.Name,
                    password = person.Password,
                    role = person.Role,
                }
            );
    }

    [GeneratedRegex(@"http\S+/console/setup#token=\S+")]
    private static partial Regex SetupLinkLine();
}
