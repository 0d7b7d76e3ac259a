using System.Reflection;
using System.Text.Json;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Model;
using FlowEngine.Templates;

namespace FlowEngine.Settings;

/// <summary>What kind of JSON a setting takes.</summary>
public enum SettingKind
{
    /// <summary>Fixed text.</summary>
    Text,

    /// <summary>Text in which templates may stand.</summary>
    Template,

    /// <summary>Any JSON in whose texts templates may stand.</summary>
    JsonTemplate,

    /// <summary>An object of text templates by name.</summary>
    TemplateMap,

    /// <summary>Any JSON, taken as it is.</summary>
    Json,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A text that is an ISO 8601 duration, such as <c>PT1H</c>.</summary>
    Duration,

    /// <summary>A text that is an absolute URL without a fragment.</summary>
    Url,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>One of <see cref="SettingDescriptor.Options"/>, which need not be texts.</summary>
    Choice,

    /// <summary>A secret: a literal, <c>env:NAME</c> or <c>file:PATH</c>.</summary>
    Secret,

    /// <summary>An object with settings of its own.</summary>
    Object,

    /// <summary>An array whose elements are described by <see cref="SettingDescriptor.Element"/>.</summary>
    List,

    /// <summary>An object with any names, whose values are described by <see cref="SettingDescriptor.Element"/>.</summary>
    Map,

    /// <summary>Any JSON object, taken as it is.</summary>
    JsonObject,
}

/// <summary>Shared and immutable: one setting, as its <see cref="SettingAttribute"/> and property declare it.</summary>
public sealed class SettingDescriptor
{
    private readonly PropertyInfo? _property;

    internal SettingDescriptor(PropertyInfo property, SettingAttribute attribute, object prototype)
        : this(JsonNamingPolicy.CamelCase.ConvertName(property.Name), property.PropertyType, attribute)
    {
        _property = property;
        Outcomes = property.GetCustomAttribute<AddsOutcomesAttribute>();
        Initial = attribute.Initial is { } json ? FlowValue.Parse(json) : FlowValue.Missing;
        Condition = SettingCondition.Of(attribute);
        var initial = property.GetValue(prototype);
        Default = Options.FirstOrDefault(option => Equals(option.Member, initial))?.Value ?? DefaultOf(initial);
    }

    internal SettingDescriptor(string name, Type type, SettingAttribute attribute)
    {
        Name = name;
        Type = Nullable.GetUnderlyingType(type) ?? type;
        Attribute = attribute;
        Options = SettingOption.Of(Type);
        Choices =
            attribute.Choices
            ?? (Type.IsEnum && Options.Count == 0 ? [.. Enum.GetNames(Type).Select(JsonNamingPolicy.CamelCase.ConvertName)] : null);
        Kind = Options.Count > 0 ? SettingKind.Choice : KindOf(Type);
        if (Kind is SettingKind.List or SettingKind.Map)
            Element = new SettingDescriptor(name, Type.GetGenericArguments()[^1], attribute);
        else if (Kind == SettingKind.Object)
            Nested = new Lazy<SettingsDescriptor>(() => SettingsDescriptor.Of(Type));
    }

    /// <summary>The name in JSON.</summary>
    public string Name { get; }

    /// <summary>What it does.</summary>
    public string Description => Attribute.Description;

    /// <summary>Whether it must be there.</summary>
    public bool Required => Attribute.Required;

    /// <summary>Whether its value is a secret in an object.</summary>
    /// <param name="json">The object that it stands in.</param>
    public bool IsSecretIn(FlowObject json) =>
        Kind == SettingKind.Secret || (Attribute.SecretWhen is { } other && json.Get(other) == FlowValue.True);

    /// <summary>Whether a value is the one element of a list, written without it; see <see cref="SettingAttribute.TakesOne"/>.</summary>
    public bool IsOneOfList(FlowValue value) =>
        Attribute.TakesOne && Kind == SettingKind.List && !value.IsNothing && value.Kind != FlowValueKind.Array;

    /// <summary>How many elements a list may have.</summary>
    internal int MaxItems => Attribute.MaxItems > 0 ? Attribute.MaxItems : FlowLimits.Items;

    /// <summary>The kind of JSON it takes.</summary>
    public SettingKind Kind { get; }

    /// <summary>The texts allowed, or null for any.</summary>
    public IReadOnlyList<string>? Choices { get; private set; }

