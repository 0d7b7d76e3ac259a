using FlowEngine.Storage.Engines;

namespace FlowEngine.Storage;

/// <summary>Per process, thread-safe: small facts about this installation, by name. No secrets: their hashes at most.</summary>
internal sealed class SettingStore(StorageDatabase database, TimeProvider time)
{
    /// <summary>What goes with each change of flows or connectors, in the same transaction.</summary>
    public const string CatalogueChanged =
        "update settings set value = cast(cast(value as bigint) + 1 as text) where name = 'catalogue.revision'";

    /// <summary>The value, or null.</summary>
    public Task<string?> FindAsync(string name, CancellationToken cancellationToken) =>
        database.FirstAsync<string>("select value from settings where name = @name", new { name }, cancellationToken);

    /// <summary>Sets the value.</summary>
    public Task SetAsync(string name, string value, CancellationToken cancellationToken) =>
        database.WriteAsync(
            """
            insert into settings (name, value, updated_at) values (@name, @value, @now)
            on conflict (name) do update set value = @value, updated_at = @now
            """,
            new
            {
                name,
                value,
                now = (UnixTime)time.GetUtcNow(),
            },
            cancellationToken
        );

    /// <summary>Sets the value, and tells all nodes to look at flows and connectors anew.</summary>
    public Task SetForCatalogueAsync(string name, string value, CancellationToken cancellationToken) =>
        database.WriteAsync(
            $"""
            insert into settings (name, value, updated_at) values (@name, @value, @now)
            on conflict (name) do update set value = @value, updated_at = @now;
            {CatalogueChanged};
            """,
            new
            {
                name,
                value,
                now = (UnixTime)time.GetUtcNow(),
            },
            cancellationToken
        );

    /// <summary>Sets the value unless there is one. Of several nodes at once, one wins.</summary>
    /// <returns>The value that counts.</returns>
    public async Task<string> FindOrAddAsync(string name, string value, CancellationToken cancellationToken)
    {
        await database
            .WriteAsync(
                "insert into settings (name, value, updated_at) values (@name, @value, @now) on conflict (name) do nothing",
                new
                {
                    name,
                    value,
                    now = (UnixTime)time.GetUtcNow(),
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        return (await FindAsync(name, cancellationToken).ConfigureAwait(false))!;
    }

    /// <summary>A number that grows with every change of flows and connectors:
    /// one cheap read tells a node whether to load them anew.</summary>
    public async Task<long> CatalogueRevisionAsync(CancellationToken cancellationToken) =>
        long.Parse(
            (await FindAsync("catalogue.revision", cancellationToken).ConfigureAwait(false))!,
            System.Globalization.CultureInfo.InvariantCulture
        );
}
