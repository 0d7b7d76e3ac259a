using FlowEngine.Context;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Cli.Run;

public sealed class RunCommandTests
{
    /// <summary>A flow that needs no connector: two buttons, a password, outputs.</summary>
    private const string Small = """
        {
          "id": "small", "start": "ask",
          "inputs": { "tenant": { "type": "string", "required": true }, "size": { "type": "number", "default": 1 } },
          "activities": [
            { "id": "ask", "type": "Screen", "screen": "ask" },
            { "id": "done", "type": "End", "outputs": { "name": "{{form.name}}", "tenant": "{{client.tenant}}",
              "size": "{{client.size}}" } },
            { "id": "stopped", "type": "End", "name": "Stopped" }
          ],
          "connections": [ { "source": "ask", "port": "ok", "target": "done" }, { "source": "ask", "port": "stop", "target": "stopped" } ],
          "screens": [ { "id": "ask", "title": "Who are you?", "components": [
            { "type": "TextInput", "name": "name", "label": "Name", "required": true },
            { "type": "PasswordInput", "name": "password", "label": "Password" },
            { "type": "ErrorMessage" },
            { "type": "Button", "id": "ok", "text": "OK" },
            { "type": "Button", "id": "stop", "text": "Stop" } ] } ]
        }
        """;

