using FlowEngine.AspNetCore.Engine.Extensions;
using FlowEngine.AspNetCore.Flows;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.Schema;

namespace FlowEngine.AspNetCore.Web.Management.Schema;

/// <summary>Per process, thread-safe: what forms are made of, as JSON: the same for as long as the process lives.</summary>
/// <param name="catalogue">The types of activities and components.</param>
/// <param name="connectors">The types of connectors.</param>
/// <param name="extensions">What is loaded beside the server's own.</param>
internal sealed class SchemaText(FlowCatalogue catalogue, ConnectorSet connectors, ExtensionSet extensions)
{
    private readonly Lazy<byte[]> _utf8 = new(() => JsonWriting.ToUtf8(Of(catalogue, connectors, extensions)));

    /// <summary>The text.</summary>
    public byte[] Utf8 => _utf8.Value;

    private static FlowValue Of(FlowCatalogue catalogue, ConnectorSet connectors, ExtensionSet extensions)
    {
        DesignerSchema.Of(catalogue.Activities, catalogue.Components, connectors.Types, extensions.All).TryGetObject(out var schema);
        var advice = new FlowObjectBuilder(ErrorCatalogues.AdviceByCode.Count);
        foreach (var (code, text) in ErrorCatalogues.AdviceByCode)
            advice.Set(code, FlowValue.From(text));
        return FlowValue.From(schema!.With("advice", FlowValue.From(advice.Build())));
    }
}

/// <summary>Stateless: <c>/api/schema</c>: what forms are made of.</summary>
internal static class SchemaEndpoints
{
    /// <summary>What forms are made of.</summary>
    public static Task FindAsync(HttpContext http, SchemaText schema) => ApiAnswer.WriteJsonAsync(http, schema.Utf8);
}
