using System.Globalization;
using FlowEngine.Context;
using FlowEngine.Settings;

namespace FlowEngine.AspNetCore.Engine;

/// <summary>Shared and immutable: a setting of the operator.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Default">What counts when it is not given, in Markdown.</param>
/// <param name="Meaning">What it does, in Markdown.</param>
internal sealed record KnownSetting(string Name, string Default, string Meaning);

/// <summary>Stateless: the settings that there are, as settings classes declare them. docs/operations.md lists them.</summary>
internal static class SettingCatalogue
{
    /// <summary>The settings of a class, and of those within it, in the order declared.</summary>
    public static IEnumerable<KnownSetting> Of(Type settings) => Of(SettingsDescriptor.Of(settings), "");

    /// <summary>How configuration writes the JSON name of a setting.</summary>
    public static string NameOf(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];

    private static IEnumerable<KnownSetting> Of(SettingsDescriptor settings, string section) =>
        settings.Settings.SelectMany(setting =>
            setting.Nested is { } nested
                ? Of(nested.Value, section + NameOf(setting.Name) + ":")
                : [new KnownSetting(section + NameOf(setting.Name), DefaultOf(setting), MeaningOf(setting))]
        );

    private static string DefaultOf(SettingDescriptor setting) =>
        setting.Attribute.Otherwise
        ?? setting.Default.Kind switch
        {
            FlowValueKind.Missing => "none",
            FlowValueKind.Number => setting.Default.ToText(),
            _ => $"`{setting.Default.ToText()}`",
        };

    private static string MeaningOf(SettingDescriptor setting)
    {
        var (attribute, text) = (setting.Attribute, setting.Description);
        if (setting.Kind == SettingKind.Duration)
            return $"{text} An ISO 8601 duration{(attribute.Longest is { } longest ? $" of at most `{longest}`" : "")}.";
        var unit = attribute.Unit is { } name && !text.Contains(name, StringComparison.OrdinalIgnoreCase) ? $" In {name}." : "";
        return double.IsNaN(attribute.Maximum)
            ? text + unit
            : string.Create(CultureInfo.InvariantCulture, $"{text}{unit} From {attribute.Minimum} to {attribute.Maximum}.");
    }
}
