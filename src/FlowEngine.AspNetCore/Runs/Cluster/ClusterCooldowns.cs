using FlowEngine.HttpConnector.Connectors;
using FlowEngine.Storage;
using FlowEngine.Storage.Engines;

namespace FlowEngine.AspNetCore.Runs.Cluster;

/// <summary>Per process, thread-safe: the nodes of a cluster tell each other that an API asked for time, through the database.</summary>
/// <remarks>PostgreSQL only. Times are the database's, so that the nodes' clocks do not matter. Without an answer of the database each node
/// finds out for itself.</remarks>
internal sealed class ClusterCooldowns(StorageDatabase database) : CooldownSharing
{
    private const string Now = "(extract(epoch from clock_timestamp()) * 1000)::bigint";

    /// <inheritdoc/>
    public override async Task TellAsync(string connector, TimeSpan wait)
    {
        try
        {
            await database.WriteAsync(
                $"""
                insert into cooldowns as c (key, expires_at) values (@connector, {Now} + @wait)
                on conflict (key) do update set expires_at = greatest(c.expires_at, excluded.expires_at)
                """,
                new { connector, wait = (long)wait.TotalMilliseconds },
                CancellationToken.None
            );
        }
        catch (StorageException)
        {
            // The others find out for themselves.
        }
    }

    /// <inheritdoc/>
    public override async Task<TimeSpan> LeftAsync(string connector, CancellationToken cancellationToken)
    {
        try
        {
            var left = await database.FirstAsync<long?>(
                $"select expires_at - {Now} from cooldowns where key = @connector",
                new { connector },
                cancellationToken
            );
            return left is > 0 ? TimeSpan.FromMilliseconds(left.Value) : TimeSpan.Zero;
        }
        catch (StorageException)
        {
            return TimeSpan.Zero;
        }
    }
}
