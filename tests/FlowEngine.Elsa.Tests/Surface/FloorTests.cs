using System.Reflection;
using FlowEngine.Server.Tests.Architecture;

namespace FlowEngine.ElsaActivities.Tests.Surface;

/// <summary>What knows ids and JSON only stands below what knows Elsa's types, so that it can be tried without an Elsa.</summary>
public sealed class FloorTests
{
    private static readonly Assembly Package = typeof(RunFlow).Assembly;

    [Fact]
    public void Types_NameOnlyWhatStandsBelow()
    {
        var references = TypeReferences.Read(Package.Location);
        var floors = new Floors("FlowEngine.ElsaActivities", "Hosting + FlowEngineException < .");

        Assert.Empty(floors.Violations(references));
        Assert.Empty(floors.Empty(references.Keys));
    }

    [Fact]
    public void Hosting_KnowsNothingOfElsa()
    {
        var hosting = Package.GetTypes().Where(type => type.Namespace == "FlowEngine.ElsaActivities.Hosting").ToList();

        Assert.Contains(hosting, type => type.Name == "HostedRun");
        Assert.All(
            hosting.SelectMany(type => type.GetMembers(All)).SelectMany(Named),
            type => Assert.False(type.Assembly.GetName().Name!.StartsWith("Elsa.", StringComparison.Ordinal), type.FullName)
        );
    }

    [Fact]
    public void References_AreTheEngineAndElsa_NeverTheServer()
    {
        var names = Package.GetReferencedAssemblies().Select(name => name.Name!).ToList();

        Assert.Contains("FlowEngine", names);
        Assert.DoesNotContain(names, name => name is "FlowEngine.AspNetCore" or "FlowEngine.Storage" or "FlowEngine.Server");
        Assert.DoesNotContain(names, name => name.StartsWith("Orleans", StringComparison.Ordinal));
    }

    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>The types in a member's signature.</summary>
    private static IEnumerable<Type> Named(MemberInfo member) =>
        member switch
        {
            MethodBase method => method
                .GetParameters()
                .Select(parameter => parameter.ParameterType)
                .Append(method is MethodInfo { ReturnType: var result } ? result : typeof(void)),
            FieldInfo field => [field.FieldType],
            PropertyInfo property => [property.PropertyType],
            _ => [],
        };
}
