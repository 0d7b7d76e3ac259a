namespace FlowEngine.Settings;

/// <summary>
/// Shared and immutable: one of the things that a setting chooses between, each with settings of its own: a kind of authentication, an
/// engine of databases. See <see cref="SettingsDescriptor.Choosing"/>.
/// </summary>
/// <param name="name">What is written to choose it, such as <c>apiKey</c>.</param>
/// <param name="label">What people call it, such as "API key".</param>
/// <param name="description">What its settings are, in a sentence.</param>
/// <param name="settings">Its settings class, which needs a public constructor without parameters.</param>
public sealed class SettingVariant(string name, string label, string description, Type settings)
{
    /// <summary>What is written to choose it.</summary>
    public string Name { get; } = name;

    /// <summary>What people call it.</summary>
    public string Label { get; } = label;

    /// <summary>What its settings are.</summary>
    public string Description { get; } = description;

    /// <summary>Whether its settings stand beside the one that chooses it, instead of in an object that is called like it. Default
    /// false.</summary>
    public bool IsFlat { get; init; }

    /// <summary>Its settings.</summary>
    public SettingsDescriptor Settings => SettingsDescriptor.Of(settings);

    /// <summary>As it stands in a form and a schema, where it has an object of its own.</summary>
    internal SettingDescriptor AsObject => new(Name, settings, new SettingAttribute(Description) { Label = Label });
}

/// <summary>Bound once, then read only: settings one of which chooses a variant; see <see cref="SettingsDescriptor.Choosing"/>.</summary>
public abstract class VariantSettings
{
    /// <summary>The settings of the chosen variant; null where nothing that there is was chosen.</summary>
    public object? Variant { get; internal set; }
}
