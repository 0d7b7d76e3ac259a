using FlowEngine.Errors;

namespace FlowEngine.Server.Cli;

/// <summary>Stateless: the files that paths on the command line mean.</summary>
internal static class PathSearch
{
    /// <summary>Every file given, and of every folder the files of the known kinds, at any depth; each once.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="isKnown">Whether a file in a folder is of interest.</param>
    /// <param name="problems">Where paths that lead nowhere are reported, and folders that hold nothing of interest.</param>
    public static IReadOnlyList<string> Find(IEnumerable<string> paths, Func<string, bool> isKnown, DiagnosticBag problems)
    {
        var files = new List<string>();
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
        };
        foreach (var path in paths)
        {
            if (!Directory.Exists(path))
            {
                if (File.Exists(path))
                    files.Add(path);
                else
                    problems.Error(FlowErrors.File, SourceLocation.Root(path), $"There is no file or folder {path}.");
                continue;
            }

            var before = files.Count;
            files.AddRange(Directory.EnumerateFiles(path, "*.json", options).Where(isKnown).Order(StringComparer.Ordinal));
            if (files.Count == before)
                problems.Warning(
                    FlowErrors.File,
                    SourceLocation.Root(path),
                    $"The folder {path} holds none of the files that this command reads.",
                    "Check the path."
                );
        }
        return [.. files.DistinctBy(Path.GetFullPath)];
    }
}
