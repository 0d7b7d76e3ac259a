using FlowEngine.AspNetCore;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.Server.Hosting;

namespace FlowEngine.AspNetCore.Tests.Engine;

public sealed class ServerSettingsTests
{
    [Theory]
    [InlineData("P7D", 7 * 24)]
    [InlineData("PT12H", 12)]
    public void Duration_Iso8601_IsRead(string text, int hours) =>
        Assert.Equal(TimeSpan.FromHours(hours), Load(("Trace:Retention", text)).Engine.Trace.Retention);

    [Fact]
    public void Settings_NotGiven_AreTheDefaults()
    {
        var settings = Load();

        Assert.Equal(TimeSpan.FromDays(30), settings.Engine.Trace.Retention);
        Assert.Equal(300, settings.Engine.RateLimits.StartsPerMinute);
        Assert.Null(settings.Engine.Shutdown.Delay);
    }

    [Theory]
    [InlineData("30")]
    [InlineData("P0D")]
    [InlineData("-P1D")]
    [InlineData("P99999999999999Y")]
    public void Duration_AnythingElse_IsRefusedByName(string text) =>
        Assert.StartsWith("Trace:Retention: ", Assert.Single(Problems(("Trace:Retention", text))), StringComparison.Ordinal);

    [Fact]
    public void Settings_SeveralWrong_AreToldTogether()
    {
        var problems = Problems(
            ("Trace:Retention", "soon"),
            ("RateLimits:StartsPerMinute", "-1"),
            ("Cors:Origins", "https://app.example,*"),
            ("Management:Key", "secret-but-short"),
            ("Egress:AllowPrivateNetworks", "perhaps"),
            ("Egress:Proxies", "socks5://user:pa ss@proxy.example"),
            ("Server:Path", "auth"),
            ("Cluster:Port", "70000")
        );

        Assert.Equal(
            [
                "Cluster:Port",
                "Cors:Origins",
                "Egress:AllowPrivateNetworks",
                "Egress:Proxies",
                "Management:Key",
                "RateLimits:StartsPerMinute",
                "Server:Path",
                "Trace:Retention",
            ],
            problems.Select(problem => string.Join(':', problem.Split(':', ' ')[..2])).Order(StringComparer.Ordinal)
        );
        Assert.DoesNotContain(problems, problem => problem.Contains("secret-but-short") || problem.Contains("pa ss"));
    }

    [Theory]
    [InlineData("a,b", "a b")]
    [InlineData("", "")]
    public void List_OfOneText_IsSplitAtCommas(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', Load(("Connectors:SqliteFolders", text)).Engine.Connectors.SqliteFolders));

    [Fact]
    public void List_OfNumberedNames_IsRead() =>
        Assert.Equal(
            ["a", "b"],
            Load(("Connectors:SqliteFolders:0", "a"), ("connectors:sqliteFolders:1", "b")).Engine.Connectors.SqliteFolders
        );

    [Theory]
    [InlineData("RateLimit:StartsPerMinute", "Did you mean 'RateLimits:StartsPerMinute'?")]
    [InlineData("Logging:Fromat", "Did you mean 'Logging:Format'?")]
    [InlineData("Something:Else", null)]
    public void Unknown_Name_HasAdvice(string name, string? advice) =>
        Assert.Equal([(name, advice)], Load((name, "1")).Unknown().Where(unknown => unknown.Name == name));

    [Fact]
    public void Options_SetInCode_AreCheckedLikeThoseThatAreRead()
    {
        var options = new FlowEngineOptions { ProjectId = "shop" };
        options.Trace.Retention = TimeSpan.Zero;
        options.RateLimits.StartsPerMinute = -1;
        options.Screens.FrameAncestors = ["app.example"];

        var problems = Assert.Throws<SettingsException>(options.Check).Problems;

        Assert.Equal(
            ["RateLimits:StartsPerMinute", "Screens:FrameAncestors", "Trace:Retention"],
            problems.Select(problem => string.Join(':', problem.Split(':')[..2])).Order(StringComparer.Ordinal)
        );
    }

    private static IReadOnlyList<string> Problems(params (string, string)[] given) =>
        Assert.Throws<SettingsException>(() => Load(given).Check()).Problems;

    private static ServerSettings Load(params (string Name, string Value)[] given) =>
        ServerSettings.Load(given.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)), isDemo: false);
}
