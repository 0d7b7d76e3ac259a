using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Database.Engines;
using FlowEngine.Database.Engines.SqlServer;
using FlowEngine.Database.Network;
using FlowEngine.Errors;
using Microsoft.Data.SqlClient;

namespace FlowEngine.Database.Tests.Engines.SqlServer;

/// <summary>SQL Server, as far as it can be tested without one.</summary>
public sealed class SqlServerEngineTests
{
    [Theory]
    [InlineData("\"x\"", "NVarChar 4000 x")]
    [InlineData("7", "Int 0 7")]
    [InlineData("5000000000", "BigInt 0 5000000000")]
    [InlineData("1.50", "Decimal 0 1.5")]
    [InlineData("12345678901234567890.12345678", "Decimal 0 12345678901234567890.12345678")]
    [InlineData("12345678901234567890.12345678901234567890", "NVarChar 4000 12345678901234567890.12345678901234567890")]
    [InlineData("true", "Bit 0 True")]
    [InlineData("null", "NVarChar 1 ")]
    [InlineData("[1,\"a\"]", "NVarChar 4000 [1,\"a\"]")]
    [InlineData("{\"a\":1}", "NVarChar 4000 {\"a\":1}")]
    public void Parameter_Value_HasTheTypeOfItsValue(string json, string expected)
    {
        var parameter = SqlServerEngine.Parameter("@p0", FlowValue.Parse(json), isNumberPlace: true);
        Assert.Equal(
            expected,
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{parameter.SqlDbType} {parameter.Size} {parameter.Value}")
        );
        Assert.Equal("@p0", parameter.ParameterName);
    }

    [Fact]
    public void Parameter_LongText_IsNotCut() =>
        Assert.Equal(-1, SqlServerEngine.Parameter("@p0", FlowValue.From(new string('x', 5000)), isNumberPlace: true).Size);

    [Theory]
    [InlineData(SslMode.Disable, "False", true)]
    [InlineData(SslMode.Prefer, "False", true)]
    [InlineData(SslMode.Require, "True", true)]
    [InlineData(SslMode.VerifyCa, "True", false)]
    [InlineData(SslMode.VerifyFull, "True", false)]
    public void ConnectionString_Ssl_DecidesEncryptionAndTrust(SslMode ssl, string encrypt, bool trust)
    {
        var connection = SqlServerEngine.ConnectionString(Settings(ssl), Context(""));
        Assert.Equal(encrypt, connection.Encrypt.ToString());
        Assert.Equal(trust, connection.TrustServerCertificate);
    }

    [Fact]
    public async Task ConnectionString_ReadOnlyQuery_SaysSo()
    {
        await using var engine = new SqlServerEngine(Settings(SslMode.Prefer), Context("p;w=\"'"));
        var connection = SqlServerEngine.ConnectionString(Settings(SslMode.Prefer), Context(""));
        Assert.Equal("tcp:h,1444", connection.DataSource);
        Assert.Equal(7, connection.MaxPoolSize);
        Assert.Equal("d on h:1444", engine.Target);
        Assert.Equal("begin transaction", engine.Begin(readOnly: true));
        Assert.True(engine.Wrote(0));
        Assert.False(engine.Wrote(-1));
    }

    [Theory]
    [InlineData(18456, 14, "Login failed for user 'u'.", "db.connect", "Login failed for user 'u'.")]
    [InlineData(4060, 11, "Cannot open database.", "db.connect", "Cannot open database.")]
    [InlineData(-2, 11, "Timeout expired.", "db.timeout", "Timeout expired.")]
    [InlineData(1222, 16, "Lock request time out period exceeded.", "db.timeout", "Lock request time out period exceeded.")]
    [InlineData(
        3906,
        16,
        "Failed to update database because the database is read-only.",
        "db.read_only",
        "Failed to update database because the database is read-only."
    )]
    [InlineData(208, 16, "Invalid object name 'x'.", "db.query", "Invalid object name 'x'.")]
    [InlineData(
        2627,
        14,
        "Violation of PRIMARY KEY constraint 'pk'. The duplicate key value is (ada@example.com).",
        "db.query",
        "Violation of PRIMARY KEY constraint 'pk'."
    )]
    [InlineData(
        245,
        16,
        "Conversion failed when converting the nvarchar value 'secret' to data type int.",
        "db.query",
        "Conversion failed when converting the nvarchar"
    )]
    [InlineData(
        2628,
        16,
        "String or binary data would be truncated in table 't', column 'c'. Truncated value: 'secret'.",
        "db.query",
        "String or binary data would be truncated in table 't', column 'c'."
    )]
    [InlineData(9999, 20, "Fatal.", "db.connect", "Fatal.")]
    public void Explain_Number_HasItsCodeAndNoData(int number, byte severity, string message, string code, string text)
    {
        var failure = SqlServerEngine.Explain(number, severity, message);
        Assert.Equal(code, failure.Code.Code);
        Assert.Equal($"SQL Server error {number}", failure.EngineCode);
        Assert.Equal(text, failure.Text);
    }

