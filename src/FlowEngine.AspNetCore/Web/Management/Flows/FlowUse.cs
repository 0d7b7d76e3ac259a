using FlowEngine.AspNetCore.Flows;

namespace FlowEngine.AspNetCore.Web.Management.Flows;

/// <summary>Stateless: which published flows use another as a subflow, themselves or through a subflow.</summary>
internal static class FlowUse
{
    /// <summary>The ids of the flows by the subflow, in order. A flow that calls itself does not count as its user.</summary>
    public static ILookup<string, string> Of(FlowCatalogue catalogue) =>
        catalogue
            .Published.SelectMany(flow => flow.Result.Flows.Select(used => (Used: used, flow.Definition.Id)))
            .Where(use => use.Used != use.Id)
            .OrderBy(use => use.Id, StringComparer.Ordinal)
            .ToLookup(use => use.Used, use => use.Id, StringComparer.Ordinal);
}
