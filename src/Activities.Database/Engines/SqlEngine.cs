using System.Data;
using System.Data.Common;
using Dapper;
using FlowEngine.Context;
using FlowEngine.Database.Queries;
using FlowEngine.Database.Results;
using FlowEngine.Execution;
using FlowEngine.Workers;

namespace FlowEngine.Database.Engines;

/// <summary>
/// Shared, thread-safe: one kind of database behind one connector: its connections, and how its SQL, parameters, types and errors differ.
/// One small file per engine derives from it; nothing else in the assembly names a driver, so that only the drivers in use are loaded.
/// </summary>
internal abstract class SqlEngine : IAsyncDisposable
{
    /// <summary>The engine's name in messages.</summary>
    public abstract string Name { get; }

    /// <summary>What it connects to, for messages: never with a password.</summary>
    public abstract string Target { get; }

    /// <summary>What to do where there is no connection, or none that is any use, and nothing more is known.</summary>
    public virtual string ConnectAdvice =>
        "Check that the server runs and can be reached from here, and the connector's host, port and encryption.";

    /// <summary>The threads for a driver that blocks its caller, on which all of its
    /// work is done; null (the default) where the driver waits without one.</summary>
    public virtual FairWorkers? Workers => null;

    /// <summary>What to do where a transaction gave way to another one.</summary>
    protected const string GaveWay = "Another transaction was in its way: all of it was undone, and can be tried again.";

    public const string Commit = "commit";

    public const string Rollback = "rollback";

    /// <summary>How long a driver tries to connect, in seconds. The activity's own timeout usually ends it sooner.</summary>
    protected const int ConnectSeconds = 15;

    /// <summary>The SQL that begins a transaction.</summary>
    public abstract string Begin(bool readOnly);

    /// <summary>The SQL that leaves a session as a new one, after a query that may have changed it, so that
    /// the next finds nothing of it; null where nothing need be done, or the driver does it.</summary>
    public virtual string? ResetAfter(SqlQuery query) => null;

    /// <summary>Whether messages tell nothing of what is at the server's address, or in the file's place, beyond that it is no usable
    /// database: whoever saves a connector through console or API must not explore the network or the disk with it.</summary>
    public bool IsDiscreet { get; protected init; }

    /// <summary>The SQL that shows that there is a database.</summary>
    public virtual string Probe => "select 1";

    /// <summary>A connection that is not open yet, to what the guard allows.</summary>
    /// <exception cref="DatabaseRefusal">It allows nothing.</exception>
    protected abstract ValueTask<Opening> CreateConnectionAsync(bool readOnly, CancellationToken cancellationToken);

