using System.Text;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.Execution;
using FlowEngine.Storage;
using FlowEngine.Storage.Engines;
using FlowEngine.Storage.Protection;

namespace FlowEngine.AspNetCore.Hosting;

/// <summary>Stateless: makes sure that there is a management key: that of the setting
/// <c>Management:Key</c>, else one that is made at the first start.</summary>
internal static class ManagementKeyFile
{
    /// <summary>The file in the data folder.</summary>
    public const string Name = "management.key";

    /// <summary>Sets the key.</summary>
    /// <returns>The file that was written; null when none was.</returns>
    /// <exception cref="SettingsException">The setting is too short.</exception>
    public static async Task<string?> EnsureAsync(
        ManagementKey key,
        ManagementOptions options,
        string dataFolder,
        CancellationToken cancellationToken
    )
    {
        if (options.Key is { } given)
        {
            await key.SetAsync(given, cancellationToken);
            return null;
        }
        if (await key.ExistsAsync(cancellationToken))
            return null;

        // The file comes first: a key that counts and stands nowhere would be of no use to anybody.
        var path = Path.Combine(dataFolder, Name);
        using var file = PrivateFile.Open(path, FileMode.OpenOrCreate, FileShare.None);
        using var reader = new StreamReader(file, Encoding.ASCII);
        var made = (await reader.ReadToEndAsync(cancellationToken)).Trim();
        if (made.Length < ManagementKey.MinimumLength)
        {
            made = RunId.New() + RunId.New();
            file.SetLength(0);
            await file.WriteAsync(Encoding.ASCII.GetBytes(made + "\n"), cancellationToken);
            file.Flush(flushToDisk: true);
        }
        return await key.TrySetFirstAsync(made, cancellationToken) ? path : null;
    }
}
