using System.Text.Json;
using FlowEngine.Activities;
using FlowEngine.Conditions;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Extensions;
using FlowEngine.Json;
using FlowEngine.Model;
using FlowEngine.Screens;
using FlowEngine.Settings;
using FlowEngine.Templates;
using static FlowEngine.Context.FlowValue;
using static FlowEngine.Schema.SchemaText;

namespace FlowEngine.Schema;

/// <summary>
/// Stateless: what a designer makes its forms of, from the same attributes that bind and validate: activity types, connector types, screen
/// components, the operators of conditions, and the JSON Schemas of both kinds of files.
/// </summary>
public static class DesignerSchema
{
    /// <summary><c>{ activities, connectors, options, components, operators, functions, definitions, extensions, flow,
    /// connector }</c>; see docs/management-api.md.</summary>
    public static FlowValue Of(
        ActivityCatalog activities,
        ComponentCatalog components,
        IEnumerable<ConnectorType> connectorTypes,
        IEnumerable<ExtensionInfo>? extensions = null
    )
    {
        var types = connectorTypes.ToList();
        var forms = new Forms();
        return Object(
            (
                "activities",
                Array(
                    // In a list, not lazily: the definitions have to be complete once they are asked for.
                    activities.Types.Select(type => Activity(type, forms)).ToList()
                )
            ),
            // In a list, not lazily: the definitions have to be complete once they are asked for.
            ("connectors", Array(types.Select(type => Connector(type, forms)).ToList())),
            ("options", forms.Settings(SettingsDescriptor.Of(typeof(FlowOptions)))),
            ("components", Array(components.Types.Select(type => Component(type, forms)).ToList())),
            (
                "operators",
                Array(
                    Operators.Names.Select(name =>
                        Object(("name", Text(name)), ("takesValue", FlowValue.From(Operators.Find(name)?.TakesValue ?? true)))
                    )
                )
            ),
            (
                "functions",
                Array(
                    TemplateFunctions.All.Select(function =>
                        Object(
                            ("name", Text(function.Name)),
                            ("example", Text(function.Example)),
                            ("description", Text(function.Description))
                        )
                    )
                )
            ),
            ("definitions", forms.Definitions),
            (
                "extensions",
                Array(
                    (extensions ?? []).Select(extension =>
                        Object(("name", Text(extension.Name)), ("version", Text(extension.Version)), ("brings", Texts(extension.Brings)))
                    )
                )
            ),
            ("flow", JsonReading.Parse(FlowSchema.Generate(activities, components))),
            ("connector", JsonReading.Parse(ConnectorSchema.Generate(types)))
        );
    }

    private static FlowValue Connector(ConnectorType type, Forms forms) =>
        Object(
            ("type", Text(type.Name)),
            ("label", Text(type.Label)),
            ("icon", Text(type.Icon)),
            ("example", Text(type.Example)),
            ("trial", Text(JsonNamingPolicy.CamelCase.ConvertName(type.Trial.ToString()))),
            ("credentialHeaders", Array(type.CredentialHeaders.OrderBy(header => header.IsLast).Select(Credential))),
            ("settings", forms.Settings(type.Settings))
        );

    private static FlowValue Credential(CredentialHeader header) =>
        Object(
            ("kind", Text(header.Kind)),
            ("name", Text(header.Name)),
            ("value", Text(header.Value)),
            ("decoded", header.Decoded is { } decoded ? Text(decoded) : FlowValue.Missing),
            ("nameSetting", header.NameSetting is { } setting ? Text(setting) : FlowValue.Missing),
            ("isFlat", header.IsFlat ? FlowValue.True : FlowValue.Missing)
        );

