using Microsoft.AspNetCore.StaticFiles;

namespace FlowEngine.AspNetCore.Web.Console;

/// <summary>Shared and immutable: the built console: the folder <c>console</c> beside the program, read once. A path is looked up among the
/// files that there are, so none leads out of the folder.</summary>
internal sealed class ConsoleFiles
{
    private const string IndexName = "index.html";

    private static readonly FileExtensionContentTypeProvider ContentTypes = new();

    private readonly Dictionary<string, ConsoleFile> _files = new(StringComparer.Ordinal);

    /// <summary>Reads a folder; one that does not exist holds no console.</summary>
    public ConsoleFiles(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        var all = Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'), StringComparer.Ordinal);
        foreach (var (name, path) in all.Where(file => !IsCompressed(file.Key, all)))
        {
            var type = ContentTypes.TryGetContentType(name, out var known) ? known : "application/octet-stream";
            var isText = type.StartsWith("text/", StringComparison.Ordinal);
            _files.Add(
                name,
                new ConsoleFile(
                    isText ? type + "; charset=utf-8" : type,
                    File.ReadAllBytes(path),
                    Read(name + ".br", all),
                    Read(name + ".gz", all)
                )
            );
        }
    }

    /// <summary>The page that is every page of the console; null when it was not built.</summary>
    public ConsoleFile? Index => Find(IndexName);

    /// <summary>The file of that path; null when there is none.</summary>
    public ConsoleFile? Find(string path) => _files.GetValueOrDefault(path);

    private static bool IsCompressed(string name, Dictionary<string, string> all) =>
        Path.GetExtension(name) is ".br" or ".gz" && all.ContainsKey(name[..^3]);

    private static byte[]? Read(string name, Dictionary<string, string> all) =>
        all.TryGetValue(name, out var path) ? File.ReadAllBytes(path) : null;
}
