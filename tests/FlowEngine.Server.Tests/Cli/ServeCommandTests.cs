using FlowEngine.AspNetCore.Engine;
using FlowEngine.Tests;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Cli;

/// <summary>A start that cannot work says so in one line: a code, what is wrong, what to do. A start that is risky warns.</summary>
[Trait("Category", "cluster")]
public sealed class ServeCommandTests
{
    public static TheoryData<string, string, string[]> Refusals =>
        new()
        {
            { "cli.setting", "Api:MaxRequestBytes: 'lots' is not a whole number", ["--set", "Api:MaxRequestBytes=lots"] },
            { "cli.setting", "RateLimits:StartsPerMinute: '-1' is not", ["--set", "RateLimits:StartsPerMinute=-1"] },
            { "cli.setting", "Trace:Retention: \"a month\" is not", ["--set", "Trace:Retention=a month"] },
            { "cli.setting", "Proxies:Known: 'proxy'", ["--set", "Proxies:Known=proxy"] },
            { "cli.setting", "'*' is no origin", ["--set", "Cors:Origins=*"] },
            { "cli.setting", "'https://app.example.com/' is no origin", ["--set", "Cors:Origins=https://app.example.com/"] },
            { "cli.setting", "Tokens:Issuer: This is not an absolute URL", ["--set", "Tokens:Issuer=login"] },
            { "cli.setting", "Management:Key: It has 5 characters", ["--set", "Management:Key=short"] },
            { "cli.setting", "Logging:Format: 'xml' is not allowed", ["--set", "Logging:Format=xml"] },
            { "cli.setting", "Telemetry:Otlp: This is not an absolute URL", ["--set", "Telemetry:Otlp=collector"] },
            { "cli.setting", "--urls: 'nonsense'", ["--urls", "nonsense"] },
            { "cli.setting", "there is no certificate for https", ["--urls", "https://127.0.0.1:0"] },
            { "cli.setting", "--database is no connection string", ["--database", "not a connection string"] },
            { "storage.unavailable", "", ["--database", "Host=127.0.0.1;Port=1;Database=x;Username=x;Password=hush-hush;Timeout=2"] },
            { "storage.root_key", "fewer than 32 characters", ["--set", "Storage:RootKey=short"] },
            { "storage.root_key", "FLOWENGINE_NO_SUCH_VARIABLE", ["--set", "Storage:RootKey=env:FLOWENGINE_NO_SUCH_VARIABLE"] },
            { "cli.file", "no-such-folder", ["--flows", "no-such-folder"] },
        };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Start_ThatCannotWork_IsRefusedInOneLine(string code, string message, string[] arguments)
    {
        using var workspace = new Workspace();

        var refused = await ServeAsync(workspace, arguments);

        Assert.Equal(1, refused.ExitCode);
        var line = Assert.Single(refused.Error.TrimEnd().Split('\n'), line => line.StartsWith("error ", StringComparison.Ordinal));
        Assert.StartsWith($"error {code}: ", line, StringComparison.Ordinal);
        Assert.Contains(message, line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Error + refused.Output, StringComparison.Ordinal);
        // A setting is refused before anything is done.
        if (code == "cli.setting" && !message.Contains("certificate", StringComparison.Ordinal))
            Assert.DoesNotContain("published", refused.Output, StringComparison.Ordinal);
        SecretSweep.AssertNone(refused.Error + refused.Output, ["hush-hush"]);
    }

    [Fact]
    public async Task DataFolder_ThatCannotBeMade_IsNamed()
    {
        using var workspace = new Workspace();
        var file = workspace.Write("occupied", "a file");

        var refused = await FlowEngineProcess.RunAsync("serve", "--demo", "--data", Path.Combine(file, "data"));

        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith("error storage.data_folder: ", refused.Error, StringComparison.Ordinal);
        Assert.Contains(file, refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Warnings_AreGivenBeforeAnythingElse()
    {
        using var workspace = new Workspace();

        // The last setting ends it.
        var refused = await ServeAsync(
            workspace,
            [
                "--urls",
                "http://0.0.0.0:0",
                "--set",
                "RateLimit:StartsPerMinute=3",
                "--set",
                "Tokens:Isuer=https://x/y",
                "--set",
                "Kestrel:X=1",
                "--set",
                "Completely:Different=1",
                "--set",
                "Management:Key=short",
            ]
        );

        Assert.Contains(
            "warning cli.unknown_setting: There is no setting 'RateLimit:StartsPerMinute'; "
                + "it has no effect. Did you mean 'RateLimits:StartsPerMinute'?",
            refused.Error,
            StringComparison.Ordinal
        );
        Assert.Contains("Did you mean 'Tokens:Issuer'?", refused.Error, StringComparison.Ordinal);
        Assert.Contains("'Completely:Different'; it has no effect. Compare its name", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Kestrel", refused.Error, StringComparison.Ordinal);
        Assert.Contains("warning cli.plain_http: http://0.0.0.0:0 is reached from other machines", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheDefaults_GiveNoWarning()
    {
        using var workspace = new Workspace();

        var refused = await ServeAsync(workspace, ["--set", "Management:Key=short"]);

        Assert.DoesNotContain("warning", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectorSecret_ThatIsMissing_IsNamed()
    {
        await using var server = await ServeProcess.StartAsync(workspace =>
        {
            workspace.Write(
                "flows/connectors/up.connector.json",
                """
                { "id": "up", "type": "http", "configuration": { "baseUrl": "https://api.example",
                  "authentication": { "method": "bearerToken", "bearerToken": "env:FLOWENGINE_NO_SUCH_VARIABLE" } } }
                """
            );
            var file = workspace.Write(
                "flows/x.flow.json",
                """{ "id": "x", "start": "done", "activities": [ { "id": "done", "type": "End" } ], "connections": [] }"""
            );
            return ["--flows", Path.GetDirectoryName(file)!];
        });

        Assert.Contains("connector.secret_missing", server.Output, StringComparison.Ordinal);
        Assert.Contains("FLOWENGINE_NO_SUCH_VARIABLE", server.Output, StringComparison.Ordinal);
    }

    private static Task<FlowEngineProcess.Finished> ServeAsync(Workspace workspace, string[] arguments) =>
        FlowEngineProcess.RunAsync([
            "serve",
            "--demo",
            "--data",
            Path.Combine(workspace.Folder, "data"),
            .. arguments.Contains("--urls") ? [] : new[] { "--urls", "http://127.0.0.1:0" },
            .. arguments,
        ]);
}
