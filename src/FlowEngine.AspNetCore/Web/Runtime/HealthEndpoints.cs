using FlowEngine.AspNetCore.Runs.Cluster;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Storage;
using FlowEngine.Storage.Engines;

namespace FlowEngine.AspNetCore.Web.Runtime;

/// <summary>Stateless: whether the process lives, and whether it can work.</summary>
internal static class HealthEndpoints
{
    /// <summary>Whether the process lives.</summary>
    public static IResult Live() => Results.Text("ok");

    /// <summary>Whether its storage answers.</summary>
    public static async Task<IResult> ReadyAsync(
        SettingStore settings,
        StorageDatabase storage,
        StorageCheck check,
        NodeLease lease,
        Draining draining,
        CancellationToken cancellationToken
    )
    {
        if (draining.HasBegun)
            throw new ApiException(StatusCodes.Status503ServiceUnavailable, ApiErrors.Draining);
        await lease.EnsureAsync(cancellationToken);
        await settings.CatalogueRevisionAsync(cancellationToken);
        storage.Room.Ensure();
        // It still works where the file is whole, and there may be no other node: not ready would end all logins.
        return Results.Text(check.Damage is { } damage ? $"ok\n{StorageErrors.Damaged.Code}: {damage}" : "ok");
    }
}
