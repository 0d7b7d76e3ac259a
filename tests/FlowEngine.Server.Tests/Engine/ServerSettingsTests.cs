using FlowEngine.AspNetCore.Engine;

namespace FlowEngine.Server.Tests.Engine;

public sealed class ServerSettingsTests
{
    [Theory]
    [InlineData("P7D", 7 * 24)]
    [InlineData("PT12H", 12)]
    public void Duration_Iso8601_IsRead(string text, int hours) =>
        Assert.Equal(TimeSpan.FromHours(hours), Settings(text).Duration("Trace:Retention", TimeSpan.FromDays(30)));

    [Fact]
    public void Duration_NotGiven_IsTheDefault() =>
        Assert.Equal(TimeSpan.FromDays(30), ServerSettings.Load([], isDemo: false).Duration("Trace:Retention", TimeSpan.FromDays(30)));

    [Theory]
    [InlineData("30")]
    [InlineData("P0D")]
    [InlineData("-P1D")]
    [InlineData("P99999999999999Y")]
    public void Duration_AnythingElse_IsRefusedByName(string text) =>
        Assert.Contains(
            "Trace:Retention",
            Assert.Throws<SettingsException>(() => Settings(text).Duration("Trace:Retention", TimeSpan.FromDays(30))).Message,
            StringComparison.Ordinal
        );

    private static ServerSettings Settings(string retention) =>
        ServerSettings.Load([KeyValuePair.Create("Trace:Retention", retention)], isDemo: false);
}
