using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Dapper;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Database.Network;
using FlowEngine.Database.Queries;
using FlowEngine.Database.Results;
using Npgsql;
using Npgsql.PostgresTypes;

namespace FlowEngine.Database.Engines.Postgres;

/// <summary>Shared, thread-safe: PostgreSQL through Npgsql.</summary>
/// <remarks>
/// Results are asked for in PostgreSQL's text form, which is exact and exists for every type, those that Npgsql does not know included. A
/// query travels by the extended protocol with positional parameters, so that the server itself refuses a second statement in it, whatever
/// the text looks like to anybody else. The read-only transaction around it is statements of their own, which travel along.
/// </remarks>
internal sealed partial class PostgresEngine : SqlEngine
{
    private const string Unlock = "select pg_advisory_unlock_all()";

    /// <summary>How many statements a connection keeps prepared.</summary>
    private const int Prepared = 50;

    private readonly NpgsqlConnectionStringBuilder _settings;
    private readonly string _host;
    private readonly PostgresIdentity? _own;
    private readonly PinnedSource<NpgsqlDataSource> _source;
    private volatile bool _prepares = true;

    public PostgresEngine(PostgresSettings settings, SqlEngineContext context)
    {
        _host = settings.Host;
        _own = context.Options.OwnDatabase;
        _settings = ConnectionString(settings, context);
        // A path is a socket's folder, which has no port of its own for anybody to look at.
        Target = settings.Host.StartsWith('/')
            ? $"{settings.Database} on {settings.Host}"
            : At(settings.Database, settings.Host, _settings.Port);
        _settings.Password = context.Password.Length == 0 ? null : context.Password;
        IsDiscreet = context.Definition.Origin == ConnectorOrigin.Saved;
        _source = new PinnedSource<NpgsqlDataSource>(new DatabaseRoute(settings.Host, _settings.Port, context.Options.Egress), SourceAt);
    }

    public override string Name => "PostgreSQL";

    public override string Target { get; }

    /// <summary>The connection string, without the password.</summary>
    internal static NpgsqlConnectionStringBuilder ConnectionString(PostgresSettings settings, SqlEngineContext context) =>
        new()
        {
            Host = settings.Host,
            Port = settings.Port ?? NpgsqlConnection.DefaultPort,
            Database = settings.Database,
            Username = settings.Username,
            SslMode = settings.Ssl switch
            {
                Engines.SslMode.Disable => Npgsql.SslMode.Disable,
                Engines.SslMode.Require => Npgsql.SslMode.Require,
                Engines.SslMode.VerifyCa => Npgsql.SslMode.VerifyCA,
                Engines.SslMode.VerifyFull => Npgsql.SslMode.VerifyFull,
                _ => Npgsql.SslMode.Prefer,
            },
            MaxPoolSize = context.MaxPoolSize,
            Timeout = ConnectSeconds,
            CancellationTimeout = 1000,
            ApplicationName = $"FlowEngine {context.Definition.Id}",
            IncludeErrorDetail = false,
            Enlist = false,
            // See ResetAfter.
            NoResetOnClose = true,
        };

    public override string Begin(bool readOnly) => readOnly ? "begin read only" : "begin";

    /// <remarks>What the driver would do before every next use of the connection, but only where a query can have left something: it costs
    /// more than most queries. It keeps prepared statements. What a read-only query does ends
    /// with its transaction, except for advisory locks, which a function may take.</remarks>
    public override string? ResetAfter(SqlQuery query) =>
        query switch
        {
            { IsReadOnly: false } =>
                $"set session authorization default;reset all;close all;unlisten *;{Unlock};discard sequences;discard temp",
            { CallsOthers: true } => Unlock,
            _ => null,
        };

    protected override async ValueTask<Opening> CreateConnectionAsync(bool readOnly, CancellationToken cancellationToken)
    {
        var source = await _source.GetAsync(cancellationToken).ConfigureAwait(false);
        return new Opening(source.CreateConnection(), source);
    }

    protected override Task<bool> AdaptsAsync(Exception error, Opening opening, int attempt)
    {
        if (error is PoolerException)
        {
            _prepares = false;
            return _source.RenewAsync((NpgsqlDataSource)opening.Source!);
        }
        return error is NpgsqlException { InnerException: SocketException }
            ? _source.TryNextAsync((NpgsqlDataSource)opening.Source!, attempt)
            : Task.FromResult(false);
    }

