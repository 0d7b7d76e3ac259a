using System.Diagnostics;
using System.Net;
using FlowEngine.Context;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Engine.Extensions;

/// <summary>samples/Extension as an operator uses it: its assembly in the folder of extensions, the commands, and a published
/// server.</summary>
public sealed class SampleExtensionTests
{
    [Fact]
    public async Task Commands_WithTheFolder_KnowWhatItBrings()
    {
        await using var acme = new AcmeClub();
        string[] settings = ["--set", $"Extensions:Folder={acme.Extensions}", "--set", "Egress:AllowPrivateNetworks=true"];
        var flow = Path.Combine(acme.Flows, "club.flow.json");

        var validated = await RunAsync(["validate", acme.Flows, .. settings]);
        Assert.True(validated.ExitCode == 0, validated.Output + validated.Error);

        var schema = (await RunAsync(["schema", .. settings])).Json;
        Assert.True(schema.Get("$defs").Get("activity").Get("properties").Get("type").Get("enum").TryGetArray(out var types));
        Assert.Contains(FlowValue.From("ClubTier"), types);

        var tested = await RunAsync(["connector", "test", "club", "--connectors", Path.Combine(acme.Flows, "connectors"), .. settings]);
        Assert.True(tested.ExitCode == 0, tested.Output + tested.Error);

        var stamped = await RunAsync([
            "connector",
            "test",
            "purchases",
            "--endpoint",
            "/sums/ada@example.com",
            "--format",
            "json",
            "--connectors",
            Path.Combine(acme.Flows, "connectors"),
            .. settings,
        ]);
        Assert.True(stamped.ExitCode == 0, stamped.Output + stamped.Error);
        Assert.Equal("***", stamped.At("request/headers/x-acme-stamp").ToText());

        var cases = await RunAsync(["test", Path.Combine(acme.Flows, "cases"), .. settings]);
        Assert.True(cases.ExitCode == 0, cases.Output + cases.Error);

        // Without the folder nothing of it is known.
        var unknown = await RunAsync(["validate", flow, "--format", "json"]);
        Assert.NotEqual(0, unknown.ExitCode);
        Assert.Contains("ClubTier", unknown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PublishedServer_WithTheAssemblyInItsFolder_SignsIn()
    {
        await using var acme = new AcmeClub();
        using var place = new Workspace();
        await PublishAsync(place.Folder);
        await using var server = await ServeProcess.StartAsync(
            _ => acme.Arguments,
            AcmeClub.Environment,
            command: Path.Combine(place.Folder, "FlowEngine.Server")
        );

        Assert.Contains(
            "Extension Acme.Club 0.1.0: activity ClubTier, connector type club, authentication acmeStamp, component Stars",
            server.Output,
            StringComparison.Ordinal
        );
        Assert.Equal("gold", await TierAsync(server, "ada@example.com"));
        Assert.Equal("bronze", await TierAsync(server, "bob@example.com"));
        var page = await server.Http.GetStringAsync("/login/club", TestContext.Current.CancellationToken);
        Assert.Contains("class=\"acme-stars\"", page, StringComparison.Ordinal);
    }

    private static async Task<string> TierAsync(ServeProcess server, string email)
    {
        var (status, body, text) = await server.SubmitAsync(await server.BeginAsync("club"), email);
        Assert.True(status == HttpStatusCode.OK && body.Get("status").ToText() == "completed", text);
        Assert.NotEqual("", body.Get("authInfo").Get("sessionJwt").ToText());
        return body.Get("output").Get("tier").ToText();
    }

    /// <summary>What the solution built, as an operator installs it.</summary>
    private static async Task PublishAsync(string folder)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            ["publish", "src/FlowEngine.Server", "--no-build", "-c", Configuration, "-o", folder, "-p:Console=false", "-v", "q", "-nologo"]
        )
        {
            WorkingDirectory = FlowEngineProcess.Repository,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
    }

    private static string Configuration => Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(FlowEngineProcess.Command)))!;

    private static Task<FlowEngineProcess.Finished> RunAsync(string[] arguments) =>
        FlowEngineProcess.RunAsync("", AcmeClub.Environment, arguments);
}
