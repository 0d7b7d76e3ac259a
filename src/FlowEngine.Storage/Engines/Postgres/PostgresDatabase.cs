using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace FlowEngine.Storage.Engines.Postgres;

/// <summary>Per process, thread-safe: PostgreSQL, which any number of nodes share.</summary>
/// <remarks>
/// Statements are prepared by the driver on their second use and stay so on each pooled connection; not behind a pooler such as PgBouncer,
/// where one session here is several there. Several statements in one text travel
/// together and are one transaction, so a save costs one round trip and one commit.
/// </remarks>
internal sealed class PostgresDatabase : StorageDatabase
{
    /// <summary>Any number that other programs in the same database do not take: "flowengi" in ASCII.</summary>
    private const long StartLock = 0x666C6F77656E6769;

    private const int MostWriters = 3;

    /// <summary>How long a statement may take before anybody asks whether PostgreSQL is there at all. With <see cref="PingTime"/>
    /// twice (a save may wait behind others that find out), less than the five seconds in which
    /// people are told.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan PingTime = TimeSpan.FromSeconds(1.5);

    private readonly string _target;
    private readonly Lock _pingLock = new();
    private Task<bool>? _ping;
    private volatile bool _isSilent;
    private NpgsqlDataSource _source;
    private NpgsqlDataSource _groups;

    /// <summary>Makes the pool; nothing connects yet.</summary>
    /// <exception cref="ArgumentException">The connection string cannot be read.</exception>
    public PostgresDatabase(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.ApplicationName ??= "FlowEngine";
        settings.Enlist = false;
        // Our statements leave nothing behind in a session that a reset would have to clear.
        settings.NoResetOnClose = true;
        if (settings.MaxAutoPrepare == 0)
        {
            settings.MaxAutoPrepare = 100;
            settings.AutoPrepareMinUsages = 2;
        }
        // Three nodes fit into PostgreSQL's usual 100 connections; more than this would not make one node faster.
        if (!settings.ShouldSerialize("Maximum Pool Size"))
            settings.MaxPoolSize = 30;
        // A start is told within ten seconds that nobody answers.
        if (!settings.ShouldSerialize("Timeout"))
            settings.Timeout = 8;
        ConnectionString = settings.ConnectionString;
        _target = $"{settings.Database} on {settings.Host}";
        // Whoever wants all connections all the time keeps them: one that ends because it is old might not be had again.
        var isFixed = settings.MinPoolSize >= settings.MaxPoolSize;
        if (isFixed && !settings.ShouldSerialize("Connection Lifetime"))
            settings.ConnectionLifetime = 0;
        // The pool's size counts all connections.
        var writers = Math.Clamp(settings.MaxPoolSize / 8, 1, MostWriters);
        settings.MaxPoolSize = Math.Max(1, settings.MaxPoolSize - writers);
        settings.MinPoolSize = Math.Min(settings.MinPoolSize, settings.MaxPoolSize);
        _source = NpgsqlDataSource.Create(settings);
        settings.MinPoolSize = isFixed ? writers : 0;
        settings.MaxPoolSize = writers;
        _groups = GroupSource(settings);
        RunWriter = new PostgresRunWriter(this, writers);
    }

    /// <summary>The connection string, password included.</summary>
    public string ConnectionString { get; }

    /// <summary>Lets others ask the database something, such as which one it is, so that connectors that lead to it can be
    /// refused.</summary>
    public Task<T> AskAsync<T>(Func<DbConnection, Task<T>> question, CancellationToken cancellationToken) =>
        ReadAsync(question, isList: false, cancellationToken);

    /// <inheritdoc/>
    public override string BytesTaken => "select pg_database_size(current_database())";

    /// <inheritdoc/>
    public override string SkipLocked => "for update skip locked";

    /// <inheritdoc/>
    public override string SizeOf(string column) => $"pg_column_size({column})";

    /// <inheritdoc/>
    public override string Lock => " for update";

    /// <inheritdoc/>
    public override string IdBetween(string column) => $"{column} ~>=~ @from and {column} ~<~ @until";

    /// <inheritdoc/>
    public override string? Overwriting => null;

    /// <inheritdoc/>
    public override string? ByIndex => "set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off";

    /// <inheritdoc/>
    public override async Task StartAsync(Func<Task> afterMigration, CancellationToken cancellationToken)
    {
        // The lock belongs to a session of its own, or behind a pooler to a
        // transaction: should the process die, that ends and the lock with it.
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString)
        {
            MaxAutoPrepare = 0,
            Pooling = false,
            CommandTimeout = 0,
            KeepAlive = 10,
        };
        var holder = new NpgsqlConnection(settings.ConnectionString);
        await using var holderCloses = holder.ConfigureAwait(false);
        await GuardAsync(
                async () =>
                {
                    await holder.OpenAsync(cancellationToken).ConfigureAwait(false);
                    var command = new NpgsqlCommand("select pg_backend_pid()", holder);
                    await using var commandCloses = command.ConfigureAwait(false);
                    // A pooler names another process when a session begins than the one that executes.
                    var isPooled =
                        await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not int process
                        || process != holder.ProcessID;
                    if (isPooled)
                        await PrepareNothingAsync().ConfigureAwait(false);
                    command.CommandText = isPooled
                        ? $"begin; select pg_advisory_xact_lock({StartLock})"
                        : $"select pg_advisory_lock({StartLock})";
                    await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
                    return true;
                },
                isRepeatable: false,
                cancellationToken
            )
            .ConfigureAwait(false);

