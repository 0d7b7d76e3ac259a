using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.StaticFiles;

namespace FlowEngine.AspNetCore.Web.Console;

/// <summary>Shared and immutable: the built console, which is in the assembly, read once. A path is looked up among the files that there
/// are,
/// so none leads anywhere else.</summary>
internal sealed class ConsoleFiles
{
    private const string IndexName = "index.html";
    private const string ResourceFolder = "console/";

    private static readonly FileExtensionContentTypeProvider ContentTypes = new();

    private static readonly Lazy<ConsoleFiles> InAssembly = new(ReadAssembly);

    private readonly Dictionary<string, ConsoleFile> _files = new(StringComparer.Ordinal);

    private ConsoleFiles(IReadOnlyDictionary<string, Func<byte[]>> all)
    {
        foreach (var (name, read) in all.Where(file => !IsCompressed(file.Key, all)))
        {
            var type = ContentTypes.TryGetContentType(name, out var known) ? known : "application/octet-stream";
            var isText = type.StartsWith("text/", StringComparison.Ordinal);
            _files.Add(
                name,
                new ConsoleFile(
                    isText ? type + "; charset=utf-8" : type,
                    read(),
                    all.GetValueOrDefault(name + ".br")?.Invoke(),
                    all.GetValueOrDefault(name + ".gz")?.Invoke()
                )
            );
        }
    }

    /// <summary>The console that was built with the assembly; empty when there was no Node.</summary>
    public static ConsoleFiles BuiltIn() => InAssembly.Value;

    /// <summary>The console of a folder; one that does not exist holds none.</summary>
    public static ConsoleFiles Of(string folder) =>
        new(
            Directory.Exists(folder)
                ? Directory
                    .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                    .ToDictionary(
                        path => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'),
                        path => (Func<byte[]>)(() => File.ReadAllBytes(path)),
                        StringComparer.Ordinal
                    )
                : []
        );

    /// <summary>The page that is every page of the console; null when it was not built.</summary>
    /// <param name="root">The path that FlowEngine is served under, without a slash at its end. The page names its files by it: relative to
    /// itself it could not, as it is served for paths of any depth.</param>
    public ConsoleFile? Index(string root) =>
        _files.TryGetValue(IndexName, out var built)
            ? new ConsoleFile(
                built.ContentType,
                Encoding.UTF8.GetBytes(
                    Encoding
                        .UTF8.GetString(built.Plain)
                        .Replace("\"./assets/", $"\"{HtmlEncoder.Default.Encode(root)}/console/assets/", StringComparison.Ordinal)
                ),
                Brotli: null,
                Gzip: null
            )
            : null;

    /// <summary>The file of that path; null when there is none, and for the page.</summary>
    public ConsoleFile? Find(string path) => path == IndexName ? null : _files.GetValueOrDefault(path);

    private static bool IsCompressed(string name, IReadOnlyDictionary<string, Func<byte[]>> all) =>
        Path.GetExtension(name) is ".br" or ".gz" && all.ContainsKey(name[..^3]);

    private static ConsoleFiles ReadAssembly()
    {
        var assembly = typeof(ConsoleFiles).Assembly;
        return new ConsoleFiles(
            assembly
                .GetManifestResourceNames()
                .Where(name => name.StartsWith(ResourceFolder, StringComparison.Ordinal))
                .ToDictionary(
                    name => name[ResourceFolder.Length..],
                    name => (Func<byte[]>)(() => Content(assembly.GetManifestResourceStream(name)!)),
                    StringComparer.Ordinal
                )
        );
    }

    private static byte[] Content(Stream resource)
    {
        using var stream = resource;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
