using FlowEngine.Context;
using FlowEngine.Execution;
using FlowEngine.Identity;

namespace FlowEngine.Tests.Activities;

public sealed class VerifyPasswordTests
{
    private const string Activity = """{ "id": "it", "type": "VerifyPassword", "password": "{{client.password}}", "hash": "{{client.hash}}" }""";

    [Fact]
    public async Task Execute_RightPassword_Matches()
    {
        var run = await RunAsync("secret", FlowValue.From(PasswordHash.Create("secret")));
        Assert.Equal("Match", run.EndName);
        Assert.Empty(run.Trace![0].Warnings);
    }

    [Fact]
    public async Task Execute_WrongPassword_DoesNot()
    {
        var run = await RunAsync("other", FlowValue.From(PasswordHash.Create("secret")));
        Assert.Equal("No Match", run.EndName);
        Assert.Empty(run.Trace![0].Warnings);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    public async Task Execute_NoHash_DoesNot(string hash)
    {
        var run = await RunAsync("secret", FlowValue.Parse(hash));
        Assert.Equal("No Match", run.EndName);
        Assert.Empty(run.Trace![0].Warnings);
    }

    [Theory]
    [InlineData("\"secret\"")]
    [InlineData("\"$2a$31$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i\"")]
    [InlineData("5")]
    [InlineData("[\"secret\"]")]
    public async Task Execute_UnknownFormat_DoesNotAndWarns(string hash)
    {
        var run = await RunAsync("secret", FlowValue.Parse(hash));
        Assert.Equal("No Match", run.EndName);
        var warning = Assert.Single(run.Trace![0].Warnings);
        Assert.Equal("password.hash", warning.Code);
        Assert.DoesNotContain("secret", warning.Message);
    }

    [Fact]
    public async Task Execute_Tracing_ShowsNeitherPasswordNorHash()
    {
        var run = await RunAsync("secret", FlowValue.From(PasswordHash.Create("secret")));
        Assert.True(run.Trace![0].Input.IsMissing);
        Assert.True(run.Trace[0].Output.IsMissing);
    }

    private static Task<FlowRun> RunAsync(string password, FlowValue hash) =>
        TestFlow.RunAsync(TestFlow.Plan(Activity, "Match", "No Match"), FlowValue.From(FlowShape.Of("password", "hash").With(FlowValue.From(password), hash)));
}
