using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;

namespace FlowEngine.HttpConnector.Tests.Requests;

/// <summary>What a header's rule makes of a value that is missing, several, or not ASCII, on the wire.</summary>
public sealed class HeaderPlanTests
{
    /// <summary>A rule, the value of <c>client.v</c>, and the lines that are sent (joined by <c>|</c>), none where it is left out, or a
    /// code.</summary>
    [Theory]
    // A text alone is the rule "empty", "join", "none".
    [InlineData("\"{{client.v}}\"", "{}", "")]
    [InlineData("\"{{client.v}}\"", """{ "v": null }""", "")]
    [InlineData("\"{{client.v}}\"", """{ "v": ["a", "b"] }""", "a, b")]
    [InlineData("\"{{client.v}}\"", """{ "v": [] }""", "")]
    [InlineData("\"{{client.v}}\"", """{ "v": { "a": [1] } }""", """{"a":[1]}""")]
    [InlineData("\"{{client.v}}\"", """{ "v": [ { "a": 1 }, "x" ] }""", """{"a":1}, x""")]
    [InlineData("\"{{client.v}}\"", """{ "v": true }""", "true")]
    [InlineData("\"{{client.v}}\"", """{ "v": "Zoë 你好" }""", "Zoë 你好")]
    [InlineData("\"is {{client.v}}\"", """{ "v": ["a", "b"] }""", """is ["a","b"]""")]
    [InlineData("\"is {{client.v}}!\"", "{}", "is !")]
    [InlineData("\"{{client.v | json}}\"", """{ "v": ["a", "b"] }""", """["a","b"]""")]
    [InlineData("7", "{}", "7")]
    [InlineData("""{ "value": "{{client.v}}" }""", """{ "v": ["a", null, "b"] }""", "a, b")]
    // Missing.
    [InlineData("""{ "value": "{{client.v}}", "whenMissing": "empty" }""", "{}", "")]
    [InlineData("""{ "value": "{{client.v}}", "whenMissing": "omit" }""", "{}", null)]
    [InlineData("""{ "value": "{{client.v}}", "whenMissing": "omit" }""", """{ "v": null }""", null)]
    [InlineData("""{ "value": "{{client.v}}", "whenMissing": "omit" }""", """{ "v": [] }""", null)]
    [InlineData("""{ "value": "{{client.v}}", "whenMissing": "omit" }""", """{ "v": "" }""", "")]
    [InlineData("""{ "value": "Bearer {{client.v}}", "whenMissing": "omit" }""", "{}", null)]
    [InlineData("""{ "value": "{{client.v ?? \"x\"}}", "whenMissing": "omit" }""", "{}", "x")]
    [InlineData("""{ "value": "{{client.v}}", "whenMissing": "fail" }""", "{}", "http.header_missing")]
    [InlineData("""{ "value": "a {{client.v}}", "whenMissing": "fail" }""", """{ "v": null }""", "http.header_missing")]
    [InlineData("""{ "value": "{{client.v}}", "whenMissing": "fail" }""", """{ "v": "a" }""", "a")]
    [InlineData("""{ "value": "{{client.v}}", "whenMissing": { "use": "none" } }""", "{}", "none")]
    [InlineData("""{ "value": "is {{client.v}}", "whenMissing": { "use": "none" } }""", "{}", "none")]
    [InlineData("""{ "value": "{{client.v}}", "whenMissing": { "use": "{{client.w}}" } }""", """{ "w": "other" }""", "other")]
    [InlineData("""{ "value": "{{client.v}}", "whenMissing": { "use": "none" } }""", """{ "v": 1 }""", "1")]
    // Many.
    [InlineData("""{ "value": "{{client.v}}", "whenMany": "first" }""", """{ "v": ["a", "b"] }""", "a")]
    [InlineData("""{ "value": "{{client.v}}", "whenMany": "first" }""", """{ "v": [null, "b"] }""", "b")]
    [InlineData("""{ "value": "{{client.v}}", "whenMany": "join" }""", """{ "v": [1, true, "c"] }""", "1, true, c")]
    [InlineData("""{ "value": "{{client.v}}", "whenMany": "repeat" }""", """{ "v": ["a, b", "é", "c"] }""", "a, b|é|c")]
    [InlineData("""{ "value": "{{client.v}}", "whenMany": "repeat" }""", """{ "v": ["a"] }""", "a")]
    [InlineData("""{ "value": "{{client.v}}", "whenMany": "repeat" }""", """{ "v": "a" }""", "a")]
    [InlineData("""{ "value": "{{client.v}}", "whenMany": "fail" }""", """{ "v": ["a", "b"] }""", "http.header_many")]
    [InlineData("""{ "value": "{{client.v}}", "whenMany": "fail" }""", """{ "v": ["a"] }""", "a")]
    [InlineData("""{ "value": "{{client.v}}", "whenMany": "fail", "whenMissing": "fail" }""", """{ "v": [] }""", "http.header_missing")]
    // Not ASCII, and what may not be sent.
    [InlineData("""{ "value": "{{client.v}}", "encode": "ascii" }""", """{ "v": "Zoë ａ 😀" }""", "Zo? ? ?")]
    [InlineData("""{ "value": "{{client.v}}", "encode": "percent" }""", """{ "v": "a b/é\r\n" }""", "a%20b%2F%C3%A9%0D%0A")]
    [InlineData("""{ "value": "{{client.v}}", "encode": "base64" }""", """{ "v": "é\n" }""", "w6kK")]
    [InlineData("""{ "value": "{{client.v}}", "encode": "rfc8187" }""", """{ "v": "€ rates" }""", "UTF-8''%E2%82%AC%20rates")]
    [InlineData("""{ "value": "{{client.v}}", "encode": "rfc8187" }""", "{}", "")]
    [InlineData("""{ "value": "{{client.v}}", "encode": "percent", "whenMany": "repeat" }""", """{ "v": ["a,b", "c"] }""", "a%2Cb|c")]
    [InlineData("""{ "value": "Zoë {{client.v}}", "encode": "ascii" }""", """{ "v": "é" }""", "Zo? ?")]
    [InlineData("""{ "value": "{{client.v}}", "encode": "ascii" }""", """{ "v": "a\nb" }""", "http.header_invalid")]
    [InlineData("""{ "value": "{{client.v}}", "whenMany": "repeat" }""", """{ "v": ["a", "b\nx-evil: 1"] }""", "http.header_invalid")]
    [InlineData("""{ "value": "{{client.v}}", "whenMany": "repeat" }""", """{ "v": ["a\u001fb", "c"] }""", "http.header_invalid")]
    public async Task Evaluate_Value_IsSentAsTheRuleSays(string rule, string client, string? sent)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(server.Url, $$"""{ "headers": { "x-v": {{rule}} } }""");

