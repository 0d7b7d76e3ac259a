using System.Text.Json;
using FlowEngine.Context;
using FlowEngine.Settings;
using static FlowEngine.Context.FlowValue;
using static FlowEngine.Schema.SchemaText;

namespace FlowEngine.Schema;

/// <summary>Per generation and single-threaded: turns settings into schemas, and
/// collects those that several places share, or that nest in themselves.</summary>
internal sealed class SettingsSchema
{
    private readonly FlowObjectBuilder _definitions = new();
    private readonly Dictionary<Type, string> _names = [];

    /// <summary>The definitions so far.</summary>
    public FlowValue Definitions => FlowValue.From(_definitions.Build());

    /// <summary>Adds a definition under a name of its own.</summary>
    public void Define(string name, FlowValue schema)
    {
        if (!_definitions.Set(name, schema))
            throw new InvalidOperationException($"The definition '{name}' was made twice.");
    }

    /// <summary>The settings as <c>properties</c>.</summary>
    public FlowValue Properties(SettingsDescriptor settings, params ReadOnlySpan<(string Name, FlowValue Value)> more)
    {
        var properties = new FlowObjectBuilder(settings.Settings.Count + more.Length);
        foreach (var setting in settings.Settings)
            properties.Set(setting.Name, Schema(setting));
        foreach (var (name, value) in more)
            properties.Set(name, value);
        return FlowValue.From(properties.Build());
    }

    /// <summary>The names of the settings that must be there, or missing when there are none.</summary>
    public static FlowValue Required(SettingsDescriptor settings)
    {
        var required = settings
            .Settings.Where(setting => setting.Required && setting.Condition is null)
            .Select(setting => setting.Name)
            .ToList();
        return required.Count == 0 ? FlowValue.Missing : Texts(required);
    }

    /// <summary>One setting.</summary>
    public FlowValue Schema(SettingDescriptor setting) => Schema(setting, isElement: false, setting.Required);

    /// <summary>One setting, which may be empty.</summary>
    public FlowValue Optional(SettingDescriptor setting) => Schema(setting, isElement: false, isNeeded: false);

    private FlowValue Schema(SettingDescriptor setting, bool isElement, bool isNeeded)
    {
        var description = isElement ? FlowValue.Missing : Text(Describe(setting));
        var standard = isElement ? FlowValue.Missing : setting.Default;
        var choices = setting.Choices is { } texts ? Texts(texts) : FlowValue.Missing;
        return setting.Kind switch
        {
            SettingKind.Text or SettingKind.Template or SettingKind.Secret => Object(
                ("description", description),
                ("type", Text("string")),
                ("enum", choices),
                ("minLength", isNeeded && choices.IsMissing ? FlowValue.From(1) : FlowValue.Missing),
                ("default", standard)
            ),
            SettingKind.Integer or SettingKind.Number => Object(
                ("description", description),
                ("type", Text(setting.Kind == SettingKind.Integer ? "integer" : "number")),
                ("minimum", Limit(setting.Attribute.Minimum)),
                ("maximum", Limit(setting.Attribute.Maximum)),
                ("default", standard)
            ),
            SettingKind.Duration => Object(
                ("description", description),
                ("type", Text("string")),
                ("pattern", Text("^P[0-9T]")),
                ("default", standard)
            ),
            SettingKind.Url => Object(
                ("description", description),
                ("type", Text("string")),
                ("pattern", Text("^[A-Za-z][A-Za-z0-9+.-]*:[^#]+$"))
            ),
            SettingKind.JsonObject => Object(("description", description), ("type", Text("object"))),
            SettingKind.Map => Object(
                ("description", description),
                ("type", Text("object")),
                ("additionalProperties", Schema(setting.Element!, isElement: true, isNeeded: false))
            ),
            SettingKind.Choice => Object(
                ("description", isElement ? FlowValue.Missing : Text(DescribeWithOptions(setting))),
                ("type", setting.Options.All(option => option.Value.Kind == FlowValueKind.String) ? Text("string") : FlowValue.Missing),
                ("enum", FlowValue.Array(setting.Options.Select(option => option.Value))),
                ("default", standard)
            ),
            SettingKind.Boolean => Object(("description", description), ("type", Text("boolean")), ("default", standard)),
            SettingKind.TemplateMap => Object(
                ("description", description),
                ("type", Text("object")),
                ("additionalProperties", Object(("type", Texts("string", "number", "boolean", "null"))))
            ),
            SettingKind.Object when setting.Nested!.Value.Shorthand is { } shorthand => Object(
                ("description", description),
                (
                    "anyOf",
                    FlowValue.Array([
                        Shorthand(setting.Nested.Value.Find(shorthand)!),
                        Object(("$ref", Text("#/$defs/" + Define(setting)))),
                    ])
                )
            ),
            SettingKind.Object => Object(("description", description), ("$ref", Text("#/$defs/" + Define(setting)))),
            SettingKind.List when setting.Attribute.TakesOne => Object(
                ("description", description),
                (
                    "anyOf",
                    FlowValue.Array([
                        Schema(setting.Element!, isElement: true, isNeeded: false),
                        Object(
                            ("type", Text("array")),
                            ("items", Schema(setting.Element!, isElement: true, isNeeded: false)),
                            ("maxItems", FlowValue.From(setting.MaxItems))
                        ),
                    ])
                )
            ),
            SettingKind.List => Object(
                ("description", description),
                ("type", Text("array")),
                ("items", Schema(setting.Element!, isElement: true, isNeeded: false)),
                ("minItems", isNeeded ? FlowValue.From(1) : FlowValue.Missing),
                ("maxItems", setting.Attribute.MaxItems > 0 ? FlowValue.From(setting.Attribute.MaxItems) : FlowValue.Missing),
                ("default", standard)
            ),
            _ => Object(("description", description)),
        };
    }

