using FlowEngine.Execution;

namespace FlowEngine.Tests;

/// <summary>The core knows no web server, HTTP client or database; the
/// other directions are tested where the assemblies are built.</summary>
public sealed class ArchitectureTests
{
    [Theory]
    [InlineData("Microsoft.AspNetCore")]
    [InlineData("System.Net.Http")]
    [InlineData("System.Data")]
    [InlineData("Dapper")]
    [InlineData("Npgsql")]
    [InlineData("FlowEngine.")]
    public void Core_References_NoneOf(string forbidden)
    {
        var references = typeof(FlowExecutor).Assembly.GetReferencedAssemblies().Select(name => name.Name!);

        Assert.DoesNotContain(references, name => name.StartsWith(forbidden, StringComparison.Ordinal));
    }

    [Fact]
    public void Source_NoFolderOrTypeIsNamedForAKind()
    {
        string[] forbidden = ["Helpers", "Utils", "Common", "Manager", "Contracts"];
        var folders = Directory
            .EnumerateDirectories(Path.Combine(Repository.Root, "src"), "*", SearchOption.AllDirectories)
            .Where(folder => !folder.Split(Path.DirectorySeparatorChar).Any(part => part is "node_modules" or "dist" or "bin" or "obj"))
            .Select(folder => Path.GetFileName(folder)!)
            .Where(name => forbidden.Contains(name, StringComparer.OrdinalIgnoreCase));
        var types = typeof(FlowExecutor)
            .Assembly.GetTypes()
            .Where(type => forbidden.Any(word => type.Name.EndsWith(word, StringComparison.Ordinal)));

        Assert.Empty(folders);
        Assert.Empty(types);
    }
}
