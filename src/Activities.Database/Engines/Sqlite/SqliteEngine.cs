using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Database.Files;
using FlowEngine.Database.Queries;
using FlowEngine.Database.Results;
using FlowEngine.Execution;
using FlowEngine.Workers;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace FlowEngine.Database.Engines.Sqlite;

/// <summary>Shared, thread-safe: SQLite through Microsoft.Data.Sqlite.</summary>
/// <remarks>
/// A read-only query gets a connection that is itself read only, so that no statement can lift it, and on which nothing can be left behind:
/// only those are used again. One that may write is closed after its query. The driver
/// blocks, so all is done on threads of its own; a command is ended by interrupting it.
/// </remarks>
internal sealed class SqliteEngine : SqlEngine
{
    private readonly string _file;
    private readonly ConnectorOrigin _origin;
    private readonly SqliteFileRules _rules;
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private volatile int _generation;

    public SqliteEngine(string file, ConnectorOrigin origin, DatabaseModuleOptions options)
    {
        (_file, _origin, _rules) = (file, origin, options.SqliteFiles);
        Workers = options.SqliteWorkers;
        IsDiscreet = origin == ConnectorOrigin.Saved;
    }

    public override string Name => "SQLite";

    public override string Target => _file;

    public override string ConnectAdvice => "Check that the file exists, is a SQLite database, and that this server may read it.";

    public override FairWorkers? Workers { get; }

    public override string Probe => "select count(*) from sqlite_schema";

    public override string Begin(bool readOnly) => readOnly ? "begin" : "begin immediate";

    protected override ValueTask<Opening> CreateConnectionAsync(bool readOnly, CancellationToken cancellationToken)
    {
        if (readOnly && _idle.TryTake(out var idle))
            return new(new Opening(idle));
        var canonical =
            _rules.Resolve(_file, _origin) ?? throw new DatabaseRefusal(DatabaseErrors.File, "The connector may not open its file.");
        return new(new Opening(new SqliteSession(canonical, readOnly) { Generation = _generation }));
    }

    protected override void Accept(DbConnection connection)
    {
        var session = (SqliteSession)connection;
        if (!session.IsGuarded)
            session.Guard(_rules, session.DataSource);
    }

    public override Task ExecuteOwnAsync(DbConnection connection, string sql, int timeoutSeconds, CancellationToken cancellationToken)
    {
        ((SqliteSession)connection).ExecuteOwn(sql, TimeSpan.FromSeconds(timeoutSeconds), cancellationToken);
        return Task.CompletedTask;
    }

    public override ValueTask ReleaseAsync(DbConnection connection, bool isClean)
    {
        var session = (SqliteSession)connection;
        if (!isClean || !session.IsReadOnly || !session.IsIdle || session.Generation != _generation)
            return session.DisposeAsync();
        _idle.Add(session);
        return ValueTask.CompletedTask;
    }

    public override async Task<DbDataReader> ExecuteAsync(
        DbConnection connection,
        QueryParameters parameters,
        int timeoutSeconds,
        CancellationToken cancellationToken
    )
    {
        if (parameters.Query is { IsSingle: true, IsKnownToBeSingle: false } query)
        {
            RefuseSeveral(
                ((SqliteSession)connection).Handle!,
                query.Sql,
                query.IsReadOnly ? "A read-only query" : "A statement of a transaction"
            );
            query.IsKnownToBeSingle = true;
        }
        return await base.ExecuteAsync(connection, parameters, timeoutSeconds, cancellationToken).ConfigureAwait(false);
    }

    public override void Bind(DbCommand command, SqlQuery query, FlowValue[] values)
    {
        for (var i = 0; i < values.Length; i++)
            ((SqliteCommand)command).Parameters.AddWithValue($"@p{i}", ValueOf(values[i]));
    }

    public override ColumnReader[] Columns(DbDataReader reader) => Choose(reader, i => ReaderOf(reader.GetDataTypeName(i)));

    public override SqlFailure Explain(Exception error)
    {
        if (DatabaseRefusal.In(error) is { } refusal)
            return new SqlFailure(refusal.Code, null, refusal.Message);
        if (error is not SqliteException sqlite)
            return new SqlFailure(DatabaseErrors.Query, null, $"The driver failed with {error.GetType().Name}.");

        var code = sqlite.SqliteErrorCode switch
        {
            raw.SQLITE_READONLY => DatabaseErrors.ReadOnly,
            raw.SQLITE_TOOBIG => DatabaseErrors.TooLarge,
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => DatabaseErrors.Timeout,
            raw.SQLITE_CANTOPEN or raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT or raw.SQLITE_IOERR or raw.SQLITE_PERM => DatabaseErrors.Connect,
            _ => DatabaseErrors.Query,
        };
        var text = Quoted(sqlite.Message);
        if (sqlite.SqliteErrorCode == raw.SQLITE_AUTH)
            text += " for a query: other files, transactions of its own, settings, and temporary tables of a read-only query are not";
        return new SqlFailure(code, $"SQLite error {sqlite.SqliteExtendedErrorCode}", text);
    }

