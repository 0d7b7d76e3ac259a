using System.Globalization;
using FlowEngine.Execution;

namespace FlowEngine.Storage.Tests;

/// <summary>The numbers in statements are those of the statuses.</summary>
public sealed class RunStatusSqlTests
{
    [Fact]
    public void Conditions_OfEachStatus_SayWhatItIs()
    {
        foreach (var status in Enum.GetValues<RunStatus>())
        {
            Assert.Equal(status == RunStatus.Running, Holds(RunStatusSql.IsRunning, status));
            Assert.Equal(status == RunStatus.Waiting, Holds(RunStatusSql.IsWaiting, status));
            Assert.Equal(status == RunStatus.Refused, Holds(RunStatusSql.IsRefused, status));
            Assert.Equal(status.IsOver(), Holds(RunStatusSql.IsOver, status));
            Assert.Equal(!status.IsOver(), Holds(RunStatusSql.IsOpen, status));
        }
        Assert.Equal(RunStatus.Failed, (RunStatus)int.Parse(RunStatusSql.Failed, CultureInfo.InvariantCulture));
    }

    private static bool Holds(string condition, RunStatus status)
    {
        var words = condition.Split(' ');
        Assert.Equal("status", words[0]);
        var number = int.Parse(words[2], CultureInfo.InvariantCulture);
        return words[1] switch
        {
            "=" => (int)status == number,
            "<" => (int)status < number,
            ">=" => (int)status >= number,
            _ => throw new ArgumentException(condition, nameof(condition)),
        };
    }
}
