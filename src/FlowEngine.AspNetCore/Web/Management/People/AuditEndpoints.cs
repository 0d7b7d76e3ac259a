using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.People;

/// <summary>Stateless: <c>/api/audit</c>: who changed what.</summary>
internal static class AuditEndpoints
{
    /// <summary>Maps it.</summary>
    public static void MapAudit(this IEndpointRouteBuilder api) => api.MapGet("/audit", ListAsync).RequireRole(Role.Admin);

    private static async Task ListAsync(HttpContext http, AuditLog audit)
    {
        var limit = ApiQuery.Limit(http);
        var found = await audit.ListAsync(
            ApiQuery.Text(http, "subject"),
            ApiQuery.Text(http, "actor"),
            ApiQuery.Number(http, "before"),
            limit + 1,
            http.RequestAborted
        );
        var page = found.Take(limit).ToList();
        await ApiAnswer.WriteAsync(
            http,
            ApiJson.Object(
                (
                    "entries",
                    ApiJson.Array(
                        page.Select(entry =>
                            ApiJson.Object(
                                ("number", FlowValue.From(entry.Number)),
                                ("at", ApiJson.Time(entry.At)),
                                ("actor", FlowValue.From(entry.Actor)),
                                ("action", FlowValue.From(entry.Action)),
                                ("subject", FlowValue.From(entry.Subject)),
                                ("detail", entry.Detail is null ? FlowValue.Null : JsonReading.Parse(entry.Detail))
                            )
                        )
                    )
                ),
                ("next", found.Count > limit ? FlowValue.From(page[^1].Number) : FlowValue.Null)
            )
        );
    }
}
