using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.Settings;

namespace FlowEngine.Storage;

/// <summary>Shared and immutable: where the secrets of connectors stand, by the settings of their types.</summary>
/// <param name="settingsOf">The settings of a connector type; null for a type that is not known.</param>
internal class ConnectorSecretPlaces(Func<string, SettingsDescriptor?> settingsOf)
{
    /// <summary>What a sealed secret begins with.</summary>
    protected const string Prefix = "sealed:";

    /// <summary>The definition to show.</summary>
    public FlowObject Mask(FlowObject definition) =>
        Walk(
            definition,
            (_, value) => IsReference(value) ? value : FlowValue.From(JsonWriting.Mask),
            (_, value) => IsSealed(value) ? FlowValue.From(JsonWriting.Mask) : value
        );

    /// <summary>The definition that somebody edited who saw only masks: where
    /// a mask was left standing, the secret of before comes back.</summary>
    public FlowObject Unmask(FlowObject edited, FlowObject before)
    {
        var kept = new Dictionary<string, FlowValue>(StringComparer.Ordinal);
        foreach (var secret in In(before))
            kept[secret.Identity] = secret.Value;
        return Walk(edited, Restore, Restore);

        FlowValue Restore(SecretPlace place, FlowValue value) =>
            value.TryGetText(out var text) && text == JsonWriting.Mask && kept.TryGetValue(place.Identity, out var secret) ? secret : value;
    }

    /// <summary>The secrets in a definition; references too.</summary>
    public IReadOnlyList<SecretPlace> In(FlowObject definition)
    {
        var found = new List<SecretPlace>();
        Walk(definition, Keep, (place, value) => IsSealed(value) ? Keep(place, value) : value);
        return found;

        FlowValue Keep(SecretPlace place, FlowValue value)
        {
            found.Add(place with { Value = value });
            return value;
        }
    }

    private static bool IsSealed(FlowValue value) => value.TryGetText(out var text) && text.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Whether a value only says where its secret is.</summary>
    protected static bool IsReference(FlowValue value) =>
        value.TryGetText(out var text) && new Secret(text) is var secret && (secret.IsEmpty || !secret.IsLiteral);

    /// <summary>Changes secrets.</summary>
    protected FlowObject Walk(FlowObject definition, Func<FlowValue, FlowValue> change) =>
        Walk(definition, (_, value) => change(value), (_, value) => value);

    /// <summary>Changes secrets, and texts that no setting describes: they may be sealed secrets of an extension that is gone.</summary>
    private FlowObject Walk(
        FlowObject definition,
        Func<SecretPlace, FlowValue, FlowValue> change,
        Func<SecretPlace, FlowValue, FlowValue> changeUnknown
    )
    {
        var configuration = definition.Get("configuration");
        if (configuration.IsMissing)
            return definition;
        var settings = definition.Get("type").TryGetText(out var type) ? settingsOf(type) : null;
        return definition.With(
            "configuration",
            settings is null
                ? EachText(configuration, SecretPlace.Root, change)
                : Each(configuration, settings, SecretPlace.Root, change, changeUnknown)
        );
    }

    private static FlowValue Each(
        FlowValue value,
        SettingsDescriptor settings,
        SecretPlace path,
        Func<SecretPlace, FlowValue, FlowValue> change,
        Func<SecretPlace, FlowValue, FlowValue> changeUnknown
    )
    {
        if (!value.TryGetObject(out var members))
            return value;
        var changed = new FlowObjectBuilder(members);
        foreach (var (name, member) in members)
        {
            changed.Set(
                name,
                settings.Find(name) is not { } setting ? EachText(member, path.At(name), changeUnknown)
                    : setting.IsSecretIn(members) && !member.IsNothing ? change(path.At(name), member)
                    : Each(member, setting, path.At(name), change, changeUnknown)
            );
        }
        return FlowValue.From(changed.Build());
    }

    private static FlowValue Each(
        FlowValue value,
        SettingDescriptor setting,
        SecretPlace path,
        Func<SecretPlace, FlowValue, FlowValue> change,
        Func<SecretPlace, FlowValue, FlowValue> changeUnknown
    ) =>
        setting.Kind switch
        {
            _ when value.IsNothing => value,
            SettingKind.Secret => change(path, value),
            SettingKind.Object => Each(value, setting.Nested!.Value, path, change, changeUnknown),
            // Written alone, it has the place that it has as the first of several.
            SettingKind.List when setting.IsOneOfList(value) => Each(value, setting.Element!, path.At(0), change, changeUnknown),
            SettingKind.List when value.TryGetArray(out var items) => FlowValue.Array(
                items.Select(
                    (item, index) => Each(item, setting.Element!, path.At(index, KeyOf(item, setting.Element!)), change, changeUnknown)
                )
            ),
            _ => value,
        };

    /// <summary>What tells an element of a list apart from the others; null for its place alone.</summary>
    private static string? KeyOf(FlowValue item, SettingDescriptor element) =>
        element.Nested?.Value.Settings.FirstOrDefault(setting => setting.Attribute.IsKey) is { } key
        && item.Get(key.Name).TryGetText(out var text)
            ? text.ToLowerInvariant()
            : null;

    private static FlowValue EachText(FlowValue value, SecretPlace path, Func<SecretPlace, FlowValue, FlowValue> change)
    {
        if (value.TryGetArray(out var items))
            return FlowValue.Array(items.Select((item, index) => EachText(item, path.At(index), change)));
        if (!value.TryGetObject(out var members))
            return value.Kind == FlowValueKind.String ? change(path, value) : value;
        var changed = new FlowObjectBuilder(members);
        foreach (var (name, member) in members)
            changed.Set(name, EachText(member, path.At(name), change));
        return FlowValue.From(changed.Build());
    }
}
