using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using Dapper;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Database.Network;
using FlowEngine.Database.Queries;
using FlowEngine.Database.Results;
using MySqlConnector;

namespace FlowEngine.Database.Engines.MySql;

/// <summary>Shared, thread-safe: MySQL and MariaDB through MySqlConnector.</summary>
internal sealed class MySqlEngine : SqlEngine
{
    private readonly MySqlConnectionStringBuilder _settings;
    private readonly SslMode _ssl;
    private readonly string _host;
    private readonly PinnedSource<MySqlDataSource> _source;

    public MySqlEngine(MySqlSettings settings, SqlEngineContext context)
    {
        (_host, _ssl) = (settings.Host, settings.Ssl);
        _settings = ConnectionString(settings, context);
        Target = settings.Host.StartsWith('/')
            ? $"{settings.Database} on {settings.Host}"
            : At(settings.Database, settings.Host, (int)_settings.Port);
        _settings.Password = context.Password;
        IsDiscreet = context.Definition.Origin == ConnectorOrigin.Saved;
        _source = new PinnedSource<MySqlDataSource>(
            new DatabaseRoute(settings.Host, (int)_settings.Port, context.Options.Egress),
            SourceAt
        );
    }

    public override string Name => "MySQL";

    public override string Target { get; }

    /// <summary>The connection string, without the password.</summary>
    internal static MySqlConnectionStringBuilder ConnectionString(MySqlSettings settings, SqlEngineContext context) =>
        new()
        {
            Server = settings.Host,
            Port = (uint)(settings.Port ?? 3306),
            Database = settings.Database,
            UserID = settings.Username,
            SslMode = settings.Ssl switch
            {
                SslMode.Disable => MySqlSslMode.None,
                SslMode.Require => MySqlSslMode.Required,
                // What is verified, and against which name, is in CertificateCheck:
                // the driver knows an address only, and asks only in this mode.
                SslMode.VerifyCa or SslMode.VerifyFull => MySqlSslMode.Required,
                _ => MySqlSslMode.Preferred,
            },
            MaximumPoolSize = (uint)context.MaxPoolSize,
            ConnectionTimeout = ConnectSeconds,
            CancellationTimeout = 1,
            ApplicationName = $"FlowEngine {context.Definition.Id}",
            // A char(36) is a text, and '0000-00-00' must not make a row unreadable.
            GuidFormat = MySqlGuidFormat.None,
            AllowZeroDateTime = true,
            AllowLoadLocalInfile = false,
            AutoEnlist = false,
        };

    /// <summary>The session's zone is UTC, so that a TIMESTAMP is the instant it stands for. The session is read only as well as the
    /// transaction: a procedure may commit. Both end with the pool's reset of the session.</summary>
    public override string Begin(bool readOnly) =>
        readOnly
            ? "set time_zone = '+00:00'; set session transaction read only; start transaction read only"
            : "set time_zone = '+00:00'; set session transaction read write; start transaction";

    protected override async ValueTask<Opening> CreateConnectionAsync(bool readOnly, CancellationToken cancellationToken)
    {
        var source = await _source.GetAsync(cancellationToken).ConfigureAwait(false);
        return new Opening(source.CreateConnection(), source);
    }

    protected override Task<bool> AdaptsAsync(Exception error, Opening opening, int attempt) =>
        error is MySqlException { ErrorCode: MySqlErrorCode.UnableToConnectToHost }
            ? _source.TryNextAsync((MySqlDataSource)opening.Source!, attempt)
            : Task.FromResult(false);

    public override void Bind(DbCommand command, SqlQuery query, FlowValue[] values)
    {
        for (var i = 0; i < values.Length; i++)
            ((MySqlCommand)command).Parameters.AddWithValue($"@p{i}", ValueOf(values[i], query.IsNumberPlace(i)));
    }

    /// <summary>Without that, MySqlConnector writes the values into the SQL text.</summary>
    protected override bool Prepares => true;

