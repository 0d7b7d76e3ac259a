using System.Globalization;
using FlowEngine.Storage.Protection;

namespace FlowEngine.Storage.Engines.Sqlite;

/// <summary>
/// Per process: the data folder of a server with an embedded database, which no other server may use as long as this one lives. Two of them
/// would each hold the same runs in memory, and each would undo what the other did.
/// </summary>
/// <remarks>The operating system holds the lock (<c>flock</c>) and frees it when the process ends, however it ends; it holds across
/// containers that share the folder. Who has it stands in a file beside
/// it, because a file that is locked cannot be read everywhere.</remarks>
internal sealed class FolderLock : IDisposable
{
    private const string LockName = "server.lock";
    private const string HolderName = "server.pid";

    private readonly FileStream _file;
    private readonly string _holder;

    private FolderLock(FileStream file, string holder)
    {
        _file = file;
        _holder = holder;
    }

    /// <summary>Takes the folder.</summary>
    /// <param name="folder">The data folder, which is there.</param>
    /// <exception cref="StorageException">Another server has it, or it cannot be written.</exception>
    public static FolderLock Take(string folder)
    {
        folder = Path.GetFullPath(folder);
        var holder = Path.Combine(folder, HolderName);
        FileStream? file = null;
        try
        {
            file = PrivateFile.Open(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileShare.None);
            using (var text = new StreamWriter(PrivateFile.Open(holder, FileMode.Create, FileShare.Read)))
                text.Write(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId} {Environment.MachineName}"));
            return new FolderLock(file, holder);
        }
        catch (IOException error) when (file is null && PrivateFile.IsHeld(error))
        {
            throw new StorageException(StorageErrors.InUse, $"The data folder {folder} is in use by {Describe(holder)}.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new StorageException(StorageErrors.Unavailable, $"The data folder {folder} cannot be written: {error.Message}", error);
        }
    }

    /// <summary>Gives the folder back.</summary>
    public void Dispose()
    {
        try
        {
            File.Delete(_holder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It says nothing without the lock.
        }
        // The lock's own file stays: deleting it would race with those who try to take it.
        _file.Dispose();
    }

    /// <summary>Who holds it. In another container the number means another process, so the name of the machine goes with it.</summary>
    private static string Describe(string holder)
    {
        string[] words = [];
        try
        {
            using var text = new StreamReader(
                new FileStream(holder, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)
            );
            words = text.ReadToEnd().Split(' ', 2);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It starts just now, or it belongs to somebody else.
        }
        if (words is not [var id, var machine])
            return "another server";
        return machine == Environment.MachineName
            ? $"another server, process {id}"
            : $"another server, process {id} on the machine or in the container {machine}";
    }
}
