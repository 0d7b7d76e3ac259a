using FlowEngine.Server.Storage;

namespace FlowEngine.Server.Api;

/// <summary>Stateless: whether the process lives, and whether it can work.</summary>
internal static class HealthEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/healthz", () => Results.Text("ok"));
        endpoints.MapGet("/readyz", async (SettingStore settings, CancellationToken cancellationToken) =>
        {
            await settings.CatalogueRevisionAsync(cancellationToken);
            return Results.Text("ok");
        });
    }
}
