using System.Data;
using System.Data.Common;
using System.Net.Sockets;
using Dapper;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Database.Network;
using FlowEngine.Database.Queries;
using FlowEngine.Database.Results;
using Microsoft.Data.SqlClient;

namespace FlowEngine.Database.Engines.SqlServer;

/// <summary>Shared, thread-safe: SQL Server through Microsoft.Data.SqlClient.</summary>
/// <remarks>SQL Server has no read-only transaction. A read-only query's transaction is always rolled back, and one that reports changed
/// rows fails; see <c>docs/database.md</c> for what that cannot stop.</remarks>
internal sealed class SqlServerEngine : SqlEngine
{
    private const int DefaultPort = 1433;

    private readonly string _reading;
    private readonly string _writing;
    private readonly DatabaseRoute _route;
    private long _checkedAt;
    private volatile bool _isChecked;

    public SqlServerEngine(SqlServerSettings settings, SqlEngineContext context)
    {
        Target = At(settings.Database, settings.Host, settings.Port ?? DefaultPort);
        var connection = ConnectionString(settings, context);
        connection.Password = context.Password;
        _writing = connection.ConnectionString;
        connection.ApplicationIntent = ApplicationIntent.ReadOnly;
        _reading = connection.ConnectionString;
        IsDiscreet = context.Definition.Origin == ConnectorOrigin.Saved;
        _route = new DatabaseRoute(settings.Host.Split('\\')[0], settings.Port ?? DefaultPort, context.Options.Egress);
    }

    public override string Name => "SQL Server";

    public override string Target { get; }

    /// <summary>The connection string, without the password.</summary>
    internal static SqlConnectionStringBuilder ConnectionString(SqlServerSettings settings, SqlEngineContext context) =>
        new()
        {
            // Never a pipe or shared memory of this machine.
            DataSource = settings.Port is { } port ? $"tcp:{settings.Host},{port}" : $"tcp:{settings.Host}",
            InitialCatalog = settings.Database,
            UserID = settings.Username,
            Encrypt = settings.Ssl is Engines.SslMode.Disable or Engines.SslMode.Prefer
                ? SqlConnectionEncryptOption.Optional
                : SqlConnectionEncryptOption.Mandatory,
            TrustServerCertificate = settings.Ssl is not (Engines.SslMode.VerifyCa or Engines.SslMode.VerifyFull),
            MaxPoolSize = context.MaxPoolSize,
            ConnectTimeout = ConnectSeconds,
            // A refusal is told at once, and a server that has come back is used at once: the activity's timeout and retry are ours.
            ConnectRetryCount = 0,
            PoolBlockingPeriod = PoolBlockingPeriod.NeverBlock,
            ApplicationName = $"FlowEngine {context.Definition.Id}",
            Enlist = false,
        };

    public override string Begin(bool readOnly) => "begin transaction";

    /// <remarks>The driver is told the name, not an address: a server may send it on to
    /// another one by its own protocol. So the operator must have named the server.</remarks>
    protected override async ValueTask<Opening> CreateConnectionAsync(bool readOnly, CancellationToken cancellationToken)
    {
        if (!_isChecked || _route.IsOld(Interlocked.Read(ref _checkedAt)))
        {
            await _route.CheckTrustedAsync(Name, cancellationToken).ConfigureAwait(false);
            Interlocked.Exchange(ref _checkedAt, _route.Now);
            _isChecked = true;
        }
        return new Opening(new SqlConnection(readOnly ? _reading : _writing));
    }

    public override void Bind(DbCommand command, SqlQuery query, FlowValue[] values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters.Add(Parameter($"@p{i}", values[i], query.IsNumberPlace(i)));
    }

    /// <summary>The parameter of a value. Text is nvarchar, which SQL Server converts to what it is compared with. A number is sent as one
    /// only where no text can be compared with it: SQL Server would turn the text into a number, and an empty text is 0.</summary>
    internal static SqlParameter Parameter(string name, FlowValue value, bool isNumberPlace)
    {
        if (value.IsNothing)
            return new SqlParameter(name, SqlDbType.NVarChar, 1) { Value = DBNull.Value };
        if (!isNumberPlace)
            return Text(
                name,
                value.TryGetBoolean(out var flag)
                    ? flag
                        ? "1"
                        : "0"
                    : value.ToText()
            );
        if (value.TryGetBoolean(out var boolean))
            return new SqlParameter(name, SqlDbType.Bit) { Value = boolean };
        if (value.TryGetInteger(out var integer))
            return integer is >= int.MinValue and <= int.MaxValue
                ? new SqlParameter(name, SqlDbType.Int) { Value = (int)integer }
                : new SqlParameter(name, SqlDbType.BigInt) { Value = integer };
        if (value.Kind == FlowValueKind.Number && ExactNumber.TryGet(value, out var number))
            return new SqlParameter(name, SqlDbType.Decimal) { Value = number };

        return Text(name, value.ToText());

        // Two sizes, so that the server's plan cache does not hold a plan per length.
        static SqlParameter Text(string name, string text) =>
            new(name, SqlDbType.NVarChar, text.Length <= 4000 ? 4000 : -1) { Value = text };
    }

    public override ColumnReader[] Columns(DbDataReader reader) => Choose(reader, i => ReaderOf(reader.GetDataTypeName(i)));