    /// <summary>Opens a connection. No driver heeds the token in every phase of a login: an attempt that is too slow is left behind, and
    /// ends by the driver's own timeout.</summary>
    public async Task<DbConnection> ConnectAsync(bool readOnly, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var made = await CreateConnectionAsync(readOnly, cancellationToken).ConfigureAwait(false);
            var connection = made.Connection;
            var opening = connection.State == ConnectionState.Open ? Task.CompletedTask : connection.OpenAsync(cancellationToken);
            try
            {
                await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
                Accept(connection);
                return connection;
            }
            catch (Exception error)
            {
                _ = CloseAfterAsync(opening, connection);
                if (cancellationToken.IsCancellationRequested || !await AdaptsAsync(error, made, attempt).ConfigureAwait(false))
                    throw;
            }
        }
    }

    /// <summary>Looks at a connection that has been opened, before anything is done with it.</summary>
    /// <exception cref="DatabaseRefusal">It may not be used.</exception>
    protected virtual void Accept(DbConnection connection) { }

    /// <summary>Takes a connection back.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="isClean">Whether its transaction has ended as it should.</param>
    public virtual ValueTask ReleaseAsync(DbConnection connection, bool isClean) => connection.DisposeAsync();

    /// <summary>Executes this engine's own SQL, which may do what a query's may not: begin and end a transaction.</summary>
    public virtual async Task ExecuteOwnAsync(
        DbConnection connection,
        string sql,
        int timeoutSeconds,
        CancellationToken cancellationToken
    ) =>
        await connection
            .ExecuteAsync(
                new CommandDefinition(
                    sql,
                    commandTimeout: timeoutSeconds,
                    commandType: CommandType.Text,
                    cancellationToken: cancellationToken
                )
            )
            .ConfigureAwait(false);

    /// <summary>What the connector's role can do beyond its database, so that flows should not have it: one sentence each.</summary>
    public virtual Task<IReadOnlyList<string>> PowersAsync(DbConnection connection, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Binds the values to the command's parameters.</summary>
    public virtual void Bind(DbCommand command, SqlQuery query, FlowValue[] values) { }

    /// <summary>Whether a statement with parameters is prepared before it is executed. Default false.</summary>
    protected virtual bool Prepares => false;

    /// <summary>Starts a flow's query. Nobody knows what its rows are made of before they come, so the driver's own reader reads them, as
    /// the engine's <see cref="Columns"/> say.</summary>
    public virtual async Task<DbDataReader> ExecuteAsync(
        DbConnection connection,
        QueryParameters parameters,
        int timeoutSeconds,
        CancellationToken cancellationToken
    )
    {
        var command = connection.CreateCommand();
        parameters.Bind(command);
        command.CommandText = parameters.Query.Sql;
        command.CommandTimeout = timeoutSeconds;
        if (Prepares && command.Parameters.Count > 0)
            await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
        return await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>How to read each column of the reader's current result.</summary>
    public abstract ColumnReader[] Columns(DbDataReader reader);

    /// <summary>Whether a read-only query wrote all the same; its transaction is rolled back.</summary>
    public virtual bool Wrote(int recordsAffected) => false;

    /// <summary>What an exception of the driver means.</summary>
    public abstract SqlFailure Explain(Exception error);

    /// <summary>Whether nobody knows if a commit happened that ended with an exception: unless the database has said that it did not.</summary>
    public virtual bool IsCommitUnknown(Exception error)
    {
        for (var inner = error; inner is not null; inner = inner.InnerException)
        {
            if (Explain(inner).IsAnswer)
                return false;
        }
        return true;
    }

    /// <summary>Whether a connection that could not be opened was a reason to open them
    /// in another way from now on, so that another attempt is worth while.</summary>
    /// <param name="error">Why it could not be opened.</param>
    /// <param name="opening">The connection.</param>
    /// <param name="attempt">How many attempts there were before it.</param>
    protected virtual Task<bool> AdaptsAsync(Exception error, Opening opening, int attempt) => Task.FromResult(false);

    /// <summary>Whether an exception taught something about the query that makes another attempt worth while.</summary>
    public virtual bool Learns(SqlQuery query, FlowValue[] values, Exception error) => false;

    /// <summary>Where a driver does not heed tokens: ends what the connection does at the
    /// deadline, until it is disposed of; null (the default) where it does.</summary>
    public virtual IDisposable? Watch(DbConnection connection, Func<DbCommand?> command, QueryDeadline deadline) => null;

    /// <summary>Keeps a connection whose transaction could not be rolled back
    /// from being used again. The servers' drivers do that themselves.</summary>
    public virtual ValueTask DiscardAsync() => ValueTask.CompletedTask;

    /// <summary>Closes the connections that lie in the pool: the server has closed one of them.</summary>
    public abstract ValueTask ClearPoolAsync();

    /// <summary>Closes all connections.</summary>
    public virtual ValueTask DisposeAsync() => ClearPoolAsync();

    private static async Task CloseAfterAsync(Task opening, DbConnection connection)
    {
        await opening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>A server's database for messages, such as <c>people on db.example.com:5432</c>.</summary>
    protected static string At(string database, string host, int port) =>
        $"{database} on {(host.Contains(':', StringComparison.Ordinal) && !host.StartsWith('[') ? $"[{host}]" : host)}:{port}";

    /// <summary>The column readers of a result, by a choice per column.</summary>
    protected static ColumnReader[] Choose(DbDataReader reader, Func<int, ColumnReader> choose)
    {
        var columns = new ColumnReader[reader.FieldCount];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = choose(i);
        return columns;
    }

    /// <summary>Shared and immutable: a connection to be opened.</summary>
    /// <param name="Connection">The connection.</param>
    /// <param name="Source">Where the engine has it from.</param>
    protected readonly record struct Opening(DbConnection Connection, object? Source = null);
}
