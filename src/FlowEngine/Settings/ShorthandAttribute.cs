namespace FlowEngine.Settings;

/// <summary>Says that an object of a settings class may be written as one of its settings alone, where no other is given: a header as its
/// value. Classes that derive from it may not.</summary>
/// <param name="setting">The JSON name of that setting.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ShorthandAttribute(string setting) : Attribute
{
    /// <summary>The setting.</summary>
    public string Setting { get; } = setting;
}
