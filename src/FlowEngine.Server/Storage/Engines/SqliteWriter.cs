using System.Data.Common;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace FlowEngine.Server.Storage.Engines;

/// <summary>
/// Per process, thread-safe: the one writer of a SQLite database. Writes that arrive while the disk is busy are committed together, each in a savepoint of its
/// own: one that fails takes none of the others with it, and nobody is told "done" before the commit is on the disk.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int LargestBatch = 256;

    private readonly Channel<Work> _queue = Channel.CreateUnbounded<Work>(new UnboundedChannelOptions { SingleReader = true });
    private readonly string _connectionString;
    private readonly Func<SqliteException, Exception> _translate;
    private readonly Task _loop;
    private SqliteConnection? _connection;

    /// <summary>Starts the writer; it connects when the first write comes.</summary>
    public SqliteWriter(string connectionString, Func<SqliteException, Exception> translate)
    {
        _connectionString = connectionString;
        _translate = translate;
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Queues a write.</summary>
    /// <param name="work">What to do; only on the connection it is given, whose calls all complete synchronously.</param>
    /// <param name="cancellationToken">Takes the work out of the queue when its turn has not come.</param>
    /// <returns>Completes when the commit is on the disk.</returns>
    public Task<T> EnqueueAsync<T>(Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken cancellationToken)
    {
        var item = new Work<T>(work, cancellationToken);
        return _queue.Writer.TryWrite(item) ? item.Task : Task.FromException<T>(new ObjectDisposedException(nameof(SqliteWriter)));
    }

    /// <summary>Finishes what is queued, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        Disconnect();
    }

    private async Task LoopAsync()
    {
        var batch = new List<Work>();
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (batch.Count < LargestBatch && _queue.Reader.TryRead(out var work))
                batch.Add(work);
            await CommitAsync(batch).ConfigureAwait(false);
            batch.Clear();
        }
    }

    private async Task CommitAsync(List<Work> batch)
    {
        try
        {
            var connection = Connect();
            await using var transaction = connection.BeginTransaction(deferred: false);
            foreach (var work in batch)
            {
                if (work.IsCancelled)
                    continue;
                transaction.Save("work");
                if (!await work.RunAsync(connection, transaction).ConfigureAwait(false))
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

    private sealed class Work<T>(Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken cancellationToken) : Work(cancellationToken)
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
