using FlowEngine.AspNetCore.Web.Management.Environments;
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

    /// <summary>How many changes are told.</summary>
    internal const int Most = 50;

    /// <summary><c>{ changes: [ { setting, before?, after? } ], untold? }</c>: the settings of the configuration by their own names, those beside
    /// it before them; <c>untold</c> is how many more there are.</summary>
    /// <param name="store">What knows where secrets are.</param>
    /// <param name="before">What is stored.</param>
    /// <param name="after">What shall be stored, with its secrets.</param>
    public static string DetailOf(ConnectorStore store, FlowObject before, FlowObject after)
    {
        FlowValue[] changes = [.. Of(store, before, after).Select(Told)];
        var told = ("changes", FlowValue.From(FlowArray.From(changes.Take(Most))));
        return changes.Length <= Most
            ? AuditNote.DetailOf(told)
            : AuditNote.DetailOf(told, ("untold", FlowValue.From(changes.Length - Most)));
    }

    /// <summary>The settings that are others now.</summary>
    /// <param name="store">What knows where secrets are.</param>
    /// <param name="before">What is stored.</param>
    /// <param name="after">What shall be stored, with its secrets.</param>
    public static IEnumerable<SettingChangeView> Of(ConnectorStore store, FlowObject before, FlowObject after)
    {
        var (shownBefore, shownAfter) = (store.Mask(before), store.Mask(after));
        return
        [
            .. Shown(Beside(before, after), Beside(shownBefore, shownAfter)),
            .. Shown(Inside(before, after), Inside(shownBefore, shownAfter)),
        ];
    }

    private static IEnumerable<(string Setting, FlowValue Before, FlowValue After)> Beside(FlowObject before, FlowObject after) =>
        SettingsDiff.Of(FlowValue.From(before), FlowValue.From(after), "", Configuration);

    private static IEnumerable<(string Setting, FlowValue Before, FlowValue After)> Inside(FlowObject before, FlowObject after) =>
        SettingsDiff.Of(before.Get(Configuration), after.Get(Configuration));

    private static IEnumerable<SettingChangeView> Shown(
        IEnumerable<(string Setting, FlowValue Before, FlowValue After)> changes,
        IEnumerable<(string Setting, FlowValue Before, FlowValue After)> shown
    )
    {
        var bySetting = shown.ToDictionary(change => change.Setting);
        // What is the same with masks changed in a secret.
        return changes.Select(change =>
        {
            var (setting, before, after) = bySetting.GetValueOrDefault(change.Setting, (change.Setting, Masked, Masked));
            return new SettingChangeView(setting, Short(before), Short(after));
        });
    }

    private const string Configuration = "configuration";

    private static FlowValue Masked { get; } = FlowValue.From(JsonWriting.Mask);

    private static FlowValue Short(FlowValue value) => value.IsMissing || value.ToJson().Length > Longest ? default : value;

    private static FlowValue Told(SettingChangeView change)
    {
        var told = new FlowObjectBuilder(3);
        told.Set("setting", FlowValue.From(change.Setting));
        foreach (var (name, value) in new[] { ("before", change.Before), ("after", change.After) })
        {
            if (!value.IsMissing)
                told.Set(name, value);
        }
        return FlowValue.From(told.Build());
    }
}