    /// <summary>What an object is written as where it is one of its settings alone. A number or boolean is taken as its text.</summary>
    private FlowValue Shorthand(SettingDescriptor setting) =>
        setting.Kind == SettingKind.Template
            ? Object(("type", Texts("string", "number", "boolean", "null")))
            : Schema(setting, isElement: true, isNeeded: false);

    /// <summary>The definition of a settings class that stands inside another.
    /// Its name is taken first, because it may nest in itself.</summary>
    private string Define(SettingDescriptor setting)
    {
        var settings = setting.Nested!.Value;
        if (_names.TryGetValue(settings.Type, out var known))
            return known;

        var plain = settings.Type.Name.EndsWith("Settings", StringComparison.Ordinal)
            ? settings.Type.Name[..^"Settings".Length]
            : settings.Type.Name;
        var name = "settings." + JsonNamingPolicy.CamelCase.ConvertName(plain);
        for (var i = 2; _names.ContainsValue(name); i++)
            name = $"settings.{JsonNamingPolicy.CamelCase.ConvertName(plain)}{i}";
        _names.Add(settings.Type, name);
        Define(name, Object(("type", Text("object")), ("properties", Properties(settings)), ("required", Required(settings))));
        return name;
    }

    private static string Describe(SettingDescriptor setting)
    {
        var description =
            setting.Attribute.Unit is { } unit && !setting.Description.Contains(unit, StringComparison.OrdinalIgnoreCase)
                ? $"{setting.Description} In {unit}."
                : setting.Description;
        return setting.Condition is { UnlessGiven: false } counts
            ? $"{description} Only where {counts.Setting} is {string.Join(" or ", counts.Values)}."
            : description;
    }

    private static string DescribeWithOptions(SettingDescriptor setting) =>
        string.Join(
            ' ',
            setting
                .Options.Where(option => option.Description.Length > 0)
                .Select(option => $"{option.Value.ToJson()}: {option.Description}")
                .Prepend(Describe(setting))
        );

    private static FlowValue Limit(double limit) => double.IsNaN(limit) ? FlowValue.Missing : FlowValue.From(limit);
}
