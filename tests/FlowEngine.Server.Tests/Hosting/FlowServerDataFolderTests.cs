using FlowEngine.Storage;
using FlowEngine.Storage.Engines;
using FlowEngine.TestServers;

#pragma warning disable CA1416 // Each test ends at once where there are no modes; in lambdas the analyzer does not see it.

namespace FlowEngine.Server.Tests.Hosting;

/// <summary>Keys, hashes and runs are their owner's alone. Where the system knows no modes there is nothing to see.</summary>
[Trait("Category", "cluster")]
public sealed class FlowServerDataFolderTests : IDisposable
{
    private const UnixFileMode File600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Folder700 = File600 | UnixFileMode.UserExecute;
    private const UnixFileMode File644 = File600 | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Folder755 = Folder700 | File644 | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task AServer_MakesItsFolderAndFilesPrivate()
    {
        if (OperatingSystem.IsWindows())
            return;
        await using var server = await ApiServer.StartAsync(StoreEngine.Sqlite);
        await server.PersonAsync("ann", "viewer");
        var folder = Path.Combine(server.Workspace.Folder, "data");

        Assert.Equal(Folder700, File.GetUnixFileMode(folder));
        var files = Directory.GetFiles(folder);
        Assert.Superset(
            new HashSet<string> { "flowengine.db", "root.key", "management.key", "server.lock", "server.pid" },
            files.Select(Path.GetFileName).ToHashSet()!
        );
        Assert.All(files, file => Assert.Equal((file, File600), (file, File.GetUnixFileMode(file))));
    }

    [Theory]
    [InlineData("flowengine.db")]
    [InlineData("root.key")]
    [InlineData("management.key")]
    public void AFolderOfBefore_IsTightened(string file)
    {
        if (OperatingSystem.IsWindows())
            return;
        var folder = Path.GetDirectoryName(_workspace.Write($"data/{file}", "x"))!;
        File.SetUnixFileMode(Path.Combine(folder, file), File644);
        File.SetUnixFileMode(_workspace.Write("data/of-the-operator.txt", "x"), File644);
        File.SetUnixFileMode(folder, Folder755);

        DataFolder.Secure(folder);

        Assert.Equal((Folder700, File600), (File.GetUnixFileMode(folder), File.GetUnixFileMode(Path.Combine(folder, file))));
        Assert.Equal(File644, File.GetUnixFileMode(Path.Combine(folder, "of-the-operator.txt")));
    }

    [Fact]
    public void AnEmptyFolder_IsTightened()
    {
        if (OperatingSystem.IsWindows())
            return;
        var folder = Directory.CreateDirectory(Path.Combine(_workspace.Folder, "data"), Folder755).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "lost+found"));
        DataFolder.Secure(folder);
        Assert.Equal(Folder700, File.GetUnixFileMode(folder));
    }

    [Fact]
    public void AFolderOfOthers_IsRefusedAndLeftAsItIs()
    {
        if (OperatingSystem.IsWindows())
            return;
        var folder = Path.GetDirectoryName(_workspace.Write("shared/somebody.txt", "x"))!;
        File.SetUnixFileMode(folder, Folder755);

        var error = Assert.Throws<StorageException>(() => DataFolder.Secure(folder));

        Assert.Equal("storage.data_folder", error.Code.Code);
        Assert.Contains(folder, error.Message, StringComparison.Ordinal);
        Assert.Equal(Folder755, File.GetUnixFileMode(folder));
        // Closed by its owner, it will do.
        File.SetUnixFileMode(folder, Folder700);
        DataFolder.Secure(folder);
    }
}