    [Fact]
    public async Task Run_Json_IsOneObjectWithTheContractsMembers()
    {
        using var workspace = new Workspace();
        var flow = workspace.Write("small.flow.json", Small);
        var answers = workspace.Write("answers.json", """[ { "interaction": "ok", "form": { "name": "Ada", "password": "hunter22" } } ]""");

        var run = await FlowEngineCommand.RunAsync("run", flow, "--client", "tenant=acme", "--answers", answers, "--format", "json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("", run.Error);
        Assert.True(run.Json.TryGetObject(out var report));
        Assert.Equal(["status", "runId", "path", "outputs", "claims", "user", "context", "trace"], report.Shape.Names.ToArray());
        Assert.Equal("""{"name":"Ada","tenant":"acme","size":1}""", run.At("outputs").ToJson());
        Assert.Equal("***", run.At("context/form/password").ToText());
        Assert.DoesNotContain("hunter22", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("text")]
    public async Task Run_ThatIsRefused_SaysWhyAndEndsWithOne(string format)
    {
        using var workspace = new Workspace();
        var flow = workspace.Write(
            "no.flow.json",
            """
            { "id": "no", "name": "Gate", "start": "u", "inputs": { "who": {} },
              "activities": [ { "id": "u", "type": "SetUser", "user": { "userId": "7" } },
                { "id": "e", "type": "End", "name": "Denied", "kind": "refused", "message": "Not {{client.who}}." } ],
              "connections": [ { "source": "u", "port": "Done", "target": "e" } ] }
            """
        );

        var run = await FlowEngineCommand.RunAsync("run", flow, "--client", "who=Ada", "--format", format);

        Assert.Equal(1, run.ExitCode);
        if (format == "json")
            Assert.Equal(("refused", "Not Ada.", true), (run.At("status").ToText(), run.At("message").ToText(), run.At("token").IsMissing));
        else
            Assert.Matches(@"Refused: Gate \(Denied\)\s+message\s+Not Ada\.", run.Output);
    }

    [Fact]
    public async Task Run_PipedInput_AsksForEachInputAndTheButton()
    {
        using var workspace = new Workspace();
        var flow = workspace.Write("small.flow.json", Small);

        var run = await FlowEngineCommand.RunAsync(
            "Ada\nsecret\nstop\n",
            new Dictionary<string, string>(),
            "run",
            flow,
            "--client",
            "tenant=acme"
        );

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("(Stopped)", run.Output, StringComparison.Ordinal);
        Assert.Contains("== Who are you? ==", run.Error, StringComparison.Ordinal);
        Assert.Contains("ok | stop", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_PipedInputRefused_ShowsTheMessageAndAsksAgain()
    {
        using var workspace = new Workspace();
        var flow = workspace.Write("small.flow.json", Small);

        var run = await FlowEngineCommand.RunAsync(
            "\n\n\nAda\n\nok\n",
            new Dictionary<string, string>(),
            "run",
            flow,
            "--client",
            "tenant=acme",
            "--format",
            "json"
        );

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("! Name is required.", run.Error, StringComparison.Ordinal);
        Assert.Equal("Ada", run.At("outputs/name").ToText());
    }

    [Fact]
    public async Task Run_AnswerRefused_IsReportedAndTheNextOneIsTried()
    {
        using var workspace = new Workspace();
        var flow = workspace.Write("small.flow.json", Small);
        var answers = workspace.Write(
            "answers.json",
            """[ { "interaction": "ok" }, { "interaction": "ok", "form": { "name": "Ada" } } ]"""
        );

        var run = await FlowEngineCommand.RunAsync("run", flow, "--client", "tenant=acme", "--answers", answers, "--format", "json");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("screen.input", run.Error, StringComparison.Ordinal);
        Assert.Equal("Ada", run.At("outputs/name").ToText());
    }

    [Fact]
    public async Task Run_LastAnswerRefused_WaitsAndSaysWhy()
    {
        using var workspace = new Workspace();
        var flow = workspace.Write("small.flow.json", Small);
        var answers = workspace.Write("answers.json", """[ { "interaction": "ok" } ]""");

        var run = await FlowEngineCommand.RunAsync("run", flow, "--client", "tenant=acme", "--answers", answers, "--format", "json");

        Assert.Equal(3, run.ExitCode);
        Assert.Equal("waiting", run.At("status").ToText());
        Assert.Equal("screen.input", run.At("error/code").ToText());
    }

    [Fact]
    public async Task Run_ThatDealtWithAnError_EndsWithoutSpeakingOfIt()
    {
        using var workspace = new Workspace();
        var answers = workspace.Write(
            "answers.json",
            """[ { "interaction": "submit", "form": { "email": "ghost@example.com" } }, { "interaction": "submit" },"""
                + """ { "interaction": "submit", "form": { "email": "ada@example.com" } } ]"""
        );

        var run = await FlowEngineCommand.RunAsync("run", "flows/login.flow.json", "--demo", "--answers", answers);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Completed: ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("  error ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AnswerForAnotherScreen_FailsWithItsCode()
    {
        using var workspace = new Workspace();
        var flow = workspace.Write("small.flow.json", Small);
        var answers = workspace.Write("answers.json", """[ { "screen": "elsewhere", "interaction": "ok" } ]""");

        var run = await FlowEngineCommand.RunAsync("run", flow, "--client", "tenant=acme", "--answers", answers, "--format", "json");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("run.answer_mismatch", run.At("error/code").ToText());
        Assert.Contains("'elsewhere'", run.Error, StringComparison.Ordinal);
        Assert.Contains("'ask'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ClientJson_KeepsTypesAndClientGoesBeforeIt()
    {
        using var workspace = new Workspace();
        var flow = workspace.Write("small.flow.json", Small);
        var client = workspace.Write("client.json", """{ "tenant": "file", "size": 2.5 }""");

        var run = await FlowEngineCommand.RunAsync(
            "Ada\n\nok\n",
            new Dictionary<string, string>(),
            "run",
            flow,
            "--client-json",
            client,
            "--client",
            "tenant=a=b",
            "--format",
            "json"
        );

        Assert.Equal("""{"name":"Ada","tenant":"a=b","size":2.5}""", run.At("outputs").ToJson());
    }

    [Fact]
    public async Task Run_MissingInput_FailsWithItsCode()
    {
        using var workspace = new Workspace();

        var run = await FlowEngineCommand.RunAsync("run", workspace.Write("small.flow.json", Small), "--format", "json");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("failed", run.At("status").ToText());
        Assert.Equal("run.input", run.At("error/code").ToText());
        Assert.Contains("run.input", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Trace_PrintsTheSteps()
    {
        var run = await FlowEngineCommand.RunAsync("run", "flows/orders.flow.json", "--demo", "--client", "user=ada", "--trace");

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"1\. orders +GenericHttp +[\d.]+ ms +Success", run.Output);
        Assert.Matches(@"from query\.user <- client\.user\r?\n", run.Output);
        Assert.Matches(@"2\. done +End [^\n]*\n +from outputs\.orders <- connectors\.orders\.body\.orders \(step 1\)\r?\n", run.Output);
        Assert.DoesNotContain("demo-client-secret", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_PrivateNetworkWithoutDemo_IsBlockedUnlessASettingAllowsIt()
    {
        var run = await FlowEngineCommand.RunAsync("run", "flows/orders.flow.json", "--client", "user=ada", "--format", "json");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("http.blocked", run.At("error/message").ToText(), StringComparison.Ordinal);

        foreach (
            var (environment, arguments) in new (Dictionary<string, string>, string[])[]
            {
                (new() { ["FLOWENGINE_Egress__AllowPrivateNetworks"] = "true" }, []),
                (new() { ["DOTNET_ENVIRONMENT"] = "Development" }, []),
                ([], ["--set", "Egress:AllowPrivateNetworks=true"]),
            }
        )
        {
            var allowed = await FlowEngineCommand.RunAsync(
                "",
                environment,
                ["run", "flows/orders.flow.json", "--client", "user=ada", "--format", "json", .. arguments]
            );
            Assert.DoesNotContain("http.blocked", allowed.At("error/message").ToText(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Run_BadSetting_IsReportedWithoutAStackTrace()
    {
        var run = await FlowEngineCommand.RunAsync("run", "flows/orders.flow.json", "--set", "Egress:StaticIps=not-an-address");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("cli.setting", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("account.flow.json", "completed", "balance", "1250.75")]
    [InlineData("header-claims.flow.json", "completed", null, null)]
    public async Task Run_SampleFlowWithDemo_Completes(string flow, string status, string? output, string? value)
    {
        using var workspace = new Workspace();

        var run = await FlowEngineCommand.RunAsync(
            "run",
            $"flows/{flow}",
            "--demo",
            "--answers",
            workspace.SignIns("ada@example.com"),
            "--format",
            "json"
        );

        Assert.Equal(status, run.At("status").ToText());
        if (output is not null)
            Assert.Equal(value, run.At($"outputs/{output}").ToText());
    }

    [Fact]
    public async Task Run_HeaderClaims_KeepsJsonTypesInTheToken()
    {
        using var workspace = new Workspace();

        var run = await FlowEngineCommand.RunAsync(
            "run",
            "flows/header-claims.flow.json",
            "--demo",
            "--answers",
            workspace.SignIns("ada@example.com"),
            "--format",
            "json"
        );

        var payload = Payload(run.At("token").ToText());
        Assert.Equal(FlowValue.From(200), payload.Get("profileStatus"));
        Assert.Equal("reports, exports", payload.Get("features").ToText());
        Assert.Equal("enterprise", payload.Get("plan").ToText());
        Assert.Equal("reports", payload.Get("aud").ToText());
        Assert.True(payload.Get("exp").TryGetInteger(out var exp) && payload.Get("iat").TryGetInteger(out var iat) && exp - iat == 15 * 60);
    }

    [Fact]
    public async Task Run_SignedEvent_IsAcceptedByAReceiverThatVerifies()
    {
        var run = await FlowEngineCommand.RunAsync(
            "run",
            "flows/signed-event.flow.json",
            "--demo",
            "--client",
            "kind=a b&c",
            "--format",
            "json"
        );

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("true", run.At("outputs/accepted").ToText());
    }

    [Fact]
    public async Task Run_Quote_CombinesASubflowAndTwoCallsAtOnce()
    {
        var run = await FlowEngineCommand.RunAsync(
            "run",
            "flows/quote.flow.json",
            "--demo",
            "--client",
            "email=grace@example.com",
            "--format",
            "json"
        );

        Assert.Equal(
            """{"customer":"Grace Hopper","tier":"silver","sku":"lamp","price":49.9,"available":12}""",
            run.At("outputs").ToJson()
        );
    }

    [Fact]
    public async Task Run_Ticket_SendsTheBodyThatTheScriptShaped()
    {
        var run = await FlowEngineCommand.RunAsync(
            "run",
            "flows/ticket.flow.json",
            "--demo",
            "--client",
            "subject=Lamp",
            "--client",
            "text=It flickers.",
            "--client",
            "tier=gold",
            "--format",
            "json"
        );

        Assert.Equal("""{"subject":"Lamp","priority":"high","lines":["It flickers."],"lineCount":1}""", run.At("outputs/ticket").ToJson());
    }

    [Theory]
    [InlineData("ada@example.com", "correct horse battery staple", "ada")]
    [InlineData("grace@example.com", "amazing grace", "grace")]
    public async Task Run_Password_SignsInWithArgon2AndIdentityHashes(string email, string password, string userId)
    {
        using var workspace = new Workspace();
        var answers = workspace.Write(
            "answers.json",
            $$"""
            [ { "screen": "sign-in", "interaction": "submit", "form": { "email": "{{email}}", "password": "wrong" } },
              { "screen": "retry", "interaction": "submit", "form": { "email": "{{email}}", "password": "{{password}}" } } ]
            """
        );

        var run = await FlowEngineCommand.RunAsync("run", "flows/password.flow.json", "--demo", "--answers", answers, "--format", "json");

        Assert.Equal(userId, run.At("user/userId").ToText());
        Assert.DoesNotContain(password, run.Output, StringComparison.Ordinal);
    }

    private static FlowValue Payload(string token) =>
        FlowValue.Parse(System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1])));
}