    public override ColumnReader[] Columns(DbDataReader reader) => Choose(reader, i => ReaderOf(reader.GetDataTypeName(i)));

    public override SqlFailure Explain(Exception error)
    {
        if (DatabaseRefusal.In(error) is { } refusal)
            return new SqlFailure(refusal.Code, null, refusal.Message);
        if (error is SocketException unresolved)
            return new SqlFailure(DatabaseErrors.Connect, null, unresolved.Message);
        if (error is not MySqlException mysql)
            return new SqlFailure(DatabaseErrors.Query, null, $"The driver failed with {error.GetType().Name}.");

        var code = mysql.ErrorCode switch
        {
            MySqlErrorCode.CannotExecuteInReadOnlyTransaction => DatabaseErrors.ReadOnly,
            MySqlErrorCode.LockWaitTimeout or MySqlErrorCode.QueryInterrupted or MySqlErrorCode.QueryTimeout => DatabaseErrors.Timeout,
            MySqlErrorCode.UnableToConnectToHost
            or MySqlErrorCode.AccessDenied
            or MySqlErrorCode.UnknownDatabase
            or MySqlErrorCode.DatabaseAccessDenied
            or MySqlErrorCode.ConnectionCountError
            or MySqlErrorCode.ServerShutdown => DatabaseErrors.Connect,
            _ when IsBroken(mysql) => DatabaseErrors.Connect,
            _ => DatabaseErrors.Query,
        };
        if (code == DatabaseErrors.Connect && mysql.Number == 0)
            return new SqlFailure(code, null, "The server closed the connection.", IsBroken: true);
        return new SqlFailure(
            code,
            mysql.Number == 0 ? null : $"MySQL error {mysql.Number}, SQLSTATE {mysql.SqlState}",
            WithoutData(mysql),
            IsBroken(mysql)
        )
        {
            IsServers = mysql.Number != 0 && mysql.ErrorCode != MySqlErrorCode.UnableToConnectToHost,
            // What is interrupted may have been done; the driver's own numbers are below 0.
            IsAnswer = mysql.Number > 0 && code != DatabaseErrors.Connect && mysql.ErrorCode != MySqlErrorCode.QueryInterrupted,
            Advice = mysql.ErrorCode switch
            {
                MySqlErrorCode.LockDeadlock => GaveWay,
                MySqlErrorCode.AccessDenied => "Check the connector's user name and password, and that this user may sign in from here.",
                MySqlErrorCode.UnknownDatabase => "Check the name of the database, or create it.",
                MySqlErrorCode.DatabaseAccessDenied => "Check the name of the database, and that the connector's user may use it.",
                MySqlErrorCode.ConnectionCountError => "The server has no connection left: let its clients, or this connector, hold fewer.",
                _ => null,
            },
        };
    }

