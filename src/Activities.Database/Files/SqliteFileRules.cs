using FlowEngine.Connectors;

namespace FlowEngine.Database.Files;

/// <summary>Shared and immutable: which SQLite files connectors may open (SPEC 8).</summary>
/// <remarks>Paths are compared as the system resolves them: absolute, without links. What is
/// protected is known by its device and number too, where the system tells them.</remarks>
public sealed class SqliteFileRules
{
    private readonly IReadOnlyList<string> _folders;
    private readonly string? _protected;

    /// <summary>Makes rules.</summary>
    /// <param name="folders">Saved connectors open files below these alone;
    /// those of the operator's own folder open any. Default none.</param>
    /// <param name="protectedFolder">The server's data folder, where no
    /// connector opens anything. Null (the default) where there is none.</param>
    public SqliteFileRules(IEnumerable<string>? folders = null, string? protectedFolder = null)
    {
        _folders = [.. (folders ?? []).Select(CanonicalPath.Of)];
        _protected = protectedFolder is null ? null : CanonicalPath.Of(protectedFolder);
    }

    /// <summary>Where the file is, if a connector of that origin may open it.</summary>
    /// <param name="path">The full path as the connector has it. Whether it exists
    /// does not matter: the answer tells nothing about other folders.</param>
    /// <param name="origin">Whose connector it is.</param>
    /// <returns>The canonical path, or null when it is refused.</returns>
    internal string? Resolve(string path, ConnectorOrigin origin)
    {
        string canonical;
        try
        {
            canonical = CanonicalPath.Of(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null;
        }

        var isAllowed = origin == ConnectorOrigin.Operator || _folders.Any(folder => CanonicalPath.IsBelow(canonical, folder));
        return isAllowed && !IsProtected(canonical) ? canonical : null;
    }

    /// <summary>Whether a file is one of the data folder, by its path or by
    /// what it is: a hard link or another mount is the same file.</summary>
    internal bool IsProtected(string canonical)
    {
        if (_protected is null)
            return false;
        if (CanonicalPath.IsBelow(canonical, _protected))
            return true;
        return FileIdentity.Of(canonical) is { } file
            && Directory.Exists(_protected)
            && Directory.EnumerateFiles(_protected, "*", SearchOption.AllDirectories).Any(own => FileIdentity.Of(own) == file);
    }
}
