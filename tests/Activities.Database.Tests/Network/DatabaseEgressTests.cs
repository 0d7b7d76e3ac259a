using System.Net;
using System.Net.Sockets;
using FlowEngine.Connectors;
using FlowEngine.Database.Network;
using FlowEngine.TestServers;
using Npgsql;

namespace FlowEngine.Database.Tests.Network;

/// <summary>Which servers a connector reaches, and what it tells of the others.</summary>
[Collection(nameof(PostgresCollection))]
public sealed class DatabaseEgressTests(PostgresFixture server)
{
    private static AddressVerdict Judge(IPAddress address) =>
        IPAddress.IsLoopback(address) ? AddressVerdict.Private
        : address.ToString().StartsWith("169.254.", StringComparison.Ordinal) ? AddressVerdict.Forbidden
        : AddressVerdict.Public;

    [Theory]
    [InlineData("postgres")]
    [InlineData("mysql")]
    [InlineData("sqlserver")]
    public async Task Query_PrivateAddress_IsBlockedBeforeAnythingIsSent(string engine)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var flow = Flow(engine, "localhost", ((IPEndPoint)listener.LocalEndpoint).Port, new DatabaseEgress { Judge = Judge });

        Assert.Equal("db.blocked", (await flow.ErrorAsync("select 1")).Code);
        Assert.Equal("db.blocked", (await flow.Connector.TestAsync()).Get("error").Get("code").ToText());
        Assert.False(listener.Pending());
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("mysql")]
    [InlineData("sqlserver")]
    public async Task Query_MetadataAddress_IsBlockedWhateverTheOperatorAllows(string engine)
    {
        var egress = new DatabaseEgress
        {
            Judge = Judge,
            AllowPrivateNetworks = true,
            Databases = [DatabasePattern.Parse("169.254.0.0/16:*")!, DatabasePattern.Parse("meta.test:*")!],
        };
        await using var literal = Flow(engine, "169.254.169.254", 80, egress);
        Assert.Equal("db.blocked", (await literal.ErrorAsync("select 1")).Code);
        await using var named = Flow(
            engine,
            "meta.test",
            80,
            egress with
            {
                Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("169.254.169.254")]),
            }
        );
        Assert.Equal("db.blocked", (await named.ErrorAsync("select 1")).Code);
    }

    [Theory]
    [InlineData("db.test:{0}", true)]
    [InlineData("*.test:*", true)]
    [InlineData("127.0.0.0/8:{0}", true)]
    [InlineData("127.0.0.1:{0}", true)]
    [InlineData("db.test:1", false)]
    [InlineData("other.test:{0}", false)]
    [InlineData("10.0.0.0/8:*", false)]
    public async Task Query_PrivateAddressThatTheOperatorLists_IsReachedAtTheAddressThatWasJudged(string pattern, bool reached)
    {
        var given = new NpgsqlConnectionStringBuilder(server.ConnectionString);
        var asked = new List<string>();
        var egress = new DatabaseEgress
        {
            Judge = Judge,
            Databases =
            [
                DatabasePattern.Parse(
                    pattern.Replace("{0}", given.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
                )!,
            ],
            Resolve = (host, _) =>
            {
                asked.Add(host);
                return Task.FromResult<IPAddress[]>([IPAddress.Parse("169.254.0.1"), IPAddress.Loopback]);
            },
        };
        // No resolver but this one knows the name: who reaches the server was told its address.
        var configuration = DatabaseFlow.PostgresConfiguration(
            new NpgsqlConnectionStringBuilder(server.ConnectionString) { Host = "db.test" }.ConnectionString
        );
        await using var flow = new DatabaseFlow(configuration, options: new DatabaseModuleOptions { Egress = egress });
        if (reached)
        {
            Assert.Equal("""[{"v":1}]""", await flow.RowsAsync("select 1 as v"));
            Assert.Equal("""[{"v":2}]""", await flow.RowsAsync("select 2 as v"));
            Assert.Equal(["db.test"], asked);
        }
        else
        {
            Assert.Equal("db.blocked", (await flow.ErrorAsync("select 1 as v")).Code);
        }
    }

    [Fact]
    public async Task Query_FirstAddressRefuses_TheNextIsTried()
    {
        var egress = new DatabaseEgress
        {
            AllowPrivateNetworks = true,
            Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.77"), IPAddress.Loopback]),
        };
        var configuration = DatabaseFlow.PostgresConfiguration(
            new NpgsqlConnectionStringBuilder(server.ConnectionString) { Host = "db.test" }.ConnectionString
        );
        await using var flow = new DatabaseFlow(configuration, options: new DatabaseModuleOptions { Egress = egress });
        Assert.Equal("""[{"v":1}]""", await flow.RowsAsync("select 1 as v"));
    }

    [Theory]
    [InlineData("postgres", false)]
    [InlineData("mysql", false)]
    [InlineData("postgres", true)]
    [InlineData("mysql", true)]
    public async Task Query_UnixSocket_IsForTheOperatorToAllow(string engine, bool listed)
    {
        var folder = Directory.CreateTempSubdirectory("flowengine-socket-").FullName;
        var path = engine == "postgres" ? folder : Path.Combine(folder, "s.sock");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(engine == "postgres" ? Path.Combine(folder, ".s.PGSQL.5432") : path));
        socket.Listen();
        await using var flow = Flow(
            engine,
            path,
            5432,
            new DatabaseEgress { Databases = listed ? [DatabasePattern.Parse(path + ":5432")!] : [] }
        );

        var code = (await flow.ErrorAsync("select 1", "{}", """, "timeout": 1""")).Code;
        Assert.Equal(listed ? "db.timeout" : "db.blocked", code);
        Assert.Equal(listed, socket.Poll(0, SelectMode.SelectRead));
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Whoever saves connectors must not learn from messages which ports are open, or which files there are.</summary>
    [Theory]
    [InlineData("postgres")]
    [InlineData("mysql")]
    public async Task TestAsync_SavedConnector_TellsOneThingOfWhateverIsNoDatabase(string engine)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var answering = AnswerAsync(other);
        var ports = new[] { 1, ((IPEndPoint)silent.LocalEndpoint).Port, ((IPEndPoint)other.LocalEndpoint).Port };
        foreach (var query in new[] { false, true })
        {
            var told = new HashSet<string>();
            foreach (var port in ports)
            {
                await using var flow = Flow(
                    engine,
                    "127.0.0.1",
                    port,
                    new DatabaseEgress { AllowPrivateNetworks = true },
                    ConnectorOrigin.Saved
                );
                var message = query
                    ? (await flow.ErrorAsync("select 1", "{}", """, "timeout": 1""")).ToString()
                    : (await flow.Connector.TestAsync()).ToJson();
                // The port is what they wrote themselves.
                told.Add(message.Replace($":{port}.", ":<port>.", StringComparison.Ordinal));
            }
            Assert.Contains("db.connect", Assert.Single(told), StringComparison.Ordinal);
        }
        other.Stop();
        await answering;
    }

    [Fact]
    public async Task TestAsync_SavedConnectorAndWrongPassword_SaysSo()
    {
        var given = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "no_such_database" };
        await using var flow = new DatabaseFlow(DatabaseFlow.PostgresConfiguration(given.ConnectionString), origin: ConnectorOrigin.Saved);
        Assert.Contains("3D000", (await flow.Connector.TestAsync()).Get("error").Get("message").ToText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,b")]
    [InlineData("h:5432")]
    [InlineData("h;Database=x")]
    [InlineData("np:h")]
    [InlineData("(local)")]
    [InlineData("(localdb)x")]
    [InlineData(".")]
    [InlineData("a b")]
    [InlineData("@abstract")]
    [InlineData("-h")]
    [InlineData("h\\u0000")]
    [InlineData("/tmp,h")]
    public async Task Connector_HostThatIsNotOneServer_IsRefused(string host)
    {
        foreach (var engine in (string[])["postgres", "mysql", "sqlserver"])
        {
            await using var flow = new DatabaseFlow(
                $$"""{ "engine": "{{engine}}", "host": "{{host}}", "database": "d", "username": "u" }"""
            );
            Assert.Equal(
                "connector.setting /configuration/host",
                string.Join(' ', flow.ConnectorProblems.Select(problem => $"{problem.Code} {problem.Pointer}"))
            );
        }
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("mysql")]
    public async Task Query_FieldsWithConnectionStringsInThem_StayValues(string engine)
    {
        var egress = new DatabaseEgress { Judge = Judge };
        var flow = new DatabaseFlow(
            $$"""{ "engine": "{{engine}}", "host": "8.8.8.8", "port": 1, "database": "d;Host=127.0.0.1","""
                + """ "username": "u;Server=127.0.0.1", "password": "p\";Host=127.0.0.1" }""",
            options: new DatabaseModuleOptions
            {
                Egress = egress with
                {
                    Judge = address => address.ToString() == "8.8.8.8" ? AddressVerdict.Forbidden : AddressVerdict.Public,
                },
            }
        );
        await using (flow)
            Assert.Equal("db.blocked", (await flow.ErrorAsync("select 1")).Code);
    }

    [Theory]
    [InlineData("db:5432", true)]
    [InlineData("[::1]:5432", true)]
    [InlineData("fd00::/8:*", true)]
    [InlineData("/run/postgresql:5432", true)]
    [InlineData("db", false)]
    [InlineData("*:5432", false)]
    [InlineData("db:0", false)]
    [InlineData("db:65536", false)]
    [InlineData(":5432", false)]
    [InlineData("d b:5432", false)]
    public void Parse_Pattern_IsAHostAndAPort(string text, bool isOne) => Assert.Equal(isOne, DatabasePattern.Parse(text) is not null);

    private static DatabaseFlow Flow(
        string engine,
        string host,
        int port,
        DatabaseEgress egress,
        ConnectorOrigin origin = ConnectorOrigin.Operator
    ) =>
        new(
            $$"""{ "engine": "{{engine}}", "host": "{{host}}", "port": {{port}}, "database": "d", "username": "u" }""",
            options: new DatabaseModuleOptions { Egress = egress },
            origin: origin
        );

    /// <summary>Something that is no database: it says so at once, and hangs up.</summary>
    private static async Task AnswerAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // The test is over: the listener was stopped, while it waited or in between.
        }
    }
}