    /// <remarks>SQLite runs in this process: it commits or says why not. Only where the disk fails it may not know itself.</remarks>
    public override bool IsCommitUnknown(Exception error) => error is SqliteException { SqliteErrorCode: raw.SQLITE_IOERR };

    public override IDisposable? Watch(DbConnection connection, Func<DbCommand?> command, QueryDeadline deadline)
    {
        var handle = ((SqliteConnection)connection).Handle!;
        var watch = new SqliteWatch(handle, deadline);
        // What runs, looks itself; this is for a command that waits for a lock: it polls until its timeout, of whole seconds, is over.
        var registration = deadline.Token.UnsafeRegister(
            _ =>
            {
                if (command() is { } waiting)
                    waiting.CommandTimeout = 1;
                raw.sqlite3_interrupt(handle);
            },
            null
        );
        return new Watching(watch, registration);
    }

    public override ValueTask DiscardAsync() => ClearPoolAsync();

    public override async ValueTask ClearPoolAsync()
    {
        Interlocked.Increment(ref _generation);
        while (_idle.TryTake(out var session))
            await session.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The driver executes one statement after another; SQLite itself tells where the first one ends.</summary>
    internal static void RefuseSeveral(sqlite3 handle, string sql, string subject)
    {
        var isFirst = true;
        for (var rest = sql; rest.Length > 0; isFirst = false)
        {
            var result = raw.sqlite3_prepare_v2(handle, rest, out var statement, out var tail);
            using (statement)
            {
                // What SQLite does not understand, it says itself when it is
                // executed; but not behind a statement that would be executed before.
                if (result != raw.SQLITE_OK && isFirst)
                    return;
                if (result != raw.SQLITE_OK || (!isFirst && statement is { IsInvalid: false }))
                    throw new DatabaseRefusal(DatabaseErrors.Statements, $"{subject} is one statement, but this one goes on after it.");
            }
            rest = tail ?? "";
        }
    }

    /// <summary>Per query: what ends it. Disposed of on the query's own thread,
    /// and no later than that: the connection may be closed next.</summary>
    private sealed class Watching(SqliteWatch watch, CancellationTokenRegistration registration) : IDisposable
    {
        public void Dispose()
        {
            registration.Dispose();
            watch.Dispose();
        }
    }

    /// <summary>The engine's own words in "SQLite Error 1: 'no such table: x'.".</summary>
    private static string Quoted(string message)
    {
        var start = message.IndexOf(": '", StringComparison.Ordinal);
        return start < 0 ? message : message[(start + 3)..].TrimEnd('.').TrimEnd('\'');
    }

    private static object ValueOf(FlowValue value)
    {
        if (value.IsNothing)
            return DBNull.Value;
        if (value.TryGetBoolean(out var boolean))
            return boolean;
        if (value.TryGetInteger(out var integer))
            return integer;
        // SQLite has no decimals: a number that a double holds to its last digit becomes one, a longer one keeps its digits as text.
        if (
            value.TryGetDouble(out var number)
            && ExactNumber.TryGet(value, out var exact)
            && ExactNumber.TryGet(FlowValue.From(number), out var nearest)
            && exact == nearest
        )
            return number;
        return value.ToText();
    }

    private static ColumnReader ReaderOf(string declaredType) =>
        declaredType.ToUpperInvariant() switch
        {
            "BOOLEAN" or "BOOL" => static (reader, i) =>
                ValueOf(reader, i) is var value && value.TryGetInteger(out var number) && number is 0 or 1
                    ? FlowValue.From(number == 1)
                    : value,
            "DATETIME" or "TIMESTAMP" => static (reader, i) =>
                ValueOf(reader, i) is var value && value.TryGetText(out var text) ? FlowValue.From(LocalTime(text)) : value,
            "JSON" => static (reader, i) =>
                ValueOf(reader, i) is var value && value.TryGetText(out var text) ? ColumnValues.Json(text) : value,
            _ => ValueOf,
        };

    /// <summary>A value by the type it has itself, as SQLite's columns are only loosely typed.</summary>
    private static FlowValue ValueOf(DbDataReader reader, int i) =>
        reader.GetValue(i) switch
        {
            long number => FlowValue.From(number),
            double number => FlowValue.From(number),
            string text => FlowValue.From(text),
            var other => ColumnValues.Of(other),
        };

    /// <summary>SQLite's own "2024-01-02 03:04:05" with ISO 8601's T; anything else as it is.</summary>
    private static string LocalTime(string text) =>
        text.Length >= 19
        && text[10] == ' '
        && DateTime.TryParseExact(text.AsSpan(0, 19), "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? $"{text.AsSpan(0, 10)}T{text.AsSpan(11)}"
            : text;
}