        Migration.Run(Migration.ToPostgres(settings.ConnectionString), "Postgres", _target);
        await GuardAsync(() => OpenAsync(cancellationToken), isRepeatable: false, cancellationToken).ConfigureAwait(false);
        await afterMigration().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override Task<T> TransactAsync<T>(Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken cancellationToken) =>
        GuardAsync(
            async () =>
            {
                var connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
                await using var connectionCloses = connection.ConfigureAwait(false);
                var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
                await using var transactionCloses = transaction.ConfigureAwait(false);
                var result = await work(connection, transaction).ConfigureAwait(false);
                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
                return result;
            },
            isRepeatable: false,
            cancellationToken
        );

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync().ConfigureAwait(false);
        await _groups.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Writes a group of rows, on a connection that plans such a statement
    /// once. Repeated when the connection was lost before the answer came.</summary>
    public Task<T> WriteGroupAsync<T>(Func<NpgsqlConnection, Task<T>> work) =>
        GuardAsync(
            async () =>
            {
                var connection = await _groups.OpenConnectionAsync().ConfigureAwait(false);
                await using var connectionCloses = connection.ConfigureAwait(false);
                return await work(connection).ConfigureAwait(false);
            },
            isRepeatable: true,
            CancellationToken.None
        );

    /// <inheritdoc/>
    protected override Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> query, bool isList, CancellationToken cancellationToken) =>
        WriteAsync((connection, _) => query(connection), isRepeatable: true, cancellationToken);

    /// <inheritdoc/>
    protected override Task<T> WriteAsync<T>(
        Func<DbConnection, DbTransaction?, Task<T>> work,
        bool isRepeatable,
        CancellationToken cancellationToken
    ) =>
        GuardAsync(
            async () =>
            {
                var connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
                await using var connectionCloses = connection.ConfigureAwait(false);
                return await work(connection, null).ConfigureAwait(false);
            },
            isRepeatable,
            cancellationToken
        );

    /// <summary>Opens as many connections as the pools keep: whoever has all of theirs never has to ask for another one, which PostgreSQL
    /// may refuse because a neighbour has taken it, and a refusal makes the driver close those that it has.</summary>
    private async Task<bool> OpenAsync(CancellationToken cancellationToken)
    {
        foreach (var source in (NpgsqlDataSource[])[_source, _groups])
        {
            var connections = await Task.WhenAll(
                    Enumerable
                        .Range(0, new NpgsqlConnectionStringBuilder(source.ConnectionString).MinPoolSize)
                        .Select(_ => source.OpenConnectionAsync(cancellationToken).AsTask())
                )
                .ConfigureAwait(false);
            foreach (var connection in connections)
                await connection.DisposeAsync().ConfigureAwait(false);
        }
        return true;
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> work, bool isRepeatable, CancellationToken cancellationToken)
    {
        try
        {
            return await AnswerAsync(work).ConfigureAwait(false);
        }
        catch (Exception error) when (isRepeatable && IsBroken(error) && !cancellationToken.IsCancellationRequested)
        {
            // The server went away under a pooled connection, and the others of the pool are as dead. It may be back already.
            Clear();
        }
        catch (Exception error) when (IsBroken(error) || IsUnavailable(error))
        {
            throw Unavailable(error);
        }

        try
        {
            return await AnswerAsync(work).ConfigureAwait(false);
        }
        catch (Exception error) when (IsBroken(error) || IsUnavailable(error))
        {
            throw Unavailable(error);
        }
    }

    /// <summary>
    /// Waits for work, but not for a PostgreSQL that stands still: its connections stay open, so nothing else would tell. A statement that
    /// is merely slow is given its time. What is left alone ends when PostgreSQL goes on or
    /// the connection does; a save that goes through then is like one whose answer was lost.
    /// </summary>
    private async Task<T> AnswerAsync<T>(Func<Task<T>> work)
    {
        // Once it was silent, it has to speak before anybody waits for it again.
        if (_isSilent && !await PingAsync().ConfigureAwait(false))
            throw Silent();
        var answer = work();
        while (!answer.IsCompleted)
        {
            try
            {
                return await answer.WaitAsync(Patience).ConfigureAwait(false);
            }
            catch (TimeoutException) when (!answer.IsCompleted)
            {
                if (await PingAsync().ConfigureAwait(false))
                    continue;
                _ = answer.ContinueWith(
                    static late => late.Exception,
                    CancellationToken.None,
                    TaskContinuationOptions.OnlyOnFaulted,
                    TaskScheduler.Default
                );
                throw Silent();
            }
        }
        return await answer.ConfigureAwait(false);
    }

    /// <summary>Whether PostgreSQL answers, whatever it says. Of many that ask at once, one looks.</summary>
    private Task<bool> PingAsync()
    {
        lock (_pingLock)
        {
            if (_ping is not { IsCompleted: false })
                _ping = LookAsync();
            return _ping;
        }

        async Task<bool> LookAsync()
        {
            // On a connection of its own: those of the pool may all be waiting.
            var settings = new NpgsqlConnectionStringBuilder(ConnectionString)
            {
                Pooling = false,
                MaxAutoPrepare = 0,
                Timeout = (int)Math.Ceiling(PingTime.TotalSeconds),
            };
            var connection = new NpgsqlConnection(settings.ConnectionString);
            using var limit = new CancellationTokenSource(PingTime);
            try
            {
                await connection.OpenAsync(limit.Token).WaitAsync(PingTime, CancellationToken.None).ConfigureAwait(false);
                _isSilent = false;
            }
            catch (Exception error)
                when (error is OperationCanceledException or TimeoutException or NpgsqlException { InnerException: TimeoutException })
            {
                _isSilent = true;
            }
            catch (NpgsqlException)
            {
                // A refusal is an answer, and told by whoever waits for one.
                _isSilent = false;
            }
            finally
            {
                _ = connection.DisposeAsync().AsTask();
            }
            return !_isSilent;
        }
    }

    private StorageException Silent() => Unavailable(new TimeoutException("PostgreSQL does not answer."));

    /// <summary>Goes on with connections that keep nothing prepared, and
    /// nothing else either that a pooler could give to somebody else.</summary>
    private async Task PrepareNothingAsync()
    {
        var (source, groups) = (_source, _groups);
        _source = Unprepared(source);
        _groups = Unprepared(groups);
        await source.DisposeAsync().ConfigureAwait(false);
        await groups.DisposeAsync().ConfigureAwait(false);

        NpgsqlDataSource Unprepared(NpgsqlDataSource prepared) =>
            NpgsqlDataSource.Create(
                new NpgsqlConnectionStringBuilder(ConnectionString)
                {
                    MaxAutoPrepare = 0,
                    MinPoolSize = 0,
                    MaxPoolSize = new NpgsqlConnectionStringBuilder(prepared.ConnectionString).MaxPoolSize,
                }
            );
    }

    private void Clear()
    {
        _source.Clear();
        _groups.Clear();
    }

    /// <summary>
    /// Connections for statements over groups of rows. They are planned once, although PostgreSQL believes that it would pay to plan them
    /// anew for each array's length. And they find their rows by index, although a plan that was made
    /// while the table was small would rather read it all, and would go on to when it has grown.
    /// </summary>
    private static NpgsqlDataSource GroupSource(NpgsqlConnectionStringBuilder settings)
    {
        const string Planning =
            "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off";
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var command = new NpgsqlCommand(Planning, connection);
                command.ExecuteNonQuery();
            },
            async connection =>
            {
                var command = new NpgsqlCommand(Planning, connection);
                await using var commandCloses = command.ConfigureAwait(false);
                await command.ExecuteNonQueryAsync().ConfigureAwait(false);
            }
        );
        return builder.Build();
    }

    private StorageException Unavailable(Exception error)
    {
        // The connection is as good as before.
        if (error is PostgresException { SqlState: PostgresErrorCodes.DiskFull })
            return Room.Fill($"PostgreSQL ({_target}): the disk is full.", error);
        Clear();
        var reason = error is PostgresException server ? $"it answered with SQLSTATE {server.SqlState}" : Reason(error);
        return new StorageException(StorageErrors.Unavailable, $"PostgreSQL ({_target}): {reason}.", error);
    }

    private static string Reason(Exception error) =>
        (error as TimeoutException ?? error.InnerException) switch
        {
            SocketException socket => socket.Message.TrimEnd('.'),
            TimeoutException => "no answer or no free connection in time",
            _ => "the connection was lost",
        };

    /// <summary>A connection that was lost: the next may work.</summary>
    private static bool IsBroken(Exception error) =>
        error switch
        {
            PostgresException server => server.SqlState.StartsWith("08", StringComparison.Ordinal)
                || server.SqlState.StartsWith("57P", StringComparison.Ordinal),
            NpgsqlException { InnerException: IOException or SocketException or EndOfStreamException } => true,
            _ => false,
        };

    /// <summary>Other reasons why the database cannot be used: credentials, no such
    /// database, too many connections, read only, disk full, timeouts.</summary>
    private static bool IsUnavailable(Exception error) =>
        error switch
        {
            PostgresException server => server.SqlState[..2] is "28" or "3D" or "53" or "25" or "58"
                || server.SqlState is PostgresErrorCodes.QueryCanceled,
            NpgsqlException => true,
            TimeoutException => true,
            _ => false,
        };
}
