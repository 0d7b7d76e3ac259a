using System.Reflection;
using System.Text.RegularExpressions;
using FlowEngine.AspNetCore;
using FlowEngine.Server.Cli;
using FlowEngine.Storage;
using FlowEngine.Tests;

namespace FlowEngine.Server.Tests.Architecture;

/// <summary>What is public is for others: a type of the server's assemblies that no program, extension or page of docs names, and no other
/// type needs, is internal. What activities need of the core and the connectors is held by their public API files.</summary>
public sealed class PublicTypesTests
{
    private static readonly Assembly[] Server =
    [
        typeof(FlowEngineOptions).Assembly,
        typeof(ServerStorage).Assembly,
        typeof(CliCommand).Assembly,
    ];

    /// <summary>Types that are public although nobody names them, each with its reason.</summary>
    private static readonly Dictionary<string, string> Allowed = new()
    {
        ["FlowEngine.AspNetCore.Web.Screens.Components.LineInputRenderer`1"] =
            "An extension's component that is a line of text derives from it, as the engine's own do; the sample's is none.",
    };

    [Fact]
    public void PublicTypes_AreNamedByOthers()
    {
        var types = Server.SelectMany(assembly => assembly.GetExportedTypes()).ToList();
        Assert.NotEmpty(types);

        var words = Sources()
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), @"[A-Za-z_]\w*"))
            .Select(word => word.Value)
            .ToHashSet();
        var needed = new HashSet<Type>();
        foreach (var type in types.Where(type => IsNamed(type, words)))
            Need(type, needed);

        Assert.Equal(Allowed.Keys.Order(), types.Where(type => !needed.Contains(type)).Select(type => type.FullName!).Order());
    }

    /// <summary>The programs and extensions of the repository that are not the server itself, and the snippets of its docs.</summary>
    private static IEnumerable<string> Sources() =>
        Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "samples"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md"));

    /// <summary>Of a class of extension methods, its methods are named.</summary>
    private static bool IsNamed(Type type, HashSet<string> words) =>
        type is { IsAbstract: true, IsSealed: true }
            ? type.GetMethods(BindingFlags.Public | BindingFlags.Static).Any(method => words.Contains(method.Name))
            : words.Contains(type.Name.Split('`')[0]);

    /// <summary>A type, and what whoever uses it gets to see: in what it derives from and in its members.</summary>
    private static void Need(Type type, HashSet<Type> needed)
    {
        if (type.HasElementType)
            Need(type.GetElementType()!, needed);
        foreach (var argument in type.GetGenericArguments().Where(argument => !argument.IsGenericParameter))
            Need(argument, needed);
        type = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        if (!Server.Contains(type.Assembly) || !needed.Add(type))
            return;
        const BindingFlags Declared =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        if (type.BaseType is { } parent)
            Need(parent, needed);
        foreach (var method in type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared)).Where(IsVisible))
        {
            foreach (var parameter in method.GetParameters())
                Need(parameter.ParameterType, needed);
            if (method is MethodInfo { ReturnType: var result })
                Need(result, needed);
        }
        foreach (var nested in type.GetNestedTypes())
            Need(nested, needed);
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;
}
