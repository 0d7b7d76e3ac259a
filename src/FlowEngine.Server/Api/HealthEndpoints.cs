using FlowEngine.Server.Edge;
using FlowEngine.Server.Hosting;
using FlowEngine.Server.Storage;

namespace FlowEngine.Server.Api;

/// <summary>Stateless: whether the process lives, and whether it can work.</summary>
internal static class HealthEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/healthz", () => Results.Text("ok")).RequireRateLimiting(RateLimits.Others);
        endpoints.MapGet("/readyz", async (SettingStore settings, Draining draining, CancellationToken cancellationToken) =>
        {
            if (draining.HasBegun)
                throw new ApiException(StatusCodes.Status503ServiceUnavailable, ApiErrors.Draining);
            await settings.CatalogueRevisionAsync(cancellationToken);
            return Results.Text("ok");
        }).RequireRateLimiting(RateLimits.Others);
    }
}
