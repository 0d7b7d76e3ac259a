using System.Data;
using System.Data.Common;
using Dapper;
using FlowEngine.Context;
using FlowEngine.Database.Queries;
using FlowEngine.Database.Results;

namespace FlowEngine.Database.Engines;

/// <summary>
/// Shared, thread-safe: one kind of database behind one connector: its connections, and how its SQL, parameters, types and errors differ. One small file per
/// engine derives from it; nothing else in the assembly names a driver, so that only the drivers in use are loaded.
/// </summary>
internal abstract class SqlEngine : IAsyncDisposable
{
    /// <summary>The engine's name in messages.</summary>
    public abstract string Name { get; }

    /// <summary>What it connects to, for messages: never with a password.</summary>
    public abstract string Target { get; }

    /// <summary>Whether the driver blocks its caller, so that its work belongs on the thread pool.</summary>
    public virtual bool Blocks => false;

    public const string Commit = "commit";

    public const string Rollback = "rollback";

    /// <summary>How long a driver tries to connect, in seconds. The activity's own timeout usually ends it sooner.</summary>
    protected const int ConnectSeconds = 15;

    /// <summary>The SQL that begins a transaction.</summary>
    public abstract string Begin(bool readOnly);

    /// <summary>The SQL that leaves a session as a new one, after a query that may have changed it, so that the next finds nothing of it; null where nothing need be done, or the driver does it.</summary>
    public virtual string? ResetAfter(SqlQuery query) => null;

    /// <summary>A connection that is not open yet.</summary>
    protected abstract DbConnection CreateConnection(bool readOnly);

    /// <summary>Opens a connection. No driver heeds the token in every phase of a login: an attempt that is too slow is left behind, and ends by the driver's
    /// own timeout.</summary>
    public async Task<DbConnection> ConnectAsync(bool readOnly, CancellationToken cancellationToken)
    {
        while (true)
        {
            var connection = CreateConnection(readOnly);
            var opening = connection.OpenAsync(cancellationToken);
            try
            {
                await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
                return connection;
            }
            catch (Exception error)
            {
                _ = CloseAfterAsync(opening, connection);
                if (!Adapts(error))
                    throw;
            }
        }
    }

    /// <summary>Binds the values to the command's parameters.</summary>
    public abstract void Bind(DbCommand command, SqlQuery query, FlowValue[] values);

    /// <summary>Starts the query.</summary>
    public virtual Task<DbDataReader> ExecuteAsync(DbConnection connection, QueryParameters parameters, int timeoutSeconds, CancellationToken cancellationToken) =>
        connection.ExecuteReaderAsync(
            new CommandDefinition(parameters.Query.Sql, parameters, commandTimeout: timeoutSeconds, commandType: CommandType.Text, cancellationToken: cancellationToken), CommandBehavior.Default);

    /// <summary>How to read each column of the reader's current result.</summary>
    public abstract ColumnReader[] Columns(DbDataReader reader);

    /// <summary>Whether a read-only query wrote all the same; its transaction is rolled back.</summary>
    public virtual bool Wrote(int recordsAffected) => false;

    /// <summary>What an exception of the driver means.</summary>
    public abstract SqlFailure Explain(Exception error);

    /// <summary>Whether a connection that could not be opened was a reason to open them in another way from now on, so that another attempt is worth while.</summary>
    protected virtual bool Adapts(Exception error) => false;

    /// <summary>Whether an exception taught something about the query that makes another attempt worth while.</summary>
    public virtual bool Learns(SqlQuery query, FlowValue[] values, Exception error) => false;

    /// <summary>Ends the command that runs on the connection; called from another thread.</summary>
    public virtual void Interrupt(DbConnection connection, DbCommand? command)
    {
    }

    /// <summary>Keeps a connection whose transaction could not be rolled back from being used again. The servers' drivers do that themselves.</summary>
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

    /// <summary>The column readers of a result, by a choice per column.</summary>
    protected static ColumnReader[] Choose(DbDataReader reader, Func<int, ColumnReader> choose)
    {
        var columns = new ColumnReader[reader.FieldCount];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = choose(i);
        return columns;
    }

    /// <summary>The driver's own reader inside Dapper's.</summary>
    protected static DbDataReader Unwrap(DbDataReader reader) => reader is IWrappedDataReader { Reader: DbDataReader inner } ? inner : reader;
}
