using System.Net;
using FlowEngine.Context;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Web.Management;

/// <summary>Whatever comes in from somebody who may call, problem details go out, and never a 5xx.</summary>
public sealed class ManagementApiHostileTests(PostgresFixture postgres)
{
    private static readonly (string Method, string Path)[] Calls =
    [
        ("POST", "/api/session"),
        ("POST", "/api/setup"),
        ("POST", "/api/session/password"),
        ("POST", "/api/users"),
        ("PATCH", "/api/users/nobody"),
        ("POST", "/api/flows"),
        ("PUT", "/api/flows/login/draft"),
        ("POST", "/api/flows/login/publish"),
        ("POST", "/api/flows/validate"),
        ("POST", "/api/flows/diff"),
        ("POST", "/api/flows/import"),
        ("POST", "/api/flows/try"),
        ("POST", "/api/flows/drill"),
        ("POST", "/api/flows/login/versions/1/restore"),
        ("POST", "/api/connectors"),
        ("PUT", "/api/connectors/profile-api"),
        ("POST", "/api/connectors/validate"),
        ("POST", "/api/connectors/profile-api/test"),
        ("POST", "/api/runs/1/cancel"),
        ("POST", "/api/screens/preview"),
    ];

    private static readonly string[] Bodies =
    [
        "",
        " ",
        "{",
        "[]",
        "null",
        "1",
        "\"x\"",
        "{}",
        """{ "definition": null }""",
        """{ "definition": [] }""",
        """{ "definition": {} }""",
        """{ "definition": { "id": 1 } }""",
        """{ "definition": { "id": "../x", "type": "http", "configuration": { "baseUrl": {} } } }""",
        """{ "definition": { "id": "a\u0000b" }, "revision": 1 }""",
        """{ "definition": { "id": "login", "activities": [ 1, null, { "id": {} } ], "connections": {}, "screens": "x" },"""
            + """ "revision": "x", "answers": {}, "replies": [] }""",
        """{ "definition": { "id": "profile-api", "type": [], "configuration": [] }, "revision": 1e400 }""",
        """{ "definition": { "id": "login" }, "revision": -1 }""",
        """{ "name": {}, "password": [], "role": 1, "token": null, "current": false }""",
        """{ "name": "a\u0000b", "password": "\u0000aaaaaaaaaaaaaaaa", "role": "admin", "token": "\u0000", "current": "x" }""",
        """{ "name": "x", "password": "x", "role": "\ud800", "token": "x", "current": "x" }""",
        """{ "revision": 99999999999999999999999, "note": {} }""",
        """{ "revision": 1, "note": "\u0000" }""",
        """{ "from": {}, "to": [] }""",
        """{ "from": { "activities": [ { "id": "a" }, { "id": "a" }, 3 ] }, "to": { "activities": {} } }""",
        """{ "content": "\u0000", "fileName": "x.elsa.json" }""",
        """{ "content": "{}", "fileName": 3 }""",
        """{ "content": "{\"root\":{\"activities\":[[]]}}", "fileName": "../../x" }""",
        """{ "screen": { "components": [ {}, 1, { "type": "Image", "src": {} } ] }, "form": [], "theme": "neon" }""",
        """{ "screen": { "title": {} }, "form": { "a": { "b": [] } }, "errorText": 1 }""",
        """{ "method": "TRACE", "endpoint": "//evil", "headers": { "a\r\nb": "c" }, "body": {}, "context": [] }""",
        """{ "definition": { "id": "x", "start": "x", "activities": [ { "id": "x", "type": "End" } ] }, "continue": "x", "client": [] }""",
        """{ "definition": { "id": "x", "start": "x", "activities": [ { "id": "x", "type": "End" } ] }, "continue": "CfDJ8AAAA" }""",
    ];

    private static readonly string[] Addresses =
    [
        "/api",
        "/api/",
        "/api/nothing",
        "/api/flows/..%2f..%2fetc%2fpasswd",
        "/api/flows/%00",
        "/api/flows/a%0ab",
        "/api/flows/login/versions/0",
        "/api/flows/login/versions/-1",
        "/api/flows/login/versions/99999999999",
        "/api/flows/login/versions?before=x",
        "/api/flows/login/versions?before=99999999999999999999",
        "/api/flows/login/versions?before=9999999999",
        "/api/flows/login/diff",
        "/api/flows/login/diff?from=%00&to=1",
        "/api/flows/login/diff?from=1&to=99999999999",
        "/api/flows/login/export?format=exe",
        "/api/flows/login/export?version=draft",
        "/api/flows/login/export?version=x",
        "/api/runs?cursor=%00",
        "/api/runs?cursor=x.y",
        "/api/runs?flow=%00",
        "/api/runs?person=%F0%28%8C%28",
        "/api/runs?from=9999999-01-01",
        "/api/runs?limit=-1",
        "/api/runs?limit=99999999999",
        "/api/runs/%00",
        "/api/runs/0",
        "/api/runs/99999999999999999999",
        "/api/runs/" + "../../x",
        "/api/runs/nothing/case",
        "/api/audit?before=x",
        "/api/audit?subject=%00",
        "/api/audit?before=99999999999999999999999",
        "/api/connectors/%2e%2e",
        "/api/connectors/nothing",
        "/api/users/nothing",
    ];

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Requests_ThatAreNonsense_AreToldSo(StoreEngine engine)
    {
        await using var server = await ApiServer.StartAsync(engine, postgres);
        await server.SignInThroughFlowAsync("ghost@example.com");
        var deep = "{\"definition\":" + string.Concat(Enumerable.Repeat("{\"a\":", 120)) + "1" + new string('}', 121);
        var deeper = "{\"definition\":" + new string('[', 5000) + new string(']', 5000) + "}";
        var count = 0;
        foreach (var (method, path) in Calls)
        {
            foreach (var body in Bodies.Append(deep).Append(deeper))
            {
                var reply = await server.SendAsync(method, path, body);
                Assert.True((int)reply.Status < 500, $"{method} {path} {body[..Math.Min(body.Length, 120)]}: {reply.Status} {reply.Text}");
                if ((int)reply.Status >= 400)
                    Assert.True(
                        reply.Code.Length > 0 && reply.Body.Get("errorMessage").ToText().Length > 0,
                        $"{method} {path}: {reply.Text}"
                    );
                count++;
            }
        }
        foreach (var address in Addresses)
        {
            foreach (var method in new[] { "GET", "DELETE" })
            {
                var reply = await server.SendAsync(method, address, null);
                Assert.True((int)reply.Status < 500, $"{method} {address}: {reply.Status} {reply.Text}");
                count++;
            }
        }
        Assert.True(count > 500);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/api/flows")).Status);
    }
}
