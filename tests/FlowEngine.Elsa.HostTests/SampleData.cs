using FlowEngine.Context;
using FlowEngine.HttpConnector.Tests.Servers;
using Microsoft.Data.Sqlite;

namespace FlowEngine.ElsaActivities.HostTests;

/// <summary>What flows call in these tests: a SQLite file with people, and an API on a loopback port; and the folder with the connectors to
/// them.</summary>
internal sealed class SampleData : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flowengine-elsa-");

    private SampleData(LoopbackServer api) => Api = api;

    public LoopbackServer Api { get; }

    /// <summary>Connectors <c>people</c> (SQL) and <c>profiles</c> (HTTP).</summary>
    public string Connectors => _folder.FullName;

    /// <summary>A folder for keys.</summary>
    public string Keys => Directory.CreateDirectory(Path.Combine(_folder.FullName, "keys")).FullName;

    /// <summary>Starts the API.</summary>
    /// <param name="answer">What it answers to a request's target: a status code and a body.</param>
    public static async Task<SampleData> StartAsync(Func<string, (int Status, string Body)> answer)
    {
        var data = new SampleData(
            LoopbackServer.Answering(request =>
            {
                var (status, body) = answer(request.Target);
                return $"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
            })
        );
        var people = Path.Combine(data.Connectors, "people.db");
        await using (var database = new SqliteConnection($"Data Source={people};Pooling=False"))
        {
            await database.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = database.CreateCommand();
            command.CommandText =
                "create table users (id text, email text); insert into users values "
                + string.Join(", ", Enumerable.Range(0, 200).Select(i => $"('u{i}', 'u{i}@example.com')"));
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        data.Write("people", FlowValue.Object(("engine", FlowValue.From("sqlite")), ("file", FlowValue.From(people))), "sql");
        data.Write("profiles", FlowValue.Object(("baseUrl", FlowValue.From(data.Api.Url))), "http");
        return data;
    }

    private void Write(string id, FlowValue configuration, string type) =>
        File.WriteAllText(
            Path.Combine(Connectors, id + ".connector.json"),
            FlowValue
                .Object(
                    ("id", FlowValue.From(id)),
                    ("type", FlowValue.From(type)),
                    ("name", FlowValue.From(id)),
                    ("configuration", configuration)
                )
                .ToJson()
        );

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
