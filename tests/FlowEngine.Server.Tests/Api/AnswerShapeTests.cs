using System.Net;
using FlowEngine.AspNetCore.Web.Management.Reference;
using FlowEngine.Context;

namespace FlowEngine.Server.Tests.Api;

/// <summary>What the API answers is what its reference says: no member is missing, of another type, or not described.</summary>
public sealed class AnswerShapeTests(SharedApiServer shared) : IClassFixture<SharedApiServer>
{
    [Fact]
    public async Task Answers_AreWhatTheReferenceSays()
    {
        var server = shared.Server;
        var ended = await server.SignInThroughFlowAsync("ada@example.com");
        Assert.Equal("completed", ended.Get("status").ToText());
        var run = (await server.GetAsync("/api/runs?limit=1")).Body.Get("runs").Get(0).Get("id").ToText();
        await server.PersonAsync("ann", "designer");
        var flow = (await server.GetAsync("/api/flows/login")).Body.Get("published").Get("definition");

        await CheckAsync("{ flows: FlowHead[] }", server.GetAsync("/api/flows"));
        await CheckAsync("Flow", server.GetAsync("/api/flows/login"));
        await CheckAsync("{ versions: FlowVersion[], next: integer | null }", server.GetAsync("/api/flows/login/versions"));
        await CheckAsync("FlowVersion", server.GetAsync("/api/flows/login/versions/1"));
        await CheckAsync("{ diagnostics: Diagnostic[] }", server.PostAsync("/api/flows/validate", """{ "definition": { "id": "x" } }"""));
        await CheckAsync(
            "{ definition: object | null, diagnostics: Diagnostic[] }",
            server.PostAsync("/api/flows/import", """{ "content": "[]", "fileName": "x.json" }""")
        );
        await CheckAsync("TryAnswer", server.PostAsync("/api/flows/try", Api.Object(("definition", flow))));
        await CheckAsync("{ connectors: ConnectorHead[] }", server.GetAsync("/api/connectors"));
        await CheckAsync("Connector", server.GetAsync("/api/connectors/profile-api"));
        await CheckAsync("{ runs: Run[], next: string | null }", server.GetAsync("/api/runs"));
        await CheckAsync("RunDetail", server.GetAsync($"/api/runs/{run}"));
        await CheckAsync("{ users: Person[] }", server.GetAsync("/api/users"));
        await CheckAsync("{ entries: AuditEntry[], next: integer | null }", server.GetAsync("/api/audit"));
        await CheckAsync("DesignerSchema", server.GetAsync("/api/schema"));
        await CheckAsync("Session", server.GetAsync("/api/session"));
        await CheckAsync("FlowAnswer", server.PostAsync("/v1/flow/start", """{ "flowId": "login" }""", Credential.None));
    }

    [Theory]
    [InlineData("""{ "id": "a" }""", "FlowVersion", "version is missing")]
    [InlineData("""{ "error": 1, "code": "a", "message": "b" }""", "RunError", "error is not described")]
    [InlineData("""{ "code": 1, "message": "b" }""", "RunError", "code is not")]
    [InlineData("""[ { "code": "a" } ]""", "RunError[]", "[0].message is missing")]
    public void Check_OfAnotherShape_Fails(string answer, string type, string problem) =>
        Assert.Contains(
            Problems(FlowValue.Parse(answer), TypeText.Schema(type), ""),
            found => found.Contains(problem, StringComparison.Ordinal)
        );

    private static async Task CheckAsync(string type, Task<ApiReply> call)
    {
        var reply = (await call).Expect(HttpStatusCode.OK);
        Assert.True(
            !Problems(reply.Body, TypeText.Schema(type), "").Any(),
            $"{reply.Message.RequestMessage!.RequestUri}: {string.Join("; ", Problems(reply.Body, TypeText.Schema(type), "").Take(10))}"
        );
    }

    private static IEnumerable<string> Problems(FlowValue value, FlowValue schema, string at)
    {
        if (schema.Get("$ref").TryGetText(out var reference))
            return Problems(value, TypeText.Schema(ApiTypes.All.Single(type => type.Name == reference.Split('/')[^1]).Type), at);
        if (schema.Get("anyOf").TryGetArray(out var options))
            return options.Any(option => !Problems(value, option, at).Any()) ? [] : [$"{at} is none of what it can be: {value.ToJson()}"];
        if (schema.Get("enum").TryGetArray(out var texts))
            return texts.Contains(value) ? [] : [$"{at} is not one of {schema.Get("enum").ToJson()}: {value.ToJson()}"];
        return schema.Get("type").ToText() switch
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
            _ => [],
        };
    }

    private static IEnumerable<string> OfMembers(FlowObject members, FlowValue schema, string at)
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

    private static class Api
    {
        public static FlowValue Object(params (string, FlowValue)[] members) => FlowEngine.AspNetCore.Web.Edge.ApiJson.Object(members);
    }
}
