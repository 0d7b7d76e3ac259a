using FlowEngine.Execution;

namespace FlowEngine.Tests.Execution;

public sealed class RunReferenceTests
{
    // SHA-256 of "abc" begins with ba7816bf8f: 10111 01001 11100 00001 01101 01111 11100 01111.
    [Fact]
    public void Of_IsTheFirstFortyBitsOfTheHashInCrockfordsBase32()
    {
        Assert.Equal("Q9W1-DFWF", RunReference.Of("abc"));
        Assert.Equal(0xba7816bf8f, RunReference.NumberOf("abc"));
    }

    [Theory]
    [InlineData("Q9W1-DFWF", 0xba7816bf8f)]
    [InlineData(" q9w1 dfwf ", 0xba7816bf8f)]
    [InlineData("q9wldfwf", 0xba7816bf8f)]
    [InlineData("oOiI-lL00", 0x2108400L)]
    [InlineData("Q9W1-DFW", null)]
    [InlineData("Q9W1-DFWFF", null)]
    [InlineData("Q9W1-DFWU", null)]
    [InlineData("ada@ab.cd", null)]
    [InlineData("", null)]
    public void TryParse_TakesWhatPeopleType(string text, long? expected) =>
        Assert.Equal(expected, RunReference.TryParse(text, out var number) ? number : null);

    [Fact]
    public void TryParse_ReadsEveryReference()
    {
        for (var i = 0; i < 200; i++)
        {
            var id = RunId.New();
            Assert.True(RunReference.TryParse(RunReference.Of(id), out var number));
            Assert.Equal(RunReference.NumberOf(id), number);
        }
    }

    [Theory]
    [InlineData(RunStatus.Running, "running", false)]
    [InlineData(RunStatus.Waiting, "waiting", false)]
    [InlineData(RunStatus.Completed, "completed", true)]
    [InlineData(RunStatus.Failed, "failed", true)]
    [InlineData(RunStatus.Refused, "refused", true)]
    [InlineData(RunStatus.Cancelled, "cancelled", true)]
    public void Status_HasANameAndKnowsWhetherItIsOver(RunStatus status, string name, bool isOver) =>
        Assert.Equal((name, isOver), (status.ToName(), status.IsOver()));

    [Fact]
    public void Status_IsStoredByTheNumbersThatItHadBefore() =>
        Assert.Equal(
            [0, 1, 2, 3, 4, 5],
            new[]
            {
                RunStatus.Running,
                RunStatus.Waiting,
                RunStatus.Completed,
                RunStatus.Failed,
                RunStatus.Refused,
                RunStatus.Cancelled,
            }.Select(status => (int)status)
        );
}
