using FlowEngine.Activities;
using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Json;
using FlowEngine.Model;
using FlowEngine.Screens;
using FlowEngine.Settings;
using static FlowEngine.Context.FlowValue;
using static FlowEngine.Schema.SchemaText;

namespace FlowEngine.Schema;

/// <summary>
/// Stateless: the JSON Schema (draft 2020-12) of flow files, made from the activity types, so that editors complete and check them. It
/// checks types and names; what only the whole flow tells (ids, ports, templates)
/// is the compiler's. Members it does not know are allowed, as in the compiler.
/// </summary>
public static class FlowSchema
{
    private const string ErrorMode = "errorMode";
    private const string BranchErrorMode = "errorModeInParallel";
    private const string ErrorModeToHandle = "errorModeToHandle";

    /// <summary>The schema of flows that use these activity types: two spaces, the same text for the same types.</summary>
    public static string Generate(ActivityCatalog activities, ComponentCatalog components)
    {
        var settings = new SettingsSchema();
        settings.Define(
            "id",
            OfType(
                "string",
                "Letters, digits, '-', '_' and '.', at most 100, beginning with a letter or digit.",
                ("pattern", Text(IdPattern))
            )
        );
        DefineErrorModes(settings);
        DefineActivities(activities, settings);
        DefineConnection(settings);
        DefineScreens(components, settings);
        return JsonIndenting.ToText(
            Object(
                ("$schema", Text(Draft)),
                ("title", Text("A flow")),
                ("description", Text("A flow of the flow engine: activities, the connections between them, and screens.")),
                ("type", Text("object")),
                ("required", Texts("id", "start", "activities")),
                ("properties", FlowProperties(settings)),
                ("$defs", settings.Definitions)
            )
        );
    }

    /// <summary>The members at the top: what every flow has, then its options, then what is the designer's.</summary>
    private static FlowValue FlowProperties(SettingsSchema settings)
    {
        var head = Object(
            ("$schema", OfType("string", "Where this schema is.")),
            ("id", Ref("id", "The flow's id.")),
            ("name", OfType("string", "The flow's name. Default its id.")),
            ("description", OfType("string", "What the flow is for.")),
            ("start", Ref("id", "The id of the activity that comes first.")),
            (
                "activities",
                OfType(
                    "array",
                    "The activities.",
                    ("items", Ref("activity")),
                    ("minItems", FlowValue.From(1)),
                    ("maxItems", FlowValue.From(FlowLimits.Activities))
                )
            ),
            ("connections", OfType("array", "What follows each outcome.", ("items", Ref("connection")))),
            ("screens", OfType("array", "The screens.", ("items", Ref("screen"))))
        );
        head.TryGetObject(out var members);
        settings.Properties(SettingsDescriptor.Of(typeof(FlowOptions))).TryGetObject(out var options);
        var all = new FlowObjectBuilder(members!);
        foreach (var (name, schema) in options!)
            all.Set(name, schema);
        all.Set("designer", OfType("object", "What the designer notes: places of activities, by id. Anything else in it is kept."));
        return FlowValue.From(all.Build());
    }

    private static void DefineErrorModes(SettingsSchema settings)
    {
        Define(
            ErrorMode,
            "What follows an error: back to the last screen (automatic), an outcome of its own (custom), or as if nothing had happened (ignore).",
            "automatic",
            "custom",
            "ignore"
        );
        Define(BranchErrorMode, "What follows an error of a branch, which has no outcomes of its own.", "automatic", "ignore");
        Define(
            ErrorModeToHandle,
            "What follows an error that cannot be ignored: back to the last screen (automatic), or an outcome of its own (custom).",
            "automatic",
            "custom"
        );

        void Define(string name, string description, params string[] modes) =>
            settings.Define(
                name,
                Object(
                    ("description", Text(description)),
                    (
                        "anyOf",
                        Array(
                            Object(("enum", Texts(modes))),
                            Object(
                                ("type", Text("object")),
                                (
                                    "properties",
                                    Object(
                                        ("mode", Object(("enum", Texts(modes)), ("default", Text("automatic")))),
                                        ("message", OfType("string", "In automatic mode, what the person reads."))
                                    )
                                )
                            )
                        )
                    ),
                    ("default", Text("automatic"))
                )
            );
    }

    private static void DefineActivities(ActivityCatalog activities, SettingsSchema settings)
    {
        settings.Define("activity", Activity(activities.Types, "activity."));
        settings.Define(
            "parallelActivity",
            Activity([.. activities.Types.Where(type => type.Description.CanRunInParallel)], "parallelActivity.")
        );
        foreach (var type in activities.Types)
        {
            settings.Define(
                "activity." + type.Name,
                ActivitySettings(type, settings, type.Description.MayIgnoreErrors ? ErrorMode : ErrorModeToHandle)
            );
            if (type.Description.CanRunInParallel)
                settings.Define("parallelActivity." + type.Name, ActivitySettings(type, settings, BranchErrorMode));
        }
    }

