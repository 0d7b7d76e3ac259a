using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using FlowEngine.Context;
using FlowEngine.Tests;
using FlowEngine.TestServers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FlowEngine.AspNetCore.Tests.Web.Contract;

/// <summary>
/// The answers of every endpoint, byte by byte but for ids, times and tokens, are those of answers.approved.txt: members, their order,
/// escapes and numbers, and
/// the refusals of bodies that cannot be used. FLOWENGINE_UPDATE_DOCS=1 writes the file anew; a difference is a change of the contract.
/// </summary>
public sealed partial class RecordedAnswersTests
{
    private static readonly string Approved = Path.Combine(
        Repository.Root,
        "tests",
        "FlowEngine.AspNetCore.Tests",
        "Web",
        "Contract",
        "answers.approved.txt"
    );

    private readonly StringBuilder _record = new();
    private readonly HashSet<(string Method, string Path)> _asked = [];
    private ApiServer _server = null!;

    [Fact]
    public async Task Answers_OfEveryEndpoint_AreThoseApproved()
    {
        using var flows = Flows();
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite, null, flows.Folder, "Egress:AllowPrivateNetworks=true");
        _server = server;
        await PeopleAsync();
        await FlowsAsync();
        await ConnectorsAsync();
        await RuntimeAsync();
        await RunsAsync();
        await CallsAsync();
        await UnusableBodiesAsync();
        await EnvironmentsAsync();

