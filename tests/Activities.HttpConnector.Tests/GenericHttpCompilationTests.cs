using FlowEngine.Compilation;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;

namespace FlowEngine.HttpConnector.Tests;

/// <summary>What is refused before a flow can run, and where the report points.</summary>
public sealed class GenericHttpCompilationTests
{
    [Theory]
    [InlineData("ftp://api.example.com", "http.url_invalid")]
    [InlineData("api.example.com", "http.url_invalid")]
    [InlineData("https://user:pw@api.example.com", "http.url_invalid")]
    [InlineData("https://api.example.com/?q=1", "http.url_invalid")]
    [InlineData("https://api.example.com/#x", "http.url_invalid")]
    [InlineData("https://api.example.com/../x", "http.url_invalid")]
    [InlineData("https://api.example.com:99999", "http.url_invalid")]
    [InlineData("https://{{client.host}}/", "template.forbidden")]
    [InlineData("https://api.example.com/{{client.tenant}}", "template.forbidden")]
    [InlineData("{{client.url}}", "template.forbidden")]
    [InlineData("", "flow.required")]
    public void BaseUrl_ThatIsNotFixedAndWhole_IsRefused(string baseUrl, string code)
    {
        var problem = TestFlow.Compile(baseUrl).Result.Diagnostics.First(problem => problem.Severity == Severity.Error);

        Assert.Equal((code, "/configuration/baseUrl", "api.connector.json"), (problem.Code, problem.Pointer, problem.File));
        Assert.DoesNotContain("pw@", problem.Message + problem.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "authentication": { "method": "bearerToken" } }""", "flow.required", "/configuration/authentication/bearerToken")]
    [InlineData(
        """{ "authentication": { "method": "apiKey" } }""",
        "flow.required",
        "/configuration/authentication/apiKey/key",
        "/configuration/authentication/apiKey/token"
    )]
    [InlineData(
        """{ "authentication": { "method": "basic" } }""",
        "flow.required",
        "/configuration/authentication/basic/username",
        "/configuration/authentication/basic/password"
    )]
    [InlineData(
        """{ "authentication": { "method": "oauth2ClientCredentials" } }""",
        "flow.required",
        "/configuration/authentication/oauth2ClientCredentials/clientId",
        "/configuration/authentication/oauth2ClientCredentials/clientSecret",
        "/configuration/authentication/oauth2ClientCredentials/authUrl"
    )]
    [InlineData("""{ "authentication": { "method": "digest" } }""", "flow.value", "/configuration/authentication/method")]
    [InlineData(
        """{ "authentication": { "method": "apiKey", "apiKey": { "key": "bad name", "token": "t" } } }""",
        "http.header_invalid",
        "/configuration/authentication/apiKey/key"
    )]
    [InlineData(
        """{ "authentication": { "method": "oauth2ClientCredentials", "oauth2ClientCredentials": { "clientId": "c","""
            + """ "clientSecret": "s", "authUrl": "nope" } } }""",
        "http.url_invalid",
        "/configuration/authentication/oauth2ClientCredentials/authUrl"
    )]
    [InlineData(
        """{ "authentication": { "method": "oauth2ClientCredentials", "oauth2ClientCredentials": { "clientId": "c","""
            + """ "clientSecret": "s", "authUrl": "https://a.example/t", "tokenRequestHeaders": [ { "key": "a b", "value": "v" } ] } } }""",
        "http.header_invalid",
        "/configuration/authentication/oauth2ClientCredentials/tokenRequestHeaders/0/key"
    )]
    [InlineData("""{ "headers": [ { "key": "a:b", "value": "v" } ] }""", "http.header_invalid", "/configuration/headers/0")]
    [InlineData("""{ "headers": [ { "key": "content-length", "value": "1" } ] }""", "http.header_invalid", "/configuration/headers/0")]
    [InlineData("""{ "headers": [ { "key": "x", "value": "a\nb" } ] }""", "http.header_invalid", "/configuration/headers/0")]
    [InlineData(
        """{ "headers": [ { "key": "x", "value": "{{nowhere.x}}" } ] }""",
        "template.unknown_root",
        "/configuration/headers/0/value"
    )]
    [InlineData(
        """{ "headers": [ { "key": "X-Descope-Signature-Template", "value": "METHOD,PATH" } ] }""",
        "http.signature_template",
        "/configuration/headers/0/value"
    )]
    [InlineData(
        """{ "headers": [ { "key": "x-descope-signature-template", "value": "" } ] }""",
        "http.signature_template",
        "/configuration/headers/0/value"
    )]
    [InlineData(
        """{ "headers": [ { "key": "x-descope-signature-template", "value": "{{client.t}}" } ] }""",
        "template.forbidden",
        "/configuration/headers/0/value"
    )]
    [InlineData("""{ "useStaticIps": true }""", "connector.static_ips", "/configuration/useStaticIps")]
    [InlineData("""{ "circuitBreaker": { "failureRatio": 2 } }""", "flow.range", "/configuration/circuitBreaker/failureRatio")]
    public void Connector_ThatCannotWork_IsRefused(string configuration, string code, params string[] pointers)
    {
        var result = TestFlow.Compile("https://api.example.com", "{}", configuration).Result;

        Assert.Null(result.Plan);
        // Each at its own place, so that a form can mark each of its fields.
        Assert.All(
            pointers,
            pointer =>
                Assert.Contains(
                    result.Diagnostics,
                    problem => (problem.Code, problem.Pointer, problem.Severity) == (code, pointer, Severity.Error)
                )
        );
        Assert.Contains(result.Diagnostics, problem => problem.Code == "flow.unknown_connector");
    }

    /// <summary>What a call writes is known: which members, on which way out.</summary>
    [Theory]
    [InlineData("Success", "statusCode,body,body.a[0],headers.x-region", "")]
    [InlineData("Success", "attempts,durationMs,retryAfter,retryAt,rateLimit.resetAt,problem.type", "")]
    [InlineData("Success", "rateLimit.reset", "Did you mean 'resetAt'?")]
    [InlineData(
        "Success",
        "error",
        "Use one of: statusCode, body, attempts, durationMs, retryAfter, retryAt, rateLimit, problem, headers."
    )]
    [InlineData("Success", "statuscode", "Did you mean 'statusCode'?")]
    [InlineData("Generic HTTP Error", "statusCode,body,headers,error.code", "")]
    [InlineData("Generic HTTP Error", "error.status", "Use one of: event, code, message.")]
    [InlineData("Connector Execution", "error.message", "")]
    [InlineData("Connector Execution", "statusCode", "Use one of: error, attempts, durationMs.")]
    public void AnEnd_ThatReadsOfTheCall_IsCheckedByTheWayItIsReached(string outcome, string members, string advice)
    {
        var problems = CompileReading(outcome, members, """{ "includeHeadersInContext": true }""").Diagnostics;
        Assert.Equal(advice.Length == 0 ? [] : [("path.unknown", advice)], problems.Select(problem => (problem.Code, problem.Advice)));
    }

    [Fact]
    public void AnEnd_ThatReadsHeadersThatAreNotTaken_IsToldHowToGetThem() =>
        Assert.Equal(
            "Set \"includeHeadersInContext\": true on the connector 'api'.",
            Assert.Single(CompileReading("Success", "headers.x-region", "{}").Diagnostics).Advice
        );

    [Fact]
    public void AnEnd_ThatReadsOfACallThatNobodyWaitsFor_IsRefused() =>
        Assert.Equal("path.unknown", Assert.Single(CompileReading("Success", "statusCode", "{}", ", \"async\": true").Diagnostics).Code);

    private static CompilationResult CompileReading(string outcome, string members, string connector, string more = "")
    {
        string[] outcomes = ["Success", "Generic HTTP Error", "Connector Execution"];
        var outputs = string.Join(
            ", ",
            members
                .Split(',')
                .Select(
                    (member, i) =>
                        $$"""
                            "o{{i}}": "{{"{{connectors.call." + member + "}}"}}"
                            """
                )
        );
        var flow = $$"""
            { "id": "f", "start": "call", "activities": [
                { "id": "call", "type": "GenericHttp", "connector": "api",
                  "errorHandling": { "Generic HTTP Error": "custom", "Connector Execution": "custom" }{{more}} },
                { "id": "read", "type": "End", "outputs": { {{outputs}} } }, { "id": "end", "type": "End", "name": "Other" } ],
              "connections": [ {{string.Join(
                ',',
                outcomes.Select(port =>
                    $$"""{ "source": "call", "port": "{{port}}", "target": "{{(port == outcome ? "read" : "end")}}" }"""
                )
            )}} ] }
            """;
        connector = connector
            .Replace("{", """{ "baseUrl": "https://api.example.com",""", StringComparison.Ordinal)
            .Replace(",}", "}", StringComparison.Ordinal);
        return TestFlow.Compile(flow, [("api", connector)]).Result;
    }

    [Theory]
    [InlineData("""{ "endpoint": "https://evil.example/x" }""", "http.url_invalid", "endpoint")]
    [InlineData("""{ "endpoint": "https://evil.example/x?y=1" }""", "http.url_invalid", "endpoint")]
    [InlineData("""{ "endpoint": "{{client.scheme}}://{{client.host}}/" }""", "http.url_invalid", "endpoint")]
    [InlineData("""{ "endpoint": "/a/../b" }""", "http.url_invalid", "endpoint")]
    [InlineData("""{ "endpoint": "/a b" }""", "http.url_invalid", "endpoint")]
    [InlineData("""{ "endpoint": "/a\\b" }""", "http.url_invalid", "endpoint")]
    [InlineData("""{ "endpoint": "/a#b" }""", "http.url_invalid", "endpoint")]
    [InlineData("""{ "endpoint": "/a%zz" }""", "http.url_invalid", "endpoint")]
    [InlineData("""{ "endpoint": "/{{oops}" }""", "template.syntax", "endpoint")]
    [InlineData("""{ "method": "TRACE" }""", "flow.value", "method")]
    [InlineData("""{ "headers": { "bad name": "x" } }""", "http.header_invalid", "headers/bad name")]
    [InlineData("""{ "headers": { "": "x" } }""", "http.header_invalid", "headers/")]
    [InlineData("""{ "headers": { "Host": "evil" } }""", "http.header_invalid", "headers/Host")]
    [InlineData(
        """{ "headers": { "x-descope-signature-template": "BODY,METOD" } }""",
        "http.signature_template",
        "headers/x-descope-signature-template"
    )]
    [InlineData(
        """{ "headers": { "x-descope-signature-template": "HEADER_x-descope-webhook-s256" } }""",
        "http.signature_template",
        "headers/x-descope-signature-template"
    )]
    [InlineData("""{ "successStatusCodes": ["2xx", "ok"] }""", "flow.value", "successStatusCodes/1")]
    [InlineData("""{ "successStatusCodes": ["99"] }""", "flow.value", "successStatusCodes/0")]
    [InlineData("""{ "retry": { "on": ["timeout", "sometimes"] } }""", "flow.value", "retry/on/1")]
    [InlineData("""{ "method": "POST", "retry": { "on": ["sometimes"] } }""", "flow.value", "retry/on/0")]
    [InlineData("""{ "retry": { "attempts": 11 } }""", "flow.range", "retry/attempts")]
    [InlineData("""{ "timeout": 61 }""", "flow.range", "timeout")]
    [InlineData("""{ "timeout": 0 }""", "flow.range", "timeout")]
    [InlineData("""{ "bodyType": "xml" }""", "flow.value", "bodyType")]
    [InlineData("""{ "bodyType": "form", "body": "a=b" }""", "http.body", "body")]
    [InlineData("""{ "bodyType": "form", "body": [1] }""", "http.body", "body")]
    [InlineData("""{ "body": "{ not json }" }""", "flow.json", "body")]
    [InlineData("""{ "body": { "a": "{{b" } }""", "template.syntax", "body/a")]
    [InlineData("""{ "responseFormat": "xml" }""", "flow.value", "responseFormat")]
    [InlineData("""{ "contextKey": "a.b" }""", "flow.id", "contextKey")]
    [InlineData("""{ "connector": "nobody" }""", "flow.unknown_connector", "connector")]
    [InlineData("""{ "connector": "" }""", "flow.required", "connector")]
    [InlineData("""{ "errorHandling": { "Http Error": "custom" } }""", "flow.value", "errorHandling/Http Error")]
    public void Activity_ThatCannotWork_IsRefused(string activity, string code, string setting)
    {
        var result = TestFlow.Compile("https://api.example.com", activity).Result;

        Assert.Null(result.Plan);
        Assert.Contains(
            result.Diagnostics,
            problem => (problem.Code, problem.Pointer, problem.Severity) == (code, $"/activities/0/{setting}", Severity.Error)
        );
        Assert.All(result.Diagnostics, problem => Assert.NotEqual("", problem.Advice));
    }

    [Fact]
    public void Connector_OfAnotherType_IsRefused()
    {
        var set = new ConnectorSet([
            .. HttpModule.ConnectorTypes(new HttpModuleOptions()),
            ConnectorType.Of<OtherConnector, OtherSettings>("other", (_, definition, _) => new OtherConnector(definition)),
        ]);
        set.Set(TestFlow.Definition("db", "other", "{}"));

        var result = FlowCompiler.Compile(
            FlowValue.Parse(
                """
                { "id": "f", "start": "call", "activities": [ { "id": "call", "type": "GenericHttp", "connector": "db" },
                  { "id": "end", "type": "End" } ],
                  "connections": [ { "source": "call", "port": "Success", "target": "end" } ] }
                """
            ),
            TestFlow.Environment(set)
        );

        Assert.Equal(
            ("flow.unknown_connector", "/activities/0/connector"),
            Assert.Single(result.Diagnostics.Select(problem => (problem.Code, problem.Pointer)))
        );
    }

    [Fact]
    public void Problems_AreReportedAllAtOnce()
    {
        var flow = TestFlow.Compile(
            "nowhere",
            """{ "endpoint": "http://x/", "timeout": 99, "headers": { "a b": "1" }, "successStatusCodes": ["x"],"""
                + """ "bodyType": "form", "body": 1 }""",
            """{ "useStaticIps": true }"""
        );

        Assert.Superset(
            new HashSet<string>
            {
                "http.url_invalid",
                "connector.static_ips",
                "flow.range",
                "http.header_invalid",
                "flow.value",
                "http.body",
                "flow.unknown_connector",
            },
            flow.Codes.ToHashSet()
        );
        Assert.Equal(2, flow.Codes.Count(code => code == "http.url_invalid"));
    }

    [Fact]
    public void Insecure_IsAWarning()
    {
        var result = TestFlow.Compile("https://api.example.com", "{}", """{ "insecure": true }""").Result;

        Assert.NotNull(result.Plan);
        var warning = Assert.Single(result.Diagnostics);
        Assert.Equal(("http.insecure", Severity.Warning, "/configuration/insecure"), (warning.Code, warning.Severity, warning.Pointer));
    }

    [Fact]
    public void Defaults_AreThoseOfTheContract()
    {
        var settings = new GenericHttpSettings();

        Assert.Equal(
            ("GET", 10d, AsyncCall.No, BodyType.Json, ResponseFormat.Auto),
            (settings.Method, settings.Timeout, settings.Async, settings.BodyType, settings.ResponseFormat)
        );
        Assert.Null(settings.Retry);
        Assert.Equal(["2xx"], settings.SuccessStatusCodes);
        Assert.Equal((2, false), (new RetrySettings().Attempts, new RetrySettings().Unsafe));
        Assert.Equal(["429", "5xx", "timeout", "connect"], new RetrySettings().On);
        Assert.Null(new HttpConnectorSettings().CircuitBreaker);
    }

    private sealed class OtherSettings;

    private sealed class OtherConnector(ConnectorDefinition definition) : Connector(definition)
    {
        public override ValueTask<FlowValue> TestAsync(FlowValue request, CancellationToken cancellationToken) => default;
    }
}
