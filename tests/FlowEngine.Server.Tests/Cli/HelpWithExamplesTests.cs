using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Cli;

public sealed class HelpWithExamplesTests
{
    [Theory]
    [InlineData("")]
    [InlineData("run")]
    [InlineData("serve")]
    [InlineData("keys")]
    [InlineData("keys list")]
    [InlineData("keys rotate")]
    [InlineData("users")]
    [InlineData("users list")]
    [InlineData("users add")]
    [InlineData("users set-role")]
    [InlineData("users set-password")]
    [InlineData("users remove")]
    [InlineData("validate")]
    [InlineData("test")]
    [InlineData("connector")]
    [InlineData("connector test")]
    [InlineData("import")]
    [InlineData("export")]
    [InlineData("schema")]
    public async Task Help_ShowsAnExample(string command)
    {
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        var help = await FlowEngineCommand.RunAsync([.. words, "--help"]);

        Assert.Equal(0, help.ExitCode);
        Assert.Equal("", help.Error);
        Assert.Matches($"Examples?:\n  {string.Join(' ', ["flowengine", .. words])}", help.Output);
    }

    [Fact]
    public async Task Version_IsPrinted()
    {
        var version = await FlowEngineCommand.RunAsync("--version");

        Assert.Equal(0, version.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+", version.Output);
    }
}
