using System.Text.Json;

namespace FlowEngine.ElsaActivities.HostTests;

/// <summary>Writes workflow definitions of Elsa for tests.</summary>
internal static class Definition
{
    /// <summary>A definition file with one flowchart.</summary>
    public static string Chart(
        string id,
        IEnumerable<object> activities,
        params (string Source, string Port, string Target)[] connections
    ) => Chart(id, new Dictionary<string, string>(), activities, connections);

    /// <summary>A definition file with one flowchart.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="variables">The variables of the workflow and their values, texts.</param>
    /// <param name="activities">The activities, the first of them its start.</param>
    /// <param name="connections">The connections.</param>
    public static string Chart(
        string id,
        IReadOnlyDictionary<string, string> variables,
        IEnumerable<object> activities,
        params (string Source, string Port, string Target)[] connections
    ) =>
        JsonSerializer.Serialize(
            new
            {
                definitionId = id,
                name = id,
                version = 1,
                variables = variables.Select(variable => new
                {
                    id = variable.Key,
                    name = variable.Key,
                    typeName = "String",
                    value = variable.Value,
                }),
                root = new
                {
                    id = "chart",
                    type = "Elsa.Flowchart",
                    version = 1,
                    activities,
                    connections = connections.Select(connection => new
                    {
                        source = new { activity = connection.Source, port = connection.Port },
                        target = new { activity = connection.Target },
                    }),
                },
            }
        );

    /// <summary>An activity; its inputs are <see cref="Literal"/>, <see cref="Of"/>, or anything that stands beside them.</summary>
    public static Dictionary<string, object> Activity(string id, string type, params (string Name, object Value)[] members)
    {
        var activity = new Dictionary<string, object>
        {
            ["id"] = id,
            ["type"] = type,
            ["version"] = 1,
        };
        foreach (var (name, value) in members)
            activity[name] = value;
        return activity;
    }

    public static object Literal(object value, string type = "String") => Of("Literal", value, type);

    public static object Script(string code, string type = "String") => Of("JavaScript", code, type);

    /// <summary>A variable of the workflow as an input, as Elsa's designer writes it.</summary>
    public static object Variable(string name) => Of("Variable", new { id = name, name });

    /// <summary>An input.</summary>
    public static object Of(string syntax, object value, string type = "String") =>
        new { typeName = type, expression = new { type = syntax, value } };
}
