using FlowEngine.Errors;
using FlowEngine.Execution;

namespace FlowEngine.Tests.Execution;

public sealed class RunStatusTests
{
    [Fact]
    public void FromName_EachName_GivesItsStatus()
    {
        Assert.Equal(["running", "waiting", "completed", "failed", "refused", "cancelled"], RunStatusExtensions.Names);
        Assert.Equal(Enum.GetValues<RunStatus>().Cast<RunStatus?>(), RunStatusExtensions.Names.Select(RunStatusExtensions.FromName));
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("Waiting")]
    [InlineData("")]
    public void FromName_Another_Null(string name) => Assert.Null(RunStatusExtensions.FromName(name));

    [Fact]
    public void ToName_Expired_IsAFailureWithItsCodeAlone()
    {
        Assert.Equal("expired", RunStatus.Failed.ToName(FlowErrors.Expired.Code));
        Assert.Equal("failed", RunStatus.Failed.ToName(FlowErrors.Cancelled.Code));
        Assert.Equal("waiting", RunStatus.Waiting.ToName(FlowErrors.Expired.Code));
    }
}
