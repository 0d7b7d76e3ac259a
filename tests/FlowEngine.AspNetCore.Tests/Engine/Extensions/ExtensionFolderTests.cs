using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Engine.Extensions;
using FlowEngine.Server.Hosting;
using FlowEngine.TestServers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Workspace = FlowEngine.TestServers.Workspace;

namespace FlowEngine.AspNetCore.Tests.Engine.Extensions;

/// <summary>What is loaded from the folder of extensions, and what keeps the server from starting.</summary>
public sealed class ExtensionFolderTests : IDisposable
{
    private const string Nothing = """
        using FlowEngine.Extensions;
        [assembly: ProvidesExtension(typeof(Nothing))]
        public sealed class Nothing : FlowEngineExtension { public override void Register(ExtensionParts parts) { REGISTER } }
        """;

    private const string Version = """[assembly: System.Reflection.AssemblyInformationalVersion("1.2.3+abc")]""";

    private readonly Workspace _workspace = new();

    [Fact]
    public void Load_FileAndFolder_BothAreUsed()
    {
        Compile("Alone.dll", Nothing.Replace("REGISTER", "", StringComparison.Ordinal));
        var needed = Compile("Within/Needed.dll", "public static class Needed { public static string Name => \"own\"; }");
        Compile("Within/Within.dll", Nothing.Replace("REGISTER", "_ = Needed.Name;", StringComparison.Ordinal), needed);
        // What a build puts beside them.
        _workspace.Write("Alone.pdb", "");
        _workspace.Write("Alone.xml", "");

        var extensions = Load();

        Assert.Equal(["Alone 1.2.3", "Within 1.2.3"], extensions.All.Select(one => $"{one.Name} {one.Version}"));
        Assert.All(extensions.All, one => Assert.Empty(one.Brings));
    }

    [Fact]
    public void Load_WhatItNeeds_IsItsOwn()
    {
        // The host has a Jint of its own; this one is another that is called so.
        var jint = Compile("Within/Jint.dll", "public static class Whose { public static string Name => \"own\"; }");
        Compile(
            "Within/Within.dll",
            Nothing.Replace("REGISTER", "if (Whose.Name != \"own\") throw new System.Exception();", StringComparison.Ordinal),
            jint
        );

        Assert.Single(Load().All);
    }

    [Fact]
    public void Load_NoSuchFolder_IsSaid() => Refused("extension.folder", Path.Combine(_workspace.Folder, "nowhere"));

    [Fact]
    public void Load_SomethingElse_IsRefused()
    {
        _workspace.Write("text.dll", "This is no assembly.");
        Refused("extension.foreign", "text.dll");
    }

    [Fact]
    public void Load_AForeignAssembly_IsRefusedAndNotRun()
    {
        Compile("Foreign.dll", "public static class Foreign { }");
        Refused("extension.foreign", "Foreign.dll");
    }

    [Fact]
    public void Load_AFolderWithoutItsAssembly_IsRefused()
    {
        _workspace.Write("Empty/other.txt", "");
        Refused("extension.foreign", "Empty.dll");
    }

    [Fact]
    public void Load_ALinkOutOfTheFolder_IsRefused()
    {
        File.CreateSymbolicLink(Path.Combine(_workspace.Folder, "Acme.Club.dll"), AcmeClub.Assembly);
        Refused("extension.foreign", "link");
    }

    [Fact]
    public void Load_BuiltForAnotherMajorVersion_IsRefused()
    {
        var file = Compile("Old.dll", Nothing.Replace("REGISTER", "", StringComparison.Ordinal));
        BuildFor(file, major: 7);
        Refused("extension.version", "built for FlowEngine 7.");
    }

    [Fact]
    public void Load_RegistrationFails_IsSaid()
    {
        const string Fails = "throw new System.InvalidOperationException(\"not today\");";
        Compile("Bad.dll", Nothing.Replace("REGISTER", Fails, StringComparison.Ordinal));
        Refused("extension.broken", "not today");
    }

    [Fact]
    public void Load_NamesThatAreTaken_AreRefused()
    {
        File.Copy(AcmeClub.Assembly, Path.Combine(_workspace.Folder, "Acme.Club.dll"));
        Directory.CreateDirectory(Path.Combine(_workspace.Folder, "Acme.Club"));
        File.Copy(AcmeClub.Assembly, Path.Combine(_workspace.Folder, "Acme.Club", "Acme.Club.dll"));
        Refused("extension.name", "activity ClubTier");
    }

    [Fact]
    public async Task Serve_ARefusedExtension_SaysSoAndDoesNotStart()
    {
        _workspace.Write("extensions/text.dll", "This is no assembly.");
        var finished = await FlowEngineProcess.RunAsync(
            "serve",
            "--data",
            Path.Combine(_workspace.Folder, "data"),
            "--urls",
            "http://127.0.0.1:0",
            "--set",
            $"Extensions:Folder={Path.Combine(_workspace.Folder, "extensions")}"
        );

        Assert.Equal(1, finished.ExitCode);
        Assert.Contains("extension.foreign", finished.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _workspace.Dispose();

    private ExtensionSet Load(string? folder = null) =>
        ServerSettings
            .Load([KeyValuePair.Create("Extensions:Folder", folder ?? _workspace.Folder)], isDemo: false)
            .Engine.Modules()
            .Extensions;

    private void Refused(string code, string words)
    {
        var error = Assert.Throws<ExtensionException>(() => Load(Path.IsPathRooted(words) ? words : null));
        Assert.Equal(code, error.Code.Code);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    private string Compile(string name, string code, params string[] needed)
    {
        var path = Path.Combine(_workspace.Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(name),
            [CSharpSyntaxTree.ParseText(code), CSharpSyntaxTree.ParseText(Version)],
            [
                .. platform
                    .Where(file => Path.GetFileName(file) != Path.GetFileName(needed.FirstOrDefault("-")))
                    .Concat(needed)
                    .Select(file => MetadataReference.CreateFromFile(file)),
            ],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)
        );
        var result = compilation.Emit(path);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return path;
    }

    /// <summary>Writes into an assembly that it was built for another version of FlowEngine.</summary>
    private static void BuildFor(string file, byte major)
    {
        var bytes = File.ReadAllBytes(file);
        using (var image = new PEReader([.. bytes]))
        {
            var metadata = image.GetMetadataReader();
            var row = metadata
                .AssemblyReferences.ToList()
                .FindIndex(reference => metadata.GetString(metadata.GetAssemblyReference(reference).Name) == "FlowEngine");
            var at =
                image.PEHeaders.MetadataStartOffset
                + metadata.GetTableMetadataOffset(TableIndex.AssemblyRef)
                + row * metadata.GetTableRowSize(TableIndex.AssemblyRef);
            bytes[at] = major;
        }
        File.WriteAllBytes(file, bytes);
    }
}