    public override async Task<DbDataReader> ExecuteAsync(
        DbConnection connection,
        QueryParameters parameters,
        int timeoutSeconds,
        CancellationToken cancellationToken
    )
    {
        // Not disposed here: the reader needs it, and it holds nothing beyond the connection.
        var batch = new NpgsqlBatch((NpgsqlConnection)connection) { Timeout = timeoutSeconds };
        AskForText(batch, true);
        var (query, values) = (parameters.Query, parameters.Values);
        var command = new NpgsqlBatchCommand(query.Sql);
        for (var i = 0; i < values.Length; i++)
            command.Parameters.Add(PostgresParameter.Of(values[i], query.IsDeclaredText(i)));
        if (query.HasTransaction)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Begin(readOnly: true)));
        batch.BatchCommands.Add(command);
        if (query.HasTransaction)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Rollback));
        parameters.Cancelling = batch.Cancel;
        return await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async Task<IReadOnlyList<string>> PowersAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        const string Sql = """
            select 'superuser' where exists (select 1 from pg_catalog.pg_roles where rolsuper and pg_catalog.pg_has_role(oid, 'member'))
            union
            select rolname::text from pg_catalog.pg_roles
            where rolname in ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program')
              and pg_catalog.pg_has_role(oid, 'member')
            union
            select 'pg_read_server_files' where pg_catalog.has_function_privilege('pg_catalog.pg_read_file(text)', 'execute')
            """;
        var powers = (
            await connection.QueryAsync<string>(new CommandDefinition(Sql, cancellationToken: cancellationToken)).ConfigureAwait(false)
        ).ToList();
        const string Advice = "Use one that can only read the tables that flows need.";
        if (powers.Contains("superuser"))
            return [$"The role is a superuser: even its read-only queries run programs and read files on the database server. {Advice}"];
        return
        [
            .. powers
                .Order(StringComparer.Ordinal)
                .Select(power =>
                    power switch
                    {
                        "pg_execute_server_program" => $"The role may run programs on the database server ({power}). {Advice}",
                        "pg_write_server_files" => $"The role may write files of the database server ({power}). {Advice}",
                        _ => $"The role may read files of the database server ({power}). {Advice}",
                    }
                ),
        ];
    }

    public override ColumnReader[] Columns(DbDataReader reader)
    {
        var typed = (NpgsqlDataReader)reader;
        return Choose(reader, i => ReaderOf(typed.GetPostgresType(i)));
    }

    public override SqlFailure Explain(Exception error)
    {
        if (DatabaseRefusal.In(error) is { } refusal)
            return new SqlFailure(refusal.Code, null, refusal.Message);
        if (error is PostgresException server)
        {
            var state = server.SqlState;
            var code = state switch
            {
                PostgresErrorCodes.ReadOnlySqlTransaction => DatabaseErrors.ReadOnly,
                PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable => DatabaseErrors.Timeout,
                // Broken or refused connections, shutdown, and a database that does not exist.
                _ when IsConnectionState(state) => DatabaseErrors.Connect,
                _ => DatabaseErrors.Query,
            };
            return new SqlFailure(
                code,
                $"SQLSTATE {state}",
                WithoutData(state, server.MessageText),
                code == DatabaseErrors.Connect && IsBrokenState(state)
            )
            {
                IsServers = true,
                IsAnswer = !IsBrokenState(state) && state != PostgresErrorCodes.StatementCompletionUnknown,
                Advice = AdviceOf(state),
            };
        }
        if (error is NpgsqlException { InnerException: SocketException socket })
            return new SqlFailure(DatabaseErrors.Connect, null, socket.Message, true);
        if (error is NpgsqlException { InnerException: TimeoutException })
            return new SqlFailure(DatabaseErrors.Timeout, null, null);
        if (error is NpgsqlException { InnerException: IOException })
            return new SqlFailure(DatabaseErrors.Connect, null, "The server closed the connection.", true);
        if (error is NpgsqlException)
            return new SqlFailure(DatabaseErrors.Connect, null, error.Message);
        if (error is SocketException unresolved)
            return new SqlFailure(DatabaseErrors.Connect, null, unresolved.Message);
        return new SqlFailure(DatabaseErrors.Query, null, $"The driver failed with {error.GetType().Name}.");
    }

    /// <summary>
    /// A text parameter is sent without a type and PostgreSQL infers it from where it stands, so that text compares with uuid, int or
    /// timestamp columns. Where nothing tells the type ("{{x}} is null", jsonb_build_object),
    /// it answers with one of these codes and the parameter is declared as text.
    /// </summary>
    public override bool Learns(SqlQuery query, FlowValue[] values, Exception error)
    {
        // A column has changed under a prepared statement: it fails before it does anything, and is prepared anew on a new connection.
        if (error is PostgresException { SqlState: PostgresErrorCodes.FeatureNotSupported, Routine: "RevalidateCachedQuery" } && _prepares)
        {
            _source.Current?.Clear();
            return true;
        }
        if (
            error
            is not PostgresException
            {
                SqlState: PostgresErrorCodes.IndeterminateDatatype
                    or PostgresErrorCodes.AmbiguousFunction
                    or PostgresErrorCodes.DatatypeMismatch
            } server
        )
            return false;

        var named = ParameterNumber().Match(server.MessageText);
        if (
            named.Success
            && int.TryParse(named.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var number)
            && number >= 1
            && number <= values.Length
        )
        {
            query.DeclareText(number - 1);
            return true;
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (PostgresParameter.IsUntyped(values[i]))
                query.DeclareText(i);
        }
        return true;
    }

    public override ValueTask ClearPoolAsync()
    {
        _source.Current?.Clear();
        return ValueTask.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync().ConfigureAwait(false);
        await _source.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Connections to an address, which keep the statements they see twice prepared. Behind a pooler such as PgBouncer that is not safe:
    /// one session here is several there, in turn with other clients', and a statement's name may stand for somebody else's. A pooler shows
    /// by the process that it names when a session begins: it is not the one that executes.
    /// </summary>
    private NpgsqlDataSource SourceAt(string address)
    {
        var prepares = _prepares;
        var settings = new NpgsqlConnectionStringBuilder(_settings.ConnectionString) { Host = address };
        if (prepares)
            (settings.MaxAutoPrepare, settings.AutoPrepareMinUsages) = (Prepared, 2);
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        // The certificate is the name's, not the address's.
        if (!HostName.IsSocket(_host))
            builder.UseSslClientAuthenticationOptionsCallback(options => options.TargetHost = _host);
        if (prepares || _own is not null)
        {
            builder.UsePhysicalConnectionInitializer(
                _ => throw new NotSupportedException("Connections are opened asynchronously here."),
                connection => LookAtAsync(connection, prepares)
            );
        }
        return builder.Build();
    }

    private async Task LookAtAsync(NpgsqlConnection connection, bool prepares)
    {
        var sight = await PostgresIdentity.LookAsync(connection, CancellationToken.None).ConfigureAwait(false);
        if (_own is not null && sight.Is(_own))
            throw new DatabaseRefusal(DatabaseErrors.OwnDatabase, $"{Target} is where this server itself stores.");
        if (prepares && sight.Process != connection.ProcessID)
            throw new PoolerException();
    }

    /// <summary>A batch has it inside, but only a command shows it. Two statements
    /// in one text would be needed otherwise, or two more round trips.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_AllResultTypesAreUnknown")]
    private static extern void AskForText(NpgsqlBatch batch, bool value);

    [GeneratedRegex(@"\$(\d+)")]
    private static partial Regex ParameterNumber();

    private static string? AdviceOf(string state) =>
        state switch
        {
            _ when state.StartsWith("28", StringComparison.Ordinal) =>
                "Check the connector's user name and password, and that this user may sign in from here.",
            PostgresErrorCodes.InvalidCatalogName => "Check the name of the database, or create it.",
            PostgresErrorCodes.TooManyConnections => "The server has no connection left: let its clients, or this connector, hold fewer.",
            PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected => GaveWay,
            PostgresErrorCodes.CannotConnectNow => "The server is starting or ending; try again in a moment.",
            _ => null,
        };

    private static bool IsConnectionState(string state) =>
        state.StartsWith("08", StringComparison.Ordinal)
        || state.StartsWith("28", StringComparison.Ordinal)
        || state.StartsWith("57P", StringComparison.Ordinal)
        || state is PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.TooManyConnections;

    private static bool IsBrokenState(string state) =>
        state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("57P", StringComparison.Ordinal);

    /// <summary>Messages of class 22 quote the value after a colon: <c>invalid input syntax for type integer: "x"</c>.</summary>
    private static string WithoutData(string state, string message)
    {
        var colon = state.StartsWith("22", StringComparison.Ordinal) ? message.IndexOf(": \"", StringComparison.Ordinal) : -1;
        return colon < 0 ? message : message[..colon];
    }

    private static ColumnReader ReaderOf(PostgresType type)
    {
        if (type is PostgresArrayType array)
        {
            var element = ConverterOf(array.Element);
            var delimiter = array.Element.InternalName == "box" ? ';' : ',';
            return (reader, i) => PostgresText.Array(reader.GetString(i), delimiter, element);
        }
        var convert = ConverterOf(type);
        return (reader, i) => convert(reader.GetString(i));
    }

    private static Func<string, FlowValue> ConverterOf(PostgresType type) =>
        type switch
        {
            PostgresDomainType domain => ConverterOf(domain.BaseType),
            _ => type.InternalName switch
            {
                "bool" => static text => FlowValue.From(text == "t"),
                "int2" or "int4" or "int8" or "oid" or "numeric" => ColumnValues.Number,
                "float4" or "float8" => static text => FlowValue.From(double.Parse(text, CultureInfo.InvariantCulture)),
                "timestamptz" => static text => FlowValue.From(PostgresText.Instant(text)),
                "timestamp" => static text => FlowValue.From(PostgresText.LocalTime(text)),
                "interval" => static text => FlowValue.From(PostgresText.Interval(text)),
                "bytea" => static text => FlowValue.From(PostgresText.Bytes(text)),
                "json" or "jsonb" => ColumnValues.Json,
                // Texts, names, enums, uuid, date, time, inet, ranges, composites
                // and whatever an extension brings: as PostgreSQL writes them.
                _ => static text => FlowValue.From(text),
            },
        };

    /// <summary>There is a pooler between here and the server.</summary>
    private sealed class PoolerException : Exception;
}