        var run = await flow.RunAsync(client);

        if (sent?.StartsWith("http.", StringComparison.Ordinal) == true)
        {
            run.AssertExecutionError(sent);
            Assert.Equal(0, server.Connections);
            return;
        }
        Assert.Equal("Success", run.EndName);
        var lines = Assert.Single(server.Requests).Headers.Where(header => header.Key == "x-v").Select(header => header.Value).ToList();
        Assert.Equal(sent is null ? [] : sent.Split('|'), lines);
    }

    /// <summary>The same rules, on a connector.</summary>
    [Theory]
    [InlineData(""" "whenMissing": "omit" """, "{}", null)]
    [InlineData(""" "whenMissing": { "use": "none" } """, "{}", "none")]
    [InlineData(""" "whenMany": "repeat" """, """{ "v": ["a", "b"] }""", "a|b")]
    [InlineData(""" "encode": "base64" """, """{ "v": "a" }""", "YQ==")]
    public async Task Evaluate_HeaderOfAConnector_HasTheSameRules(string rule, string client, string? sent)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            "{}",
            $$$"""{ "headers": [ { "key": "x-v", "value": "{{client.v}}", {{{rule}}} } ] }"""
        );

        await flow.RunAsync(client);

        var lines = Assert.Single(server.Requests).Headers.Where(header => header.Key == "x-v").Select(header => header.Value).ToList();
        Assert.Equal(sent is null ? [] : sent.Split('|'), lines);
    }

    /// <summary>The size is the API's to judge: what it says is an answer.</summary>
    [Fact]
    public async Task Evaluate_NineKilobytes_AreSentWhole()
    {
        await using var server = LoopbackServer.Answering(request =>
            LoopbackServer.Reply(request.Header("x-v")!.Length > 8192 ? 431 : 200)
        );
        await using var flow = TestFlow.Compile(server.Url, """{ "headers": { "x-v": "{{client.v}}" } }""");

        var run = await flow.RunAsync($$"""{ "v": "{{new string('x', 9000)}}" }""");

        Assert.Equal(9000, Assert.Single(server.Requests).Header("x-v")!.Length);
        Assert.Equal("Generic HTTP Error", run.EndName);
    }

    /// <summary>Left out is as if nobody had said anything of it: what every request has it still has.</summary>
    [Fact]
    public async Task Evaluate_OmittedHeaderThatTheRequestNeeds_HasItsUsualValue()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        const string Omit = """{ "value": "{{client.v}}", "whenMissing": "omit" }""";
        await using var flow = TestFlow.Compile(
            server.Url,
            $$"""{ "method": "POST", "body": { "a": 1 }, "headers": { "content-type": {{Omit}}, "Idempotency-Key": {{Omit}} } }"""
        );

        await flow.RunAsync();

        var request = Assert.Single(server.Requests);
        Assert.Equal("application/json", request.Header("content-type")!.Split(';')[0]);
        Assert.NotEmpty(request.Header("idempotency-key")!);
    }

    /// <summary>A person's token that is missing is not replaced by the connector's own.</summary>
    [Fact]
    public async Task Evaluate_OmittedAuthorizationOfTheRun_IsNotTheConnectors()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "headers": { "authorization": { "value": "Bearer {{client.v}}", "whenMissing": "omit" } } }""",
            """{ "authentication": { "method": "bearerToken", "bearerToken": "connector-token" } }"""
        );

        await flow.RunAsync();

        Assert.Null(Assert.Single(server.Requests).Header("authorization"));
    }

    /// <summary>Repeated lines keep their order and their place on one connection, whatever stands in the body.</summary>
    [Fact]
    public async Task Evaluate_RepeatedOnAKeptConnection_EachRequestHasItsOwn()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """
            { "method": "POST", "body": "{{client.body}}", "bodyType": "text",
              "headers": { "x-v": { "value": "{{client.v}}", "whenMany": "repeat" }, "x-after": "z" } }
            """
        );

        await flow.RunAsync("""{ "v": ["a", "b", "c"], "body": "one\u001ftwo" }""");
        await flow.RunAsync("""{ "v": ["d"], "body": "three" }""");

        var requests = server.Requests.ToArray();
        Assert.Equal(1, server.Connections);
        Assert.Equal(["a|b|c|z", "d|z"], requests.Select(request => string.Join('|', Lines(request))));
        Assert.Equal("one\u001ftwo", requests[0].Text);

        static IEnumerable<string> Lines(ReceivedRequest request) =>
            request.Headers.Where(header => header.Key.StartsWith("x-", StringComparison.Ordinal)).Select(header => header.Value);
    }

    [Fact]
    public async Task Evaluate_Traced_ShowsWhatIsSentAndNoWarningWhereTheRuleSaysWhatStandsIn()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """
            { "headers": { "x-a": { "value": "{{client.none}}", "whenMissing": "omit" }, "x-b": "{{client.none}}",
                "x-c": { "value": "{{client.v}}", "whenMany": "repeat" } } }
            """
        );

        var run = await flow.RunAsync("""{ "v": ["a", "b"] }""");

        Assert.Equal("""{"x-b":"","x-c":["a","b"]}""", run.Trace![0].Input.Get("headers").ToJson());
        Assert.Single(run.Trace[0].Warnings);
    }

    /// <summary>A secret among several, repeated, stays one.</summary>
    [Fact]
    public async Task Evaluate_SecretAmongSeveral_IsMaskedInTheTrace()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "headers": { "x-v": { "value": "{{client.v}}", "whenMany": "repeat", "encode": "base64" } } }"""
        );
        var secret = FlowValue.Array([FlowValue.From("hunter2-value").AsSensitive(), FlowValue.From("b")]);
        var run = FlowRun.Start(
            flow.Plan,
            new RunStart { Client = FlowValue.Object(("v", secret)) },
            RunServices.Default with
            {
                Trace = true,
            }
        );
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);

        Assert.DoesNotContain("hunter2", flow.Trace(run), StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String("hunter2-value"u8), flow.Trace(run), StringComparison.Ordinal);
        Assert.Equal(2, Assert.Single(server.Requests).Headers.Count(header => header.Key == "x-v"));
    }

    /// <summary>A secret stays one beside a path that leads to nothing, in whatever form it is sent.</summary>
    [Fact]
    public async Task Evaluate_SecretBesideWhatIsMissing_KeepsItsMark()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "headers": { "x-v": { "value": "{{client.v}} {{client.none}}", "encode": "base64" } } }"""
        );
        var run = FlowRun.Start(
            flow.Plan,
            new RunStart { Client = FlowValue.Object(("v", FlowValue.From("hunter2-value").AsSensitive())) },
            RunServices.Default with
            {
                Trace = true,
            }
        );
        await FlowExecutor.AdvanceAsync(run, TestContext.Current.CancellationToken);

        var sent = Convert.ToBase64String("hunter2-value "u8);
        Assert.Equal(sent, Assert.Single(server.Requests).Header("x-v"));
        Assert.DoesNotContain(sent, flow.Trace(run), StringComparison.Ordinal);
    }

    /// <summary>What is written short stands for a setting of another name: a problem names the one that was written.</summary>
    [Fact]
    public async Task Compile_WhatIsNoChoice_IsToldByItsName()
    {
        await using var flow = TestFlow.Compile(
            "https://api.example.com",
            """{ "headers": { "x-v": { "value": "{{client.v}}", "whenMissing": "omitt" } } }"""
        );

        var problem = Assert.Single(flow.Result.Diagnostics);
        Assert.Equal("flow.value", problem.Code);
        Assert.Contains("'whenMissing'", problem.Message, StringComparison.Ordinal);
    }

    /// <summary>A signature covers repeated lines as HTTP combines them.</summary>
    [Fact]
    public async Task Evaluate_RepeatedAndSigned_IsSignedAsOneList()
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        const string Signed = """ "x-descope-signature-template": "HEADER_x-v" """;
        string[] signatures = new string[2];
        foreach (var (many, index) in new[] { ("repeat", 0), ("join", 1) })
        {
            await using var flow = TestFlow.Compile(
                server.Url,
                $$$"""{ "headers": { "x-v": { "value": "{{client.v}}", "whenMany": "{{{many}}}" }, {{{Signed}}} } }""",
                """{ "hmacSecret": "key-1" }"""
            );
            await flow.RunAsync("""{ "v": ["a", "b"] }""");
            signatures[index] = server.Requests.Last().Header("x-descope-webhook-s256")!;
        }
        Assert.Equal(signatures[1], signatures[0]);
    }

    [Theory]
    [InlineData("""{ "x-v": { "value": "{{client.v}}", "whenMissing": "drop" } }""", "flow.value /activities/0/headers/x-v/whenMissing")]
    [InlineData("""{ "x-v": { "value": "{{client.v}}", "whenMany": "all" } }""", "flow.value /activities/0/headers/x-v/whenMany")]
    [InlineData("""{ "x-v": { "value": "{{client.v}}", "encode": "utf-7" } }""", "flow.value /activities/0/headers/x-v/encode")]
    [InlineData("""{ "x-v": { "value": "a\nb" } }""", "http.header_invalid /activities/0/headers/x-v")]
    [InlineData("""{ "x-v": { "value": "{{nowhere.v}}" } }""", "template.unknown_root /activities/0/headers/x-v/value")]
    [InlineData("""{ "x-v": "{{nowhere.v}}" }""", "template.unknown_root /activities/0/headers/x-v")]
    [InlineData("""{ "x-v": ["a"] }""", "flow.type /activities/0/headers/x-v")]
    [InlineData(
        """{ "Authorization": { "value": "{{client.v}}", "whenMany": "repeat" } }""",
        "http.header_invalid /activities/0/headers/Authorization/whenMany"
    )]
    [InlineData(
        """{ "x-descope-signature-template": { "value": "{{client.v}}" } }""",
        "template.forbidden /activities/0/headers/x-descope-signature-template/value"
    )]
    public async Task Compile_Rule_HasThisProblem(string headers, string problem)
    {
        await using var flow = TestFlow.Compile("http://127.0.0.1:1", $$"""{ "headers": {{headers}} }""");
        Assert.Equal([problem], flow.Result.Diagnostics.Select(one => $"{one.Code} {one.Pointer}"));
    }

    /// <summary>What only some ways write is no reason for a warning where the rule says what stands in.</summary>
    [Theory]
    [InlineData("\"{{connectors.first.body}}\"", true)]
    [InlineData("""{ "value": "{{connectors.first.body}}" }""", true)]
    [InlineData("""{ "value": "{{connectors.first.body}}", "whenMissing": "omit" }""", false)]
    [InlineData("""{ "value": "{{connectors.first.body}}", "whenMissing": { "use": "x" } }""", false)]
    public async Task Compile_PathThatOnlySomeWaysWrite_IsWarnedOfUnlessTheRuleSaysWhatStandsIn(string header, bool isTold)
    {
        await using var flow = TestFlow.Compile(
            $$"""
            { "id": "f", "start": "c", "inputs": { "v": {} }, "activities": [
                { "id": "c", "type": "Condition", "branches": [ { "outcome": "a", "rules": [ { "key": "client.v", "operator": "equal", "value": "x" } ] } ] },
                { "id": "first", "type": "GenericHttp", "connector": "api" },
                { "id": "call", "type": "GenericHttp", "connector": "api", "headers": { "x-v": {{header}} } },
                { "id": "end", "type": "End" } ],
              "connections": [ { "source": "c", "port": "a", "target": "first" }, { "source": "c", "port": "Else", "target": "call" },
                { "source": "first", "port": "Success", "target": "call" }, { "source": "call", "port": "Success", "target": "end" } ] }
            """,
            [("api", """{ "baseUrl": "http://127.0.0.1:1" }""")]
        );
        Assert.Equal(isTold ? ["path.maybe"] : [], flow.Codes);
    }
}