    public override bool Wrote(int recordsAffected) => recordsAffected >= 0;

    public override SqlFailure Explain(Exception error)
    {
        return error switch
        {
            _ when DatabaseRefusal.In(error) is { } refusal => new SqlFailure(refusal.Code, null, refusal.Message),
            SocketException unresolved => new SqlFailure(DatabaseErrors.Connect, null, unresolved.Message),
            SqlException sql => Explain(sql.Number, sql.Class, sql.Message),
            // SqlClient decodes collations with the culture data that InvariantGlobalization leaves out, and refuses to connect without it.
            NotSupportedException => new SqlFailure(
                DatabaseErrors.Connect,
                null,
                "the driver needs culture data (ICU), and this program runs without, with InvariantGlobalization"
            ),
            InvalidOperationException => new SqlFailure(DatabaseErrors.Connect, null, "The driver's pool gave no connection."),
            _ => new SqlFailure(DatabaseErrors.Query, null, $"The driver failed with {error.GetType().Name}."),
        };
    }

    /// <summary>What an error's number means.</summary>
    internal static SqlFailure Explain(int number, byte severity, string message)
    {
        var code = number switch
        {
            3906 => DatabaseErrors.ReadOnly,
            -2 or 1222 => DatabaseErrors.Timeout,
            // Login failed, database not available, and the network's own codes.
            4060
            or 18456
            or 18487
            or 18488
            or 233
            or 64
            or 53
            or 40
            or 26
            or 20
            or 0
            or -1
            or 2
            or 10053
            or 10054
            or 10060
            or 10061
            or 11001
            or 40197
            or 40501
            or 40613 => DatabaseErrors.Connect,
            _ when severity >= 20 => DatabaseErrors.Connect,
            _ => DatabaseErrors.Query,
        };
        var broken = code == DatabaseErrors.Connect && number is not (4060 or 18456 or 18487 or 18488);
        return new SqlFailure(code, $"SQL Server error {number}", WithoutData(number, message), broken)
        {
            IsServers = number is 4060 or 18456 or 18487 or 18488,
            // The driver's own numbers are -2, 0 and those of the network; from severity 20 on the connection ends.
            IsAnswer = number > 0 && severity < 20 && code != DatabaseErrors.Connect,
            Advice = number switch
            {
                1205 => GaveWay,
                18456 or 18487 or 18488 => "Check the connector's user name and password.",
                4060 => "Check the name of the database, and that the connector's user may use it.",
                _ => null,
            },
        };
    }

    public override async Task<IReadOnlyList<string>> PowersAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        const string Sql = """
            select case when is_srvrolemember('sysadmin') = 1 then 1 else 0 end,
              case when has_perms_by_name(null, null, 'CONTROL SERVER') = 1 then 1 else 0 end,
              case when has_perms_by_name(null, null, 'ADMINISTER BULK OPERATIONS') = 1 then 1 else 0 end
            """;
        var (administers, controls, bulk) = await connection
            .QuerySingleAsync<(int, int, int)>(new CommandDefinition(Sql, cancellationToken: cancellationToken))
            .ConfigureAwait(false);
        if (administers + controls > 0)
            return
            [
                "The login administers the server, and may run programs and read "
                    + "its files. Use one that can only read the tables that flows need.",
            ];
        return bulk > 0
            ? ["The login may read files of the database server (bulk operations). Use one that can only read the tables that flows need."]
            : [];
    }

    public override ValueTask ClearPoolAsync()
    {
        foreach (var connectionString in (string[])[_reading, _writing])
        {
            using var connection = new SqlConnection(connectionString);
            SqlConnection.ClearPool(connection);
        }
        return ValueTask.CompletedTask;
    }

    /// <summary>These messages quote values: <c>The duplicate key value is (x)</c>,
    /// <c>converting the nvarchar value 'x'</c>, <c>Truncated value: 'x'</c>.</summary>
    private static string WithoutData(int number, string message)
    {
        var end = number switch
        {
            2601 or 2627 => message.IndexOf("The duplicate key value", StringComparison.Ordinal),
            2628 => message.IndexOf("Truncated value", StringComparison.Ordinal),
            245 or 248 or 235 or 8114 or 8115 => message.IndexOf(" value '", StringComparison.Ordinal),
            _ => -1,
        };
        return end < 0 ? message : message[..end].TrimEnd();
    }

    private static ColumnReader ReaderOf(string type) =>
        type switch
        {
            "decimal" or "numeric" => static (reader, i) => ColumnValues.Number(((SqlDataReader)reader).GetSqlDecimal(i).ToString()),
            "date" => static (reader, i) => ColumnValues.Date(reader.GetDateTime(i)),
            "json" => static (reader, i) => ColumnValues.Json(reader.GetString(i)),
            _ when type.EndsWith(".hierarchyid", StringComparison.Ordinal)
                    || type.EndsWith(".geography", StringComparison.Ordinal)
                    || type.EndsWith(".geometry", StringComparison.Ordinal) => static (reader, i) =>
                ColumnValues.Bytes(((SqlDataReader)reader).GetSqlBytes(i).Value),
            _ => static (reader, i) => ColumnValues.Of(reader.GetValue(i)),
        };
}
