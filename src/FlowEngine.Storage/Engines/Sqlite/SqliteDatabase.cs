using System.Data.Common;
using FlowEngine.Execution;
using FlowEngine.Storage.Protection;
using FlowEngine.Workers;
using Microsoft.Data.Sqlite;

namespace FlowEngine.Storage.Engines.Sqlite;

/// <summary>Per process, thread-safe: SQLite in WAL mode, the database inside the process.</summary>
/// <remarks>
/// One connection writes, others read beside it. <c>synchronous=FULL</c>: what was acknowledged is on the disk, so neither a crash of the
/// server nor a power loss takes it back. Writers that come together share one sync, see <see cref="SqliteWriter"/>, which is what makes
/// that affordable. SQLite blocks its caller, for as long as the disk or
/// a lock takes, so both reading and writing have threads of their own.
/// </remarks>
internal sealed class SqliteDatabase : StorageDatabase
{
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(50);

    /// <summary>How long another process may take to start on the same file. Migrations of a large database take a while.</summary>
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(2);

    /// <summary>How long the look at a start takes at most; some GiB a second
    /// when the file is in memory, some 100 MiB when it is on a disk.</summary>
    private static readonly TimeSpan CheckTime = TimeSpan.FromSeconds(3);

    private const int ReaderThreads = 4;

    private const int MostReadsQueued = 4_096;

    private readonly FairWorkers _readers = new("storage reader", ReaderThreads, MostReadsQueued);
    private readonly string _file;
    private readonly string _connectionString;
    private readonly SqliteWriter _writer;

    /// <summary>Makes the database; nothing is opened yet.</summary>
    /// <param name="file">The file; its folder is made when it is not there.</param>
    public SqliteDatabase(string file)
    {
        _file = Path.GetFullPath(file);
        _connectionString = new SqliteConnectionStringBuilder { DataSource = _file, DefaultTimeout = 10 }.ConnectionString;
        _writer = new SqliteWriter(_connectionString, Translate);
    }

    /// <inheritdoc/>
    public override string BytesTaken => "select page_count * page_size from pragma_page_count(), pragma_page_size()";

    /// <inheritdoc/>
    public override string SkipLocked => "";

    /// <inheritdoc/>
    public override string SizeOf(string column) => $"octet_length({column})";

    /// <inheritdoc/>
    public override string Lock => "";

    /// <inheritdoc/>
    public override string IdBetween(string column) => $"{column} >= @from and {column} < @until";

    /// <inheritdoc/>
    public override string? Overwriting => "pragma secure_delete = on";

    /// <inheritdoc/>
    public override string? ByIndex => null;

    /// <inheritdoc/>
    public override async Task StartAsync(Func<Task> afterMigration, CancellationToken cancellationToken)
    {
        CreatePrivateFile();
        var held = await TakeStartLockAsync(cancellationToken).ConfigureAwait(false);
        await using var heldCloses = held.ConfigureAwait(false);
        try
        {
            using var connection = new SqliteConnection(_connectionString);
            connection.Open();
            using var command = connection.CreateCommand();
            // Kept in the file from now on.
            command.CommandText = "pragma journal_mode = wal";
            command.ExecuteNonQuery();
            // Before anything is written: what is written on broken pages breaks more of them.
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(CheckTime);
            if ((await FindDamageAsync(isFull: false, limit.Token).ConfigureAwait(false)).Damage is { } damage)
                throw Damaged(damage);
        }
        catch (SqliteException error)
        {
            throw error.SqliteErrorCode == SQLitePCL.raw.SQLITE_CORRUPT ? Damaged(error.Message) : Translate(error);
        }

        Migration.Run(Migration.ToSqlite(_connectionString), "Sqlite", _file);
        await afterMigration().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override Task<T> TransactAsync<T>(Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken cancellationToken) =>
        _writer.EnqueueAsync(work, cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync().ConfigureAwait(false);
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    /// <inheritdoc/>
    protected override async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> query, bool isList, CancellationToken cancellationToken)
    {
        var (read, busy) = await _readers
            .RunAsync(isList ? "rows" : "row", () => ReadHereAsync(query), cancellationToken)
            .ConfigureAwait(false);
        return busy == WorkersBusy.No
            ? await read!.ConfigureAwait(false)
            : throw new StorageException(
                StorageErrors.Unavailable,
                $"SQLite ({_file}): too many read it already, or the disk is too slow."
            );
    }

    /// <summary>Reads on this thread: all calls of the connection complete before they return.</summary>
    private async Task<T> ReadHereAsync<T>(Func<DbConnection, Task<T>> query)
    {
        try
        {
            using var connection = new SqliteConnection(_connectionString);
            connection.Open();
            return await query(connection).ConfigureAwait(false);
        }
        catch (SqliteException error) when (Translate(error) is StorageException unavailable)
        {
            throw unavailable;
        }
    }

    /// <inheritdoc/>
    protected override Task<T> WriteAsync<T>(
        Func<DbConnection, DbTransaction?, Task<T>> work,
        bool isRepeatable,
        CancellationToken cancellationToken
    ) => _writer.EnqueueAsync(work, cancellationToken);

    /// <summary>The file is its owner's alone: it holds people's ids and names, though no secret in plain.</summary>
    private void CreatePrivateFile()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
            if (!File.Exists(_file))
                PrivateFile.Open(_file, FileMode.OpenOrCreate, FileShare.ReadWrite).Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(StorageErrors.Unavailable, $"The database file {_file} cannot be made: {error.Message}", error);
        }
    }

    /// <summary>The operating system frees the lock when the process ends, however it
    /// ends. The empty file stays: deleting it would race with those who wait.</summary>
    private async Task<FileStream> TakeStartLockAsync(CancellationToken cancellationToken)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return PrivateFile.Open(_file + ".lock", FileMode.OpenOrCreate, FileShare.None);
            }
            catch (Exception error)
                when (error is UnauthorizedAccessException || (error is IOException other && !PrivateFile.IsHeld(other)))
            {
                throw new StorageException(StorageErrors.Unavailable, $"The file {_file}.lock cannot be made: {error.Message}", error);
            }
            catch (IOException error)
            {
                if (TimeProvider.System.GetElapsedTime(since) > LongestStart)
                    throw new StorageException(
                        StorageErrors.Unavailable,
                        $"Another process has been starting on {_file} for {LongestStart.TotalMinutes:0} minutes.",
                        error
                    );
                await Task.Delay(LockPoll, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>On a thread of its own: it blocks for as long as the disk takes.</remarks>
    public override Task<CheckedFile> FindDamageAsync(bool isFull, CancellationToken stop) =>
        Task.Factory.StartNew(
            () => SqliteCheck.Run(_connectionString, isFull, stop),
            CancellationToken.None,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default
        );

    private StorageException Damaged(string damage) => new(StorageErrors.Damaged, $"SQLite ({_file}): {damage}");

    private Exception Translate(SqliteException error)
    {
        if (error.SqliteErrorCode == SQLitePCL.raw.SQLITE_FULL)
            return Room.Fill($"SQLite ({_file}): the disk is full.", error);
        var reason = error.SqliteErrorCode switch
        {
            SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => "another process keeps it locked",
            SQLitePCL.raw.SQLITE_IOERR => "the disk failed",
            SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_PERM => "it may not be written",
            SQLitePCL.raw.SQLITE_CANTOPEN => "it cannot be opened",
            SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB => "it is damaged or no database",
            _ => null,
        };
        return reason is null ? error : new StorageException(StorageErrors.Unavailable, $"SQLite ({_file}): {reason}.", error);
    }
}
