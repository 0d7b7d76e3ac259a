using System.Text;
using FlowEngine.AspNetCore.Runs;

namespace FlowEngine.Server.Tests.Runs;

public sealed class RunProgressTests
{
    [Fact]
    public void Bytes_OfARunThatLeadsSomewhere_BringItBack()
    {
        foreach (
            var leadsTo in new[] { new LoginReturn("https://app.example/ü", "s&1", "challenge"), new LoginReturn("app:done", null, null) }
        )
        {
            var read = RunProgress.FromBytes(
                new RunProgress([1, 2, 3], "de", leadsTo, new LastSubmission("step", "submit", null)).ToBytes()
            );

            Assert.Equal((leadsTo, "de", "step"), (read.Return, read.Locale, read.Last!.StepId));
            Assert.Equal([1, 2, 3], read.State);
        }
    }

    /// <summary>While a cluster is upgraded, nodes of both releases go on with runs.</summary>
    [Fact]
    public void Bytes_OfARunThatLeadsNowhere_BeginAsThoseOfTheReleaseBefore()
    {
        using var buffer = new MemoryStream();
        using (var writer = new BinaryWriter(buffer, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write((byte)1);
            writer.Write("en");
            writer.Write(false);
            writer.Write(2);
            writer.Write([7, 8]);
        }

        // It does not look at what comes behind the state.
        Assert.Equal(buffer.ToArray(), new RunProgress([7, 8], "en", null, null, 99).ToBytes()[..(int)buffer.Length]);
        Assert.Equal(99, RunProgress.FromBytes(new RunProgress([7, 8], "en", null, null, 99).ToBytes()).TraceBytes);
        var read = RunProgress.FromBytes(buffer.ToArray());
        Assert.Equal(("en", null, null, 0), (read.Locale, read.Return, read.Last, read.TraceBytes));
        Assert.Equal([7, 8], read.State);
    }

    [Fact]
    public void Bytes_OfARunWhoseAnswerIsKept_BringThatBack()
    {
        var until = DateTimeOffset.FromUnixTimeMilliseconds(1_893_553_445_123);

        foreach (var traceBytes in new[] { 0, 99 })
        {
            var read = RunProgress.FromBytes(new RunProgress([7, 8], "en", null, null, traceBytes, until).ToBytes());
            Assert.Equal((traceBytes, until), (read.TraceBytes, read.KeptUntil));
        }
    }

    [Fact]
    public void Bytes_OfALaterRelease_AreRefused() => Assert.Throws<InvalidDataException>(() => RunProgress.FromBytes([3, 0, 0]));
}
