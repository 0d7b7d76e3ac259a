using System.Data.Common;
using Dapper;
using FlowEngine.Storage.Engines.Sqlite;

namespace FlowEngine.Storage.Engines;

/// <summary>
/// Per process, thread-safe: the database behind all stores, and the one place that knows which engine it is. Every call that fails because
/// the database does not answer throws <see cref="StorageException"/> with <see cref="StorageErrors.Unavailable"/>, and the next call
/// begins with fresh connections: nothing has to be restarted when the database was.
/// </summary>
/// <remarks>The SQL of the stores is what SQLite and PostgreSQL both understand;
/// what differs is a member here or a script under <c>Migrations</c>.</remarks>
internal abstract class StorageDatabase : IAsyncDisposable
{
    static StorageDatabase() => UnixTime.Register();

    /// <summary>Makes it.</summary>
    protected StorageDatabase() => RunWriter = new RunWriter(this);

    /// <summary>Whether there is room for what is to be stored.</summary>
    public StorageRoom Room { get; } = new();

    /// <summary>Writes saves of runs.</summary>
    public RunWriter RunWriter { get; protected init; }

    /// <summary>What follows a <c>select</c> whose rows are about to be deleted,
    /// so that nodes that clean up at once take different rows.</summary>
    public abstract string SkipLocked { get; }

    /// <summary>How many bytes a column takes, without reading what lies beside its row.</summary>
    public abstract string SizeOf(string column);

    /// <summary>Asks how many bytes the database takes, without reading it.</summary>
    public abstract string BytesTaken { get; }

    /// <summary>What follows a <c>select</c> whose rows are about to be changed in the same
    /// transaction; begins with a space. Empty where one transaction writes at a time anyway.</summary>
    public abstract string Lock { get; }

    /// <summary>The condition that a column of ids lies between the parameters <c>@from</c>
    /// and <c>@until</c>, character by character, as its index has them.</summary>
    public abstract string IdBetween(string column);

    /// <summary>Has the database overwrite what the transaction removes, instead of
    /// only forgetting where it was; null where it knows no such thing.</summary>
    public abstract string? Overwriting { get; }

    /// <summary>Has the rest of a transaction find its rows by index, whatever the
    /// database believes of the size of a table; null where it does so anyway.</summary>
    public abstract string? ByIndex { get; }

    /// <summary>Takes the lock that one starting process at a time holds, brings
    /// the schema up to date, and then does the rest of a first start.</summary>
    /// <param name="afterMigration">What to do under the lock once the schema is there.</param>
    /// <param name="cancellationToken">Stops waiting for the lock.</param>
    public abstract Task StartAsync(Func<Task> afterMigration, CancellationToken cancellationToken);

    /// <summary>Looks for broken pages in a file of the server's own; a database that looks after itself has none to look at.</summary>
    /// <param name="isFull">Whether to look at everything, which may take minutes.</param>
    /// <param name="stop">Ends it before it is complete.</param>
    /// <exception cref="DbException">The file cannot be read.</exception>
    public virtual Task<CheckedFile> FindDamageAsync(bool isFull, CancellationToken stop) =>
        Task.FromResult(new CheckedFile(null, IsComplete: true));

    /// <summary>Throws unless the database answers.</summary>
    public Task PingAsync(CancellationToken cancellationToken) => FirstAsync<int>("select 1", null, cancellationToken);

    /// <summary>Reads one row; default when there is none.</summary>
    public Task<T?> FirstAsync<T>(string sql, object? arguments, CancellationToken cancellationToken) =>
        ReadAsync(
            connection => connection.QueryFirstOrDefaultAsync<T>(Command(sql, arguments, null, cancellationToken)),
            isList: false,
            cancellationToken
        );

    /// <summary>Reads rows.</summary>
    public Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? arguments, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<T>>(
            async connection =>
                (await connection.QueryAsync<T>(Command(sql, arguments, null, cancellationToken)).ConfigureAwait(false)).AsList(),
            isList: true,
            cancellationToken
        );

    /// <summary>Executes statements, all or none, in one round trip.</summary>
    /// <param name="sql">The statements. Doing them twice must be the same as doing them
    /// once: they are repeated when the connection was lost before the answer came.</param>
    /// <param name="arguments">The parameters.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>The rows affected.</returns>
    public Task<int> WriteAsync(string sql, object? arguments, CancellationToken cancellationToken) =>
        WriteAsync(
            (connection, transaction) => connection.ExecuteAsync(Command(sql, arguments, transaction, cancellationToken)),
            isRepeatable: true,
            cancellationToken
        );

    /// <summary>Executes statements, all or none, in one round trip.</summary>
    /// <param name="sql">The statements, as in <see cref="WriteAsync(string, object?, CancellationToken)"/>.</param>
    /// <param name="arguments">The parameters.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>The first row that the first of them returns; default when it returns none.</returns>
    public Task<T?> WriteFirstAsync<T>(string sql, object? arguments, CancellationToken cancellationToken) =>
        WriteAsync(
            (connection, transaction) => connection.QueryFirstOrDefaultAsync<T>(Command(sql, arguments, transaction, cancellationToken)),
            isRepeatable: true,
            cancellationToken
        );

    /// <summary>Executes a statement that must not be repeated, such as one that appends.</summary>
    /// <returns>The first row that it returns; default when it returns none.</returns>
    public Task<T?> WriteOnceAsync<T>(string sql, object? arguments, CancellationToken cancellationToken) =>
        WriteAsync(
            (connection, transaction) => connection.QueryFirstOrDefaultAsync<T>(Command(sql, arguments, transaction, cancellationToken)),
            isRepeatable: false,
            cancellationToken
        );

    /// <summary>Does several dependent steps in one transaction. Not repeated by itself.</summary>
    public abstract Task<T> TransactAsync<T>(Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken cancellationToken);

    /// <summary>Has the rest of a transaction find its rows by index, see <see cref="ByIndex"/>.</summary>
    public Task FindByIndexAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken) =>
        ByIndex is { } sql ? connection.ExecuteAsync(Command(sql, null, transaction, cancellationToken)) : Task.CompletedTask;

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>A command for Dapper.</summary>
    public static CommandDefinition Command(
        string sql,
        object? arguments,
        DbTransaction? transaction,
        CancellationToken cancellationToken
    ) => new(sql, arguments, transaction, cancellationToken: cancellationToken);

    /// <summary>Reads on a connection, once more on a fresh one when the first was broken.</summary>
    /// <param name="query">The query, on that connection alone.</param>
    /// <param name="isList">Whether it may take a while: such queries leave others a share of whatever both need.</param>
    /// <param name="cancellationToken">The caller's.</param>
    protected abstract Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> query, bool isList, CancellationToken cancellationToken);

    /// <summary>Writes on a connection, in a transaction; repeatable work
    /// once more on a fresh connection when the first was broken.</summary>
    protected abstract Task<T> WriteAsync<T>(
        Func<DbConnection, DbTransaction?, Task<T>> work,
        bool isRepeatable,
        CancellationToken cancellationToken
    );
}
