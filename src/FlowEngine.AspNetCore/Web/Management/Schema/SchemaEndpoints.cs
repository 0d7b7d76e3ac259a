using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.Schema;

namespace FlowEngine.AspNetCore.Web.Management.Schema;

/// <summary>Stateless: <c>/api/schema</c>: what forms are made of.</summary>
internal static class SchemaEndpoints
{
    /// <summary>Maps it.</summary>
    public static void MapSchema(this IEndpointRouteBuilder api)
    {
        // The same for as long as the process lives.
        var schema = new Lazy<byte[]>(() => JsonWriting.ToUtf8(Of(api.ServiceProvider.GetRequiredService<ConnectorSet>().Types)));
        api.MapGet("/schema", (HttpContext http) => ApiAnswer.WriteJsonAsync(http, schema.Value)).RequireRole(Role.Viewer);
    }

    private static FlowValue Of(IEnumerable<ConnectorType> connectors)
    {
        DesignerSchema.Of(FlowEngineHost.Activities, FlowEngineHost.Components, connectors).TryGetObject(out var schema);
        var advice = new FlowObjectBuilder(ErrorCatalogues.AdviceByCode.Count);
        foreach (var (code, text) in ErrorCatalogues.AdviceByCode)
            advice.Set(code, FlowValue.From(text));
        return FlowValue.From(schema!.With("advice", FlowValue.From(advice.Build())));
    }
}
