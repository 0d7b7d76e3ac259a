using FlowEngine.AspNetCore.Runs.Cluster;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Storage;
using FlowEngine.Storage.Engines;

namespace FlowEngine.AspNetCore.Web.Runtime;

/// <summary>Stateless: whether the process lives, and whether it can work.</summary>
internal static class HealthEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/healthz", () => Results.Text("ok")).RequireRateLimiting(RateLimits.Others);
        endpoints
            .MapGet(
                "/readyz",
                async (
                    SettingStore settings,
                    StorageDatabase storage,
                    StorageCheck check,
                    NodeLease lease,
                    Draining draining,
                    CancellationToken cancellationToken
                ) =>
                {
                    if (draining.HasBegun)
                        throw new ApiException(StatusCodes.Status503ServiceUnavailable, ApiErrors.Draining);
                    await lease.EnsureAsync(cancellationToken);
                    await settings.CatalogueRevisionAsync(cancellationToken);
                    storage.Room.Ensure();
                    // It still works where the file is whole, and there may be no other node: not ready would end all logins.
                    return Results.Text(check.Damage is { } damage ? $"ok\n{StorageErrors.Damaged.Code}: {damage}" : "ok");
                }
            )
            .RequireRateLimiting(RateLimits.Others);
    }
}
