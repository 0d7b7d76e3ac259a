using FlowEngine.AspNetCore.Web.Management.Sessions;
using FlowEngine.Storage;

namespace FlowEngine.Server.Tests.Api;

public sealed class ConsoleSessionTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly ConsoleSession Session = ConsoleSession.Begin(
        new ConsoleUser { Name = "ann", SecurityStamp = "stamp" },
        "token",
        Start
    );

    [Fact]
    public void Text_ReadAgain_IsTheSameSession() => Assert.Equal(Session, ConsoleSession.Read(Session.ToText()));

    [Fact]
    public void Session_ThatIsNotUsed_EndsAfterItsIdleTime()
    {
        Assert.False(Session.IsOver(Start + ConsoleSession.IdleTime - TimeSpan.FromSeconds(1)));
        Assert.True(Session.IsOver(Start + ConsoleSession.IdleTime));
    }

    [Fact]
    public void Session_ThatIsUsed_GoesOnUntilItsLongestTime()
    {
        var (session, now) = (Session, Start);
        for (; !session.IsOver(now); now += TimeSpan.FromHours(1))
            session = session.Renewed(now) ?? session;

        Assert.Equal(Start + ConsoleSession.LongestTime, now);
    }

    [Fact]
    public void Session_ThatWasJustRenewed_GetsNoNewCookie()
    {
        Assert.Null(Session.Renewed(Start + TimeSpan.FromMinutes(30)));
        Assert.NotNull(Session.Renewed(Start + TimeSpan.FromMinutes(31)));
    }
}
