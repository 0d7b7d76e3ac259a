using FlowEngine.Context;
using FlowEngine.Diff;
using FlowEngine.Json;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore.Web.Management.Connectors;

/// <summary>Stateless: what the audit log tells of a saved connector: which settings are others now, and what they were. Secrets are <c>***</c>.</summary>
internal static class ConnectorChanges
{
    /// <summary>The longest value that is told, in characters of JSON: of a longer one, only that it changed.</summary>
    private const int Longest = 200;

    /// <summary><c>{ changes: [ { setting, before?, after? } ] }</c>.</summary>
    /// <param name="store">What knows where secrets are.</param>
    /// <param name="before">What is stored.</param>
    /// <param name="after">What shall be stored, with its secrets.</param>
    public static string DetailOf(ConnectorStore store, FlowObject before, FlowObject after)
    {
        var shown = Between(store.Mask(before), store.Mask(after)).ToDictionary(change => change.Setting);
        return AuditNote.DetailOf(
            (
                "changes",
                FlowValue.From(
                    FlowArray.From(
                        Between(before, after)
                            .Select(change => change.Setting)
                            .Select(setting => Told(setting, shown.GetValueOrDefault(setting, (setting, Masked, Masked))))
                    )
                )
            )
        );
    }

    private static FlowValue Masked { get; } = FlowValue.From(JsonWriting.Mask);

    private static FlowValue Told(string setting, (string Setting, FlowValue Before, FlowValue After) change)
    {
        var told = new FlowObjectBuilder(3);
        told.Set("setting", FlowValue.From(setting));
        foreach (var (name, value) in new[] { ("before", change.Before), ("after", change.After) })
        {
            if (!value.IsMissing && value.ToJson().Length <= Longest)
                told.Set(name, value);
        }
        return FlowValue.From(told.Build());
    }

    /// <summary>The settings that differ, those of the configuration by their own names.</summary>
    private static IEnumerable<(string Setting, FlowValue Before, FlowValue After)> Between(FlowObject before, FlowObject after) =>
        SettingsDiff
            .Of(FlowValue.From(before), FlowValue.From(after), "", "configuration")
            .Concat(SettingsDiff.Of(before.Get("configuration"), after.Get("configuration")));
}
