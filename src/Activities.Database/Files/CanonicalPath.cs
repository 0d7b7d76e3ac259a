namespace FlowEngine.Database.Files;

/// <summary>Stateless: paths as the system resolves them.</summary>
internal static class CanonicalPath
{
    /// <summary>As many links as Linux follows.</summary>
    private const int MostLinks = 40;

    private static readonly StringComparison Comparison = OperatingSystem.IsLinux()
        ? StringComparison.Ordinal
        : StringComparison.OrdinalIgnoreCase;

    /// <summary>The absolute path without links; what does not exist stays as it is written.</summary>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static string Of(string path)
    {
        var full = Path.GetFullPath(path);
        var resolved = Path.GetPathRoot(full)!;
        var rest = new Stack<string>();
        Push(full[resolved.Length..]);
        for (var links = 0; rest.TryPop(out var name); )
        {
            var next = Path.Combine(resolved, name);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                resolved = next;
                continue;
            }
            if (++links > MostLinks)
                throw new IOException("Too many links.");
            var linked = Path.GetFullPath(target, resolved);
            resolved = Path.GetPathRoot(linked)!;
            Push(linked[resolved.Length..]);
        }
        return resolved;

        void Push(string parts)
        {
            var names = parts.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
            for (var i = names.Length - 1; i >= 0; i--)
                rest.Push(names[i]);
        }
    }

    /// <summary>Whether two canonical paths are the same.</summary>
    public static bool AreEqual(string left, string right) => string.Equals(left, right, Comparison);

    /// <summary>Whether a canonical path lies below a canonical folder, or is it.</summary>
    public static bool IsBelow(string path, string folder) =>
        AreEqual(path, folder)
        || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, Comparison);
}