    /// <remarks>A role that reads the server's files, or writes them, is not held by read-only transactions.</remarks>
    public override async Task<IReadOnlyList<string>> PowersAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        const string Sql =
            "select distinct privilege_type from information_schema.user_privileges where "
            + "privilege_type in ('SUPER', 'FILE', 'CREATE USER', 'SHUTDOWN', 'PROCESS')";
        var powers = await connection
            .QueryAsync<string>(new CommandDefinition(Sql, cancellationToken: cancellationToken))
            .ConfigureAwait(false);
        return
        [
            .. powers
                .Order(StringComparer.Ordinal)
                .Select(power =>
                    power == "FILE"
                        ? "The user may read and write files of the database server "
                            + "(FILE). Use one that can only read the tables that flows need."
                        : $"The user has {power}, a right of administrators. Use one that can only read the tables that flows need."
                ),
        ];
    }

    public override async ValueTask ClearPoolAsync()
    {
        if (_source.Current is not { } source)
            return;
        var connection = source.CreateConnection();
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                await MySqlConnection.ClearPoolAsync(connection).ConfigureAwait(false);
            }
            catch (MySqlException)
            {
                // The driver looks for the socket even to clear a pool. Where there is none, there is no pool.
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync().ConfigureAwait(false);
        await _source.DisposeAsync().ConfigureAwait(false);
    }

    private MySqlDataSource SourceAt(string address)
    {
        var builder = new MySqlDataSourceBuilder(
            new MySqlConnectionStringBuilder(_settings.ConnectionString) { Server = address }.ConnectionString
        );
        if (_ssl is SslMode.VerifyCa or SslMode.VerifyFull)
            builder.UseRemoteCertificateValidationCallback(new CertificateCheck(_host, _ssl == SslMode.VerifyFull).Accepts);
        return builder.Build();
    }

    private static bool IsBroken(MySqlException error) =>
        error.InnerException is IOException or System.Net.Sockets.SocketException or MySqlEndOfStreamException
        || error.ErrorCode is MySqlErrorCode.ServerShutdown
        || error.Number is 1927 or 2006 or 2013;

    /// <summary>These messages quote values: <c>Duplicate entry 'x' for key</c>, <c>Incorrect integer value: 'x'</c>.</summary>
    private static string WithoutData(MySqlException error)
    {
        var message = error.Message;
        if (
            error.ErrorCode is not (MySqlErrorCode.DuplicateKeyEntry or MySqlErrorCode.DuplicateEntryWithKeyName)
            && error.SqlState?.StartsWith("22", StringComparison.Ordinal) is not true
            && !message.Contains("ncorrect", StringComparison.Ordinal)
        )
        {
            return message;
        }
        var quote = message.IndexOf('\'', StringComparison.Ordinal);
        return quote < 0 ? message : message[..quote].TrimEnd(' ', ':');
    }

    /// <summary>A number is sent as one only where no text can be compared with it: MySQL would turn the text into a number, and
    /// <c>token = 0</c> holds for every token that does not begin with a digit. Where text is compared
    /// with a column of numbers, MySQL reads the text as the column's type, exactly.</summary>
    private static object ValueOf(FlowValue value, bool isNumberPlace)
    {
        if (value.IsNothing)
            return DBNull.Value;
        if (value.TryGetBoolean(out var boolean))
            return isNumberPlace ? boolean
                : boolean ? "1"
                : "0";
        if (!isNumberPlace)
            return value.ToText();
        if (value.TryGetInteger(out var integer))
            return integer;
        return value.Kind == FlowValueKind.Number && ExactNumber.TryGet(value, out var number) ? number : value.ToText();
    }

    private static ColumnReader ReaderOf(string type) =>
        type switch
        {
            "BOOL" => static (reader, i) => FlowValue.From(reader.GetBoolean(i)),
            "DECIMAL" => static (reader, i) => ColumnValues.Number(((MySqlDataReader)reader).GetMySqlDecimal(i).ToString()),
            "DATE" => static (reader, i) => DateTime(reader, i) is { } date ? ColumnValues.Date(date) : FlowValue.Null,
            "DATETIME" => static (reader, i) => DateTime(reader, i) is { } local ? ColumnValues.LocalTime(local) : FlowValue.Null,
            "TIMESTAMP" => static (reader, i) =>
                DateTime(reader, i) is { } instant ? ColumnValues.Instant(new DateTimeOffset(instant, TimeSpan.Zero)) : FlowValue.Null,
            "JSON" => static (reader, i) => ColumnValues.Json(reader.GetString(i)),
            _ => static (reader, i) => ColumnValues.Of(reader.GetValue(i)),
        };

    /// <summary>A date and time, or null for MySQL's zero date, which is on no calendar.</summary>
    private static DateTime? DateTime(DbDataReader reader, int i)
    {
        var value = ((MySqlDataReader)reader).GetMySqlDateTime(i);
        return value.IsValidDateTime
            ? new DateTime(
                value.Year,
                value.Month,
                value.Day,
                value.Hour,
                value.Minute,
                value.Second,
                DateTimeKind.Unspecified
            ).AddMicroseconds(value.Microsecond)
            : null;
    }
}