    /// <summary>What a <see cref="SettingKind.Choice"/> is between, or what the <see cref="Choices"/> are called where they are variants;
    /// else empty.</summary>
    public IReadOnlyList<SettingOption> Options { get; private set; }

    /// <summary>The default; missing when there is none.</summary>
    public FlowValue Default { get; }

    /// <summary>What a new one has here to begin with; missing when the default does.</summary>
    public FlowValue Initial { get; }

    /// <summary>The outcomes that it adds to those of its activity; null for none.</summary>
    public AddsOutcomesAttribute? Outcomes { get; }

    /// <summary>The element of a list or a map, or null.</summary>
    public SettingDescriptor? Element { get; }

    /// <summary>The settings of an object, or null. Made on first use, because settings classes may nest in themselves.</summary>
    public Lazy<SettingsDescriptor>? Nested { get; private set; }

    /// <summary>When it counts or is asked for; null for always.</summary>
    public SettingCondition? Condition { get; private set; }

    /// <summary>The attribute: limits, unit and editor.</summary>
    public SettingAttribute Attribute { get; }

    internal Type Type { get; }

    /// <summary>The value that a settings object has.</summary>
    public object? ValueIn(object settings) => _property!.GetValue(settings);

    /// <summary>Whether a value is one that everybody who sees the connector should know of.</summary>
    public bool WarnsOf(FlowValue value) => Attribute.WarnsWhen is { } warns && value == FlowValue.Parse(warns);

    internal void Assign(object settings, object? value) => _property!.SetValue(settings, value);

    internal object? ValueOf(object settings) => _property!.GetValue(settings);

    /// <summary>The same, as the setting that chooses between variants.</summary>
    internal SettingDescriptor Choosing(IReadOnlyList<SettingVariant> variants)
    {
        var copy = Copy();
        copy.Choices = [.. variants.Select(variant => variant.Name)];
        copy.Options = [.. variants.Select(variant => new SettingOption(FlowValue.From(variant.Name), variant.Label, variant.Description))];
        return copy;
    }

    /// <summary>The same, as a setting that counts only then.</summary>
    internal SettingDescriptor When(SettingCondition condition)
    {
        var copy = Copy();
        copy.Condition = condition;
        return copy;
    }

    /// <summary>The same, as an object of other settings.</summary>
    internal SettingDescriptor With(SettingsDescriptor nested)
    {
        var copy = Copy();
        copy.Nested = new Lazy<SettingsDescriptor>(nested);
        return copy;
    }

    private SettingDescriptor Copy() => (SettingDescriptor)MemberwiseClone();

    private static SettingKind KindOf(Type type)
    {
        if (type == typeof(string) || type.IsEnum)
            return SettingKind.Text;
        if (type == typeof(Template))
            return SettingKind.Template;
        if (type == typeof(JsonTemplate))
            return SettingKind.JsonTemplate;
        if (type == typeof(TemplateMap))
            return SettingKind.TemplateMap;
        if (type == typeof(FlowValue))
            return SettingKind.Json;
        if (type == typeof(int) || type == typeof(long))
            return SettingKind.Integer;
        if (type == typeof(double))
            return SettingKind.Number;
        if (type == typeof(bool))
            return SettingKind.Boolean;
        if (type == typeof(TimeSpan))
            return SettingKind.Duration;
        if (type == typeof(Uri))
            return SettingKind.Url;
        if (type == typeof(FlowObject))
            return SettingKind.JsonObject;
        if (type == typeof(Secret))
            return SettingKind.Secret;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return SettingKind.List;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
            return SettingKind.Map;
        if (type.IsClass)
            return SettingKind.Object;
        throw new NotSupportedException($"A setting cannot have the type {type}.");
    }

    private static FlowValue DefaultOf(object? value) =>
        value switch
        {
            null or "" => FlowValue.Missing,
            string text => FlowValue.From(text),
            int number => FlowValue.From(number),
            long number => FlowValue.From(number),
            double number => FlowValue.From(number),
            bool boolean => FlowValue.From(boolean),
            TimeSpan duration => FlowValue.From(Durations.ToText(duration)),
            Enum choice => FlowValue.From(JsonNamingPolicy.CamelCase.ConvertName(choice.ToString())),
            IReadOnlyList<string> { Count: > 0 } list => FlowValue.Texts(list),
            _ => FlowValue.Missing,
        };
}