    /// <summary>A type of component: what it is, what a new one has, and its form.</summary>
    private static FlowValue Component(ComponentType type, Forms forms)
    {
        var input = type.Prototype as InputComponent;
        var interaction = type.Prototype as InteractionComponent;
        return Object(
            ("type", Text(type.Name)),
            ("description", Text(type.Description)),
            ("icon", Optional(type.Icon)),
            ("input", input is null ? FlowValue.Missing : Text(Camel(input.Kind))),
            ("secret", input is { IsSecret: true } ? FlowValue.True : FlowValue.Missing),
            ("interaction", interaction is null ? FlowValue.Missing : FlowValue.True),
            ("takesEnter", interaction is { TakesEnter: true } ? FlowValue.True : FlowValue.Missing),
            ("holdsComponents", type.Prototype.HoldsComponents ? FlowValue.True : FlowValue.Missing),
            ("showsErrors", type.Prototype.ShowsErrors ? FlowValue.True : FlowValue.Missing),
            ("new", type.New),
            ("sample", type.Sample),
            ("settings", forms.Settings(type.Settings))
        );
    }

    private static FlowValue Activity(ActivityType type, Forms forms) =>
        Object(
            ("type", Text(type.Name)),
            ("description", Text(type.Description.Description)),
            ("category", Text(type.Description.Category)),
            ("outcomes", Texts(type.Description.Outcomes)),
            ("optionalOutcomes", Texts(type.Description.OptionalOutcomes)),
            ("errorEvents", Texts(type.Description.ErrorEvents)),
            ("mayIgnoreErrors", FlowValue.From(type.Description.MayIgnoreErrors)),
            ("canRunInParallel", FlowValue.From(type.Description.CanRunInParallel)),
            ("mayShare", FlowValue.From(type.MayShare)),
            ("waits", FlowValue.From(type.Waits)),
            ("enters", FlowValue.From(type.Enters)),
            ("ends", FlowValue.From(type.Ends)),
            ("clears", Texts(type.Restarts ? ContextWrites.Cleared.Items.Select(item => Camel(item.Root)) : [])),
            ("writes", Array(type.Writes.Select(Write))),
            ("icon", Text(type.Description.Icon)),
            ("tone", Text(Camel(type.Description.Tone))),
            ("stem", Text(type.Stem)),
            ("summary", Optional(type.Description.Summary)),
            ("trace", Optional(type.Description.Trace)),
            ("reply", type.Reply is { } reply ? forms.Settings(reply) : FlowValue.Missing),
            ("settings", forms.Settings(type.Settings))
        );

    private static FlowValue Write(WritesAttribute write) =>
        Object(
            ("path", Text(write.Path)),
            ("description", Text(write.Description)),
            ("membersOf", Optional(write.MembersOf)),
            ("unless", Optional(write.Unless)),
            ("with", Optional(write.With))
        );

    private static FlowValue Optional(string? text) => text is null ? FlowValue.Missing : Text(text);

    private static string Camel(Enum member) => JsonNamingPolicy.CamelCase.ConvertName(member.ToString());

    /// <summary>Per generation and single-threaded: describes settings, and
    /// collects those of objects, which may nest in themselves.</summary>
    private sealed class Forms
    {
        private readonly FlowObjectBuilder _definitions = new();
        private readonly Dictionary<Type, string> _names = [];

        public FlowValue Definitions => FlowValue.From(_definitions.Build());

        public FlowValue Settings(SettingsDescriptor settings)
        {
            // In a list, not lazily: the definitions have to be complete once all of them are asked for.
            var described = settings.Settings.OrderBy(setting => setting.Attribute.Order).Select(setting => Setting(setting)).ToList();
            return Array(described);
        }