    /// <summary>Whether a commit that ends so has certainly not happened.</summary>
    [Theory]
    [InlineData(547, 16, true)]
    [InlineData(1205, 13, true)]
    [InlineData(3906, 16, true)]
    [InlineData(1222, 16, true)]
    [InlineData(-2, 11, false)]
    [InlineData(0, 20, false)]
    [InlineData(10054, 20, false)]
    [InlineData(233, 20, false)]
    [InlineData(596, 21, false)]
    [InlineData(40197, 17, false)]
    public void Explain_Number_IsAnAnswerOrNone(int number, byte severity, bool isAnswer) =>
        Assert.Equal(isAnswer, SqlServerEngine.Explain(number, severity, "message").IsAnswer);

    [Fact]
    public async Task Explain_DriverWithoutCultureData_SaysWhatIsMissing()
    {
        await using var engine = new SqlServerEngine(Settings(SslMode.Prefer), Context(""));
        var failure = engine.Explain(new NotSupportedException("Globalization Invariant Mode is not supported."));
        Assert.Equal("db.connect", failure.Code.Code);
        Assert.Contains("ICU", failure.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_NobodyListens_IsTimeoutBecauseTheDriverKeepsTrying()
    {
        await using var flow = new DatabaseFlow(
            """{ "engine": "sqlserver", "host": "127.0.0.1", "port": 1, "database": "d", "username": "u", "password": "hunter2-secret" }"""
        );
        var (code, message) = await flow.ErrorAsync("select 1", "{}", """, "timeout": 1""");
        Assert.Equal("db.timeout", code);
        Assert.Contains("did not accept a connection to d on 127.0.0.1", message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_ServerAcceptsAndSaysNothing_IsTimeoutWithinTheActivitysTime()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var flow = new DatabaseFlow(
            $$"""{ "engine": "sqlserver", "host": "127.0.0.1", "port": {{((IPEndPoint)listener.LocalEndpoint).Port}},"""
                + """ "database": "d", "username": "u" }"""
        );
        var started = Stopwatch.GetTimestamp();
        var (code, message) = await flow.ErrorAsync("select 1", "{}", """, "timeout": 1""");
        Assert.True(code == "db.timeout", message);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.9, 3);
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("1.5", "1.5")]
    [InlineData("false", "0")]
    [InlineData("true", "1")]
    public void Parameter_NumberThatTextCouldBeComparedWith_IsText(string json, string text)
    {
        var parameter = SqlServerEngine.Parameter("@p0", FlowValue.Parse(json), isNumberPlace: false);
        Assert.Equal($"NVarChar {text}", $"{parameter.SqlDbType} {parameter.Value}");
    }

    [Fact]
    public async Task Query_ServerThatTheOperatorHasNotListed_IsBlockedAlthoughItIsPublic()
    {
        var options = new DatabaseModuleOptions { Egress = new DatabaseEgress { Judge = _ => AddressVerdict.Public } };
        await using var flow = new DatabaseFlow(
            """{ "engine": "sqlserver", "host": "127.0.0.1", "port": 1, "database": "d", "username": "u" }""",
            options: options
        );
        Assert.Equal("db.blocked", (await flow.ErrorAsync("select 1")).Code);
    }

    private static ConnectorDefinition Definition { get; } =
        ConnectorDefinition.Read(FlowValue.Parse("""{ "id": "db", "type": "sql", "configuration": {} }"""), null, new DiagnosticBag())!;

    private static SqlEngineContext Context(string password) => new(Definition, password, MaxPoolSize: 7, DatabaseFlow.Open);

    private static SqlServerSettings Settings(SslMode ssl) =>
        new()
        {
            Host = "h",
            Port = 1444,
            Database = "d",
            Username = "u",
            Ssl = ssl,
        };
}
