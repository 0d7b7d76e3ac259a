using System.Collections.Concurrent;
using System.Net;
using FlowEngine.Context;
using FlowEngine.Storage;
using FlowEngine.TestServers;
using Npgsql;

namespace FlowEngine.TestServers;

/// <summary>Per test: nodes of the real server on one PostgreSQL, and clients that
/// take one after another, as a load balancer without sticky sessions does.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    public const string RootKey = "a-root-key-for-tests-of-the-cluster-0123456789";
    public const string ManagementKey = "a-management-key-for-tests-0123456789";

    private readonly Workspace _files = new();
    private readonly ConcurrentDictionary<string, ServeProcess> _nodes = new();
    private readonly ConcurrentBag<ServeProcess> _all = [];
    private int _turn;

    private TestCluster(PeopleApi api, string database) => (Api, Database) = (api, database);

    private Func<Task>? _drop;

    public PeopleApi Api { get; }

    public string Database { get; }

    /// <summary>The errors that clients saw, by status and code; a connection that failed is "0".</summary>
    public ConcurrentDictionary<string, int> Errors { get; } = new();

    public ServeProcess this[string name] => _nodes[name];

    /// <summary>Starts nodes a, b, … at once on an empty database.</summary>
    public static async Task<TestCluster> StartAsync(string server, string database, int nodes)
    {
        var cluster = new TestCluster(await PeopleApi.StartAsync(), database + ";Maximum Pool Size=8;Timeout=5");
        // No connector reaches the database in which the server itself stores.
        var people = new NpgsqlConnectionStringBuilder(database);
        people.Database += "_people";
        await PostgresFixture.ExecuteAsync(database, $"create database {people.Database}");
        cluster._drop = () => PostgresFixture.ExecuteAsync(database, $"drop database if exists {people.Database} with (force)");
        await PostgresFixture.ExecuteAsync(
            people.ConnectionString,
            """
            create table people (id text primary key, email text not null);
            insert into people values ('ada', 'ada@example.com'), ('grace', 'grace@example.com'), ('ghost', 'ghost@example.com'),
              ('busy', 'busy@example.com');
            """
        );
        cluster.WriteFiles(new NpgsqlConnectionStringBuilder(server) { Database = people.Database });
        await Task.WhenAll(Enumerable.Range(0, nodes).Select(i => cluster.AddAsync(((char)('a' + i)).ToString())));
        return cluster;
    }

    public async Task AddAsync(string name, params string[] settings)
    {
        var node = await ServeProcess.StartAsync(_ =>
            [
                "--cluster",
                "--database",
                Database,
                "--flows",
                Path.Combine(_files.Folder, "flows"),
                "--set",
                $"Storage:RootKey={RootKey}",
                "--set",
                $"Management:Key={ManagementKey}",
                "--set",
                "Egress:AllowPrivateNetworks=true",
                "--set",
                "RateLimits:StartsPerMinute=0",
                "--set",
                "RateLimits:SubmitsPerMinute=0",
                .. settings,
            ]
        );
        _all.Add(node);
        _nodes[name] = node;
    }

    /// <summary>Takes a node out of the load balancer.</summary>
    public ServeProcess Take(string name) => _nodes.TryRemove(name, out var node) ? node : throw new InvalidOperationException(name);

    /// <summary>The storage of the cluster, as another process that publishes.</summary>
    public Task<ServerStorage> OpenStorageAsync() =>
        ServerStorage.OpenAsync(
            new StorageSetup
            {
                DataFolder = _files.Folder,
                Postgres = Database,
                IsCluster = true,
                Storage = new() { RootKey = new FlowEngine.Settings.Secret(RootKey) },
            },
            _ => null,
            TimeProvider.System,
            TestContext.Current.CancellationToken
        );

    /// <summary>Posts to the next node; while that one is gone or says that it cannot now, to the one after it.</summary>
    public async Task<FlowValue> PostAsync(string path, string json)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (true)
        {
            var nodes = _nodes.OrderBy(node => node.Key).Select(node => node.Value).ToList();
            var node = nodes[Interlocked.Increment(ref _turn) % nodes.Count];
            try
            {
                var (status, body, text) = await node.PostAsync(path, json);
                if (status == HttpStatusCode.OK)
                    return body;
                Errors.AddOrUpdate($"{(int)status} {body.Get("errorCode").ToText()}", 1, (_, count) => count + 1);
                Assert.True(status == HttpStatusCode.ServiceUnavailable, text);
            }
            catch (HttpRequestException)
            {
                Errors.AddOrUpdate("0", 1, (_, count) => count + 1);
            }
            await Task.Delay(100, limit.Token);
        }
    }

    public async Task<FlowValue> BeginAsync(string flow = "visit") =>
        await PostAsync("/v1/flow/start", $$"""{ "flowId": "{{flow}}", "options": { "client": {} } }""");

    public Task<FlowValue> SubmitAsync(FlowValue at, string email) =>
        PostAsync(
            "/v1/flow/next",
            $$"""{ "executionId": "{{at.Get("executionId").ToText()}}", "stepId": "{{at.Get("stepId").ToText()}}","""
                + $$""" "interactionId": "submit", "input": { "email": "{{email}}" } }"""
        );

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _all)
            await node.DisposeAsync();
        await Api.DisposeAsync();
        _files.Dispose();
        if (_drop is { } drop)
            await drop();
    }

    private void WriteFiles(NpgsqlConnectionStringBuilder people)
    {
        var database = new NpgsqlConnectionStringBuilder(Database);
        _files.Write(
            "flows/connectors/people.connector.json",
            $$"""
            { "id": "people", "type": "sql", "configuration": { "engine": "postgres", "host": "{{database.Host}}",
              "port": {{database.Port}}, "database": "{{people.Database}}",
              "username": "{{people.Username}}", "password": "{{people.Password}}", "ssl": "disable", "maxPoolSize": 4 } }
            """
        );
        _files.Write(
            "flows/connectors/api.connector.json",
            $$"""
            { "id": "api", "type": "http", "configuration": { "baseUrl": "{{Api.Address}}", "includeHeadersInContext": true,
              "headers": [ { "key": "x-run", "value": "{{"{{flow.runId}}"}}" } ] } }
            """
        );
        _files.Write(
            "flows/connectors/orders.connector.json",
            $$"""
            { "id": "orders", "type": "http",
              "configuration": { "baseUrl": "{{Api.Address}}", "authentication": { "method": "oauth2ClientCredentials",
              "oauth2ClientCredentials": { "clientId": "c", "clientSecret": "a-client-secret", "authUrl": "{{Api.Address}}/token" } } } }
            """
        );
        _files.Write(
            "flows/connectors/tired.connector.json",
            $$"""
            { "id": "tired", "type": "http", "configuration": { "baseUrl": "{{Api.Address}}",
              "cooldown": { "on": ["429"], "max": "PT1H" } } }
            """
        );
        _files.Write(
            "flows/tired.flow.json",
            """
            { "id": "tired", "start": "ask",
              "activities": [ { "id": "ask", "type": "Screen", "screen": "ask" },
                { "id": "call", "type": "GenericHttp", "connector": "tired", "contextKey": "call", "endpoint": "/tired",
                  "outcomes": { "Rate limited": ["429", "cooldown"] } },
                { "id": "done", "type": "End" } ],
              "connections": [ { "source": "ask", "port": "submit", "target": "call" }, { "source": "call", "port": "Success", "target": "done" },
                { "source": "call", "port": "Rate limited", "target": "ask" } ],
              "screens": [ { "id": "ask", "title": "Go", "components": [
                { "type": "Text", "text": "Wait {{connectors.call.retryAfter ?? \"0\"}} s" }, { "type": "Button", "id": "submit", "text": "Go" } ] } ] }
            """
        );
        _files.Write(
            "flows/visit.flow.json",
            """
            { "id": "visit", "start": "signIn",
              "activities": [
                { "id": "signIn", "type": "Screen", "screen": "sign-in" },
                { "id": "lookup", "type": "Database", "connector": "people", "contextKey": "db",
                  "query": "select id from people where email = {{form.email}}" },
                { "id": "visit", "type": "GenericHttp", "connector": "api", "contextKey": "visit", "method": "POST",
                  "endpoint": "/visits/{{connectors.db.first.id}}" },
                { "id": "profile", "type": "GenericHttp", "connector": "api", "contextKey": "profile",
                  "endpoint": "/users/{{connectors.db.first.id}}", "errorHandling": { "Generic HTTP Error": "custom" } },
                { "id": "byStatus", "type": "Condition",
                  "branches": [ { "outcome": "Not found",
                  "rules": [ { "key": "connectors.profile.statusCode", "operator": "equal", "value": 404 } ] } ] },
                { "id": "unknown", "type": "Screen", "screen": "unknown" },
                { "id": "user", "type": "SetUser", "user": { "userId": "{{connectors.db.first.id}}", "email": "{{form.email}}" } },
                { "id": "claims", "type": "CustomClaims", "claims": { "region": "{{connectors.profile.headers.x-region}}",
                  "run": "{{flow.runId}}" } },
                { "id": "done", "type": "End" } ],
              "connections": [
                { "source": "signIn", "port": "submit", "target": "lookup" }, { "source": "lookup", "port": "Success", "target": "visit" },
                  { "source": "visit", "port": "Success", "target": "profile" },
                { "source": "profile", "port": "Success", "target": "user" },
                  { "source": "profile", "port": "Generic HTTP Error", "target": "byStatus" },
                { "source": "byStatus", "port": "Not found", "target": "unknown" },
                  { "source": "byStatus", "port": "Else", "target": "signIn" },
                  { "source": "unknown", "port": "submit", "target": "signIn" },
                { "source": "user", "port": "Done", "target": "claims" }, { "source": "claims", "port": "Done", "target": "done" } ],
              "screens": [
                { "id": "sign-in", "title": "Sign in",
                  "components": [ { "type": "EmailInput", "name": "email", "label": "Email", "required": true },
                  { "type": "ErrorMessage" }, { "type": "Button", "id": "submit", "text": "Go" } ] },
                { "id": "unknown", "title": "Unknown", "components": [ { "type": "Button", "id": "submit", "text": "Again" } ] } ] }
            """
        );
        _files.Write(
            "flows/orders.flow.json",
            """
            { "id": "orders", "start": "call",
              "activities": [ { "id": "call", "type": "GenericHttp", "connector": "orders", "contextKey": "orders", "endpoint": "/orders" },
                { "id": "done", "type": "End", "outputs": { "status": "{{connectors.orders.statusCode}}" } } ],
              "connections": [ { "source": "call", "port": "Success", "target": "done" } ] }
            """
        );
        _files.Write(
            "flows/held.flow.json",
            """
            { "id": "held", "start": "ask", "durability": "step",
              "activities": [ { "id": "ask", "type": "Screen", "screen": "ask" },
                { "id": "one", "type": "GenericHttp", "connector": "api", "contextKey": "one", "method": "POST", "endpoint": "/held/one",
                  "timeout": 60 },
                { "id": "two", "type": "GenericHttp", "connector": "api", "contextKey": "two", "method": "POST", "endpoint": "/held/two",
                  "timeout": 60 },
                { "id": "done", "type": "End", "outputs": { "two": "{{connectors.two.body.path}}" } } ],
              "connections": [ { "source": "ask", "port": "submit", "target": "one" },
                { "source": "one", "port": "Success", "target": "two" }, { "source": "two", "port": "Success", "target": "done" } ],
              "screens": [ { "id": "ask", "title": "Go", "components": [ { "type": "Button", "id": "submit", "text": "Go" } ] } ] }
            """
        );
    }
}
