using System.Reflection;
using System.Runtime.Loader;

namespace FlowEngine.AspNetCore.Engine.Extensions;

/// <summary>
/// Per extension: where its assemblies are loaded. What it needs beyond the engine comes from its own folder, in its own versions; the
/// engine's assemblies, and those that the engine's public types are made of, are the host's.
/// </summary>
internal sealed class ExtensionContext : AssemblyLoadContext
{
    /// <summary>The engine's assemblies.</summary>
    private static readonly HashSet<string> Shared =
    [
        .. typeof(ExtensionContext)
            .Assembly.GetReferencedAssemblies()
            .Append(typeof(ExtensionContext).Assembly.GetName())
            .Select(assembly => assembly.Name!)
            .Where(name => name.StartsWith(nameof(FlowEngine), StringComparison.Ordinal)),
    ];

    private readonly AssemblyDependencyResolver _resolver;
    private readonly string _folder;

    /// <summary>Makes a context.</summary>
    /// <param name="file">The extension's own assembly.</param>
    public ExtensionContext(string file)
        : base(Path.GetFileNameWithoutExtension(file))
    {
        _resolver = new AssemblyDependencyResolver(file);
        _folder = Path.GetDirectoryName(file)! + Path.DirectorySeparatorChar;
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName) =>
        IsShared(assemblyName.Name!) || Own(_resolver.ResolveAssemblyToPath(assemblyName)) is not { } path
            ? null
            : LoadFromAssemblyPath(path);

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        Own(_resolver.ResolveUnmanagedDllToPath(unmanagedDllName)) is { } path ? LoadUnmanagedDllFromPath(path) : 0;

    private static bool IsShared(string name) => Shared.Contains(name);

    /// <summary>Only what lies in the extension's own folder, whatever its list of dependencies names.</summary>
    private string? Own(string? path) =>
        path is not null && Path.GetFullPath(path).StartsWith(_folder, StringComparison.Ordinal) && new FileInfo(path).LinkTarget is null
            ? path
            : null;
}