    private static FlowValue Activity(IReadOnlyList<ActivityType> types, string prefix) =>
        Object(
            ("type", Text("object")),
            ("required", Texts("id", "type")),
            (
                "properties",
                Object(
                    ("id", Ref("id", "The activity's id.")),
                    ("type", Object(("description", Text("What the activity does.")), ("enum", Texts(types.Select(type => type.Name))))),
                    ("name", Object(("description", Text("A name for people; of an End, its outcome.")))),
                    ("description", Object(("description", Text("A note for people."))))
                )
            ),
            ("allOf", Array(types.Select(type => WhenType(type.Name, Ref(prefix + type.Name)))))
        );

    private static FlowValue ActivitySettings(ActivityType type, SettingsSchema settings, string errorMode)
    {
        var events = new FlowObjectBuilder();
        foreach (var name in type.Description.ErrorEvents)
            events.Set(name, Ref(errorMode));
        var handling = OfType(
            "object",
            "What follows each error event.",
            ("properties", FlowValue.From(events.Build())),
            ("additionalProperties", FlowValue.False)
        );

        var properties = settings.Properties(type.Settings, ("errorHandling", handling));
        if (type.SettingOf(SettingEditors.Activities) is { } activities && properties.TryGetObject(out var all))
        {
            var inner = OfType("array", activities.Description, ("items", Ref("parallelActivity")), ("minItems", FlowValue.From(1)));
            properties = FlowValue.From(all.With(activities.Name, inner));
        }
        if (type.SettingOf(SettingEditors.Activity) is { } activity && properties.TryGetObject(out all))
            properties = FlowValue.From(all.With(activity.Name, Ref("parallelActivity", activity.Description)));
        return Object(
            ("description", Text(type.Description.Description)),
            ("properties", properties),
            ("required", SettingsSchema.Required(type.Settings))
        );
    }

    private static void DefineConnection(SettingsSchema settings)
    {
        settings.Define(
            "connection",
            Object(
                ("type", Text("object")),
                ("required", Texts("source", "port", "target")),
                (
                    "properties",
                    Object(
                        ("source", Ref("id", "The id of the activity it leaves.")),
                        ("port", OfType("string", "The outcome it leaves by.", ("minLength", FlowValue.From(1)))),
                        ("target", Ref("id", "The id of the activity it leads to.")),
                        (
                            "message",
                            OfType(
                                "string",
                                "What the person reads on the next screen, where its errors stand; {{path}} may stand in it. Gone with the next submission."
                            )
                        )
                    )
                )
            )
        );
    }

    private static void DefineScreens(ComponentCatalog components, SettingsSchema settings)
    {
        settings.Define(
            "screen",
            Object(
                ("type", Text("object")),
                ("required", Texts("id")),
                (
                    "properties",
                    Object(
                        ("id", Ref("id", "The screen's id.")),
                        ("title", OfType("string", "The title.")),
                        ("components", OfType("array", "What stands on the screen, from top to bottom.", ("items", Ref("component"))))
                    )
                )
            )
        );

        settings.Define(
            "component",
            Object(
                ("type", Text("object")),
                ("properties", ComponentSettings(components, settings)),
                ("required", Texts("type")),
                (
                    "allOf",
                    Array(
                        components
                            .Types.Select(type => (type.Name, Required: SettingsSchema.Required(type.Settings)))
                            .Where(type => !type.Required.IsMissing)
                            .Select(type => WhenType(type.Name, Object(("required", type.Required))))
                    )
                )
            )
        );
    }

    /// <summary>The settings of all types of components together: one of another type has no effect, and is of its kind all the
    /// same.</summary>
    private static FlowValue ComponentSettings(ComponentCatalog components, SettingsSchema settings)
    {
        var properties = new FlowObjectBuilder();
        var description = Text("What kind of component it is.");
        properties.Set(
            "type",
            Object(("description", description), ("type", Text("string")), ("enum", Texts(components.Types.Select(t => t.Name))))
        );
        foreach (
            var same in components.Types.SelectMany(type => type.Settings.Settings).GroupBy(setting => setting.Name, StringComparer.Ordinal)
        )
        {
            var kinds = same.Select(settings.Optional).Distinct().ToList();
            properties.Set(same.Key, kinds.Count == 1 ? kinds[0] : Object(("anyOf", Array(kinds))));
        }
        return FlowValue.From(properties.Build());
    }
}
