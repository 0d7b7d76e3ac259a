using Dapper;
using FlowEngine.Execution;
using FlowEngine.Storage.Engines;

namespace FlowEngine.Storage;

/// <summary>Shared and immutable: a person of the console.</summary>
internal sealed record ConsoleUser
{
    /// <summary>The name they sign in with, in lower case.</summary>
    public string Name { get; init; } = "";

    /// <summary>The Argon2id hash of the password (PHC text).</summary>
    public string PasswordHash { get; init; } = "";

    /// <summary><c>viewer</c>, <c>designer</c> or <c>admin</c>.</summary>
    public string Role { get; init; } = "";

    /// <summary>Changes with password and role: a session that holds another one has ended.</summary>
    public string SecurityStamp { get; init; } = "";

    /// <summary>When they were added.</summary>
    public UnixTime CreatedAt { get; init; }

    /// <summary>When password or role last changed.</summary>
    public UnixTime UpdatedAt { get; init; }
}

/// <summary>Per process, thread-safe: the people of the console. Names differ in more than case.</summary>
internal sealed class UserStore(StorageDatabase database, TimeProvider time)
{
    private const string Columns =
        "name as Name, password_hash as PasswordHash, role as Role, security_stamp "
        + "as SecurityStamp, created_at as CreatedAt, updated_at as UpdatedAt";

    /// <summary>All of them, by name.</summary>
    public Task<IReadOnlyList<ConsoleUser>> ListAsync(CancellationToken cancellationToken) =>
        database.ListAsync<ConsoleUser>($"select {Columns} from users order by name", null, cancellationToken);

    /// <summary>Whether there is anybody.</summary>
    public async Task<bool> AnyAsync(CancellationToken cancellationToken) =>
        await database.FirstAsync<int>("select 1 from users limit 1", null, cancellationToken).ConfigureAwait(false) == 1;

    /// <summary>One of them; null when there is none of that name.</summary>
    public Task<ConsoleUser?> FindAsync(string name, CancellationToken cancellationToken) =>
        database.FirstAsync<ConsoleUser>($"select {Columns} from users where name = @name", new { name = Key(name) }, cancellationToken);

    /// <summary>Adds a person.</summary>
    /// <returns>Whether the name was free.</returns>
    public async Task<bool> AddAsync(string name, string passwordHash, string role, AuditNote note, CancellationToken cancellationToken) =>
        await database
            .ChangeAsync<string>(
                """
                insert into users (name, password_hash, role, security_stamp, created_at, updated_at)
                  values (@name, @passwordHash, @role, @stamp, @now, @now)
                on conflict (name) do nothing returning name
                """,
                Arguments(name, passwordHash, role),
                note,
                time.GetUtcNow(),
                cancellationToken
            )
            .ConfigureAwait(false)
            is not null;

    /// <summary>Changes password, role or both; what is null stays. Their sessions end.</summary>
    /// <returns>Whether there is such a person, and another admin would be left.</returns>
    public Task<bool> ChangeAsync(
        string name,
        string? passwordHash,
        string? role,
        IReadOnlyList<AuditNote> notes,
        CancellationToken cancellationToken
    ) =>
        AmongAdminsAsync(
            $"""
            update users set password_hash = coalesce(@passwordHash, password_hash), role = coalesce(@role, role), security_stamp = @stamp,
              updated_at = @now
            where name = @name and (coalesce(@role, 'admin') = 'admin' or {IsNotLastAdmin})
            """,
            Arguments(name, passwordHash, role),
            notes,
            cancellationToken
        );

    /// <summary>Removes a person.</summary>
    /// <returns>Whether there was such a person, and another admin is left.</returns>
    public Task<bool> DeleteAsync(string name, AuditNote note, CancellationToken cancellationToken) =>
        AmongAdminsAsync($"delete from users where name = @name and {IsNotLastAdmin}", new { name = Key(name) }, [note], cancellationToken);

    /// <summary>Changes a person while the admins stay as they are, so that of
    /// the last two not each can remove the other at the same moment.</summary>
    private Task<bool> AmongAdminsAsync(
        string sql,
        object arguments,
        IReadOnlyList<AuditNote> notes,
        CancellationToken cancellationToken
    ) =>
        database.TransactAsync(
            async (connection, transaction) =>
            {
                await connection
                    .ExecuteAsync(
                        StorageDatabase.Command(
                            "select 1 from users where role = 'admin' order by name" + database.Lock,
                            null,
                            transaction,
                            cancellationToken
                        )
                    )
                    .ConfigureAwait(false);
                var changed =
                    await connection
                        .ExecuteAsync(StorageDatabase.Command(sql, arguments, transaction, cancellationToken))
                        .ConfigureAwait(false) > 0;
                if (changed)
                    await AuditedChanges
                        .TellAsync(connection, transaction, notes, time.GetUtcNow(), cancellationToken)
                        .ConfigureAwait(false);
                return changed;
            },
            cancellationToken
        );

    private const string IsNotLastAdmin =
        "(role <> 'admin' or exists (select 1 from users other where other.role = 'admin' and other.name <> @name))";

    private static string Key(string name) => name.ToLowerInvariant();

    private object Arguments(string name, string? passwordHash, string? role) =>
        new
        {
            name = Key(name),
            passwordHash,
            role,
            stamp = RunId.New(),
            now = (UnixTime)time.GetUtcNow(),
        };
}
