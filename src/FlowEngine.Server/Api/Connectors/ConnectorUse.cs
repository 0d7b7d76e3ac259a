using FlowEngine.Context;
using FlowEngine.Server.Flows;

namespace FlowEngine.Server.Api.Connectors;

/// <summary>Stateless: which published flows use a connector.</summary>
internal static class ConnectorUse
{
    /// <summary>The ids of the flows by connector, in order.</summary>
    public static ILookup<string, string> Of(FlowCatalogue catalogue) => catalogue.Published
        .SelectMany(flow => flow.Definition.Activities.SelectMany(activity => ConnectorsIn(activity.Json)).Distinct().Select(connector => (connector, flow.Definition.Id)))
        .OrderBy(use => use.Id, StringComparer.Ordinal)
        .ToLookup(use => use.connector, use => use.Id, StringComparer.Ordinal);

    /// <summary>An activity's connector, and those of the activities that are written inside it.</summary>
    private static IEnumerable<string> ConnectorsIn(FlowObject activity)
    {
        if (activity.Get("connector").TryGetText(out var connector))
            yield return connector;
        if (!activity.Get("activities").TryGetArray(out var inner))
            yield break;
        foreach (var item in inner)
        {
            if (item.TryGetObject(out var json) && json.Get("connector").TryGetText(out var of))
                yield return of;
        }
    }
}
