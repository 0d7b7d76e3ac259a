using FlowEngine.Context;
using FlowEngine.Storage;

namespace FlowEngine.Server.Tests.Storage;

/// <summary>Twice as many settings cost twice the bytes.</summary>
public sealed class ConnectorSecretsTests
{
    [Fact]
    public void Mask_TwiceAsManySettings_TakesTwiceTheBytes()
    {
        var secrets = new ConnectorSecrets(null!, _ => null);
        var (once, twice) = (Definition(4_000), Definition(8_000));
        Bytes(once);
        Bytes(twice);
        var (bytes, of) = (Bytes(once), Bytes(twice));
        Assert.True(of < 2.6 * bytes + 10_000, $"4,000 took {bytes} bytes, 8,000 took {of}.");

        long Bytes(FlowObject definition)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal("***", secrets.Mask(definition).Get("configuration").Get("n7").ToText());
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static FlowObject Definition(int count)
    {
        FlowValue
            .Parse(
                """{ "type": "other","""
                    + $$""" "configuration": { {{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"n{i}\": \"text\""))}} } }"""
            )
            .TryGetObject(out var definition);
        return definition!;
    }
}
