using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace FlowEngine.Storage.Engines.Sqlite;

/// <summary>
/// Per process, thread-safe: the one writer of a SQLite database, on a thread of its own: it waits for the disk, and for other processes
/// that hold the lock, and no thread of the
/// pool does. Writes that arrive while it waits are committed together, each in a savepoint of its own: one that fails takes none of the
/// others with it, and
/// nobody is told "done" before the commit is on the disk.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    /// <summary>How many writes may wait.</summary>
    public const int MostQueued = 10_000;

    private const int LargestBatch = 256;

    private readonly object _lock = new();
    private readonly Queue<Work> _queue = new();
    private readonly string _connectionString;
    private readonly Func<SqliteException, Exception> _translate;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SqliteConnection? _connection;
    private bool _hasThread;
    private bool _isClosed;

    /// <summary>Makes the writer; it begins when the first write comes.</summary>
    public SqliteWriter(string connectionString, Func<SqliteException, Exception> translate)
    {
        _connectionString = connectionString;
        _translate = translate;
    }

    /// <summary>Queues a write.</summary>
    /// <param name="work">What to do; only on the connection it is given, whose calls all complete synchronously.</param>
    /// <param name="cancellationToken">Takes the work out of the queue when its turn has not come.</param>
    /// <returns>Completes when the commit is on the disk.</returns>
    /// <exception cref="StorageException">Too many wait already.</exception>
    public Task<T> EnqueueAsync<T>(Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken cancellationToken)
    {
        var item = new Work<T>(work, cancellationToken);
        lock (_lock)
        {
            if (_isClosed)
                return Task.FromException<T>(new ObjectDisposedException(nameof(SqliteWriter)));
            if (_queue.Count >= MostQueued)
                return Task.FromException<T>(
                    new StorageException(StorageErrors.Unavailable, $"{MostQueued} writes wait for SQLite already.")
                );
            _queue.Enqueue(item);
            if (_hasThread)
                Monitor.Pulse(_lock);
            else
                StartThread();
        }
        return item.Task;
    }

    /// <summary>Finishes what is queued, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _isClosed = true;
            Monitor.Pulse(_lock);
            if (!_hasThread)
                _ended.TrySetResult();
        }
        await _ended.Task.ConfigureAwait(false);
    }

    /// <summary>Inside the lock.</summary>
    private void StartThread()
    {
        // Without the context of whoever writes first: its span is not that of the others.
        new Thread(Work) { Name = "storage writer", IsBackground = true }.UnsafeStart();
        _hasThread = true;

        void Work()
        {
            var batch = new List<Work>();
            while (Take(batch))
            {
                Commit(batch);
                batch.Clear();
            }
            Disconnect();
            _ended.TrySetResult();
        }
    }

    /// <summary>Waits for work; false when there will be none.</summary>
    private bool Take(List<Work> batch)
    {
        lock (_lock)
        {
            while (_queue.Count == 0)
            {
                if (_isClosed)
                    return false;
                Monitor.Wait(_lock);
            }
            while (batch.Count < LargestBatch && _queue.TryDequeue(out var work))
                batch.Add(work);
            return true;
        }
    }

    private void Commit(List<Work> batch)
    {
        try
        {
            var connection = Connect();
            using var transaction = connection.BeginTransaction(deferred: false);
            foreach (var work in batch)
            {
                if (work.IsCancelled)
                    continue;
                transaction.Save("work");
                // Complete when it returns, as all calls of the connection are; else this thread waits, which is its own.
                if (!work.RunAsync(connection, transaction).GetAwaiter().GetResult())
                    transaction.Rollback("work");
                transaction.Release("work");
            }
            transaction.Commit();
        }
#pragma warning disable CA1031 // Whatever went wrong goes to those who wait; the writer goes on with the next batch.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Disconnect();
            foreach (var work in batch)
                work.Fail(Translate(error));
        }
        foreach (var work in batch)
            work.Complete(Translate);
    }

    private Exception Translate(Exception error) => error is SqliteException sqlite ? _translate(sqlite) : error;

    private SqliteConnection Connect()
    {
        if (_connection is not null)
            return _connection;
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "pragma synchronous = full";
            command.ExecuteNonQuery();
        }
        catch
        {
            connection.Dispose();
            throw;
        }
        return _connection = connection;
    }

    private void Disconnect()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private abstract class Work(CancellationToken cancellationToken)
    {
        protected Exception? Failure { get; set; }

        public bool IsCancelled => CancellationToken.IsCancellationRequested;

        protected CancellationToken CancellationToken => cancellationToken;

        /// <summary>Does the work; false when it failed.</summary>
        public abstract Task<bool> RunAsync(DbConnection connection, DbTransaction transaction);

        public void Fail(Exception error) => Failure = error;

        public abstract void Complete(Func<Exception, Exception> translate);
    }

    private sealed class Work<T>(Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken cancellationToken)
        : Work(cancellationToken)
    {
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;
        private bool _ran;

        public Task<T> Task => _completion.Task;

        public override async Task<bool> RunAsync(DbConnection connection, DbTransaction transaction)
        {
            _ran = true;
            try
            {
                _result = await work(connection, transaction).ConfigureAwait(false);
                return true;
            }
#pragma warning disable CA1031 // The caller gets it.
            catch (Exception error)
#pragma warning restore CA1031
            {
                Failure = error;
                return false;
            }
        }

        public override void Complete(Func<Exception, Exception> translate)
        {
            if (Failure is OperationCanceledException || (Failure is null && !_ran))
                _completion.TrySetCanceled(CancellationToken);
            else if (Failure is not null)
                _completion.TrySetException(translate(Failure));
            else
                _completion.TrySetResult(_result);
        }
    }
}
