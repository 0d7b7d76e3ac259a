using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Authentication.OAuth;
using FlowEngine.Json;
using FlowEngine.Storage;
using FlowEngine.Storage.Engines;
using FlowEngine.Storage.Protection;

namespace FlowEngine.AspNetCore.Runs.Cluster;

/// <summary>
/// Per process, thread-safe: the nodes of a cluster share access tokens: one asks the token endpoint, the others wait and take what it got,
/// a refusal too. Tokens are in the database, encrypted, until they expire.
/// </summary>
/// <remarks>PostgreSQL only. Times are the database's, so that the nodes' clocks do
/// not matter. A database that does not answer makes a node ask for itself.</remarks>
internal sealed class ClusterTokens(StorageDatabase database, Vaults vaults, TimeProvider time) : TokenSharing
{
    private const string Now = "(extract(epoch from clock_timestamp()) * 1000)::bigint";

    /// <summary>How long the others wait for the node that asks. Longer than
    /// a token request may take; when it is over, another one asks.</summary>
    private const int LeaseMilliseconds = 15_000;

    private const int FirstRestMilliseconds = 1_000;
    private const int LongestRestMilliseconds = 30_000;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    private readonly Vault _vault = vaults.Of("tokens");

    /// <inheritdoc/>
    public override async Task<TokenGrant> GetAsync(
        string key,
        string? refused,
        Func<CancellationToken, Task<TokenGrant>> fetch,
        CancellationToken cancellationToken
    )
    {
        var lease = RunId.New();
        try
        {
            while (true)
            {
                var row = await database.FirstAsync<Row>(
                    $"select sealed_grant as Grant, expires_at - {Now} as Left, failures as Failures from access_tokens where key = @key",
                    new { key },
                    cancellationToken
                );
                if (Usable(row, refused) is { } known)
                    return known;
                if (await TakeLeaseAsync(key, lease, cancellationToken) is { } taken)
                {
                    // Between the look and the lease another node may have come to its end.
                    if (Usable(taken, refused) is not { } meanwhile)
                        return await AskAsync(key, lease, taken.Failures, fetch, cancellationToken);
                    await database.WriteAsync(
                        "update access_tokens set leased_by = '', leased_until = 0 where key = @key and leased_by = @lease",
                        new { key, lease },
                        cancellationToken
                    );
                    return meanwhile;
                }
                await Task.Delay(LookAgain, time, cancellationToken);
            }
        }
        catch (StorageException)
        {
            return await fetch(cancellationToken);
        }
    }

    private TokenGrant? Usable(Row? row, string? refused) =>
        row is { Grant: { } grant, Left: > 0 } && Read(grant, row.Left) is var known && (known.Token is null || known.Token != refused)
            ? known
            : null;

    /// <summary>Takes the lease, unless another has it.</summary>
    /// <returns>The row as it is under the lease; null when another has it.</returns>
    private Task<Row?> TakeLeaseAsync(string key, string lease, CancellationToken cancellationToken) =>
        database.WriteFirstAsync<Row>(
            $"""
            insert into access_tokens as t (key, sealed_grant, expires_at, failures, leased_by, leased_until)
            values (@key, null, {Now} + {LeaseMilliseconds}, 0, @lease, {Now} + {LeaseMilliseconds})
            on conflict (key) do update set leased_by = @lease, leased_until = {Now} + {LeaseMilliseconds} where t.leased_until < {Now}
              or t.leased_by = @lease
            returning t.sealed_grant as Grant, t.expires_at - {Now} as Left, t.failures as Failures
            """,
            new { key, lease },
            cancellationToken
        );

    /// <summary>Asks the token endpoint, and tells the others. A failure is told too, and holds
    /// for a while that grows, so that the endpoint has its rest from all nodes.</summary>
    private async Task<TokenGrant> AskAsync(
        string key,
        string lease,
        int failures,
        Func<CancellationToken, Task<TokenGrant>> fetch,
        CancellationToken cancellationToken
    )
    {
        var asked = time.GetTimestamp();
        TokenGrant? grant = null;
        try
        {
            return grant = await fetch(cancellationToken);
        }
        finally
        {
            failures = grant?.Token is null ? Math.Min(failures + 1, 10) : 0;
            var usable = grant switch
            {
                null => 0,
                { Token: null } => Math.Min(FirstRestMilliseconds << (failures - 1), LongestRestMilliseconds),
                _ => (long)(grant.UsableFor - time.GetElapsedTime(asked)).TotalMilliseconds,
            };
            try
            {
                await database.WriteAsync(
                    $"""
                    update access_tokens set sealed_grant = @grant, expires_at = {Now} + @usable, failures = @failures, leased_by = '',
                      leased_until = 0
                    where key = @key and leased_by = @lease
                    """,
                    new
                    {
                        key,
                        grant = grant is null ? null : Write(grant),
                        usable,
                        failures,
                        lease,
                    },
                    CancellationToken.None
                );
            }
            catch (StorageException)
            {
                // This node has its answer; the others wait until the lease is over and ask again.
            }
        }
    }

    private byte[] Write(TokenGrant grant)
    {
        var json = new FlowObjectBuilder(2);
        json.Set("token", FlowValue.From(grant.Token));
        json.Set("problem", FlowValue.From(grant.Problem));
        return _vault.Seal(JsonWriting.ToUtf8(FlowValue.From(json.Build())));
    }

    private TokenGrant Read(byte[] @sealed, long left)
    {
        var json = JsonReading.Parse(_vault.Open(@sealed));
        return new TokenGrant(
            json.Get("token").TryGetText(out var token) ? token : null,
            TimeSpan.FromMilliseconds(left),
            json.Get("problem").TryGetText(out var problem) ? problem : null
        );
    }

    private sealed record Row
    {
        public byte[]? Grant { get; init; }

        public long Left { get; init; }

        public int Failures { get; init; }
    }
}
