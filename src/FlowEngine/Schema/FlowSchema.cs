using FlowEngine.Activities;
using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.Model;
using FlowEngine.Screens;
using FlowEngine.Settings;
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
    public static string Generate(ActivityCatalog activities)
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
        DefineScreens(settings);
        return JsonIndenting.ToText(
            Object(
                ("$schema", Text(Draft)),
                ("title", Text("A flow")),
                ("description", Text("A flow of the flow engine: activities, the connections between them, and screens.")),
                ("type", Text("object")),
                ("required", Texts("id", "start", "activities")),
                ("properties", FlowProperties()),
                ("$defs", settings.Definitions)
            )
        );
    }

    private static FlowValue FlowProperties() =>
        Object(
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
            ("screens", OfType("array", "The screens.", ("items", Ref("screen")))),
            (
                "inputs",
                OfType("object", "The inputs by name, checked when a run starts: client.<name>.", ("additionalProperties", Input()))
            ),
            (
                "undeclaredInputs",
                OfType(
                    "boolean",
                    "Whether inputs that are not declared, and form names that the submitted screen does not have, are taken all the same. For one release.",
                    ("default", FlowValue.False)
                )
            ),
            (
                "access",
                OfType(
                    "string",
                    "Who may start the flow: anybody, or whoever has the management key. Default public for a flow with a screen, key without.",
                    ("enum", Texts("public", "key"))
                )
            ),
            (
                "durability",
                OfType(
                    "string",
                    "When a run is stored: before each screen, or also after every activity.",
                    ("enum", Texts("screen", "step")),
                    ("default", Text("screen"))
                )
            ),
            (
                "expiresAfter",
                OfType(
                    "string",
                    "How long after its start a run expires: an ISO 8601 duration of at most a year.",
                    ("pattern", Text("^P[0-9T]")),
                    ("default", Text("PT1H"))
                )
            ),
            (
                "reference",
                OfType(
                    "string",
                    "What a run is found by in the console, such as {{form.email}}: kept as a keyed hash for exact search, and shown to operators."
                )
            ),
            (
                "redirectUris",
                OfType(
                    "array",
                    "Where hosted screens may send the person back to: absolute URLs, compared as a whole.",
                    ("items", Object(("type", Text("string")), ("pattern", Text("^[A-Za-z][A-Za-z0-9+.-]*:[^#]+$"))))
                )
            ),
            (
                "requirePkce",
                OfType(
                    "boolean",
                    "Whether a hosted login with a redirect_uri must bring a code_challenge (PKCE, S256). Turn it off only for an application that cannot.",
                    ("default", FlowValue.True)
                )
            ),
            (
                "locales",
                OfType(
                    "object",
                    "Translations of screen texts: locale, text, translation.",
                    ("additionalProperties", Object(("type", Text("object"))))
                )
            ),
            ("tokens", OfType("object", "The tokens that an End issues.", ("properties", Tokens()))),
            ("designer", OfType("object", "What the designer notes: places of activities, by id. Anything else in it is kept."))
        );

    private static FlowValue Input() =>
        OfType(
            "object",
            "An input.",
            (
                "properties",
                Object(
                    (
                        "type",
                        OfType(
                            "string",
                            "The JSON type of the input.",
                            ("enum", Texts("string", "number", "integer", "boolean", "object", "array", "any")),
                            ("default", Text("any"))
                        )
                    ),
                    ("required", OfType("boolean", "Whether a run cannot start without it.", ("default", FlowValue.False))),
                    ("default", Object(("description", Text("What stands in when the input is not given.")))),
                    (
                        "sensitive",
                        OfType(
                            "boolean",
                            "Whether its value is a secret: redacted in traces, logs and errors.",
                            ("default", FlowValue.False)
                        )
                    )
                )
            )
        );

    private static FlowValue Tokens() =>
        Object(
            ("audience", OfType("string", "The audience. Default the server's.")),
            ("sessionMinutes", Whole("How long a session token is valid, in minutes.", 1440, 10)),
            ("refreshDays", Whole("How long a refresh token is valid, in days.", 366, 28))
        );

    private static FlowValue Whole(string description, int maximum, int standard) =>
        OfType(
            "integer",
            description,
            ("minimum", FlowValue.From(1)),
            ("maximum", FlowValue.From(maximum)),
            ("default", FlowValue.From(standard))
        );

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
        if (type.Name == "Parallel" && properties.TryGetObject(out var all))
        {
            // The one setting that holds activities.
            var inner = OfType(
                "array",
                type.Settings.Find("activities")!.Description,
                ("items", Ref("parallelActivity")),
                ("minItems", FlowValue.From(1))
            );
            properties = FlowValue.From(all.With("activities", inner));
        }
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

    private static void DefineScreens(SettingsSchema settings)
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

        var component = SettingsDescriptor.Of(typeof(ComponentSettings));
        var inputs = Enum.GetValues<ComponentType>()
            .Where(type => type is >= ComponentType.TextInput and <= ComponentType.Select)
            .Select(type => type.ToString());
        settings.Define(
            "component",
            Object(
                ("type", Text("object")),
                ("properties", settings.Properties(component)),
                ("required", SettingsSchema.Required(component)),
                (
                    "allOf",
                    Array(
                        Object(
                            ("if", Object(("properties", Object(("type", Object(("enum", Texts(inputs)))))), ("required", Texts("type")))),
                            ("then", Object(("required", Texts("name"))))
                        ),
                        WhenType(nameof(ComponentType.Select), Object(("required", Texts("options")))),
                        WhenType(nameof(ComponentType.Button), Object(("required", Texts("id"))))
                    )
                )
            )
        );
    }
}
