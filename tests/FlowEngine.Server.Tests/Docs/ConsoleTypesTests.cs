using System.Text.RegularExpressions;
using FlowEngine.AspNetCore.Web.Management.Reference;
using FlowEngine.Tests;

namespace FlowEngine.Server.Tests.Docs;

/// <summary>The console's types say what the API's reference says: the same members, and none is relied on that may be missing.</summary>
public sealed partial class ConsoleTypesTests
{
    public static TheoryData<string, string, string> Types =>
        new()
        {
            { "FlowHead", "types.ts", "FlowHead" },
            { "FlowVersion", "types.ts", "FlowVersion" },
            { "Flow", "types.ts", "FlowDetail" },
            { "Change", "types.ts", "Change" },
            { "Setting", "types.ts", "Setting" },
            { "ConnectorHead", "types.ts", "ConnectorHead" },
            { "Connector", "types.ts", "ConnectorDetail" },
            { "Run", "types.ts", "RunHead" },
            { "Step", "types.ts", "Step" },
            { "TryAnswer", "types.ts", "TryAnswer" },
            { "AuditEntry", "types.ts", "AuditEntry" },
            { "Person", "types.ts", "User" },
            { "Session", "types.ts", "Session" },
            { "Diagnostic", "client.ts", "Diagnostic" },
        };

    [Theory]
    [MemberData(nameof(Types))]
    public void Type_HasTheMembersOfTheReference(string api, string file, string console)
    {
        var described = TypeText.Members(ApiTypes.All.Single(type => type.Name == api).Type.Trim().TrimStart('{').TrimEnd('}'));
        var source = File.ReadAllText(Path.Combine(Repository.Root, "src", "console", "api", file));
        var body = Regex.Match(source, $@"^export interface {console} \{{$(.*?)^\}}$", RegexOptions.Multiline | RegexOptions.Singleline);

        Assert.True(body.Success, $"There is no interface {console} in {file}.");
        var members = Member().Matches(body.Groups[1].Value).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(
            described.Select(member => member.Name).Order(StringComparer.Ordinal),
            members.Select(name => name.TrimEnd('?')).Order(StringComparer.Ordinal)
        );
        // What may be missing must not be relied on. The other way round does no harm: the console makes some of these itself.
        Assert.All(described.Where(member => !member.IsRequired), member => Assert.Contains(member.Name + "?", members));
    }

    /// <summary>A member of the interface itself: two spaces in front.</summary>
    [GeneratedRegex(@"^  (\w+\??): ", RegexOptions.Multiline)]
    private static partial Regex Member();
}
