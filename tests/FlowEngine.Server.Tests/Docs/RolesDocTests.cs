using FlowEngine.Tests;

namespace FlowEngine.Server.Tests.Docs;

/// <summary>Whoever gives somebody a role reads what it can do at worst, wherever roles are given.</summary>
public sealed class RolesDocTests
{
    [Theory]
    [InlineData("docs/management-api.md")]
    [InlineData("docs/operations.md")]
    [InlineData("src/console/people/roles.tsx")]
    [InlineData("src/FlowEngine.Server/Cli/Users/PersonArguments.cs")]
    public void RoleOfADesigner_IsToldToSignAnybodyIn(string file) =>
        Assert.Contains("signs anybody in", File.ReadAllText(Path.Combine(Repository.Root, file)), StringComparison.Ordinal);
}
