using System.Reflection;
using FlowEngine.Database;
using FlowEngine.Extensions;
using FlowEngine.HttpConnector;
using FlowEngine.HttpConnector.Authentication;
using FlowEngine.HttpConnector.Wire.Egress;
using FlowEngine.Screens;

namespace FlowEngine.AspNetCore.Engine.Extensions;

/// <summary>Shared and immutable: the extensions in use, and their parts together.</summary>
internal sealed class ExtensionSet
{
    private readonly ExtensionParts _parts;

    private ExtensionSet(IReadOnlyList<ExtensionInfo> all, ExtensionParts parts) => (All, _parts) = (all, parts);

    /// <summary>The extensions, in the order in which they were registered.</summary>
    public IReadOnlyList<ExtensionInfo> All { get; }

    /// <summary>Their parts of a type.</summary>
    public IReadOnlyList<TPart> Parts<TPart>()
        where TPart : IExtensionPart => _parts.Of<TPart>();

    /// <summary>Registers extensions.</summary>
    /// <param name="inCode">Those of the program itself.</param>
    /// <param name="folder">The folder of others; null for none.</param>
    /// <param name="egress">The operator's rules for outgoing requests.</param>
    /// <exception cref="ExtensionException">One of them cannot be used.</exception>
    public static ExtensionSet Load(IEnumerable<FlowEngineExtension> inCode, string? folder, Func<EgressOptions> egress)
    {
        var parts = new ExtensionParts().Offering(egress);
        var taken = OwnNames();
        var all = inCode.Select(extension => Register(extension, null, parts, taken)).ToList();
        if (folder is not null)
            all.AddRange(ExtensionFolder.Load(folder).Select(loaded => Register(loaded.Extension, loaded.File, parts, taken)));
        return new ExtensionSet(all, parts);
    }

    private static ExtensionInfo Register(FlowEngineExtension extension, string? file, ExtensionParts parts, HashSet<string> taken)
    {
        var assembly = extension.GetType().Assembly;
        var name = assembly.GetName().Name!;
        var before = parts.All.Count;
        try
        {
            extension.Register(parts);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new ExtensionException(
                ExtensionErrors.Broken,
                $"{name} failed while it registered its parts: {error.GetType().Name}: {error.Message}",
                error
            );
        }
        var brings = parts.All.Skip(before).Select(part => part.Brings).OfType<string>().ToList();
        if (brings.Find(part => !taken.Add(part)) is { } twice)
            throw new ExtensionException(ExtensionErrors.Name, $"{name} brings {twice}, which there is already.");
        try
        {
            // A kind whose settings are called like those of another, or like "method".
            _ = HttpModule
                .ConnectorTypes(new() { Authentication = [.. AuthenticationKind.BuiltIn, .. parts.Of<AuthenticationKind>()] })
                .Count();
        }
        catch (ArgumentException error)
        {
            throw new ExtensionException(ExtensionErrors.Name, $"{name}: {error.Message}", error);
        }
        return new ExtensionInfo(name, VersionOf(assembly), file, brings);
    }

    /// <summary>What there is without extensions; two that differ in case only are the same.</summary>
    private static HashSet<string> OwnNames()
    {
        IEnumerable<IExtensionPart> own =
        [
            .. FlowEngineHost.ActivitiesOf().Types,
            .. ComponentCatalog.BuiltIn.Types,
            .. HttpModule.ConnectorTypes(new()),
            .. DatabaseModule.ConnectorTypes(new()),
            .. AuthenticationKind.BuiltIn,
        ];
        return own.Select(part => part.Brings!).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private static string VersionOf(Assembly assembly) =>
        // Without what a build puts behind it: the commit.
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? assembly.GetName().Version?.ToString()
        ?? "";
}