        private FlowValue Setting(SettingDescriptor setting, bool isElement = false) =>
            Object(
                ("name", Text(setting.Name)),
                ("kind", Text(Camel(setting.Kind))),
                ("label", isElement ? FlowValue.Missing : Optional(setting.Attribute.Label)),
                ("section", isElement ? FlowValue.Missing : Optional(setting.Attribute.Section)),
                ("folded", setting.Attribute.Folded && !isElement ? FlowValue.True : FlowValue.Missing),
                ("when", When(setting.Condition)),
                ("initial", setting.Initial),
                ("outcomes", Outcomes(setting.Outcomes)),
                ("warnsWhen", setting.Attribute.WarnsWhen is { } warns && !isElement ? FlowValue.Parse(warns) : FlowValue.Missing),
                ("warning", isElement ? FlowValue.Missing : Optional(setting.Attribute.Warning)),
                ("role", isElement ? FlowValue.Missing : Optional(setting.Attribute.Role)),
                ("description", Text(setting.Description)),
                ("hint", isElement ? FlowValue.Missing : Optional(setting.Attribute.Hint)),
                ("required", FlowValue.From(setting.Required)),
                ("default", setting.Default),
                ("choices", setting.Choices is { } choices ? Texts(choices) : FlowValue.Missing),
                ("suggestions", setting.Attribute.Suggests is { } words && !isElement ? Texts(words) : FlowValue.Missing),
                (
                    "options",
                    setting.Options.Count == 0
                        ? FlowValue.Missing
                        : Array(
                            setting.Options.Select(option =>
                                Object(("value", option.Value), ("label", Text(option.Label)), ("description", Text(option.Description)))
                            )
                        )
                ),
                ("minimum", Limit(setting.Attribute.Minimum)),
                ("maximum", Limit(setting.Attribute.Maximum)),
                ("unit", Optional(setting.Attribute.Unit)),
                ("editor", Optional(setting.Attribute.Editor)),
                ("secretsStay", setting.Attribute.SecretsStay ? FlowValue.True : FlowValue.Missing),
                ("secretWhen", isElement ? FlowValue.Missing : Optional(setting.Attribute.SecretWhen)),
                ("rare", setting.Attribute.IsRare ? FlowValue.True : FlowValue.Missing),
                ("element", setting.Element is { } element ? Setting(element, isElement: true) : FlowValue.Missing),
                ("definition", setting.Nested is { } nested ? Text(Define(nested.Value)) : FlowValue.Missing),
                ("shorthand", Optional(setting.Nested?.Value.Shorthand))
            );

        private static FlowValue When(SettingCondition? condition) =>
            condition is null
                ? FlowValue.Missing
                : Object(
                    ("setting", Text(condition.Setting)),
                    ("is", Texts(condition.Values)),
                    ("unlessGiven", condition.UnlessGiven ? FlowValue.True : FlowValue.Missing),
                    ("required", condition.IsRequired ? FlowValue.True : FlowValue.Missing)
                );

        private static FlowValue Outcomes(AddsOutcomesAttribute? outcomes) =>
            outcomes is null
                ? FlowValue.Missing
                : Object(
                    ("from", Text(Camel(outcomes.Source))),
                    ("name", outcomes.Name.Length > 0 ? Text(outcomes.Name) : FlowValue.Missing),
                    ("instead", outcomes.Instead.Length > 0 ? Texts(outcomes.Instead) : FlowValue.Missing),
                    ("event", Optional(outcomes.Event)),
                    ("except", Optional(outcomes.Except))
                );

        /// <summary>Names the settings of an object; the name is taken before they are described.</summary>
        private string Define(SettingsDescriptor settings)
        {
            if (_names.TryGetValue(settings.Type, out var known))
                return known;
            var plain = settings.Type.Name.EndsWith(nameof(Settings), StringComparison.Ordinal)
                ? settings.Type.Name[..^nameof(Settings).Length]
                : settings.Type.Name;
            var first = JsonNamingPolicy.CamelCase.ConvertName(plain);
            var name = first;
            for (var i = 2; _names.ContainsValue(name); i++)
                name = $"{first}{i}";
            _names.Add(settings.Type, name);
            _definitions.Set(name, Settings(settings));
            return name;
        }

        private static FlowValue Limit(double limit) => double.IsNaN(limit) ? FlowValue.Missing : FlowValue.From(limit);
    }
}
