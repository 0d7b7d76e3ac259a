using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using FlowEngine.Extensions;

namespace FlowEngine.AspNetCore.Engine.Extensions;

/// <summary>
/// Stateless: loads the extensions of a folder: each <c>NAME.dll</c> in it, and each folder <c>NAME</c> with a <c>NAME.dll</c> and what
/// that needs. A file is looked at before it is loaded, so that nothing of a foreign one runs.
/// </summary>
internal static class ExtensionFolder
{
    private const string Engine = "FlowEngine";

    private static readonly Version EngineVersion = typeof(FlowEngineExtension).Assembly.GetName().Version!;

    /// <summary>The extensions, by the names of their files.</summary>
    /// <exception cref="ExtensionException">One of them cannot be used.</exception>
    public static IEnumerable<(FlowEngineExtension Extension, string File)> Load(string folder)
    {
        var root = Path.GetFullPath(folder);
        return [.. FilesIn(root).Select(file => (Load(file, root), file))];
    }

    private static List<string> FilesIn(string root)
    {
        try
        {
            return
            [
                .. Directory
                    .EnumerateFileSystemEntries(root)
                    .Select(entry => Directory.Exists(entry) ? Path.Combine(entry, Path.GetFileName(entry) + ".dll") : entry)
                    // What a build puts beside an assembly: symbols, documentation, what it depends on.
                    .Where(file => Path.GetExtension(file).ToUpperInvariant() is not (".PDB" or ".XML" or ".JSON"))
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ExtensionException(ExtensionErrors.Folder, error.Message, error);
        }
    }

    private static FlowEngineExtension Load(string file, string root)
    {
        Check(file, root);
        try
        {
            var assembly = new ExtensionContext(file).LoadFromAssemblyPath(file);
            var type = assembly.GetCustomAttribute<ProvidesExtensionAttribute>()!.Extension;
            if (type.Assembly != assembly || !type.IsAssignableTo(typeof(FlowEngineExtension)))
                throw new ExtensionException(ExtensionErrors.Broken, $"{type} of {file} is no extension of its own.");
            return (FlowEngineExtension)Activator.CreateInstance(type)!;
        }
        catch (Exception error) when (error is not (ExtensionException or OutOfMemoryException))
        {
            var cause = error is TargetInvocationException { InnerException: { } inner } ? inner : error;
            throw new ExtensionException(ExtensionErrors.Broken, $"{file}: {cause.GetType().Name}: {cause.Message}", error);
        }
    }

    /// <summary>Looks at a file without loading it.</summary>
    private static void Check(string file, string root)
    {
        if (!File.Exists(file) || !Path.GetExtension(file).Equals(".dll", StringComparison.OrdinalIgnoreCase))
            throw new ExtensionException(ExtensionErrors.Foreign, $"There is no extension {file}.");
        if (IsLink(file) || IsLink(Path.GetDirectoryName(file)!) && Path.GetDirectoryName(file) != root)
            throw new ExtensionException(ExtensionErrors.Foreign, $"{file} is a link.");
        try
        {
            using var stream = File.OpenRead(file);
            using var image = new PEReader(stream);
            if (!image.HasMetadata)
                throw new BadImageFormatException("It is no assembly of .NET.");
            var metadata = image.GetMetadataReader();
            var built = metadata
                .AssemblyReferences.Select(metadata.GetAssemblyReference)
                .Where(reference => metadata.StringComparer.Equals(reference.Name, Engine))
                .Select(reference => reference.Version)
                .FirstOrDefault();
            if (built is null || !ProvidesExtension(metadata))
                throw new ExtensionException(ExtensionErrors.Foreign, $"{file} has no [assembly: ProvidesExtension(…)].");
            if (built.Major != EngineVersion.Major)
                throw new ExtensionException(
                    ExtensionErrors.Version,
                    $"{file} was built for FlowEngine {built.ToString(3)}; this is {EngineVersion.ToString(3)}."
                );
        }
        catch (BadImageFormatException error)
        {
            throw new ExtensionException(ExtensionErrors.Foreign, $"{file}: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ExtensionException(ExtensionErrors.Folder, error.Message, error);
        }
    }

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    private static bool ProvidesExtension(MetadataReader metadata) =>
        metadata
            .GetAssemblyDefinition()
            .GetCustomAttributes()
            .Select(handle => metadata.GetCustomAttribute(handle).Constructor)
            .Where(constructor => constructor.Kind == HandleKind.MemberReference)
            .Select(constructor => metadata.GetMemberReference((MemberReferenceHandle)constructor).Parent)
            .Where(parent => parent.Kind == HandleKind.TypeReference)
            .Select(parent => metadata.GetTypeReference((TypeReferenceHandle)parent))
            .Any(type =>
                metadata.StringComparer.Equals(type.Name, nameof(ProvidesExtensionAttribute))
                && metadata.StringComparer.Equals(type.Namespace, typeof(ProvidesExtensionAttribute).Namespace!)
            );
}
