using FlowEngine.Server.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.Server.Tests.Hosting;

/// <summary>Memory is given back once after a rush, and never in it.</summary>
public sealed class MemoryTrimTests
{
    private const long Rush = 500L * 1024 * 1024;

    private long _allocated;
    private int _collections;
    private int _tidied;

    [Fact]
    public void Look_InARush_CollectsNothing()
    {
        var trim = Trim();
        for (var i = 0; i < 100; i++)
            Look(trim, Rush);
        Assert.Equal(0, _collections);
    }

    [Theory]
    [InlineData(0)]
    // What is left of the people, or the cleaning of what they left.
    [InlineData(Rush / MemoryTrim.Quieter)]
    public void Look_QuietAfterARush_CollectsOnce(long quiet)
    {
        var trim = Trim();
        Look(trim, Rush);
        Look(trim, Rush);
        for (var i = 1; i < MemoryTrim.QuietLooks; i++)
            Look(trim, quiet);
        Assert.Equal(0, _collections);

        Look(trim, quiet);
        Assert.Equal(1, _collections);

        for (var i = 0; i < 100; i++)
            Look(trim, quiet);
        Assert.Equal(1, _collections);
    }

    [Fact]
    public void Look_CleaningAfterARushThatWasCollectedInItsMiddle_CollectsAtItsEnd()
    {
        var trim = Trim();
        Look(trim, Rush);
        for (var i = 0; i < MemoryTrim.QuietLooks; i++)
            Look(trim, Rush / 10);
        Assert.Equal(1, _collections);

        // Fewer people at a time than before, and then only the cleaning.
        for (var i = 0; i < 50; i++)
            Look(trim, Rush / 2);
        for (var i = 0; i < MemoryTrim.QuietLooks; i++)
            Look(trim, Rush / 10);
        Assert.Equal(2, _collections);
    }

    [Fact]
    public void Look_PauseInARush_IsNoEnd()
    {
        var trim = Trim();
        for (var i = 0; i < 20; i++)
        {
            Look(trim, Rush);
            for (var j = 1; j < MemoryTrim.QuietLooks; j++)
                Look(trim, 0);
        }
        Assert.Equal(0, _collections);
    }

    [Fact]
    public void Look_NeverARush_CollectsNothing()
    {
        var trim = Trim();
        for (var i = 0; i < 30; i++)
            Look(trim, MemoryTrim.RushBytes / 40);
        Assert.Equal(0, _collections);
    }

    [Fact]
    public void Look_QuietForLongAfterARush_TidiesWhatLittleIsAllocated()
    {
        var trim = Trim();
        Look(trim, MemoryTrim.RushBytes);
        for (var i = 0; i < MemoryTrim.QuietLooks; i++)
            Look(trim, 0);
        Assert.Equal((1, 0), (_collections, _tidied));

        // Five minutes in which nobody comes.
        for (var i = 0; i < 60; i++)
            Look(trim, MemoryTrim.TidyBytes / 4);

        Assert.Equal((1, 15), (_collections, _tidied));
    }

    [Fact]
    public void Look_NextRush_IsNotTidied()
    {
        var trim = Trim();
        Look(trim, MemoryTrim.RushBytes);
        for (var i = 0; i < MemoryTrim.QuietLooks; i++)
            Look(trim, 0);

        for (var i = 0; i < 100; i++)
            Look(trim, MemoryTrim.RushBytes);

        Assert.Equal((1, 0), (_collections, _tidied));
    }

    [Fact]
    public void Look_NoRushYet_IsNotTidied()
    {
        var trim = Trim();
        for (var i = 0; i < 60; i++)
            Look(trim, MemoryTrim.TidyBytes);
        Assert.Equal((0, 0), (_collections, _tidied));
    }

    [Fact]
    public async Task Server_LooksByItself()
    {
        var time = new FakeTimeProvider();
        var collected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var trim = new MemoryTrim(
            time,
            NullLogger<MemoryTrim>.Instance,
            () => Interlocked.Exchange(ref _allocated, Rush * 4),
            () => collected.TrySetResult(),
            () => { }
        );
        await trim.StartAsync(TestContext.Current.CancellationToken);
        while (!collected.Task.IsCompleted)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            time.Advance(MemoryTrim.Period);
            await Task.Yield();
        }
        await trim.StopAsync(TestContext.Current.CancellationToken);
    }

    private MemoryTrim Trim() =>
        new(TimeProvider.System, NullLogger<MemoryTrim>.Instance, () => _allocated, () => _collections++, () => _tidied++);

    private void Look(MemoryTrim trim, long bytes)
    {
        _allocated += bytes;
        trim.Look();
    }
}
