using System.Diagnostics;
using System.Globalization;
using System.Net;
using FlowEngine.Context;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Hosting;

/// <summary>A full disk is told, nothing is begun that could not be stored, and all goes on by itself once there is room.</summary>
[Trait("Category", "cluster")]
public sealed class FlowServerFullDiskTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestStorage.Stop;

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task FullDisk_IsToldAndNothingIsCalled_UntilThereIsRoom(StoreEngine engine)
    {
        await using var api = await BoundaryApi.StartAsync();
        var database = engine == StoreEngine.Postgres ? await postgres.CreateDatabaseAsync() : null;
        await using var server = await StartAsync(api, database);
        await using var disk = database is null ? new SmallDisk(server) : (Disk)await FullPostgres.OfAsync(database);
        var begun = await server.BeginAsync("calls");

        await disk.FillAsync();
        // Whoever comes first finds it full, and after that nobody is let in.
        var (status, body, text) = await FirstRefusalAsync(server);
        Assert.True(status == HttpStatusCode.ServiceUnavailable && body.Get("errorCode").ToText() == "storage.full", text);
        for (var i = 0; i < 3; i++)
        {
            (status, body, text) = await server.SubmitAsync(begun, "");
            Assert.True(status == HttpStatusCode.ServiceUnavailable && body.Get("errorCode").ToText() == "storage.full", text);
        }
        Assert.Empty(api.CallsOf(begun.Get("executionId").ToText()));
        using (var ready = await server.Http.GetAsync("/readyz", Stop))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.Contains("storage.full", await ready.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
            Assert.NotNull(ready.Headers.RetryAfter);
        }
        Assert.Equal("ok", await server.Http.GetStringAsync("/healthz", Stop));

        await disk.EmptyAsync();
        var since = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync(server))
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(90), server.Output);
            await Task.Delay(100, Stop);
        }

        (status, body, text) = await server.SubmitAsync(begun, "");
        Assert.True(status == HttpStatusCode.OK && body.Get("status").ToText() == "completed", text);
        Assert.Single(api.CallsOf(begun.Get("executionId").ToText()));
        Assert.Contains("storage.full: The disk of the database is full.", server.Output, StringComparison.Ordinal);
        Assert.Contains("has room again", server.Output, StringComparison.Ordinal);
    }

    private static Task<ServeProcess> StartAsync(BoundaryApi api, string? database) =>
        ServeProcess.StartAsync(
            workspace =>
            {
                Directory.CreateDirectory(Path.Combine(workspace.Folder, "data"));
                workspace.Write(
                    "flows/connectors/up.connector.json",
                    $$"""
                    { "id": "up", "type": "http", "configuration": { "baseUrl": "{{api.Address}}",
                      "headers": [ { "key": "x-run", "value": "{{"{{flow.runId}}"}}" } ] } }
                    """
                );
                var file = workspace.Write(
                    "flows/calls.flow.json",
                    """
                    { "id": "calls", "start": "ask",
                      "activities": [ { "id": "ask", "type": "Screen", "screen": "ask" },
                        { "id": "one", "type": "GenericHttp", "connector": "up", "contextKey": "one", "method": "POST",
                          "endpoint": "/one" }, { "id": "done", "type": "End" } ],
                      "connections": [ { "source": "ask", "port": "submit", "target": "one" },
                        { "source": "one", "port": "Success", "target": "done" } ],
                      "screens": [ { "id": "ask", "title": "Go", "components": [ { "type": "Button", "id": "submit", "text": "Go" } ] } ] }
                    """
                );
                string[] where = database is null ? [] : ["--database", database];
                return ["--flows", Path.GetDirectoryName(file)!, "--set", "Egress:AllowPrivateNetworks=true", .. where];
            },
            mounting: database is null ? "mount -t tmpfs -o size=16m,mode=700 none \"$DATA\"" : null
        );

    /// <summary>Starts runs until one is refused. Some more may fit into what the storage has already.</summary>
    private static async Task<(HttpStatusCode Status, FlowValue Body, string Text)> FirstRefusalAsync(ServeProcess server)
    {
        for (var i = 0; i < 5_000; i++)
        {
            var answer = await server.PostAsync("/v1/flow/start", """{ "flowId": "calls", "options": { "client": {} } }""");
            if (answer.Status != HttpStatusCode.OK)
                return answer;
        }
        throw new InvalidOperationException("The disk does not become full.");
    }

    private static async Task<bool> IsReadyAsync(ServeProcess server)
    {
        using var answer = await server.Http.GetAsync("/readyz", Stop);
        return answer.IsSuccessStatusCode;
    }

    private abstract class Disk : IAsyncDisposable
    {
        public abstract Task FillAsync();

        public abstract Task EmptyAsync();

        public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>The data folder is a file system of 16 MB, which the server alone has mounted.</summary>
    private sealed class SmallDisk(ServeProcess server) : Disk
    {
        private readonly string _filler =
            $"/proc/{server.ProcessId.ToString(CultureInfo.InvariantCulture)}/root{Path.Combine(server.Data, "filler")}";

        public override async Task FillAsync()
        {
            await using var file = new FileStream(_filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            try
            {
                while (true)
                    await file.WriteAsync(new byte[4096], Stop);
            }
            catch (IOException)
            {
                // Full.
            }
        }

        public override Task EmptyAsync()
        {
            File.Delete(_filler);
            return Task.CompletedTask;
        }
    }

    /// <summary>PostgreSQL itself answers as it does on a full disk: a trigger says so.</summary>
    private sealed class FullPostgres(string database) : Disk
    {
        public static async Task<Disk> OfAsync(string database)
        {
            await PostgresFixture.ExecuteAsync(
                database,
                """
                create table disk (is_full boolean not null);
                insert into disk values (false);
                create function refuse() returns trigger language plpgsql as $$
                begin
                    if (select is_full from disk) then
                        raise exception 'could not extend file "base/16384/16385": No space left on device' using errcode = 'disk_full';
                    end if;
                    return new;
                end $$;
                create trigger refuse before insert or update on runs for each row execute function refuse();
                create trigger refuse before insert or update on settings for each row execute function refuse();
                """
            );
            return new FullPostgres(database);
        }

        public override Task FillAsync() => PostgresFixture.ExecuteAsync(database, "update disk set is_full = true");

        public override Task EmptyAsync() => PostgresFixture.ExecuteAsync(database, "update disk set is_full = false");
    }
}
