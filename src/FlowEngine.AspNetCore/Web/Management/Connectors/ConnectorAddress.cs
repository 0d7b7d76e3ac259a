using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.Settings;

namespace FlowEngine.AspNetCore.Web.Management.Connectors;

/// <summary>
/// Stateless: what of a connector's configuration decides where its secrets go, and how safely: every setting, unless it is declared
/// harmless where it stands (<see cref="SettingAttribute.SecretsStay"/>), and
/// every member that is no setting, which a later release may give a meaning.
/// </summary>
internal static class ConnectorAddress
{
    /// <summary>The paths below <c>configuration</c> at which two configurations
    /// point elsewhere, such as <c>authentication.apiKey.key</c>.</summary>
    /// <param name="settings">The settings of their type.</param>
    /// <param name="before">What is stored.</param>
    /// <param name="after">What shall be stored.</param>
    public static IReadOnlyList<string> Differences(SettingsDescriptor settings, FlowValue before, FlowValue after)
    {
        var found = new List<string>();
        Compare(settings, before, after, "", found);
        return found;
    }

    private static void Compare(SettingsDescriptor settings, FlowValue before, FlowValue after, string path, List<string> found)
    {
        if (!IsObjectOrNothing(before, out var old) || !IsObjectOrNothing(after, out var @new))
        {
            if (before != after)
                found.Add(path);
            return;
        }
        foreach (var setting in settings.Settings)
            Compare(setting, old.Get(setting.Name), @new.Get(setting.Name), Join(path, setting.Name), found);
        foreach (var name in old.Concat(@new).Select(member => member.Key).Distinct())
        {
            if (settings.Find(name) is null && old.Get(name) != @new.Get(name))
                found.Add(Join(path, name));
        }
    }

    private static void Compare(SettingDescriptor setting, FlowValue before, FlowValue after, string path, List<string> found)
    {
        // Secrets themselves are looked at one by one: who knows a new one may enter it.
        if (setting.Attribute.SecretsStay || (setting.Kind == SettingKind.Secret && !setting.Attribute.SecretsMove))
            return;
        // One that was left as it was.
        if (setting.Kind == SettingKind.Secret && after.TryGetText(out var shown) && shown == JsonWriting.Mask)
            return;
        if (setting.Kind == SettingKind.Object)
        {
            Compare(setting.Nested!.Value, before, after, path, found);
        }
        else if (setting.Kind == SettingKind.List && IsList(setting, before, out var old) && IsList(setting, after, out var @new))
        {
            for (var i = 0; i < Math.Max(old.Count, @new.Count); i++)
                Compare(setting.Element!, At(old, i), At(@new, i), Join(path, $"{i}"), found);
        }
        else if (OrDefault(before, setting) != OrDefault(after, setting))
        {
            found.Add(path);
        }
    }

    private static FlowValue At(FlowArray array, int index) => index < array.Count ? array[index] : FlowValue.Missing;

    private static FlowValue OrDefault(FlowValue value, SettingDescriptor setting) => value.IsNothing ? setting.Default : value;

    private static bool IsObjectOrNothing(FlowValue value, out FlowObject members)
    {
        members = FlowObject.Empty;
        return value.IsNothing || value.TryGetObject(out members!);
    }

    private static bool IsList(SettingDescriptor setting, FlowValue value, out FlowArray items)
    {
        items = FlowArray.Empty;
        return value.IsNothing || (setting.IsOneOfList(value) ? FlowValue.Array([value]) : value).TryGetArray(out items!);
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
