using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace FlowEngine.ElsaActivities.Tests.Surface;

/// <summary>What the package uses of Elsa is what was tried on a real one: the declarations that it is compiled against prove nothing by
/// themselves.</summary>
public sealed class SurfaceTests
{
    [Fact]
    public void Package_UsesOfElsa_WhatWasVerified()
    {
        var (types, members) = Used(typeof(RunFlow).Assembly.Location);
        var allowed = Lines("verified.txt").Concat(Lines("read.txt")).ToHashSet(StringComparer.Ordinal);

        // A gate that sees nothing lets everything pass.
        Assert.InRange(types.Count, 30, 60);
        Assert.InRange(members.Count, 60, 110);
        Assert.All(types.Concat(members), name => Assert.Contains(name, allowed));
        // What is listed without being used is no reason to trust it.
        Assert.All(Lines("read.txt"), name => Assert.True(types.Contains(name) || members.Contains(name), name));
    }

    private static IEnumerable<string> Lines(string file) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Surface", file))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ')[0]);

    /// <summary>The types and members of Elsa's assemblies that an assembly refers to.</summary>
    private static (SortedSet<string> Types, SortedSet<string> Members) Used(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        var types = new SortedSet<string>(StringComparer.Ordinal);
        var members = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var handle in metadata.TypeReferences)
        {
            if (NameOf(metadata, handle) is { } name)
                types.Add(name);
        }
        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (OwnerOf(metadata, member.Parent) is { } owner)
                members.Add($"{owner}::{metadata.GetString(member.Name)}");
        }
        return (types, members);
    }

    private static string? OwnerOf(MetadataReader metadata, EntityHandle parent) =>
        parent.Kind switch
        {
            HandleKind.TypeReference => NameOf(metadata, (TypeReferenceHandle)parent),
            HandleKind.TypeSpecification => Generic(metadata, (TypeSpecificationHandle)parent),
            _ => null,
        };

    /// <summary>The type of which a generic one is made.</summary>
    private static string? Generic(MetadataReader metadata, TypeSpecificationHandle handle)
    {
        var signature = metadata.GetBlobReader(metadata.GetTypeSpecification(handle).Signature);
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            return null;
        signature.ReadByte();
        return signature.ReadTypeHandle() is { Kind: HandleKind.TypeReference } made ? NameOf(metadata, (TypeReferenceHandle)made) : null;
    }

    private static string? NameOf(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        if (type.ResolutionScope.Kind != HandleKind.AssemblyReference)
            return null;
        var assembly = metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope);
        return metadata.GetString(assembly.Name).StartsWith("Elsa.", StringComparison.Ordinal)
            ? $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}"
            : null;
    }
}
