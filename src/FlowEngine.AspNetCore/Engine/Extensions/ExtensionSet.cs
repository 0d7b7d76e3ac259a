using System.Reflection;
using FlowEngine.Activities;
using FlowEngine.Connectors;
using FlowEngine.Database;
using FlowEngine.Errors;
using FlowEngine.Extensions;
using FlowEngine.HttpConnector;
using FlowEngine.HttpConnector.Authentication;
using FlowEngine.HttpConnector.Egress;

namespace FlowEngine.AspNetCore.Engine.Extensions;

/// <summary>Shared and immutable: the extensions in use, and their parts together.</summary>
internal sealed class ExtensionSet
{
    private ExtensionSet(
        IReadOnlyList<ExtensionInfo> all,
        IReadOnlyList<ActivityType> activities,
        IReadOnlyList<ConnectorType> connectorTypes,
        IReadOnlyList<AuthenticationKind> authentication
    ) => (All, Activities, ConnectorTypes, Authentication) = (all, activities, connectorTypes, authentication);

    /// <summary>No extensions.</summary>
    public static ExtensionSet None { get; } = new([], [], [], []);

    /// <summary>The extensions, in the order in which they were registered.</summary>
    public IReadOnlyList<ExtensionInfo> All { get; }

    /// <summary>Their activity types.</summary>
    public IReadOnlyList<ActivityType> Activities { get; }

    /// <summary>Their connector types.</summary>
    public IReadOnlyList<ConnectorType> ConnectorTypes { get; }

    /// <summary>Their kinds of authentication.</summary>
    public IReadOnlyList<AuthenticationKind> Authentication { get; }

    /// <summary>Registers extensions.</summary>
    /// <param name="inCode">Those of the program itself.</param>
    /// <param name="folder">The folder of others; null for none.</param>
    /// <param name="egress">The operator's rules for outgoing requests.</param>
    /// <exception cref="ExtensionException">One of them cannot be used.</exception>
    public static ExtensionSet Load(IEnumerable<FlowEngineExtension> inCode, string? folder, Func<EgressOptions> egress)
    {
        var (all, activities, types, kinds) = (
            new List<ExtensionInfo>(),
            new List<ActivityType>(),
            new List<ConnectorType>(),
            new List<AuthenticationKind>()
        );
        var taken = OwnNames();
        foreach (var extension in inCode)
            Register(extension, null);
        foreach (var (extension, file) in folder is null ? [] : ExtensionFolder.Load(folder))
            Register(extension, file);
        if (all.Count == 0)
            return None;
        try
        {
            // A kind whose settings are called like those of another, or like "method".
            _ = HttpModule.ConnectorTypes(new() { Authentication = [.. AuthenticationKind.BuiltIn, .. kinds] }).Count();
        }
        catch (ArgumentException error)
        {
            throw new ExtensionException(ExtensionErrors.Name, error.Message, error);
        }
        return new(all, activities, types, kinds);

        void Register(FlowEngineExtension extension, string? file)
        {
            var parts = new ExtensionParts().Taking<ActivityType>().Taking<ConnectorType>().Taking<AuthenticationKind>().Offering(egress);
            var assembly = extension.GetType().Assembly;
            var name = assembly.GetName().Name!;
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
            activities.AddRange(parts.Of<ActivityType>());
            types.AddRange(parts.Of<ConnectorType>());
            kinds.AddRange(parts.Of<AuthenticationKind>());
            var brings = (string[])
                [
                    .. parts.Of<ActivityType>().Select(part => $"activity {part.Name}"),
                    .. parts.Of<ConnectorType>().Select(part => $"connector type {part.Name}"),
                    .. parts.Of<AuthenticationKind>().Select(part => $"authentication {part.Variant.Name}"),
                ];
            foreach (var part in brings)
            {
                if (!taken.Add(part))
                    throw new ExtensionException(ExtensionErrors.Name, $"{name} brings {part}, which there is already.");
            }
            all.Add(new ExtensionInfo(name, VersionOf(assembly), file, brings));
        }
    }

    /// <summary>What there is without extensions, by what and name; two that differ in case only are the same.</summary>
    private static HashSet<string> OwnNames() =>
        new(
            [
                .. FlowEngineHost.ActivitiesOf().Types.Select(part => $"activity {part.Name}"),
                .. HttpModule
                    .ConnectorTypes(new())
                    .Concat(DatabaseModule.ConnectorTypes(new()))
                    .Select(part => $"connector type {part.Name}"),
                .. AuthenticationKind.BuiltIn.Select(part => $"authentication {part.Variant.Name}"),
            ],
            StringComparer.OrdinalIgnoreCase
        );

    private static string VersionOf(Assembly assembly) =>
        // Without what a build puts behind it: the commit.
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? assembly.GetName().Version?.ToString()
        ?? "";
}