        var unasked = Mapped().Where(route => !_asked.Any(asked => route.Method == asked.Method && route.Path.IsMatch(asked.Path)));
        Assert.Equal("", string.Join("; ", unasked.Select(route => $"{route.Method} {route.Path}")));
        var text = _record.ToString();
        if (Environment.GetEnvironmentVariable("FLOWENGINE_UPDATE_DOCS") == "1")
            await File.WriteAllTextAsync(Approved, text, TestContext.Current.CancellationToken);
        Assert.Equal(await File.ReadAllTextAsync(Approved, TestContext.Current.CancellationToken), text);
    }

    private async Task EnvironmentsAsync()
    {
        const string Folder = """
            "flows": [ { "definition": { "id": "applied", "start": "e", "activities": [ { "id": "e", "type": "End" } ], "connections": [] } },
                { "file": "b.flow.json", "definition": { "id": "broken", "start": "x", "activities": [], "connections": [] } } ],
              "connectors": [ { "file": "c.connector.json", "definition": { "id": "new", "type": "http",
                "configuration": { "baseUrl": "https://a.example", "hmacSecret": "***" } } } ]
            """;
        await TellAsync("GET", "/api/environment");
        await TellAsync("POST", "/api/environment/plan", $$"""{ {{Folder}} }""");
        await TellAsync("POST", "/api/environment/plan", """{ "flows": [ null ], "connectors": [] }""");
        await TellAsync("POST", "/api/environment/plan", """{ "flows": 1 }""");
        await TellAsync("POST", "/api/environment/apply", $$"""{ {{Folder}} }""");
        await TellAsync("POST", "/api/environment/apply", $$"""{ {{Folder}}, "revision": 1 }""");
    }

    private async Task PeopleAsync()
    {
        await TellAsync("GET", "/api/session", credential: Credential.None);
        await TellAsync("POST", "/api/setup", """{ "token": "x", "name": "root", "password": "short" }""", Credential.None);
        await TellAsync("POST", "/api/setup", """{ "token": "wrong", "name": "root", "password": "$P" }""", Credential.None);
        await TellAsync(
            "POST",
            "/api/setup",
            $$"""{ "token": "{{_server.SetupToken}}", "name": "Root", "password": "$P" }""",
            Credential.None
        );
        await TellAsync("POST", "/api/users", """{ "name": "vera \u2028", "password": "$P", "role": "viewer" }""");
        await TellAsync("POST", "/api/users", """{ "name": "vera", "password": "$P", "role": "boss" }""");
        await TellAsync("POST", "/api/users", """{ "name": "vera", "password": "short", "role": "viewer" }""");
        await TellAsync("POST", "/api/users", """{ "name": "vera", "password": "$P", "role": "viewer", "unknown": 1 }""");
        await TellAsync("POST", "/api/users", """{ "name": "Vera", "password": "$P", "role": "admin" }""");
        await TellAsync("GET", "/api/users");
        await TellAsync("PATCH", "/api/users/vera", "{}");
        await TellAsync("PATCH", "/api/users/vera", """{ "role": null, "password": null }""");
        await TellAsync("PATCH", "/api/users/vera", """{ "role": 1 }""");
        await TellAsync("PATCH", "/api/users/vera", """{ "role": "designer", "password": "$P" }""");
        await TellAsync("PATCH", "/api/users/nobody", """{ "role": "designer" }""");
        await TellAsync("PATCH", "/api/users/root", """{ "role": "designer" }""");
        await TellAsync("DELETE", "/api/users/root");
        await TellAsync("DELETE", "/api/users/nobody");
        await TellAsync("POST", "/api/session", """{ "name": "vera", "password": "wrong" }""", Credential.None);
        await TellAsync("POST", "/api/session", """{ "name": "VERA", "password": "$P" }""", Credential.None);
        var vera = await _server.SignInAsync("vera");
        await TellAsync("GET", "/api/session", credential: vera);
        await TellAsync("GET", "/api/audit", credential: vera);
        await TellAsync("POST", "/api/session/password", """{ "current": "$P", "password": "$P" }""");
        await TellAsync("POST", "/api/session/password", """{ "current": "wrong", "password": "$P" }""", vera);
        await TellAsync("POST", "/api/session/password", """{ "current": "$P", "password": "$P" }""", vera);
        vera = await _server.SignInAsync("vera");
        await TellAsync("DELETE", "/api/session", credential: vera with { Csrf = "no" });
        await TellAsync("DELETE", "/api/session", credential: vera);
        await TellAsync("DELETE", "/api/session");
        await TellAsync("DELETE", "/api/users/vera");
        await TellAsync("GET", "/api/audit?limit=3&before=9999");
        await TellAsync("GET", "/api/audit?subject=user:vera&actor=management%20key");
        await TellAsync("GET", "/api/audit?limit=0");
        await TellAsync("GET", "/api/audit?before=-1");
        await TellAsync("GET", "/api/no-such-thing");
        await TellAsync("DELETE", "/api/audit");
    }

    private async Task FlowsAsync()
    {
        await TellAsync("GET", "/api/schema", isLong: true);
        await TellAsync("GET", "/api/flows");
        await TellAsync("GET", "/api/flows/sum");
        await TellAsync("GET", "/api/flows/nothing");
        const string Draft = """
            { "id": "made", "name": "Ma\u00e9 \"\\ \u0001 \ud83d\ude00 \u2028 <b>", "start": "e", "n": [12345678901234567890, 1.0,
              1E+5, -0], "activities": [ { "id": "e", "type": "End" } ], "connections": [] }
            """;
        await TellAsync("POST", "/api/flows", $$"""{ "definition": {{Draft}} }""");
        await TellAsync("POST", "/api/flows", $$"""{ "definition": {{Draft}} }""");
        await TellAsync("POST", "/api/flows", """{ "definition": { "id": "no good" } }""");
        await TellAsync("POST", "/api/flows", """{ "definition": [] }""");
        await TellAsync("GET", "/api/flows/made");
        var revision = (await _server.GetAsync("/api/flows/made")).Body.Get("draft").Get("revision").ToText();
        await TellAsync("PUT", "/api/flows/made/draft", """{ "definition": { "id": "other" }, "revision": 1 }""");
        await TellAsync("PUT", "/api/flows/made/draft", $$"""{ "definition": {{Draft}}, "revision": 1 }""");
        await TellAsync("PUT", "/api/flows/made/draft", $$"""{ "definition": {{Draft}}, "revision": "1" }""");
        await TellAsync("PUT", "/api/flows/made/draft", $$"""{ "definition": {{Draft}}, "revision": {{revision}} }""");
        revision = (await _server.GetAsync("/api/flows/made")).Body.Get("draft").Get("revision").ToText();
        await TellAsync("POST", "/api/flows/made/publish", """{ "revision": 1 }""");
        await TellAsync("POST", "/api/flows/nothing/publish", """{ "revision": 1 }""");
        await TellAsync("POST", "/api/flows/made/publish", $$"""{ "revision": {{revision}}, "note": " First " }""");
        await TellAsync("GET", "/api/flows/made");
        await TellAsync("GET", "/api/flows/made/versions");
        await TellAsync("GET", "/api/flows/made/versions?limit=1&before=1");
        await TellAsync("GET", "/api/flows/made/versions/1");
        await TellAsync("GET", "/api/flows/made/versions/7");
        await TellAsync("GET", "/api/flows/made/accepted");
        await TellAsync("GET", "/api/flows/nothing/accepted");
        await TellAsync("POST", "/api/flows/made/versions/1/restore", "");
        await TellAsync("POST", "/api/flows/made/versions/1/restore", """{ "note": "Again" }""");
        await TellAsync("POST", "/api/flows/made/versions/9/restore", "{}");
        await TellAsync("PUT", "/api/flows/made/draft", """{ "definition": { "id": "made", "start": "x" }, "revision": null }""");
        revision = (await _server.GetAsync("/api/flows/made")).Body.Get("draft").Get("revision").ToText();
        await TellAsync("POST", "/api/flows/made/publish", $$"""{ "revision": {{revision}} }""");
        await TellAsync("GET", "/api/flows/made/diff?from=1&to=draft");
        await TellAsync("GET", "/api/flows/made/diff?from=1");
        await TellAsync("GET", "/api/flows/made/diff?from=1&to=77");
        await TellAsync("POST", "/api/flows/diff", """{ "from": { "id": "a", "name": "x" }, "to": { "id": "a", "name": 1.0 } }""");
        await TellAsync("GET", "/api/flows/made/export");
        await TellAsync("GET", "/api/flows/made/export?format=elsa&version=1");
        await TellAsync("GET", "/api/flows/made/export?format=xml");
        await TellAsync("GET", "/api/flows/made/export?version=x");
        await TellAsync("DELETE", "/api/flows/made/draft?revision=1");
        await TellAsync("DELETE", "/api/flows/made/draft");
        await TellAsync("DELETE", "/api/flows/made/draft");
        await TellAsync("POST", "/api/flows/validate", """{ "definition": { "id": "x" } }""");
        await TellAsync("POST", "/api/flows/import", """{ "content": "[]", "fileName": "x.json" }""");
        await TellAsync("POST", "/api/flows/import", """{ "content": "{\"id\":\"a\",\"x\":1.50}" }""");
        await TellAsync("DELETE", "/api/flows/sum");
        await TellAsync("DELETE", "/api/flows/made");
        await TellAsync("DELETE", "/api/flows/made");
        await TellAsync(
            "POST",
            "/api/screens/preview",
            """
            { "screen": { "id": "s", "title": "Hello {{form.email}}", "components": [ { "type": "Button", "id": "go", "text": "Go" },
              { "type": "Select", "name": "x" } ] }, "form": { "email": "a" }, "theme": "dark" }
            """
        );
        await TellAsync("POST", "/api/screens/preview", """{ "screen": { "id": "s" }, "theme": "pink" }""");
        var hello = (await _server.GetAsync("/api/flows/hello")).Body.Get("published").Get("definition").ToJson();
        await TellAsync("POST", "/api/flows/try", $$"""{ "definition": {{hello}}, "client": { "n": 1.0 } }""");
        await TellAsync(
            "POST",
            "/api/flows/try",
            $$"""
            { "definition": {{hello}}, "answers": [ { "interaction": "submit", "form": { "email": "ada@example.com",
              "password": "hidden" } } ] }
            """
        );
        await TellAsync("POST", "/api/flows/try", $$"""{ "definition": {{hello}}, "answers": [ 1 ] }""");
        await TellAsync("POST", "/api/flows/try", $$"""{ "definition": {{hello}}, "continue": "x" }""");
        await TellAsync("POST", "/api/flows/try", """{ "definition": { "id": "x" } }""");
        await TellAsync(
            "POST",
            "/api/flows/drill",
            $$"""{ "definition": {{hello}}, "cases": [ { "name": "a", "client": { "n": 1.0 } } ] }"""
        );
        await TellAsync("POST", "/api/flows/drill", $$"""{ "definition": {{hello}}, "cases": [ { "name": "a", "answers": [ 1 ] } ] }""");
    }

    private async Task ConnectorsAsync()
    {
        await TellAsync("GET", "/api/egress");
        await TellAsync("GET", "/api/connectors");
        await TellAsync("GET", "/api/connectors/up");
        await TellAsync("GET", "/api/connectors/nothing");
        const string Made = """
            { "id": "made", "type": "http", "name": "Made", "description": "For tests", "configuration": { "baseUrl": "$A",
              "insecure": true, "hmacSecret": "$S" } }
            """;
        await TellAsync("POST", "/api/connectors", $$"""{ "definition": {{Made.Replace("$S", "s3cret", StringComparison.Ordinal)}} }""");
        await TellAsync("POST", "/api/connectors", $$"""{ "definition": {{Made.Replace("$S", "s3cret", StringComparison.Ordinal)}} }""");
        await TellAsync("POST", "/api/connectors", """{ "definition": { "id": "x", "type": "http", "configuration": {} } }""");
        await TellAsync("GET", "/api/connectors/made");
        var revision = (await _server.GetAsync("/api/connectors/made")).Body.Get("revision").ToText();
        var masked = Made.Replace("$S", "***", StringComparison.Ordinal);
        await TellAsync("PUT", "/api/connectors/made", $$"""{ "definition": {{masked}}, "revision": 1 }""");
        await TellAsync("PUT", "/api/connectors/up", $$"""{ "definition": {{masked}}, "revision": 1 }""");
        await TellAsync("PUT", "/api/connectors/made", $$"""{ "definition": {{masked}}, "revision": {{revision}} }""");
        await TellAsync("POST", "/api/connectors/validate", $$"""{ "definition": {{masked}} }""");
        await TellAsync("POST", "/api/connectors/validate", """{ "definition": { "id": "x" } }""");
        await TellAsync("POST", "/api/connectors/made/test", """{ "method": "GET", "endpoint": "/healthz" }""", isTest: true);
        await TellAsync("POST", "/api/connectors/nothing/test", "{}");
        await TellAsync("DELETE", "/api/connectors/up");
        await TellAsync("DELETE", "/api/connectors/made");
        await TellAsync("DELETE", "/api/connectors/made");
    }

    private async Task RuntimeAsync()
    {
        await TellAsync("POST", "/v1/flow/start", """{ "flowId": "nothing" }""", Credential.None);
        await TellAsync("POST", "/v1/flow/start", """{ "flowId": "keyed" }""", Credential.None);
        await TellAsync("POST", "/v1/flow/start", """{ "flowId": "hello", "version": "1" }""", Credential.None);
        await TellAsync("POST", "/v1/flow/start", """{ "flowId": 1 }""", Credential.None);
        await TellAsync("POST", "/v1/flow/start", """{ "flowId": "hello", "options": [] }""", Credential.None);
        await TellAsync("POST", "/v1/flow/start", """{ "flowId": "sum", "options": { "client": { "n": "x" } } }""", Credential.None);
        var start = await TellAsync(
            "POST",
            "/v1/flow/start",
            """{ "flowId": "hello", "options": { "client": {}, "redirectUrl": "http://x", "locale": "de" }, "input": {}, "more": 1 }""",
            Credential.None
        );
        string Next(string interaction, string input) =>
            $$"""
                { "executionId": "{{start.Get("executionId").ToText()}}", "stepId": "{{start.Get("stepId").ToText()}}",
                  "interactionId": "{{interaction}}", "input": {{input}}, "version": 1 }
                """;
        await TellAsync("POST", "/v1/flow/next", Next("nothing", "{}"), Credential.None);
        await TellAsync("POST", "/v1/flow/next", Next("submit", "{}"), Credential.None);
        await TellAsync("POST", "/v1/flow/next", Next("submit", "1"), Credential.None);
        var done = await TellAsync(
            "POST",
            "/v1/flow/next",
            Next("submit", """{ "email": "ada@example.com", "password": "p\u00e4ss \u2028 <" }"""),
            Credential.None
        );
        await TellAsync("POST", "/v1/flow/next", """{ "executionId": "x", "interactionId": "submit" }""", Credential.None);
        await TellAsync("POST", "/v1/flow/start", """{ "flowId": "nope" }""", Credential.None);
        await TellAsync("POST", "/v1/flow/start", """{ "flowId": "fails" }""", Credential.None);
        await TellAsync("POST", "/v1/mgmt/flow/run", """{ "flowId": "sum", "options": { "input": { "n": 12345678901234567890 } } }""");
        await TellAsync("POST", "/v1/mgmt/flow/run", """{ "flowId": "nope" }""");
        await TellAsync("POST", "/v1/mgmt/flow/run", """{ "flowId": "hello" }""");
        await TellAsync("POST", "/v1/mgmt/flow/run", """{ "flowId": "fails" }""");
        await TellAsync("POST", "/v1/mgmt/flow/run", """{ "flowId": "nothing" }""");
        await TellAsync("POST", "/v1/mgmt/flow/run", """{ "flowId": "sum" }""", Credential.None);
        var refresh = done.Get("authInfo").Get("refreshJwt").ToText();
        Assert.NotEmpty(refresh);
        var again = await TellAsync("POST", "/v1/auth/refresh", "", new Credential(Bearer: refresh));
        refresh = again.Get("refreshJwt").ToText();
        await TellAsync("POST", "/v1/auth/refresh", "{}", Credential.None);
        await TellAsync("POST", "/v1/auth/refresh", """{ "refreshJwt": "x" }""", Credential.None);
        await TellAsync("POST", "/v1/auth/logout", $$"""{ "refreshJwt": "{{refresh}}" }""", Credential.None);
        await TellAsync("POST", "/v1/auth/logoutall", "{}", new Credential(Bearer: refresh));
        await TellAsync("POST", "/v1/auth/code/exchange", """{ "code": "x", "redirectUri": "http://x" }""", Credential.None);
        await TellAsync("POST", "/v1/auth/code/exchange", """{ "code": "x" }""", Credential.None);
        await TellAsync("GET", "/.well-known/jwks.json", credential: Credential.None);
        await TellAsync("GET", "/v2/keys/default", credential: Credential.None);
        await TellAsync("GET", "/v2/keys/other", credential: Credential.None);
        await TellAsync("GET", "/healthz", credential: Credential.None);
        await TellAsync("GET", "/readyz", credential: Credential.None);
    }

    private async Task RunsAsync()
    {
        var vera = await _server.PersonAsync("vivi", "viewer");
        await TellAsync("POST", "/v1/flow/start", """{ "flowId": "hello" }""", Credential.None);
        await TellAsync("GET", "/api/runs?limit=2");
        await TellAsync("GET", "/api/runs?flow=hello&status=waiting", credential: vera);
        // Numbers are told as they are: only what cannot be used is the same each time.
        await TellAsync("GET", "/api/overview?since=year");
        await TellAsync("GET", "/api/flows/hello/counts?since=year");
        await TellAsync("GET", "/api/flows/nobody/counts");
        await TellAsync("GET", "/api/runs?status=lost");
        await TellAsync("GET", "/api/runs?errors=perhaps");
        await TellAsync("GET", "/api/runs?from=yesterday");
        await TellAsync("GET", "/api/runs?cursor=x");
        await TellAsync("GET", "/api/runs?limit=1000000");
        var number = (await _server.GetAsync("/api/runs?limit=1")).Body.Get("runs").Get(0).Get("number").ToText();
        var ended = (await _server.GetAsync("/api/runs?flow=hello&status=completed&limit=1"))
            .Body.Get("runs")
            .Get(0)
            .Get("number")
            .ToText();
        await TellAsync("GET", $"/api/runs/{ended}");
        await TellAsync("GET", $"/api/runs/{number}", credential: vera);
        await TellAsync("GET", "/api/runs/x");
        await TellAsync("GET", "/api/runs/search?text=ada");
        await TellAsync("GET", $"/api/runs/search?text={number}");
        await TellAsync("GET", "/api/runs/search");
        await TellAsync("GET", $"/api/runs/{ended}/case");
        await TellAsync("POST", $"/api/runs/{number}/cancel", "{}");
        await TellAsync("POST", $"/api/runs/{number}/cancel", "{}");
        await TellAsync("POST", "/api/runs/x/cancel", "{}");
    }

    private async Task CallsAsync()
    {
        (await _server.PostAsync("/v1/mgmt/flow/run", """{ "flowId": "notify" }""")).Expect(HttpStatusCode.OK);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        // Its first delivery is refused.
        while ((await _server.GetAsync("/api/calls")).Body.Get("calls").Get(0).Get("error").IsNothing)
            await Task.Delay(50, limit.Token);
        await TellAsync("GET", "/api/calls?status=queued&limit=1");
        await TellAsync("GET", "/api/calls?status=lost");
        await TellAsync("GET", "/api/calls?cursor=x");
        var id = (await _server.GetAsync("/api/calls")).Body.Get("calls").Get(0).Get("id").ToText();
        await TellAsync("POST", $"/api/calls/{id}/retry", "{}");
        await TellAsync("DELETE", $"/api/calls/{id}");
        await TellAsync("DELETE", $"/api/calls/{id}");
        await TellAsync("POST", $"/api/calls/{id}/retry", "{}");
    }

    /// <summary>What no endpoint that takes a body can use.</summary>
    private async Task UnusableBodiesAsync()
    {
        foreach (
            var (method, path) in new[]
            {
                ("POST", "/v1/flow/start"),
                ("POST", "/v1/flow/next"),
                ("POST", "/v1/mgmt/flow/run"),
                ("POST", "/v1/auth/refresh"),
                ("POST", "/v1/auth/logout"),
                ("POST", "/v1/auth/code/exchange"),
                ("POST", "/api/session"),
                ("POST", "/api/setup"),
                ("POST", "/api/session/password"),
                ("POST", "/api/users"),
                ("PATCH", "/api/users/root"),
                ("POST", "/api/flows"),
                ("PUT", "/api/flows/sum/draft"),
                ("POST", "/api/flows/validate"),
                ("POST", "/api/flows/sum/publish"),
                ("POST", "/api/flows/sum/versions/1/restore"),
                ("POST", "/api/flows/diff"),
                ("POST", "/api/flows/import"),
                ("POST", "/api/flows/try"),
                ("POST", "/api/flows/drill"),
                ("POST", "/api/screens/preview"),
                ("POST", "/api/connectors"),
                ("PUT", "/api/connectors/up"),
                ("POST", "/api/connectors/validate"),
                ("POST", "/api/connectors/up/test"),
            }
        )
        {
            foreach (var body in new[] { "{", "[]", "null", """{ "a": 1, "a": 2 }""", "\"\\ud800\"" })
                await TellAsync(method, path, body);
            await TellAsync(method, path, "{}", contentType: "text/plain");
            await TellAsync(method, path, null);
        }
    }

    private async Task<FlowValue> TellAsync(
        string method,
        string path,
        string? body = null,
        Credential? credential = null,
        string contentType = "application/json",
        bool isLong = false,
        bool isTest = false
    )
    {
        _asked.Add((method, path.Split('?')[0]));
        credential ??= _server.Key;
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        var sent = body
            ?.Replace("$P", ApiServer.Password, StringComparison.Ordinal)
            .Replace("$A", _server.Address, StringComparison.Ordinal);
        if (sent is not null)
            request.Content = new StringContent(sent, Encoding.UTF8, contentType);
        if (credential.Bearer is not null)
            request.Headers.Add("Authorization", "Bearer " + credential.Bearer);
        if (credential.Cookie is not null)
            request.Headers.Add("Cookie", credential.Cookie);
        if (credential.Csrf is not null)
            request.Headers.Add("X-CSRF-Token", credential.Csrf);
        using var answer = await _server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var bytes = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var text = Encoding.UTF8.GetString(bytes);
        var isJson = answer.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true;

        _record.Append(Normal($"{method} {path} {Spaces().Replace(body ?? "", " ")}".TrimEnd())).Append('\n');
        _record.Append($"{(int)answer.StatusCode} {answer.Content.Headers.ContentType}");
        Assert.Equal(bytes.Length, answer.Content.Headers.ContentLength);
        foreach (var name in new[] { "Cache-Control", "Retry-After", "Access-Control-Allow-Origin" })
        {
            if (answer.Headers.TryGetValues(name, out var values))
                _record.Append($" {name}: {string.Join(", ", values)}");
        }
        if (answer.Content.Headers.ContentDisposition is { } disposition)
            _record.Append($" {disposition}");
        if (answer.Headers.Contains("Set-Cookie"))
            _record.Append(" Set-Cookie");
        _record.Append('\n');
        if (isLong && FlowValue.Parse(text).TryGetObject(out var members))
            text = string.Join(' ', members.Select(member => member.Key));
        if (isTest)
            text = Headers().Replace(text, "\"headers\":{}");
        _record.Append(Normal(text)).Append("\n\n");
        return isJson ? FlowValue.Parse(Encoding.UTF8.GetString(bytes)) : FlowValue.Missing;
    }

    private string Normal(string text)
    {
        text = text.Replace(_server.Address, "<address>", StringComparison.Ordinal)
            .Replace(
                new Uri(_server.Address).Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
                "<port>",
                StringComparison.Ordinal
            );
        if (_server.SetupToken is { } token)
            text = text.Replace(token, "<token>", StringComparison.Ordinal);
        // What a page looks like is told by the tests of screens.
        text = Html().Replace(text, "\"html\":\"<html>\"");
        text = Uuid().Replace(text, "<id>");
        text = Jwt().Replace(text, "<jwt>");
        text = Sealed().Replace(text, "\"$1\":\"<sealed>\"");
        text = Time().Replace(text, "<time>");
        text = Measured().Replace(text, "\"$1\":<n>");
        text = Reference().Replace(text, "<reference>");
        text = Milliseconds().Replace(text, "<ms>");
        text = Trace().Replace(text, "<trace>");
        return Id().Replace(text, "<id>");
    }

    private static Workspace Flows()
    {
        var flows = new Workspace();
        flows.Write(
            "connectors/up.connector.json",
            """
            { "id": "up", "type": "http", "name": "Up", "configuration": { "baseUrl": "http://127.0.0.1:1",
              "authentication": { "method": "bearerToken", "bearerToken": "s3cret" } } }
            """
        );
        flows.Write(
            "hello.flow.json",
            """
            { "id": "hello", "name": "Hello", "access": "public", "start": "ask",
              "activities": [ { "id": "ask", "type": "Screen", "screen": "ask" },
                { "id": "user", "type": "SetUser", "user": { "userId": "ada", "email": "{{form.email}}", "n": 1.50 } },
                { "id": "claims", "type": "CustomClaims", "claims": { "tier": "gold \u2028 \u00e9 \"" } },
                { "id": "done", "type": "End", "outputs": { "email": "{{form.email}}", "exact": [12345678901234567890, 1.0],
                  "nothing": null } } ],
              "connections": [ { "source": "ask", "port": "submit", "target": "user" }, { "source": "user", "port": "Done",
                "target": "claims" }, { "source": "claims", "port": "Done", "target": "done" } ],
              "screens": [ { "id": "ask", "title": "Who are <you>?", "components": [ { "type": "EmailInput", "name": "email",
                "label": "Email", "required": true },
                { "type": "PasswordInput", "name": "password", "label": "Password" }, { "type": "ErrorMessage" }, { "type": "Button",
                  "id": "submit", "text": "Continue" } ] } ],
              "locales": { "de": { "Continue": "Weiter" } } }
            """
        );
        flows.Write(
            "sum.flow.json",
            """
            { "id": "sum", "access": "public", "inputs": { "n": { "type": "number" } }, "start": "done",
              "activities": [ { "id": "done", "type": "End", "outputs": { "n": "{{client.n}}",
                "text": "\u00e9 \u2028 \ud83d\ude00 <>&'\" \\ /\t" } } ], "connections": [] }
            """
        );
        flows.Write(
            "keyed.flow.json",
            """
            { "id": "keyed", "access": "key", "start": "call", "activities": [ { "id": "call", "type": "Subflow", "flow": "sum" },
              { "id": "e", "type": "End" } ], "connections": [ { "source": "call", "port": "Done", "target": "e" } ] }
            """
        );
        flows.Write(
            "nope.flow.json",
            """
            { "id": "nope", "access": "public", "start": "no", "activities": [ { "id": "no", "type": "End", "kind": "refused",
              "message": "Not you.", "outputs": { "why": "age" } } ], "connections": [] }
            """
        );
        flows.Write(
            "fails.flow.json",
            """
            { "id": "fails", "access": "public", "start": "go", "activities": [ { "id": "go", "type": "GenericHttp",
              "connector": "up", "endpoint": "/x" }, { "id": "e", "type": "End" } ],
              "connections": [ { "source": "go", "port": "Success", "target": "e" } ] }
            """
        );
        flows.Write(
            "notify.flow.json",
            """
            { "id": "notify", "start": "tell", "activities": [ { "id": "tell", "type": "GenericHttp", "connector": "up",
              "method": "POST", "endpoint": "/events", "async": "durable", "body": { "v": 1 } },
                { "id": "done", "type": "End" } ], "connections": [ { "source": "tell", "port": "Success", "target": "done" } ] }
            """
        );
        return flows;
    }

    /// <summary>The endpoints that are described.</summary>
    private IEnumerable<(string Method, Regex Path)> Mapped() =>
        from endpoint in _server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/')
        where path.StartsWith("/api", StringComparison.Ordinal) || path.StartsWith("/v1", StringComparison.Ordinal)
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
        select (method, new Regex("^" + Parameter().Replace(path.TrimEnd('/'), "[^/]+") + "$"));

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("\"headers\":\\{[^}]*\\}")]
    private static partial Regex Headers();

    [GeneratedRegex("\n +")]
    private static partial Regex Spaces();

    [GeneratedRegex("\"html\":\"(?:[^\"\\\\]|\\\\.)+\"")]
    private static partial Regex Html();

    [GeneratedRegex(@"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")]
    private static partial Regex Uuid();

    [GeneratedRegex(@"eyJ[\w-]+\.[\w-]+\.[\w-]+")]
    private static partial Regex Jwt();

    [GeneratedRegex("\"(continue|csrfToken|refreshJwt|x|y|kid)\":\"[\\w.+/=-]{20,}\"")]
    private static partial Regex Sealed();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[\d:.]+Z")]
    private static partial Regex Time();

    [GeneratedRegex("\"(sessionExpiration|[a-zA-Z]+Ms|deliveries|version(?=\":\"))\":\"?[\\d.]+(-[\\w.]+)?\"?")]
    private static partial Regex Measured();

    [GeneratedRegex(@"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\b1[0-9]{12}\b")]
    private static partial Regex Milliseconds();

    [GeneratedRegex(@"\b00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]\b")]
    private static partial Regex Trace();

    [GeneratedRegex(@"(?<=[""/ ])[A-Za-z0-9_-]{22,}(?=[""/ ?.]|$)")]
    private static partial Regex Id();
}
