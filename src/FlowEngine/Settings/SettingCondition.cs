namespace FlowEngine.Settings;

/// <summary>Shared and immutable: when a setting counts: while another one of the same object has one of some values.</summary>
/// <param name="Setting">The JSON name of the other one.</param>
/// <param name="Values">The values, as texts.</param>
/// <param name="UnlessGiven">Whether it counts otherwise too, where it is given, and is only not asked for.</param>
/// <param name="IsRequired">Whether it must be given while it counts.</param>
public sealed record SettingCondition(string Setting, IReadOnlyList<string> Values, bool UnlessGiven, bool IsRequired);
