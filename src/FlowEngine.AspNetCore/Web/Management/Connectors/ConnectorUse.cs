using FlowEngine.AspNetCore.Flows;

namespace FlowEngine.AspNetCore.Web.Management.Connectors;

/// <summary>Stateless: which published flows use a connector, themselves or through a subflow.</summary>
internal static class ConnectorUse
{
    /// <summary>The ids of the flows by connector, in order.</summary>
    public static ILookup<string, string> Of(FlowCatalogue catalogue) =>
        catalogue
            .Published.SelectMany(flow => flow.Result.Connectors.Select(connector => (Connector: connector, flow.Definition.Id)))
            .OrderBy(use => use.Id, StringComparer.Ordinal)
            .ToLookup(use => use.Connector, use => use.Id, StringComparer.Ordinal);
}
