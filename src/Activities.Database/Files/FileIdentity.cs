using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace FlowEngine.Database.Files;

/// <summary>Shared and immutable: which file it is, by device and number, whatever its names. Linux alone tells.</summary>
/// <remarks>Asked by path and never by opening the file: to close any descriptor of
/// a database drops the locks that SQLite holds on it in this process.</remarks>
internal readonly record struct FileIdentity(uint DeviceMajor, uint DeviceMinor, ulong Number)
{
    private const int CurrentFolder = -100;
    private const uint WantNumber = 0x100;

    // The layout is the kernel's and the same on every machine, see statx(2).
    private const int Size = 256;
    private const int NumberAt = 32;
    private const int MajorAt = 136;
    private const int MinorAt = 140;

    /// <summary>The identity of a file; null when there is no such file, or the system does not tell.</summary>
    public static FileIdentity? Of(string path)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var answer = new byte[Size];
        try
        {
            if (Statx(CurrentFolder, Encoding.UTF8.GetBytes(path + '\0'), 0, WantNumber, answer) != 0)
                return null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
        return new FileIdentity(
            BinaryPrimitives.ReadUInt32LittleEndian(answer.AsSpan(MajorAt)),
            BinaryPrimitives.ReadUInt32LittleEndian(answer.AsSpan(MinorAt)),
            BinaryPrimitives.ReadUInt64LittleEndian(answer.AsSpan(NumberAt))
        );
    }

    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int folder, byte[] path, int flags, uint mask, byte[] answer);
}
