using FlowEngine.Context;

namespace FlowEngine.Server.Demo;

/// <summary>Shared and immutable: points connectors that name the demo's documented addresses at where the demo is.</summary>
/// <param name="Address">Where the demo API is.</param>
/// <param name="DatabaseFile">Where the demo database is.</param>
internal sealed record DemoRelocation(string Address, string DatabaseFile)
{
    /// <summary>The address of the demo API in connector files.</summary>
    public const string DocumentedAddress = "http://127.0.0.1:5080/demo";

    /// <summary>The file of the demo database in connector files.</summary>
    public const string DocumentedFile = "demo/people.db";

    /// <summary>A connector's content, with the demo's documented address and file replaced by the live ones.</summary>
    public FlowValue Relocate(FlowValue json)
    {
        if (json.TryGetText(out var text))
        {
            if (text == DocumentedFile)
                return FlowValue.From(DatabaseFile);
            return text.StartsWith(DocumentedAddress, StringComparison.Ordinal)
                ? FlowValue.From(Address + text[DocumentedAddress.Length..])
                : json;
        }
        if (json.TryGetArray(out var array))
            return FlowValue.Array(array.Select(Relocate));
        if (!json.TryGetObject(out var obj))
            return json;
        var relocated = new FlowObjectBuilder(obj);
        foreach (var (name, value) in obj)
            relocated.Set(name, Relocate(value));
        return FlowValue.From(relocated.Build());
    }
}
