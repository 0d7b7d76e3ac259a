using System.Net;
using FlowEngine.Context;
using FlowEngine.TestServers;
using Credential = FlowEngine.TestServers.Credential;

namespace FlowEngine.AspNetCore.Tests.Web.Edge;

/// <summary>What the API answers is what its reference says: no member is missing, of another type, or not described.</summary>
public sealed class ApiAnswerShapeTests(SharedApiServer shared) : IClassFixture<SharedApiServer>
{
    private FlowValue _document;

    [Fact]
    public async Task Answers_AreWhatTheReferenceSays()
    {
        var server = shared.Server;
        var ended = await server.SignInThroughFlowAsync("ada@example.com");
        Assert.Equal("completed", ended.Get("status").ToText());
        var run = (await server.GetAsync("/api/runs?limit=1")).Body.Get("runs").Get(0).Get("id").ToText();
        await server.PersonAsync("ann", "designer");
        var flow = (await server.GetAsync("/api/flows/login")).Body.Get("published").Get("definition");

        _document = (await server.GetAsync("/openapi/v1.json")).Body;
        await CheckAsync("GET", "/api/flows");
        await CheckAsync("GET", "/api/flows/{id}", "/api/flows/login");
        await CheckAsync("GET", "/api/flows/{id}/versions", "/api/flows/login/versions");
        await CheckAsync("GET", "/api/flows/{id}/versions/{version}", "/api/flows/login/versions/1");
        await CheckAsync("POST", "/api/flows/validate", body: """{ "definition": { "id": "x" } }""");
        await CheckAsync("POST", "/api/flows/import", body: """{ "content": "[]", "fileName": "x.json" }""");
        await CheckAsync("POST", "/api/flows/diff", body: $$"""{ "from": { "id": "login" }, "to": {{flow.ToJson()}} }""");
        await CheckAsync("POST", "/api/flows/try", body: $$"""{ "definition": {{flow.ToJson()}} }""");
        await CheckAsync("POST", "/api/flows/drill", body: $$"""{ "definition": {{flow.ToJson()}}, "cases": [ { "name": "a" } ] }""");
        await CheckAsync("GET", "/api/connectors");
        await CheckAsync("GET", "/api/connectors/{id}", "/api/connectors/profile-api");
        await CheckAsync("GET", "/api/egress");
        await CheckAsync("GET", "/api/runs");
        await CheckAsync("GET", "/api/runs/search", "/api/runs/search?text=ada");
        await CheckAsync("GET", "/api/runs/{id}", $"/api/runs/{run}");
        await CheckAsync("GET", "/api/runs/{id}/case", $"/api/runs/{run}/case");
        await CheckAsync("GET", "/api/calls");
        await CheckAsync("GET", "/api/users");
        await CheckAsync("GET", "/api/audit");
        await CheckAsync("GET", "/api/schema");
        await CheckAsync("GET", "/api/session");
        await CheckAsync("POST", "/v1/flow/start", body: """{ "flowId": "login" }""");
        await CheckAsync("GET", "/.well-known/jwks.json");
        await CheckAsync("GET", "/api/flows/{id}", "/api/flows/nothing", status: 404);
        await CheckAsync("POST", "/api/session", body: "{}", status: 400);
    }

    [Theory]
    [InlineData("""{ "id": "a" }""", "FlowVersion", "version is missing")]
    [InlineData("""{ "error": 1, "code": "a", "message": "b" }""", "RunError", "error is not described")]
    [InlineData("""{ "code": 1, "message": "b" }""", "RunError", "code is not")]
    [InlineData("""{ "versions": [ { "note": "a" } ], "next": null }""", "FlowVersionPage", "[0].version is missing")]
    [InlineData("""{ "versions": [], "next": "x" }""", "FlowVersionPage", "next is none of")]
    public async Task Check_OfAnotherShape_Fails(string answer, string type, string problem)
    {
        _document = (await shared.Server.GetAsync("/openapi/v1.json")).Body;
        Assert.Contains(
            Problems(FlowValue.Parse(answer), _document.Get("components").Get("schemas").Get(type), ""),
            found => found.Contains(problem, StringComparison.Ordinal)
        );
    }

