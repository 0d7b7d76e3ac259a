using FlowEngine.Connectors;
using FlowEngine.Json;
using static FlowEngine.Context.FlowValue;
using static FlowEngine.Schema.SchemaText;

namespace FlowEngine.Schema;

/// <summary>Stateless: the JSON Schema (draft 2020-12) of connector files, made from the connector types.</summary>
public static class ConnectorSchema
{
    /// <summary>The schema of connectors of these types: two spaces, the same text for the same types in the same order.</summary>
    public static string Generate(IEnumerable<ConnectorType> types)
    {
        var all = types.ToList();
        var settings = new SettingsSchema();
        foreach (var type in all)
        {
            settings.Define(
                "configuration." + type.Name,
                Object(
                    ("type", Text("object")),
                    ("properties", settings.Properties(type.Settings)),
                    ("required", SettingsSchema.Required(type.Settings))
                )
            );
        }
        return JsonIndenting.ToText(
            Object(
                ("$schema", Text(Draft)),
                ("title", Text("A connector")),
                ("description", Text("A connector of the flow engine: a configured integration that activities refer to by its id.")),
                ("type", Text("object")),
                ("required", Texts("id", "type", "configuration")),
                (
                    "properties",
                    Object(
                        ("$schema", OfType("string", "Where this schema is.")),
                        ("id", OfType("string", "The connector's id.", ("pattern", Text(IdPattern)))),
                        (
                            "type",
                            Object(("description", Text("What the connector connects to.")), ("enum", Texts(all.Select(type => type.Name))))
                        ),
                        ("name", OfType("string", "The connector's name. Default its id.")),
                        ("description", OfType("string", "What the connector is for.")),
                        ("configuration", OfType("object", "Its settings. A secret is a literal, env:NAME or file:PATH."))
                    )
                ),
                (
                    "allOf",
                    Array(
                        all.Select(type =>
                            WhenType(type.Name, Object(("properties", Object(("configuration", Ref("configuration." + type.Name))))))
                        )
                    )
                ),
                ("$defs", settings.Definitions)
            )
        );
    }
}
