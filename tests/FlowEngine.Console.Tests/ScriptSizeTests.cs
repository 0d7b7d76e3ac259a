using FlowEngine.Tests;

namespace FlowEngine.Browser.Tests.Console;

/// <summary>What a browser loads before anybody sees the console.</summary>
public sealed class ScriptSizeTests
{
    [Fact]
    public void Scripts_Compressed_AreUnder700Kilobytes()
    {
        var folder = Path.Combine(Repository.Root, "src/console/dist/assets");
        var bytes = Directory.GetFiles(folder, "*.js.gz").Sum(file => new FileInfo(file).Length);
        Assert.InRange(bytes, 1, 700_000);
    }
}
