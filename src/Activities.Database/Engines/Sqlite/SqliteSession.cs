using System.Collections.Frozen;
using System.Diagnostics;
using FlowEngine.Database.Files;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace FlowEngine.Database.Engines.Sqlite;

/// <summary>Per connection, used by one query at a time: a connection to a SQLite file on which SQLite itself refuses what a query has no
/// business doing: other files, transactions, and settings. Nothing looks at the SQL's text.</summary>
/// <remarks>What is allowed is listed; whatever SQLite learns to do later is refused until it is listed too.</remarks>
internal sealed class SqliteSession(string file, bool readOnly) : SqliteConnection(SettingsOf(file, readOnly).ConnectionString)
{
    private const int LimitLength = 0;
    private const int LimitAttached = 7;
    private const int LimitLikePattern = 8;

    /// <summary>How many bytes a text, a blob or a row may have. One function on such
    /// values is not interrupted, and some take the square of their length.</summary>
    private const int MaxLength = 1_000_000;

    /// <summary>How many bytes a pattern of LIKE or GLOB may have, for the same reason.</summary>
    private const int MaxPattern = 500;

    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(20);

    private static readonly FrozenSet<int> Reading =
    [
        raw.SQLITE_SELECT,
        raw.SQLITE_READ,
        raw.SQLITE_RECURSIVE,
        // On a connection that is read only SQLite refuses these as what they are.
        raw.SQLITE_INSERT,
        raw.SQLITE_UPDATE,
        raw.SQLITE_DELETE,
        raw.SQLITE_ALTER_TABLE,
        raw.SQLITE_REINDEX,
        raw.SQLITE_ANALYZE,
        raw.SQLITE_CREATE_INDEX,
        raw.SQLITE_CREATE_TABLE,
        raw.SQLITE_CREATE_TRIGGER,
        raw.SQLITE_CREATE_VIEW,
        raw.SQLITE_CREATE_VTABLE,
        raw.SQLITE_DROP_INDEX,
        raw.SQLITE_DROP_TABLE,
        raw.SQLITE_DROP_TRIGGER,
        raw.SQLITE_DROP_VIEW,
        raw.SQLITE_DROP_VTABLE,
    ];

    /// <summary>What lives as long as the connection: only where that is closed after the query.</summary>
    private static readonly FrozenSet<int> Temporary =
    [
        raw.SQLITE_CREATE_TEMP_INDEX,
        raw.SQLITE_CREATE_TEMP_TABLE,
        raw.SQLITE_CREATE_TEMP_TRIGGER,
        raw.SQLITE_CREATE_TEMP_VIEW,
        raw.SQLITE_DROP_TEMP_INDEX,
        raw.SQLITE_DROP_TEMP_TABLE,
        raw.SQLITE_DROP_TEMP_TRIGGER,
        raw.SQLITE_DROP_TEMP_VIEW,
    ];

    /// <summary>Pragmas that read; their argument names what they tell about.</summary>
    private static readonly FrozenSet<string> Descriptions = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        [
            "collation_list",
            "compile_options",
            "foreign_key_check",
            "foreign_key_list",
            "function_list",
            "index_info",
            "index_list",
            "index_xinfo",
            "integrity_check",
            "module_list",
            "pragma_list",
            "quick_check",
            "table_info",
            "table_list",
            "table_xinfo",
        ]
    );

    /// <summary>Pragmas that read without an argument, and write with one.</summary>
    private static readonly FrozenSet<string> Values = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        [
            "application_id",
            "data_version",
            "encoding",
            "freelist_count",
            "journal_mode",
            "page_count",
            "page_size",
            "schema_version",
            "user_version",
        ]
    );

    private bool _isOwnSql;

    /// <summary>Which generation of its engine's connections it belongs to; those of an earlier one are not used again.</summary>
    public int Generation { get; init; }

    /// <summary>Whether no statement may write.</summary>
    public bool IsReadOnly => readOnly;

    /// <summary>Whether <see cref="Guard"/> has been called.</summary>
    public bool IsGuarded { get; private set; }

    /// <summary>Whether no transaction is open.</summary>
    public bool IsIdle => Handle is { IsInvalid: false, IsClosed: false } handle && raw.sqlite3_get_autocommit(handle) != 0;

    private static SqliteConnectionStringBuilder SettingsOf(string file, bool readOnly) =>
        new()
        {
            DataSource = file,
            // Never ReadWriteCreate: a wrong path must not become an empty database.
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite,
            // The driver's pool gives a connection back with all that a query did to it.
            Pooling = false,
        };

    /// <summary>Closes the doors.</summary>
    /// <param name="rules">Which files may be open.</param>
    /// <param name="canonical">The file that was asked for, as it was resolved before.</param>
    /// <exception cref="DatabaseRefusal">Another file was opened: somebody has put a link in its place meanwhile.</exception>
    public void Guard(SqliteFileRules rules, string canonical)
    {
        var opened = raw.sqlite3_db_filename(Handle, "main").utf8_to_string();
        if (!CanonicalPath.AreEqual(opened, canonical) || rules.IsProtected(opened))
            throw new DatabaseRefusal(DatabaseErrors.File, "The connector's file has become another one while it was opened.");
        raw.sqlite3_limit(Handle, LimitAttached, 0);
        raw.sqlite3_limit(Handle, LimitLength, MaxLength);
        raw.sqlite3_limit(Handle, LimitLikePattern, MaxPattern);
        raw.sqlite3_set_authorizer(Handle, Authorize, null);
        IsGuarded = true;
    }

    /// <summary>Begins or ends a transaction. Blocks while somebody else has a lock; a token that is cancelled ends that at once.</summary>
    /// <exception cref="SqliteException">SQLite refuses it, or the lock was not free in time.</exception>
    public void ExecuteOwn(string sql, TimeSpan time, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        _isOwnSql = true;
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var code = raw.sqlite3_exec(Handle, sql);
                if (code == raw.SQLITE_OK)
                    return;
                if ((code & 0xFF) is not (raw.SQLITE_BUSY or raw.SQLITE_LOCKED) || Stopwatch.GetElapsedTime(started) >= time)
                    SqliteException.ThrowExceptionForRC(code, Handle);
                cancellationToken.WaitHandle.WaitOne(LockPoll);
            }
        }
        finally
        {
            _isOwnSql = false;
        }
    }

    private int Authorize(object data, int action, utf8z first, utf8z second, utf8z database, utf8z trigger) =>
        IsAllowed(action, first, second) ? raw.SQLITE_OK : raw.SQLITE_DENY;

    private bool IsAllowed(int action, utf8z first, utf8z second) =>
        action switch
        {
            raw.SQLITE_TRANSACTION => _isOwnSql,
            // Loading is off anyway.
            raw.SQLITE_FUNCTION => !string.Equals(second.utf8_to_string(), "load_extension", StringComparison.OrdinalIgnoreCase),
            raw.SQLITE_PRAGMA => first.utf8_to_string() is { } pragma
                && (Descriptions.Contains(pragma) || (Values.Contains(pragma) && second.utf8_to_string() is null)),
            _ => Reading.Contains(action) || (!readOnly && Temporary.Contains(action)),
        };
}
