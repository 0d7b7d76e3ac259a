using System.Net;
using System.Text;
using FlowEngine.Context;
using FlowEngine.TestServers;
using Npgsql;

namespace FlowEngine.Server.Tests.Deploy;

/// <summary>
/// What <c>docker compose up</c> starts, without a Docker engine: make-secrets.sh, the init scripts, roles, commands, environment,
/// secrets and health checks are those of the files; only paths, host names and ports are this machine's. It signs people in, and nothing
/// in it may more than it needs.
[Trait("Category", "cluster")]
public sealed class ComposeUpTests(ComposedCluster cluster) : IClassFixture<ComposedCluster>
{
    [Fact]
    public async Task Ada_SignsIn_FromNodeToNode()
    {
        using var client = Client("127.0.7.1");
        var turns = cluster.Proxy.Turns.Count;

        var screen = await PostAsync(client, "/v1/flow/start", """{ "flowId": "login", "options": { "client": {} } }""");
        var answer = await PostAsync(client, "/v1/flow/next", Submission(screen, """{ "email": "ada@example.com" }"""));

        Assert.Equal("completed", answer.Get("status").ToText());
        Assert.Equal("ada", answer.Get("authInfo").Get("user").Get("userId").ToText());
        Assert.Equal("eu-west-1", answer.Get("authInfo").Get("claims").Get("region").ToText());
        Assert.Equal(2, cluster.Proxy.Turns.Skip(turns).Distinct().Count());
    }

