using System.Text;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Settings;

namespace FlowEngine.Compilation.Lineage;

/// <summary>Shared and immutable: the place of a value among settings, such as <c>headers.x-user-tier</c>. What the settings say of
/// themselves decides where one value ends and another begins, so that those of an extension are named like the engine's own.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parts">The way to it, its elements by their keys where they have some.</param>
internal sealed record SettingPlace(string Name, IReadOnlyList<PathPart> Parts)
{
    /// <summary>The value that is written at a place.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="json">The same as written: it has the keys of elements.</param>
    /// <param name="written">The way to the place.</param>
    /// <param name="expression">Which of the expressions of the text there, from 0.</param>
    public static SettingPlace Of(SettingsDescriptor settings, FlowObject json, IReadOnlyList<PathPart> written, int expression)
    {
        var parts = new List<PathPart>(written.Count);
        var (level, value) = (settings, FlowValue.From(json));
        while (parts.Count < written.Count && written[parts.Count].Name is { } member && level.Find(member) is { } setting)
        {
            parts.Add(new PathPart(member, 0));
            value = value.Get(member);
            var (each, isList, isNamed) = (setting.Attribute.ExpressionsAt, setting.Kind == SettingKind.List, false);
            while (setting.Element is { } element && parts.Count < written.Count)
            {
                var part = written[parts.Count];
                value = part.Name is { } name ? value.Get(name) : value.Get(part.Index);
                var key = part.Name is null ? KeyOf(element, value) : null;
                parts.Add(key is null ? part : new PathPart(key, 0));
                (setting, isNamed) = (element, key is not null);
            }
            if (each is not null)
                return new SettingPlace($"{(isList ? $"{TextOf(parts)}." : "")}{each}{expression}", parts);
            // Whatever stands in a rule that may be written as its value alone, or in an element that has a name, says something of that
            // one value.
            if (isNamed || setting.Nested is { Value.Shorthand: not null })
                return new SettingPlace(TextOf(parts), parts);
            if (setting.Nested is not { Value: var nested })
                break;
            level = nested;
        }
        parts.AddRange(written.Skip(parts.Count));
        return new SettingPlace(TextOf(parts), parts);
    }

    /// <summary>Whether settings say something there, however they spell it: names of headers match in any case.</summary>
    /// <param name="json">The settings as written.</param>
    public bool IsGivenIn(FlowObject json)
    {
        var value = FlowValue.From(json);
        foreach (var part in Parts)
            value = part.Name is { } name ? value.GetIgnoringCase(name) : value.Get(part.Index);
        return !value.IsMissing;
    }

    private static string? KeyOf(SettingDescriptor element, FlowValue value) =>
        element.Nested?.Value.Settings.FirstOrDefault(setting => setting.Attribute.IsKey) is { } key
        && value.Get(key.Name).TryGetText(out var text)
        && text.Length > 0
            ? text
            : null;

    private static string TextOf(List<PathPart> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(
                part.Name is not { } name ? PathText.Element(part.Index)
                : text.Length == 0 ? name
                : PathText.Member(name)
            );
        }
        return text.ToString();
    }
}
