namespace FlowEngine.Storage.Protection;

/// <summary>Stateless: files that only their owner can read, from the moment they exist.</summary>
internal static class PrivateFile
{
    /// <summary>Opens a file for reading and writing; one that is made here has mode 0600 where the system knows modes.</summary>
    public static FileStream Open(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.ReadWrite,
            Share = share,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    /// <summary>Whether a file could not be opened because somebody else holds it: EWOULDBLOCK of Linux or macOS, a sharing or lock
    /// violation of Windows. All else, such as a file system that is read-only, does not pass by waiting.</summary>
    public static bool IsHeld(IOException error) => error.HResult is 11 or 35 or unchecked((int)0x80070020) or unchecked((int)0x80070021);
}
