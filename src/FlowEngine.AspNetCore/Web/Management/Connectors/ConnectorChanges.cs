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
        var (shownBefore, shownAfter) = (store.Mask(before), store.Mask(after));
        FlowValue[] changes =
        [
            .. Told(Beside(before, after), Beside(shownBefore, shownAfter)),
            .. Told(Inside(before, after), Inside(shownBefore, shownAfter)),
        ];
        var told = ("changes", FlowValue.From(FlowArray.From(changes.Take(Most))));
        return changes.Length <= Most
            ? AuditNote.DetailOf(told)
            : AuditNote.DetailOf(told, ("untold", FlowValue.From(changes.Length - Most)));
    }

    private static IEnumerable<(string Setting, FlowValue Before, FlowValue After)> Beside(FlowObject before, FlowObject after) =>
        SettingsDiff.Of(FlowValue.From(before), FlowValue.From(after), "", Configuration);

    private static IEnumerable<(string Setting, FlowValue Before, FlowValue After)> Inside(FlowObject before, FlowObject after) =>
        SettingsDiff.Of(before.Get(Configuration), after.Get(Configuration));

    private static IEnumerable<FlowValue> Told(
        IEnumerable<(string Setting, FlowValue Before, FlowValue After)> changes,
        IEnumerable<(string Setting, FlowValue Before, FlowValue After)> shown
    )
    {
        var bySetting = shown.ToDictionary(change => change.Setting);
        // What is the same with masks changed in a secret.
        return changes.Select(change =>
            Told(change.Setting, bySetting.GetValueOrDefault(change.Setting, (change.Setting, Masked, Masked)))
        );
    }

    private const string Configuration = "configuration";

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
}
