using System.Text.Json.Serialization.Metadata;
using FlowEngine.AspNetCore.Web.Edge;

namespace FlowEngine.AspNetCore.Web.Contract;

/// <summary>Stateless: the HTTP API: its routes, what its records look like as JSON, and the document that says so.</summary>
internal static class ApiContract
{
    /// <summary>All routes.</summary>
    public static IReadOnlyList<ApiRoute> Routes { get; } = [.. RuntimeRoutes.All, .. ManagementRoutes.All];

    /// <summary>What is known of the records of all routes.</summary>
    public static IJsonTypeInfoResolver Records { get; } = JsonTypeInfoResolver.Combine(RuntimeJson.Default, ManagementJson.Default);

    /// <summary>Registers what reads, writes and describes records.</summary>
    public static IServiceCollection AddApiContract(this IServiceCollection services) =>
        services.AddSingleton(new JsonContract(Records)).AddApiDocument(ReferenceEndpoints.Version);

    /// <summary>Maps all routes, and the reference.</summary>
    public static void MapApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapRoutes(Routes);
        endpoints.MapReference();
    }
}