    private async Task CheckAsync(string method, string template, string? path = null, string? body = null, int status = 200)
    {
        var reply = (await shared.Server.SendAsync(method, path ?? template, body)).Expect((HttpStatusCode)status);
        reply.Body.TryGetObject(out _);
        var content = _document.Get("paths").Get(template).Get(method.ToLowerInvariant()).Get("responses").Get($"{status}").Get("content");
        var schema = content.Get(status < 400 ? "application/json" : "application/problem+json").Get("schema");
        Assert.True(schema.Kind == FlowValueKind.Object, $"{method} {template} says nothing of {status}: {content.ToJson()}");
        Assert.True(
            !Problems(reply.Body, schema, "").Any(),
            $"{method} {path ?? template}: {string.Join("; ", Problems(reply.Body, schema, "").Take(10))}"
        );
    }

    private IEnumerable<string> Problems(FlowValue value, FlowValue schema, string at)
    {
        if (schema.Get("$ref").TryGetText(out var reference))
            return Problems(value, _document.Get("components").Get("schemas").Get(reference.Split('/')[^1]), at);
        if (schema.Get("oneOf").TryGetArray(out var options))
            return options.Any(option => !Problems(value, option, at).Any()) ? [] : [$"{at} is none of what it can be: {value.ToJson()}"];
        var types =
            schema.Get("type").TryGetArray(out var several) ? [.. several.Select(type => type.ToText())]
            : schema.Get("type").TryGetText(out var only) ? new[] { only }
            : [];
        if (types.Length == 0)
            return [];
        if (schema.Get("enum").TryGetArray(out var texts) && !texts.Contains(value))
            return [$"{at} is not one of {schema.Get("enum").ToJson()}: {value.ToJson()}"];
        var found = types.Select(type => OfType(value, type, schema, at).ToList()).ToList();
        return found.Any(problems => problems.Count == 0) ? []
            : types.Length == 1 ? found[0]
            : [$"{at} is none of {string.Join(", ", types)}: {value.ToJson()}"];
    }

    private IEnumerable<string> OfType(FlowValue value, string type, FlowValue schema, string at) =>
        type switch
        {
            "string" => value.Kind == FlowValueKind.String ? [] : [$"{at} is not a text: {value.ToJson()}"],
            "integer" => value.TryGetInteger(out _) ? [] : [$"{at} is not a whole number: {value.ToJson()}"],
            "number" => value.Kind == FlowValueKind.Number ? [] : [$"{at} is not a number: {value.ToJson()}"],
            "boolean" => value.Kind == FlowValueKind.Boolean ? [] : [$"{at} is not a boolean: {value.ToJson()}"],
            "null" => value.Kind == FlowValueKind.Null ? [] : [$"{at} is not null: {value.ToJson()}"],
            "array" => value.TryGetArray(out var items)
                ? items.SelectMany((item, index) => Problems(item, schema.Get("items"), $"{at}[{index}]"))
                : [$"{at} is not an array: {value.ToJson()}"],
            "object" => value.TryGetObject(out var members) ? OfMembers(members, schema, at) : [$"{at} is not an object: {value.ToJson()}"],
            _ => [$"{at} is of a type that is none: {type}"],
        };

    private IEnumerable<string> OfMembers(FlowObject members, FlowValue schema, string at)
    {
        if (!schema.Get("properties").TryGetObject(out var properties))
            return schema.Get("additionalProperties") is { Kind: FlowValueKind.Object } each
                ? members.SelectMany(member => Problems(member.Value, each, $"{at}.{member.Key}"))
                : [];
        schema.Get("required").TryGetArray(out var required);
        return
        [
            .. (required ?? FlowArray.Empty)
                .Where(name => members.Get(name.ToText()).IsMissing)
                .Select(name => $"{at}.{name.ToText()} is missing"),
            .. members.SelectMany(member =>
                properties.Get(member.Key) is { IsMissing: false } known
                    ? Problems(member.Value, known, $"{at}.{member.Key}")
                    : [$"{at}.{member.Key} is not described"]
            ),
        ];
    }
}
