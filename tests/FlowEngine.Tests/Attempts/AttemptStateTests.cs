using FlowEngine.Attempts;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.Tests.Attempts;

public sealed class AttemptStateTests
{
    private static readonly AttemptLimit Limit = new(3, TimeSpan.FromMinutes(15));

    private readonly FakeTimeProvider _time = new();
    private AttemptState _state;

    [Fact]
    public void TryCount_MoreTriesThanTheWindowHas_AreRefused()
    {
        Assert.Equal([true, true, true, false, false], Enumerable.Range(0, 5).Select(_ => Try()));
    }

    [Fact]
    public void TryCount_AfterTheWindow_BeginsAnew()
    {
        Assert.True(Try() && Try());
        _time.Advance(Limit.Window);
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => Try()));
    }

    [Fact]
    public void TryCount_LockAfterLock_LastsTwiceAsLongUpToSixteenWindows()
    {
        var waits = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => Try()));
            var locked = _state.LockedUntil - _time.GetUtcNow();
            waits.Add(locked / Limit.Window);
            _time.Advance(locked - TimeSpan.FromTicks(1));
            Assert.False(Try());
            _time.Advance(TimeSpan.FromTicks(1));
        }
        Assert.Equal([1, 2, 4, 8, 16, 16, 16], waits);
    }

    /// <summary>Or a stranger who goes on trying would keep the person out for good.</summary>
    [Fact]
    public void TryCount_WhileLocked_MakesTheLockNoLonger()
    {
        while (Try()) { }
        var until = _state.LockedUntil;
        Assert.False(Try());
        Assert.Equal(until, _state.LockedUntil);
    }

    [Fact]
    public void TryCount_LongAfterTheLock_BeginsWithAShortLock()
    {
        for (var i = 0; i < 2; i++)
        {
            while (Try()) { }
            _time.Advance(_state.LockedUntil - _time.GetUtcNow());
        }
        _time.Advance(Limit.Window * AttemptState.MostWindows);
        while (Try()) { }
        Assert.Equal(Limit.Window, _state.LockedUntil - _time.GetUtcNow());
    }

    [Fact]
    public void TakeBack_TheTryThatLocked_Unlocks()
    {
        Assert.True(Try() && Try() && Try());
        _state = _state.TakeBack();
        Assert.Equal([true, false], Enumerable.Range(0, 2).Select(_ => Try()));
        Assert.Equal(Limit.Window, _state.LockedUntil - _time.GetUtcNow());
    }

    [Fact]
    public void TakeBack_OneTry_LeavesThoseBefore()
    {
        Assert.True(Try() && Try());
        _state = _state.TakeBack();
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => Try()));
    }

    [Theory]
    [InlineData("ada@example.com", " Ada@EXAMPLE.com ")]
    [InlineData("ada@example.com", "ada\u200b@example.com")]
    [InlineData("ada@example.com", "\uff41da@example.com")]
    [InlineData("jose@example.com", "jos\u00e9@example.com")]
    [InlineData("jose@example.com", "jose\u0301@example.com")]
    public void Key_SpellingsThatADatabaseMayTakeForTheSame_AreOne(string text, string other)
    {
        Assert.Equal(AttemptKey.Of("f", "a", text), AttemptKey.Of("f", "a", other));
    }

    [Theory]
    [InlineData("ada@example.com", " Ada@EXAMPLE.com ", true)]
    [InlineData("jose@example.com", "jos\u00e9@example.com", false)]
    [InlineData("ada@example.com", "ada\u200b@example.com", false)]
    [InlineData("ada@example.com", "\uff41da@example.com", false)]
    [InlineData("x", "\ud800x", false)]
    public void KeyOfText_OnlyCaseAndTheSpaceAround_AreOne(string text, string other, bool isOne)
    {
        Assert.Equal(isOne, AttemptKey.OfText("f", "a", text) == AttemptKey.OfText("f", "a", other));
    }

    [Fact]
    public void KeyOfAccount_IsNoTextsKey_AndHoldsNoHash()
    {
        var key = AttemptKey.OfAccount("f", "a", "$2a$06$secret");
        Assert.NotEqual(key, AttemptKey.OfAccount("f", "a", "$2a$06$Secret"));
        Assert.NotEqual(key.ToString(), AttemptKey.OfText("f", "a", key.Text).ToString());
        Assert.NotEqual(key.ToString(), AttemptKey.Of("f", "a", key.Text).ToString());
        Assert.DoesNotContain("secret", key.Text, StringComparison.OrdinalIgnoreCase);
        Assert.InRange(AttemptKey.OfAccount("f", "a", new string('x', 1_000_000)).Text.Length, 1, 100);
    }

    [Fact]
    public void Key_OtherFlowActivityOrText_IsAnother()
    {
        var keys = new[]
        {
            AttemptKey.Of("f", "a", "x"),
            AttemptKey.Of("g", "a", "x"),
            AttemptKey.Of("f", "b", "x"),
            AttemptKey.Of("f", "a", "y"),
        };
        Assert.Equal(4, keys.Distinct().Count());
        Assert.Equal(4, keys.Select(key => key.ToString()).Distinct().Count());
    }

    [Fact]
    public void Key_AnyText_IsTaken()
    {
        Assert.Equal(1024, AttemptKey.Of("f", "a", new string('x', 1_000_000)).Text.Length);
        Assert.Equal("", AttemptKey.Of("f", "a", "").Text);
        Assert.Equal("\ufffdx", AttemptKey.Of("f", "a", "\ud800x").Text);
    }

    private bool Try()
    {
        var isAllowed = _state.TryCount(Limit, _time.GetUtcNow(), out var next);
        _state = next;
        return isAllowed;
    }
}
