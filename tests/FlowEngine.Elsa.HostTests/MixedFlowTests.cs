using System.Net;
using Elsa.Workflows;
using FlowEngine.Context;
using static FlowEngine.ElsaActivities.HostTests.Definition;

namespace FlowEngine.ElsaActivities.HostTests;

/// <summary>Our activities beside Elsa's own in one workflow.</summary>
public sealed class MixedFlowTests : IAsyncLifetime
{
    private SampleData _data = null!;
    private ElsaHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _data = await SampleData.StartAsync(target =>
            target switch
            {
                "/profiles/u0" => (200, """{"tier":"gold"}"""),
                "/profiles/u1" => (404, "{}"),
                "/profiles/u2" => (429, "{}"),
                "/profiles/u3" => (503, "{}"),
                _ => (200, "{}"),
            }
        );
        _host = await ElsaHost.StartAsync(options => options.AddConnectors(_data.Connectors));
    }

    /// <summary>The card's chain: our Database, our GenericHttp, Elsa's FlowSwitch on what it wrote, Elsa.Http's answer.</summary>
    [Theory]
    [InlineData("u0@example.com", HttpStatusCode.OK, "gold")]
    [InlineData("u1@example.com", HttpStatusCode.NotFound, "404")]
    [InlineData("u2@example.com", HttpStatusCode.TooManyRequests, "429")]
    [InlineData("u3@example.com", HttpStatusCode.BadGateway, "503")]
    public async Task HttpEndpoint_OurActivitiesAndElsasSwitch_AnswersByStatus(string email, HttpStatusCode expected, string content)
    {
        await _host.ImportAsync(
            Chart(
                    "profile",
                    [
                        Activity(
                            "endpoint",
                            "Elsa.HttpEndpoint",
                            ("path", Literal("profile")),
                            ("supportedMethods", Of("Object", "[\"GET\"]", "String[]")),
                            ("customProperties", new { canStartWorkflow = true }),
                            ("queryStringData", new { typeName = "ObjectDictionary", memoryReference = new { id = "query" } })
                        ),
                        Activity(
                            "person",
                            "FlowEngine.Database",
                            ("connector", Literal("people")),
                            ("contextKey", Literal("person")),
                            ("query", Literal("select id from users where email = {{client.variables.query.email}}"))
                        ),
                        Activity(
                            "profile",
                            "FlowEngine.GenericHttp",
                            ("connector", Literal("profiles")),
                            ("contextKey", Literal("profile")),
                            ("method", Literal("GET")),
                            ("endpoint", Literal("/profiles/{{connectors.person.first.id}}"))
                        ),
                        Activity(
                            "byStatus",
                            "Elsa.FlowSwitch",
                            (
                                "cases",
                                new[] { 200, 404, 429 }.Select(code => new
                                {
                                    label = $"{code}",
                                    condition = new { type = "JavaScript", value = $"variables.connectors.profile.statusCode == {code}" },
                                })
                            )
                        ),
                        Answer("ok", "OK", "variables.connectors.profile.body.tier"),
                        Answer("missing", "NotFound", "'' + variables.connectors.profile.statusCode"),
                        Answer("busy", "TooManyRequests", "'' + variables.connectors.profile.statusCode"),
                        Answer("broken", "BadGateway", "'' + variables.connectors.profile.statusCode"),
                    ],
                    ("endpoint", "Done", "person"),
                    ("person", "Success", "profile"),
                    ("profile", "Success", "byStatus"),
                    ("profile", "Generic HTTP Error", "byStatus"),
                    ("byStatus", "200", "ok"),
                    ("byStatus", "404", "missing"),
                    ("byStatus", "429", "busy"),
                    ("byStatus", "Default", "broken")
                )
                .Replace("\"variables\":[]", "\"variables\":[{\"id\":\"query\",\"name\":\"query\",\"typeName\":\"ObjectDictionary\"}]")
        );
        using var client = new HttpClient();
        var answer = await client.GetAsync(
            new Uri(_host.Url, "profile?email=" + Uri.EscapeDataString(email)),
            TestContext.Current.CancellationToken
        );
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", await _host.IncidentsAsync());
        Assert.Equal((expected, content), (answer.StatusCode, body));

        static object Answer(string id, string status, string content) =>
            Activity(
                id,
                "Elsa.WriteHttpResponse",
                ("statusCode", Literal(status, "System.Net.HttpStatusCode, System.Net.Primitives")),
                ("content", Script(content, "Object"))
            );
    }

    /// <summary>What Elsa's variables hold is a value, wherever a template reads it: a parameter of SQL, never a part of it.</summary>
    [Fact]
    public async Task ElsasVariable_InSql_IsBound()
    {
        await _host.ImportAsync(
            Chart(
                "bound",
                new Dictionary<string, string> { ["injection"] = Injection },
                [
                    Activity(
                        "person",
                        "FlowEngine.Database",
                        ("connector", Literal("people")),
                        ("contextKey", Literal("person")),
                        (
                            "query",
                            Literal(
                                "select email from users where email = {{client.variables.injection}} "
                                    + "union all select {{client.variables.injection}}"
                            )
                        )
                    ),
                    Activity(
                        "done",
                        "FlowEngine.End",
                        ("outputs", Of("Object", """{"email":"{{connectors.person.first.email}}"}""", "Object"))
                    ),
                ],
                ("person", "Success", "done")
            )
        );
        var run = await _host.StartAsync("bound");
        Assert.True(run.SubStatus == WorkflowSubStatus.Finished, string.Join("\n", run.Incidents));
        Assert.Equal(Injection, run.Output.Get("outputs").Get("email").ToText());
    }

    /// <summary>An expression of Elsa in place of a setting gives a value too: a segment of a path.</summary>
    [Theory]
    [InlineData("JavaScript", "'a b' + '&c'")]
    [InlineData("Variable", "segment")]
    public async Task ElsasExpressionAsEndpoint_IsEncoded(string syntax, string value)
    {
        await _host.ImportAsync(
            Chart(
                "encoded",
                new Dictionary<string, string> { ["segment"] = "a b&c" },
                [
                    Activity(
                        "profile",
                        "FlowEngine.GenericHttp",
                        ("connector", Literal("profiles")),
                        ("contextKey", Literal("profile")),
                        ("method", Literal("GET")),
                        ("endpoint", syntax == "Variable" ? Variable(value) : Of(syntax, value))
                    ),
                ]
            )
        );
        var run = await _host.StartAsync("encoded");
        Assert.True(run.SubStatus == WorkflowSubStatus.Finished, string.Join("\n", run.Incidents));
        Assert.Equal("/a%20b%26c", Assert.Single(_data.Api.Requests).Target);
    }

    private const string Injection = "x' or '1'='1";

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _data.DisposeAsync();
    }
}
