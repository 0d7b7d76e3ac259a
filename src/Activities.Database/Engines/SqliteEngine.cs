using System.Data.Common;
using System.Globalization;
using FlowEngine.Context;
using FlowEngine.Database.Queries;
using FlowEngine.Database.Results;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace FlowEngine.Database.Engines;

/// <summary>Shared, thread-safe: SQLite through Microsoft.Data.Sqlite.</summary>
/// <remarks>A read-only query gets a connection that is itself read only, so that no statement can lift it. The driver blocks; a command is ended by
/// interrupting it.</remarks>
internal sealed class SqliteEngine(string file) : SqlEngine
{
    private readonly string _reading = ConnectionString(file, readOnly: true).ConnectionString;
    private readonly string _writing = ConnectionString(file, readOnly: false).ConnectionString;

    public override string Name => "SQLite";

    public override string Target => file;

    public override bool Blocks => true;

    internal static SqliteConnectionStringBuilder ConnectionString(string file, bool readOnly) => new()
    {
        DataSource = file,
        // Never ReadWriteCreate: a wrong path must not become an empty database.
        Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite,
    };

    public override string Begin(bool readOnly) => readOnly ? "begin" : "begin immediate";

    protected override DbConnection CreateConnection(bool readOnly) => new SqliteConnection(readOnly ? _reading : _writing);

    public override void Bind(DbCommand command, SqlQuery query, FlowValue[] values)
    {
        for (var i = 0; i < values.Length; i++)
            ((SqliteCommand)command).Parameters.AddWithValue($"@p{i}", ValueOf(values[i]));
    }

    public override ColumnReader[] Columns(DbDataReader reader) => Choose(reader, i => ReaderOf(reader.GetDataTypeName(i)));

    public override SqlFailure Explain(Exception error)
    {
        if (error is not SqliteException sqlite)
            return new SqlFailure(DatabaseErrors.Query, null, $"The driver failed with {error.GetType().Name}.");

        var code = sqlite.SqliteErrorCode switch
        {
            raw.SQLITE_READONLY => DatabaseErrors.ReadOnly,
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => DatabaseErrors.Timeout,
            raw.SQLITE_CANTOPEN or raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT or raw.SQLITE_IOERR or raw.SQLITE_PERM => DatabaseErrors.Connect,
            _ => DatabaseErrors.Query,
        };
        return new SqlFailure(code, $"SQLite error {sqlite.SqliteExtendedErrorCode}", Quoted(sqlite.Message));
    }

    public override void Interrupt(DbConnection connection, DbCommand? command)
    {
        // A command that waits for a lock polls until its timeout, of whole seconds.
        if (command is not null)
            command.CommandTimeout = 1;
        if (((SqliteConnection)connection).Handle is { IsInvalid: false, IsClosed: false } handle)
            raw.sqlite3_interrupt(handle);
    }

    public override ValueTask DiscardAsync() => ClearPoolAsync();

    public override ValueTask ClearPoolAsync()
    {
        foreach (var connectionString in (string[])[_reading, _writing])
        {
            using var connection = new SqliteConnection(connectionString);
            SqliteConnection.ClearPool(connection);
        }
        return ValueTask.CompletedTask;
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
        if (value.TryGetDouble(out var number) && ExactNumber.TryGet(value, out var exact) && ExactNumber.TryGet(FlowValue.From(number), out var nearest) && exact == nearest)
            return number;
        return value.ToText();
    }

    private static ColumnReader ReaderOf(string declaredType) => declaredType.ToUpperInvariant() switch
    {
        "BOOLEAN" or "BOOL" => static (reader, i) => ValueOf(reader, i) is var value && value.TryGetInteger(out var number) && number is 0 or 1 ? FlowValue.From(number == 1) : value,
        "DATETIME" or "TIMESTAMP" => static (reader, i) => ValueOf(reader, i) is var value && value.TryGetText(out var text) ? FlowValue.From(LocalTime(text)) : value,
        "JSON" => static (reader, i) => ValueOf(reader, i) is var value && value.TryGetText(out var text) ? ColumnValues.Json(text) : value,
        _ => ValueOf,
    };

    /// <summary>A value by the type it has itself, as SQLite's columns are only loosely typed.</summary>
    private static FlowValue ValueOf(DbDataReader reader, int i) => reader.GetValue(i) switch
    {
        long number => FlowValue.From(number),
        double number => FlowValue.From(number),
        string text => FlowValue.From(text),
        var other => ColumnValues.Of(other),
    };

    /// <summary>SQLite's own "2024-01-02 03:04:05" with ISO 8601's T; anything else as it is.</summary>
    private static string LocalTime(string text) =>
        text.Length >= 19 && text[10] == ' ' && DateTime.TryParseExact(text.AsSpan(0, 19), "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? $"{text.AsSpan(0, 10)}T{text.AsSpan(11)}"
            : text;
}
