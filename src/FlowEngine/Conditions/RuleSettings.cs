using FlowEngine.Settings;
using FlowEngine.Templates;

namespace FlowEngine.Conditions;

/// <summary>Bound once, then read only: a rule: a comparison, a group of rules, or a script.</summary>
public sealed class RuleSettings
{
    /// <summary>The path whose value is compared.</summary>
    [Setting("The path whose value is compared, such as connectors.profile.statusCode.", Editor = SettingEditors.Path)]
    public string Key { get; set; } = "";

    /// <summary>The operator.</summary>
    [Setting("How the value is compared.")]
    public string Operator { get; set; } = "";

    /// <summary>What it is compared with.</summary>
    [Setting("What the value is compared with; templates may stand in it.")]
    public JsonTemplate Value { get; set; } = JsonTemplate.None;

    /// <summary>For a group: how its rules combine.</summary>
    [Setting("For a group: whether all of its rules must hold, or any one of them.", Choices = ["all", "any"])]
    public string Match { get; set; } = "all";

    /// <summary>For a group: its rules.</summary>
    [Setting("For a group: its rules.")]
    public IReadOnlyList<RuleSettings> Rules { get; set; } = [];

    /// <summary>A JavaScript expression.</summary>
    [Setting("Instead of a comparison: a JavaScript expression that must be truthy.", Editor = SettingEditors.JavaScript)]
    public string Script { get; set; } = "";
}
