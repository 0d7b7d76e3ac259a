using FlowEngine.Storage.Engines;

namespace FlowEngine.Storage;

/// <summary>Shared and immutable: the refresh tokens that descend from one login. Tokens are stored as hashes.</summary>
internal sealed record RefreshFamily
{
    /// <summary>The id, which every token of the family names.</summary>
    public string Id { get; init; } = "";

    /// <summary>Whose login it was: a keyed hash of the person; the person itself in families of releases before.</summary>
    public string Subject { get; init; } = "";

    /// <summary>What a new session token is made of, encrypted by <c>TokenService</c>.</summary>
    public byte[] SealedContent { get; init; } = [];

    /// <summary>The hash of the token that counts.</summary>
    public string CurrentHash { get; init; } = "";

    /// <summary>The hash of the token before it, or null.</summary>
    public string? PreviousHash { get; init; }

    /// <summary>When the login was.</summary>
    public UnixTime CreatedAt { get; init; }

    /// <summary>When the current token came into being.</summary>
    public UnixTime RotatedAt { get; init; }

    /// <summary>When the family ends.</summary>
    public UnixTime ExpiresAt { get; init; }

    /// <summary>When it was revoked, or null.</summary>
    public UnixTime? RevokedAt { get; init; }

    /// <summary>Why: <c>reuse</c> or <c>logout</c>; null when it is not.</summary>
    public string? RevokedBecause { get; init; }
}

/// <summary>Per process, thread-safe: the refresh token families. They begin with a run's
/// save, see <see cref="RunExtras.Login"/>, or by <see cref="AddAsync"/>.</summary>
internal sealed class RefreshFamilies(StorageDatabase database, TimeProvider time)
{
    private const string Columns = """
        id as Id, subject as Subject, sealed_content as SealedContent, current_hash as CurrentHash, previous_hash as PreviousHash, created_at as CreatedAt,
        rotated_at as RotatedAt, expires_at as ExpiresAt, revoked_at as RevokedAt, revoked_because as RevokedBecause
        """;

    /// <summary>Begins a family outside a run.</summary>
    public Task AddAsync(RefreshFamily family, CancellationToken cancellationToken) =>
        database.WriteAsync(
            """
            insert into refresh_families (id, subject, sealed_content, current_hash, created_at, rotated_at, expires_at)
            values (@Id, @Subject, @SealedContent, @CurrentHash, @CreatedAt, @RotatedAt, @ExpiresAt) on conflict (id) do nothing
            """,
            new
            {
                family.Id,
                family.Subject,
                family.SealedContent,
                family.CurrentHash,
                family.CreatedAt,
                family.RotatedAt,
                family.ExpiresAt,
            },
            cancellationToken
        );

    /// <summary>Finds a family.</summary>
    public Task<RefreshFamily?> FindAsync(string id, CancellationToken cancellationToken) =>
        database.FirstAsync<RefreshFamily>($"select {Columns} from refresh_families where id = @id", new { id }, cancellationToken);

    /// <summary>Notes that the token before the current one came again long after its use,
    /// and allows it while that has not happened for too many tokens in a row.</summary>
    /// <param name="id">The family's id.</param>
    /// <param name="previousHash">The hash of the token that came.</param>
    /// <param name="most">For how many tokens in a row.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>The family; null when that token is not the one before the
    /// current one, came so for too many in a row, or the family ended.</returns>
    public Task<RefreshFamily?> RepeatLateAsync(string id, string previousHash, int most, CancellationToken cancellationToken) =>
        database.WriteFirstAsync<RefreshFamily>(
            $"""
            update refresh_families set late_row = case when late_now = 1 then late_row else late_row + 1 end, late_now = 1
            where id = @id and previous_hash = @previousHash and revoked_at is null and expires_at > @now
              and (late_now = 1 or late_row < @most)
            returning {Columns}
            """,
            new
            {
                id,
                previousHash,
                most,
                now = (UnixTime)time.GetUtcNow(),
            },
            cancellationToken
        );

    /// <summary>Notes that the token before the current one came again soon:
    /// its exchange does not count as one that nobody repeated.</summary>
    public Task RepeatSoonAsync(string id, string previousHash, CancellationToken cancellationToken) =>
        database.WriteAsync(
            "update refresh_families set late_now = 2 where id = @id and previous_hash = @previousHash and late_now = 0",
            new { id, previousHash },
            cancellationToken
        );

    /// <summary>Puts the next token in the place of the current one. Of any number of callers at once, one does.</summary>
    /// <returns>The family afterwards; null when that token is not the current one, or the family ended.</returns>
    public Task<RefreshFamily?> RotateAsync(string id, string currentHash, string nextHash, CancellationToken cancellationToken) =>
        database.WriteOnceAsync<RefreshFamily>(
            $"""
            update refresh_families set
                previous_hash = current_hash, current_hash = @nextHash, rotated_at = @now, late_row = case when late_now > 0 then late_row
                  else 0 end, late_now = 0
            where id = @id and current_hash = @currentHash and revoked_at is null and expires_at > @now
            returning {Columns}
            """,
            new
            {
                id,
                currentHash,
                nextHash,
                now = (UnixTime)time.GetUtcNow(),
            },
            cancellationToken
        );

    /// <summary>Ends a family.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="because"><c>reuse</c> or <c>logout</c>.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>Whether it was alive until now.</returns>
    public async Task<bool> RevokeAsync(string id, string because, CancellationToken cancellationToken) =>
        await database
            .WriteAsync(
                "update refresh_families set revoked_at = @now, revoked_because = @because where id = @id and revoked_at is null",
                new
                {
                    id,
                    because,
                    now = (UnixTime)time.GetUtcNow(),
                },
                cancellationToken
            )
            .ConfigureAwait(false) > 0;

    /// <summary>Ends all families of a person.</summary>
    /// <param name="subjectHash">The keyed hash of the person.</param>
    /// <param name="subject">The person, whom families of releases before name.</param>
    /// <param name="because"><c>logout</c>.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public Task RevokeAllAsync(string subjectHash, string subject, string because, CancellationToken cancellationToken) =>
        database.WriteAsync(
            "update refresh_families set revoked_at = @now, revoked_because = "
                + "@because where subject in (@subjectHash, @subject) and revoked_at is null",
            new
            {
                subjectHash,
                subject,
                because,
                now = (UnixTime)time.GetUtcNow(),
            },
            cancellationToken
        );
}
