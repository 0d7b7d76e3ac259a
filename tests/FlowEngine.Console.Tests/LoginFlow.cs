using System.Text.Json;
using System.Text.Json.Nodes;
using FlowEngine.Browser.Tests.Console.Serving;
using FlowEngine.Tests;

namespace FlowEngine.Browser.Tests.Console;

/// <summary>Stateless: what the login flow of <c>flows/login.flow.json</c> is, whoever drew it.</summary>
internal static class LoginFlow
{
    public const string Name = "Sign in with profile lookup";

    public const string Query = "select id, tier from users where email = {{form.email}}";

    /// <summary>Compares a flow with the file: the same plan, though ids stand in another order and defaults are not written. What the file
    /// says to people in words (messages), and what its runs are found by (reference), is not drawn.</summary>
    public static async Task ExpectSameAsync(ConsoleServer server, JsonElement drawn)
    {
        var file = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "flows/login.flow.json")))!;
        foreach (var activity in file["activities"]!.AsArray())
            WithoutDefaults(activity!.AsObject());
        foreach (var part in file["activities"]!.AsArray().Concat(file["connections"]!.AsArray()))
            part!.AsObject().Remove("message");
        file.AsObject().Remove("reference");
        var changes = await server.CallAsync(HttpMethod.Post, "/api/flows/diff", new { from = file, to = drawn });
        Assert.Equal("[]", changes.GetProperty("changes").GetRawText());
        // The diff's word alone is not enough: it is a part of what is tested.
        Assert.Equal(Canonical(file), Canonical(JsonNode.Parse(drawn.GetRawText())!));
    }

    private static string Canonical(JsonNode flow)
    {
        var root = flow.AsObject();
        foreach (var name in new[] { "$schema", "designer" })
            root.Remove(name);
        foreach (var activity in root["activities"]!.AsArray())
            WithoutDefaults(activity!.AsObject());
        Sort(root, "activities", "id");
        Sort(root, "screens", "id");
        Sort(root, "connections", "source", "port");
        return Ordered(root)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    private static void WithoutDefaults(JsonObject activity)
    {
        if (activity["method"]?.GetValue<string>() == "GET")
            activity.Remove("method");
        if (activity["errorHandling"] is not JsonObject handling)
            return;
        foreach (
            var name in handling
                .Where(mode => mode.Value is JsonValue value && value.TryGetValue<string>(out var text) && text == "automatic")
                .Select(mode => mode.Key)
                .ToArray()
        )
            handling.Remove(name);
    }

    private static void Sort(JsonObject root, string list, params string[] keys)
    {
        var sorted = root[list]!
            .AsArray()
            .OrderBy(item => string.Join('\n', keys.Select(key => item![key]!.GetValue<string>())), StringComparer.Ordinal)
            .Select(item => item!.DeepClone())
            .ToArray();
        root[list] = new JsonArray(sorted);
    }

    private static JsonNode? Ordered(JsonNode? node) =>
        node switch
        {
            JsonObject members => new JsonObject(
                members
                    .OrderBy(member => member.Key, StringComparer.Ordinal)
                    .Select(member => KeyValuePair.Create(member.Key, Ordered(member.Value)))
            ),
            JsonArray items => new JsonArray([.. items.Select(Ordered)]),
            _ => node?.DeepClone(),
        };
}
