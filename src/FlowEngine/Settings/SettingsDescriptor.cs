using System.Collections.Concurrent;
using System.Reflection;
using FlowEngine.Context;
using FlowEngine.Errors;

namespace FlowEngine.Settings;

/// <summary>Shared and immutable: the settings of an activity, a connector type, a flow or a server, made once from its settings
/// class.</summary>
public sealed class SettingsDescriptor
{
    private static readonly ConcurrentDictionary<Type, SettingsDescriptor> Known = new();

    /// <summary>Those that are properties of the settings class; the others belong to variants.</summary>
    private readonly IReadOnlyList<SettingDescriptor> _own;
    private readonly SettingDescriptor? _chooser;
    private readonly IReadOnlyList<SettingVariant> _variants = [];

    private SettingsDescriptor(Type type)
    {
        Type = type;
        Shorthand = type.GetCustomAttribute<ShorthandAttribute>()?.Setting;
        var prototype = Activator.CreateInstance(type)!;
        Settings = _own = [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Select(property => (property, attribute: property.GetCustomAttribute<SettingAttribute>()))
                .Where(pair => pair.attribute is not null)
                // What a base class declares comes first; the order of the tokens is that of one class.
                .OrderBy(pair => DepthOf(pair.property.DeclaringType!))
                .ThenBy(pair => pair.property.MetadataToken)
                .Select(pair => new SettingDescriptor(pair.property, pair.attribute!, prototype)),
        ];
    }

    private SettingsDescriptor(
        Type type,
        IReadOnlyList<SettingDescriptor> own,
        SettingDescriptor? chooser,
        IReadOnlyList<SettingVariant> variants
    )
    {
        (Type, _own, _chooser, _variants) = (type, own, chooser, variants);
        Settings = chooser is null
            ? own
            : [.. own.SelectMany(setting => setting == chooser ? [setting, .. OfVariants()] : new[] { setting })];
    }

    /// <summary>The settings class.</summary>
    public Type Type { get; }

    /// <summary>The setting as which alone the whole may be written; null for none.</summary>
    public string? Shorthand { get; }

    /// <summary>The settings, in the order declared.</summary>
    public IReadOnlyList<SettingDescriptor> Settings { get; }

    /// <summary>The descriptor of a settings class, which needs a public constructor without parameters.</summary>
    public static SettingsDescriptor Of(Type type) => Known.GetOrAdd(type, static type => new SettingsDescriptor(type));

