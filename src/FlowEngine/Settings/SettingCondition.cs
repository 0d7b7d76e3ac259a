namespace FlowEngine.Settings;

/// <summary>Shared and immutable: when a setting counts: while another one of the same object has one of some values.</summary>
/// <param name="Setting">The JSON name of the other one.</param>
/// <param name="Values">The values, as texts.</param>
/// <param name="UnlessGiven">Whether it counts otherwise too, where it is given, and is only not asked for.</param>
/// <param name="IsRequired">Whether it must be given while it counts.</param>
public sealed record SettingCondition(string Setting, IReadOnlyList<string> Values, bool UnlessGiven, bool IsRequired)
{
    /// <summary>Reads what an attribute says; null for what always counts.</summary>
    /// <exception cref="ArgumentException">It is not of the form <c>setting=value,value</c>, or both kinds are given.</exception>
    internal static SettingCondition? Of(SettingAttribute attribute)
    {
        if ((attribute.When ?? attribute.AskedWhen) is not { } text)
            return null;
        var sides = text.Split('=');
        if (sides.Length != 2 || sides[0].Length == 0 || (attribute.When is not null && attribute.AskedWhen is not null))
            throw new ArgumentException($"'{text}' does not say when a setting counts. Write one condition, \"setting=value,value\".");
        return new(sides[0], sides[1].Split(','), attribute.When is null, attribute.RequiredThen);
    }
}
