using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Cli;

/// <summary>Bad input: each gives file, pointer, code, severity and advice on standard error, exit code 1, and no stack trace.</summary>
public sealed class CommandLineRefusalTests
{
    public static TheoryData<string, string, string, string> Changes =>
        new()
        {
            { "\"connector\": \"users-db\"", "\"connector\": \"user-db\"", "flow.unknown_connector", "/activities/1/connector" },
            { "\"port\": \"Not found\"", "\"port\": \"NotFound\"", "flow.unknown_port", "/connections/4/port" },
            {
                "{{connectors.profile.headers.x-region}}",
                "{{connectors.profile.headers.x-region",
                "template.syntax",
                "/activities/7/claims/region"
            },
            { "\"type\": \"SetUser\"", "\"type\": \"SetUsr\"", "flow.unknown_type", "/activities/6/type" },
            { "\"screen\": \"user-not-found\"", "\"screen\": \"user-notfound\"", "flow.unknown_screen", "/activities/4/screen" },
            { "\"region\":", "\"sub\":", "claims.name", "/activities/7/claims/sub" },
            {
                "\"operator\": \"equal\", \"value\": 404",
                "\"operator\": \"equals\", \"value\": 404",
                "condition.operator",
                "/activities/3/branches/0/rules/0/operator"
            },
            { "\"start\": \"signIn\",", "\"start\": \"signIn\"", "flow.json", "/start" },
        };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Run_BrokenFlow_IsRefused(string from, string to, string code, string pointer)
    {
        using var workspace = new Workspace();
        var flow = workspace.Sample("login.flow.json", from, to);

        var run = await FlowEngineCommand.RunAsync("run", flow, "--connectors", "flows/connectors", "--format", "json");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"error {code} {flow}#{pointer}", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Equal("failed", run.At("status").ToText());
        Assert.Equal(code, run.At("diagnostics/0/code").ToText());
        Assert.NotEqual("", run.At("diagnostics/0/advice").ToText());
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Validate_BrokenFlow_ReportsTheSame(string from, string to, string code, string pointer)
    {
        using var workspace = new Workspace();
        var flow = workspace.Sample("login.flow.json", from, to);

        var validation = await FlowEngineCommand.RunAsync("validate", flow, "--connectors", "flows/connectors", "--format", "json");

        Assert.Equal(1, validation.ExitCode);
        Assert.Equal("1", validation.At("files").ToText());
        Assert.Equal(flow, validation.At("diagnostics/0/file").ToText());
        Assert.Equal(code, validation.At("diagnostics/0/code").ToText());
        Assert.Equal(pointer, validation.At("diagnostics/0/pointer").ToText());
        Assert.Equal("error", validation.At("diagnostics/0/severity").ToText());
    }

    [Theory]
    [InlineData("run", "missing.flow.json")]
    [InlineData("validate", "missing.flow.json")]
    [InlineData("test", "missing.case.json")]
    [InlineData("import", "missing.elsa.json")]
    public async Task MissingFile_IsReported(string command, string file)
    {
        var finished = await FlowEngineCommand.RunAsync(command, file);

        Assert.Equal(1, finished.ExitCode);
        Assert.Contains($"error flow.file {file}#", finished.Error, StringComparison.Ordinal);
        Assert.Contains("Check the path", finished.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_BrokenConnectorFile_IsNamedBesideTheFlow()
    {
        using var workspace = new Workspace();
        var connector = workspace.Write("connectors/shop-api.connector.json", "{ \"id\": \"shop-api\", ");
        var flow = workspace.Sample("ticket.flow.json", "\"ticket\"", "\"ticket\"");

        var run = await FlowEngineCommand.RunAsync("run", flow, "--client", "subject=x");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"error flow.json {connector}#", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_MissingConnectorFolder_IsNamed()
    {
        var run = await FlowEngineCommand.RunAsync("run", "flows/orders.flow.json", "--connectors", "nowhere", "--client", "user=ada");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("error flow.file nowhere#", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_BrokenSubflow_IsNamedBesideItsCaller()
    {
        using var workspace = new Workspace();
        var subflow = workspace.Write("customer.flow.json", "{ \"id\": \"customer\"");
        var flow = workspace.Sample("quote.flow.json", "\"quote\"", "\"quote\"");

        var run = await FlowEngineCommand.RunAsync("run", flow, "--connectors", "flows/connectors", "--client", "email=ada@example.com");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("flow.unknown_flow", run.Error, StringComparison.Ordinal);
        Assert.Contains($"error flow.json {subflow}#", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[ { \"form\": 1 } ]", "/0/interaction")]
    [InlineData("{}", "")]
    public async Task Run_BadAnswersFile_IsRefused(string content, string pointer)
    {
        using var workspace = new Workspace();
        var answers = workspace.Write("answers.json", content);

        var run = await FlowEngineCommand.RunAsync("run", "flows/login.flow.json", "--demo", "--answers", answers);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{answers}#{pointer}", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no command 'frobnicate'. Use one of: ", "frobnicate")]
    [InlineData("There is no command 'serv'. Did you mean 'serve'?", "serv")]
    [InlineData("There is no command 'tset'. Did you mean 'test'?", "connector", "tset")]
    [InlineData("There is no option '--fromat'. Did you mean '--format'?", "validate", "flows", "--fromat=json")]
    public async Task WrongWord_IsNamedAndTheRightOneSuggested(string words, params string[] arguments)
    {
        var finished = await FlowEngineCommand.RunAsync(arguments);

        Assert.Equal((2, ""), (finished.ExitCode, finished.Output));
        Assert.StartsWith(words, finished.Error, StringComparison.Ordinal);
        Assert.Single(finished.Error.Trim().Split('\n'));
    }

    [Theory]
    [InlineData("[]", "flow.type")]
    [InlineData("\"x\"", "flow.type")]
    [InlineData("{\"a\":1}", "flow.file_kind")]
    [InlineData("", "flow.json")]
    [InlineData("{ \"id\": \"x\", \"type\": \"http\", \"configuration\": {} }", "flow.file_kind")]
    public async Task Import_OfWhatIsNoFlow_IsRefusedInOneSentence(string content, string code)
    {
        using var workspace = new Workspace();
        var file = workspace.Write("what.json", content);

        var import = await FlowEngineCommand.RunAsync("import", file);

        Assert.Equal((1, ""), (import.ExitCode, import.Output));
        Assert.StartsWith($"error {code} {file}#", import.Error, StringComparison.Ordinal);
        Assert.Single(import.Error.Split('\n'), line => line.StartsWith("error", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("x.connector.json", "{ \"id\": \"x\", \"start\": \"a\", \"activities\": [] }", "a flow, not a connector")]
    [InlineData("x.case.json", "{ \"id\": \"x\", \"type\": \"http\", \"configuration\": {} }", "a connector, not a golden case")]
    [InlineData("x.flow.json", "{ \"flow\": \"y.flow.json\", \"expect\": {} }", "a golden case, not a flow")]
    [InlineData("x.connector.json", "[]", "one JSON object")]
    [InlineData("x.case.json", "[]", "one JSON object")]
    public async Task Validate_OfAFileOfAnotherKind_SaysWhatItIs(string name, string content, string words)
    {
        using var workspace = new Workspace();

        var validation = await FlowEngineCommand.RunAsync("validate", workspace.Write(name, content));

        Assert.Equal(1, validation.ExitCode);
        Assert.Contains(words, validation.Error, StringComparison.Ordinal);
        Assert.Contains("1 error,", validation.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "flow.type")]
    [InlineData("\"x\"", "flow.type")]
    [InlineData("", "flow.json")]
    public async Task Run_ClientFileThatIsNoObject_IsRefused(string content, string code)
    {
        using var workspace = new Workspace();
        var file = workspace.Write("client.json", content);

        var run = await FlowEngineCommand.RunAsync("run", "flows/ticket.flow.json", "--demo", "--client-json", file);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"error {code} {file}#", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("run")]
    [InlineData("run", "flows/login.flow.json", "--format", "xml")]
    [InlineData("run", "flows/login.flow.json", "--client", "novalue")]
    [InlineData("run", "flows/login.flow.json", "--set", "novalue")]
    [InlineData("validate")]
    [InlineData("connector")]
    public async Task WrongUsage_ExitsWith2(params string[] arguments)
    {
        var finished = await FlowEngineCommand.RunAsync(arguments);

        Assert.Equal(2, finished.ExitCode);
        Assert.Equal("", finished.Output);
        Assert.Contains("--help", finished.Error, StringComparison.Ordinal);
    }
}