    /// <summary>The descriptor of a settings class one of whose settings chooses between variants, each with settings of its own.</summary>
    /// <param name="type">A class that derives from <see cref="VariantSettings"/>.</param>
    /// <param name="chooser">The JSON name of the text setting that chooses.</param>
    /// <param name="variants">The variants there are.</param>
    /// <exception cref="ArgumentException">Two variants have one name, or disagree on what a setting is.</exception>
    public static SettingsDescriptor Choosing(Type type, string chooser, IEnumerable<SettingVariant> variants)
    {
        var all = variants.ToList();
        if (all.GroupBy(variant => variant.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"There are two of the name '{twice.Key}'.", nameof(variants));
        var choosing = Of(type).Find(chooser)!.Choosing(all);
        return new SettingsDescriptor(
            type,
            [.. Of(type).Settings.Select(setting => setting.Name == chooser ? choosing : setting)],
            choosing,
            all
        );
    }

    /// <summary>The same settings, one of which is an object with other settings than its class alone says.</summary>
    /// <param name="name">The JSON name of the setting.</param>
    /// <param name="nested">Its settings; their class is the setting's own.</param>
    public SettingsDescriptor With(string name, SettingsDescriptor nested) =>
        new(Type, [.. _own.Select(setting => setting.Name == name ? setting.With(nested) : setting)], _chooser, _variants);

    private static int DepthOf(Type type) => type.BaseType is { } parent ? 1 + DepthOf(parent) : 0;

    /// <summary>The setting of that JSON name, or null.</summary>
    public SettingDescriptor? Find(string name) => Settings.FirstOrDefault(setting => setting.Name == name);

    /// <summary>Makes a settings object from JSON. Every problem is reported;
    /// the object is complete as far as the JSON was right.</summary>
    /// <param name="json">The JSON object that holds the settings.</param>
    /// <param name="at">Where it stands.</param>
    /// <param name="problems">Where problems go.</param>
    /// <param name="alsoKnown">Names that are no settings but belong there, such as <c>id</c> and <c>type</c>.</param>
    public object Bind(FlowObject json, SourceLocation at, DiagnosticBag problems, params ReadOnlySpan<string> alsoKnown)
    {
        var settings = BindKnown(json, at, problems);
        foreach (var name in json.Shape.Names)
        {
            if (problems.IsFull)
                break;
            if (Find(name) is null && !alsoKnown.Contains(name))
                problems.Warning(
                    FlowErrors.UnknownSetting,
                    at.At(name),
                    $"There is no setting '{name}'.",
                    Suggestion.For(name, Settings.Select(s => s.Name))
                );
        }
        return settings;
    }

    /// <summary>Sets what JSON says on an object that is there, and on those within it; what JSON does not say stays.</summary>
    /// <param name="settings">An object of the settings class.</param>
    /// <param name="json">The JSON object; what it has more than settings belongs to somebody else.</param>
    /// <param name="at">Where it stands.</param>
    /// <param name="problems">Where problems go.</param>
    public void BindOnto(object settings, FlowObject json, SourceLocation at, DiagnosticBag problems)
    {
        foreach (var setting in Settings)
        {
            var (value, place) = (json.Get(setting.Name), at.At(setting.Name));
            if (value.TryGetObject(out var inner) && setting.Nested is { } nested && setting.ValueIn(settings) is { } there)
                nested.Value.BindOnto(there, inner, place, problems);
            else if (!value.IsNothing && SettingBinder.TryBind(setting, value, place, problems, out var bound))
                setting.Assign(settings, bound);
        }
    }

    /// <summary>Checks the values of an object, and of those within it, however they were set.</summary>
    /// <param name="settings">An object of the settings class.</param>
    /// <param name="at">Where it stands.</param>
    /// <param name="problems">Where problems go.</param>
    public void Check(object settings, SourceLocation at, DiagnosticBag problems)
    {
        foreach (var setting in Settings)
        {
            if (setting.ValueIn(settings) is not { } value)
                continue;
            if (setting.Nested is { } nested)
                nested.Value.Check(value, at.At(setting.Name), problems);
            else
                SettingBinder.Check(setting, value, at.At(setting.Name), problems);
        }
        (settings as ICheckedSettings)?.Check(at, problems);
    }

    /// <summary>As <see cref="Bind"/>, of an object whose other members belong to somebody else.</summary>
    internal object BindKnown(FlowObject json, SourceLocation at, DiagnosticBag problems)
    {
        var settings = Activator.CreateInstance(Type)!;
        foreach (var setting in _own)
        {
            var value = json.Get(setting.Name);
            var isGiven = !value.IsNothing || (value.Kind == FlowValueKind.Null && setting.Attribute.TakesNull);
            if (!isGiven && setting.Required)
                problems.Error(
                    FlowErrors.Required,
                    at.At(setting.Name),
                    $"'{setting.Name}' is missing.",
                    $"Add \"{setting.Name}\": {setting.Description}"
                );
            else if (isGiven && setting.IsSecretIn(json) && settings is IHoldsSecret holder)
                Hold(holder, setting, value, at.At(setting.Name), problems);
            else if (isGiven && TryBind(setting, json, value, at.At(setting.Name), problems, out var bound))
                setting.Assign(settings, bound);
            if (setting == _chooser)
                ((VariantSettings)settings).Variant = BindVariants(settings, json, at, problems);
        }
        return settings;
    }

    /// <summary>As <see cref="Bind"/>, of what is written as its <see cref="Shorthand"/>.</summary>
    internal object BindShorthand(FlowValue json, SourceLocation at, DiagnosticBag problems)
    {
        var settings = Activator.CreateInstance(Type)!;
        var setting = Find(Shorthand!)!;
        if (SettingBinder.TryBind(setting, json, at, problems, out var bound))
            setting.Assign(settings, bound);
        return settings;
    }

    /// <summary>A secret is taken as it is: no template is looked for in it, and no problem repeats it.</summary>
    private static void Hold(IHoldsSecret holder, SettingDescriptor setting, FlowValue value, SourceLocation at, DiagnosticBag problems)
    {
        if (value.TryGetText(out var secret))
            holder.Hold(new Secret(secret));
        else
            problems.Error(FlowErrors.Type, at, $"'{setting.Name}' is a secret, and no text.", "Write a text here.");
    }

    /// <summary>Binds one setting. Where another one says what stands in for what its templates lack, nobody need be warned of that.</summary>
    private static bool TryBind(
        SettingDescriptor setting,
        FlowObject json,
        FlowValue value,
        SourceLocation at,
        DiagnosticBag problems,
        out object? bound
    )
    {
        var outer = problems.HasStandIn;
        problems.HasStandIn |= setting.Attribute.StandIn is { } other && !json.Get(other).IsNothing;
        try
        {
            return SettingBinder.TryBind(setting, value, at, problems, out bound);
        }
        finally
        {
            problems.HasStandIn = outer;
        }
    }

    /// <summary>Binds what is given of every variant, so that all problems are told; what the chosen one needs and has not is
    /// one.</summary>
    /// <returns>The settings of the chosen variant.</returns>
    private object? BindVariants(object settings, FlowObject json, SourceLocation at, DiagnosticBag problems)
    {
        var choice = _chooser!.ValueOf(settings) as string;
        var chosen = _variants.FirstOrDefault(variant => variant.Name == choice);
        var bound = chosen is { IsFlat: true } ? chosen.Settings.BindKnown(json, at, problems) : null;
        foreach (var setting in Settings)
        {
            if (setting.Condition is not { } counts || (bound is not null && counts.Values.Contains(choice)))
                continue;
            var value = json.Get(setting.Name);
            var isChosen = setting.Name == choice && chosen is { IsFlat: false };
            if (value.IsNothing && isChosen)
                value = FlowValue.From(FlowObject.Empty);
            if (!value.IsNothing && SettingBinder.TryBind(setting, value, at.At(setting.Name), problems, out var read) && isChosen)
                bound = read;
        }
        return bound;
    }

    private IEnumerable<SettingDescriptor> OfVariants()
    {
        var flat = new Dictionary<string, (SettingDescriptor Setting, List<string> Variants)>(StringComparer.Ordinal);
        foreach (var variant in _variants)
        {
            foreach (var setting in variant.IsFlat ? variant.Settings.Settings : [variant.AsObject])
            {
                if (!flat.TryGetValue(setting.Name, out var known) && _own.All(own => own.Name != setting.Name))
                    flat.Add(setting.Name, (setting, [variant.Name]));
                else if (known.Setting is not null && variant.IsFlat && IsSame(known.Setting, setting))
                    known.Variants.Add(variant.Name);
                else
                    throw new ArgumentException($"What '{setting.Name}' of '{variant.Name}' is, another says differently.");
            }
        }
        return flat.Values.Select(known =>
            known.Setting.When(new SettingCondition(_chooser!.Name, known.Variants, UnlessGiven: false, IsRequired: known.Setting.Required))
        );

        static bool IsSame(SettingDescriptor one, SettingDescriptor other) =>
            one.Kind == other.Kind && one.Type == other.Type && one.Attribute.SecretsStay == other.Attribute.SecretsStay;
    }
}
