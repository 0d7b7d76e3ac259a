namespace FlowEngine.Storage.Engines;

/// <summary>
/// Stateless: the data folder, which is its owner's alone: keys, people's hashes and runs are in it. Where the system knows modes, the
/// folder gets 0700 and the server's files in it 0600, whatever they had.
/// </summary>
internal static class DataFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherWrite
        | UnixFileMode.OtherExecute;

    private static readonly string[] OwnFiles =
    [
        "flowengine.db*",
        "root.key*",
        "management.key*",
        "console.setup*",
        "demo-people.db*",
        "server.lock",
        "server.pid",
    ];

    /// <summary>What a file system of its own has in its root: not somebody else's.</summary>
    private static readonly string[] Ignored = ["lost+found"];

    /// <summary>Makes the folder, or takes away what others may do with it.</summary>
    /// <exception cref="StorageException">It cannot be made or changed, or holds things that are not the server's.</exception>
    public static void Secure(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else if (Directory.Exists(path))
                Tighten(path);
            else
                Directory.CreateDirectory(path, OwnerOnly);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Refused($"The data folder {path} cannot be made, or kept from others: {error.Message}", error);
        }
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void Tighten(string path)
    {
        if ((File.GetUnixFileMode(path) & Others) != 0)
        {
            // A folder with other things in it, such as /tmp or a home, has other users: it is not ours to close.
            if (!IsOwn(path))
                throw Refused(
                    $"Others may look into the folder {path}, and it holds things that are not the server's; 'chmod go= {path}' closes it.",
                    null
                );
            File.SetUnixFileMode(path, OwnerOnly);
        }
        foreach (var file in OwnFiles.SelectMany(pattern => Directory.EnumerateFiles(path, pattern)))
        {
            if ((File.GetUnixFileMode(file) & Others) != 0)
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private static bool IsOwn(string path) =>
        OwnFiles.Any(pattern => Directory.EnumerateFiles(path, pattern).Any())
        || !Directory.EnumerateFileSystemEntries(path).Any(entry => !Ignored.Contains(Path.GetFileName(entry)));

    private static StorageException Refused(string message, Exception? error) => new(StorageErrors.DataFolder, message, error);
}
