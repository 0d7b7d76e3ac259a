using FlowEngine.Context;

namespace FlowEngine.ElsaFormat;

/// <summary>Shared and immutable: a connection of an Elsa flowchart.</summary>
/// <param name="Source">The id of the activity it leaves.</param>
/// <param name="Port">The outcome it leaves by.</param>
/// <param name="Target">The id of the activity it leads to.</param>
/// <param name="Json">All of it.</param>
/// <param name="Pointer">Where it stands.</param>
internal sealed record ElsaConnection(string Source, string Port, string Target, FlowValue Json, string Pointer)
{
    /// <summary>Where source, port and target stand, which is elsewhere in older files.</summary>
    public (string Source, string Port, string Target) Places
    {
        get
        {
            var isSourceObject = Json.Get("source").Kind == FlowValueKind.Object;
            var isTargetObject = Json.Get("target").Kind == FlowValueKind.Object;
            return (
                isSourceObject ? $"{Pointer}/source/activity" : $"{Pointer}/source",
                isSourceObject ? $"{Pointer}/source/port" : $"{Pointer}/sourcePort",
                isTargetObject ? $"{Pointer}/target/activity" : $"{Pointer}/target"
            );
        }
    }
}

/// <summary>Reads the lists of a flowchart in each of the shapes that Elsa's versions wrote. Stateless.</summary>
internal static class ElsaChart
{
    /// <summary>What an outcome without a name is called.</summary>
    public const string DefaultPort = "Done";

    /// <summary>The elements of a list, which older files wrap in <c>{ "$values": [ … ] }</c>; none for anything else.</summary>
    public static IReadOnlyList<FlowValue> Elements(FlowValue list) =>
        list.TryGetArray(out var array) || list.Get("$values").TryGetArray(out array) ? array : [];

    /// <summary>Where the elements of a list stand.</summary>
    public static string PlaceOfElements(FlowValue list, string pointer) =>
        list.Kind == FlowValueKind.Object ? pointer + "/$values" : pointer;

    public static List<ElsaConnection> Connections(FlowValue list, string pointer)
    {
        var place = PlaceOfElements(list, pointer);
        return [.. Elements(list).Select((json, i) => Connection(json, $"{place}/{i}"))];
    }

    private static ElsaConnection Connection(FlowValue json, string pointer)
    {
        var (source, target) = (json.Get("source"), json.Get("target"));
        var port = source.Kind == FlowValueKind.Object ? source.Get("port") : json.Get("sourcePort");
        return new ElsaConnection(Id(source), port.TryGetText(out var name) ? name : DefaultPort, Id(target), json, pointer);
    }

    private static string Id(FlowValue end) =>
        (end.Kind == FlowValueKind.Object ? end.Get("activity") : end).TryGetText(out var id) ? id : "";
}