    [Fact]
    public async Task Ada_SignsInInTheBrowser_AtTheAddressThatTheFileNames()
    {
        using var visitor = new Visitor(cluster.Proxy.Address.GetLeftPart(UriPartial.Authority));

        await visitor.GetAsync("/login/login");
        await visitor.SubmitAsync("submit", ("email", "ada@example.com"));

        Assert.Equal(HttpStatusCode.OK, visitor.Status);
        Assert.Contains("signed in", visitor.Html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task ClientsAddress_IsTheOneThatTheProxySaw()
    {
        await PublishAsync(
            """
            { "id": "where", "start": "ask",
              "activities": [ { "id": "ask", "type": "Screen", "screen": "ask" },
                { "id": "done", "type": "End", "outputs": { "ip": "{{device.ip}}" } } ],
              "connections": [ { "source": "ask", "port": "submit", "target": "done" } ],
              "screens": [ { "id": "ask", "title": "Go", "components": [ { "type": "Button", "id": "submit", "text": "Go" } ] } ] }
            """
        );
        using var client = Client("127.0.7.2");
        // What a client says about itself does not count, …
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.66");
        var screen = await PostAsync(client, "/v1/flow/start", """{ "flowId": "where" }""", HttpStatusCode.NotFound);
        var answer = await PostAsync(client, "/v1/flow/next", Submission(screen, "{}"));
        Assert.Equal("127.0.7.2", answer.Get("output").Get("ip").ToText());

        // … neither at the proxy nor at a node, for any other container of the network.
        using var other = new HttpClient { BaseAddress = cluster.Places.AddressOf("node-1") };
        other.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.66");
        screen = await PostAsync(other, "/v1/flow/start", """{ "flowId": "where" }""", HttpStatusCode.NotFound);
        answer = await PostAsync(other, "/v1/flow/next", Submission(screen, "{}"));
        Assert.Equal("127.0.0.1", answer.Get("output").Get("ip").ToText());
    }

    [Fact]
    public async Task RateLimit_IsEachClientsOwn()
    {
        using var greedy = Client("127.0.7.3");
        using var modest = Client("127.0.7.4");
        // Each of two nodes counts for itself: far more than both allow together.
        var refused = false;
        for (var i = 0; i < 2_000 && !refused; i++)
            refused =
                await StatusAsync(greedy) == HttpStatusCode.TooManyRequests && await StatusAsync(greedy) == HttpStatusCode.TooManyRequests;

        Assert.True(refused, "No limit was reached: the nodes do not count by the client's address.");
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(modest));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(modest));

        // Refused for its body, so that it costs little; it counts all the same.
        static async Task<HttpStatusCode> StatusAsync(HttpClient client)
        {
            using var answer = await client.PostAsync(
                "/v1/flow/start",
                new StringContent("{}", Encoding.UTF8, "application/json"),
                TestContext.Current.CancellationToken
            );
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task PeopleRole_ReadsOneTable_AndNothingElse()
    {
        var connector = FlowValue
            .Parse(
                await File.ReadAllTextAsync(
                    cluster.Places.PathIn("node-1", "/flows/connectors/users-db.connector.json"),
                    TestContext.Current.CancellationToken
                )
            )
            .Get("configuration");
        var (role, database) = (connector.Get("username").ToText(), connector.Get("database").ToText());
        var password = await File.ReadAllTextAsync(
            connector.Get("password").ToText()["file:".Length..],
            TestContext.Current.CancellationToken
        );
        var connection = cluster.Postgres.ConnectionOf(role, password, database);
        // The role's own default holds back the honest alone: whoever has the password may say otherwise.
        var writing = new NpgsqlConnectionStringBuilder(connection) { Options = "-c default_transaction_read_only=off" }.ConnectionString;

        Assert.Equal("ada", await ScalarAsync(connection, "select id from users where email = 'ada@example.com'"));
        Assert.Equal(
            "users SELECT",
            await ScalarAsync(
                connection,
                """
                select string_agg(c.relname || ' ' || p, ', ')
                from pg_class c, unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p
                where c.relkind in ('r', 'v', 'm', 'f', 'p') and has_table_privilege(c.oid, p)
                    and c.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'pg_toast'::regnamespace)
                """
            )
        );
        Assert.Equal(
            0L,
            await ScalarAsync(
                connection,
                """
                select (select count(*) from pg_auth_members where member = current_user::regrole)
                    + (select count(*) from pg_class where relowner = current_user::regrole)
                    + (select count(*) from pg_database where datdba = current_user::regrole)
                    + (select count(*) from pg_database
                        where datallowconn and datname <> current_database() and has_database_privilege(datname, 'connect'))
                    + (select count(*) from pg_roles
                        where rolname = current_user and (rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls))
                """
            )
        );
        foreach (
            var statement in (string[])
                [
                    "insert into users values ('eve', 'eve@example.com', 'gold')",
                    "update users set tier = 'gold'",
                    "delete from users",
                    "truncate users",
                    "drop table users",
                    "create table mine (id int)",
                    "create temporary table mine (id int)",
                    "create schema mine",
                    "create function mine() returns int language sql as 'select 1'",
                    "copy users to program 'id'",
                    "copy (select 1) to program 'id'",
                    "copy users from program 'id'",
                    "copy (select 1) to '/tmp/mine'",
                    "select pg_read_file('/etc/passwd')",
                    "select pg_read_binary_file('/etc/passwd')",
                    "select pg_ls_dir('/')",
                    "select pg_stat_file('/etc/passwd')",
                    "select lo_import('/etc/passwd')",
                    "select lo_create(0)",
                    "select lo_creat(-1)",
                    "select lo_from_bytea(0, 'x')",
                    "do $$ begin perform 1; end $$",
                    "create extension dblink",
                    "create extension file_fdw",
                    "select * from pg_authid",
                    "set role postgres",
                    "set role flowengine",
                    "select pg_reload_conf()",
                    "alter system set log_statement = 'all'",
                ]
        )
            await RefusedAsync(writing, statement, PostgresErrorCodes.InsufficientPrivilege, PostgresErrorCodes.InvalidParameterValue);
        Assert.Equal("on", await ScalarAsync(connection, "show transaction_read_only"));
        foreach (var other in (string[])["flowengine", "postgres", "template1"])
            await RefusedAsync(cluster.Postgres.ConnectionOf(role, password, other), "select 1", PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task ServerRole_OwnsItsDatabase_AndNothingElse()
    {
        var own = new NpgsqlConnectionStringBuilder(cluster.SecretOf("node-1", "database"));
        var connection = cluster.Postgres.ConnectionOf(own.Username!, own.Password!, own.Database!);

        // Not for nothing: this is the database of the nodes.
        Assert.Equal(2L, await ScalarAsync(connection, "select count(*) from cluster_nodes where status = 3"));
        Assert.Equal(
            false,
            await ScalarAsync(
                connection,
                "select rolsuper or rolcreaterole or rolcreatedb or rolreplication "
                    + "or rolbypassrls from pg_roles where rolname = current_user"
            )
        );
        foreach (
            var statement in (string[])
                [
                    "copy (select 1) to program 'id'",
                    "copy (select 1) to '/tmp/mine'",
                    "select pg_read_file('/etc/passwd')",
                    "select lo_import('/etc/passwd')",
                    "select * from pg_authid",
                    "create role mine",
                    "create database mine",
                    "set role postgres",
                ]
        )
            await RefusedAsync(connection, statement, PostgresErrorCodes.InsufficientPrivilege);
        await RefusedAsync(
            cluster.Postgres.ConnectionOf(own.Username!, own.Password!, "people"),
            "select 1",
            PostgresErrorCodes.InsufficientPrivilege
        );
    }

    [Fact]
    public async Task Postgres_LetsNobodyInWithoutAPassword_AndNoNodeIsItsSuperuser()
    {
        foreach (var role in (string[])["postgres", "flowengine", "people"])
            await RefusedAsync(cluster.Postgres.ConnectionOf(role, "guessed", "postgres"), "select 1", PostgresErrorCodes.InvalidPassword);
        foreach (var service in (string[])["node-1", "node-2", "demo-api", "proxy"])
            Assert.DoesNotContain("postgres_password", ComposeFile.Texts(ComposeFile.Services.Get(service).Get("secrets")));
    }

    private HttpClient Client(string address)
    {
        var client = CaddyStandIn.ClientFrom(IPAddress.Parse(address));
        client.BaseAddress = cluster.Proxy.Address;
        return client;
    }

    private static string Submission(FlowValue screen, string input) =>
        $$"""
            { "executionId": "{{screen.Get("executionId").ToText()}}", "stepId": "{{screen.Get(
                "stepId"
            ).ToText()}}", "interactionId": "submit",
              "input": {{input}} }
            """;

    /// <summary>Posts, and again while the answer is <paramref name="notYet"/>: the other node hears of a flow within two
    /// seconds.</summary>
    private static async Task<FlowValue> PostAsync(HttpClient client, string path, string json, HttpStatusCode? notYet = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var answer = await client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), limit.Token);
            var text = await answer.Content.ReadAsStringAsync(limit.Token);
            if (answer.StatusCode == HttpStatusCode.OK)
                return FlowValue.Parse(text);
            Assert.True(answer.StatusCode == notYet, text);
            await Task.Delay(100, limit.Token);
        }
    }

    /// <summary>Publishes a flow with the management key, which the first node made and keeps in its data folder.</summary>
    private async Task PublishAsync(string definition)
    {
        foreach (var node in (string[])["node-1", "node-2"])
        {
            var file = cluster.Places.PathIn(node, "/data/management.key");
            if (!File.Exists(file))
                continue;
            using var client = new HttpClient { BaseAddress = cluster.Places.AddressOf(node) };
            client.DefaultRequestHeaders.Authorization = new("Bearer", (await File.ReadAllTextAsync(file)).Trim());
            using var made = await client.PostAsync(
                "/api/flows",
                new StringContent($$"""{ "definition": {{definition}} }""", Encoding.UTF8, "application/json")
            );
            if (made.StatusCode == HttpStatusCode.Unauthorized)
                continue;
            var revision = FlowValue.Parse(await made.Content.ReadAsStringAsync()).Get("revision").ToText();
            using var published = await client.PostAsync(
                "/api/flows/where/publish",
                new StringContent($$"""{ "revision": {{revision}}, "note": "" }""", Encoding.UTF8, "application/json")
            );
            Assert.True(published.IsSuccessStatusCode, await published.Content.ReadAsStringAsync());
            return;
        }
        Assert.Fail("No node has the management key.");
    }

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    private static async Task RefusedAsync(string connectionString, string sql, params string[] states)
    {
        try
        {
            await PostgresFixture.ExecuteAsync(connectionString, sql);
        }
        catch (PostgresException refused)
        {
            Assert.True(states.Contains(refused.SqlState), $"{sql}: {refused.Message}");
            return;
        }
        Assert.Fail($"Done, not refused: {sql}");
    }
}
