using FlowEngine.Database;
using FlowEngine.Execution;
using FlowEngine.HttpConnector;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.Server.Tests;

/// <summary><c>Server → Activities.* → FlowEngine</c>, never back; connectors never see each other.</summary>
public sealed class ArchitectureTests
{
    private const string Server = "FlowEngine.Server";
    private const string Http = "FlowEngine.Activities.HttpConnector";
    private const string Sql = "FlowEngine.Activities.Database";

    public static TheoryData<Type, string[]> Directions =>
        new()
        {
            { typeof(FlowExecutor), [Server, Http, Sql, "Microsoft.AspNetCore", "System.Net.Http", "System.Data.Common", "Dapper"] },
            { typeof(HttpModule), [Server, Sql, "Microsoft.AspNetCore", "Dapper", "System.Data.Common"] },
            { typeof(DatabaseModule), [Server, Http, "Microsoft.AspNetCore", "System.Net.Http"] },
        };

    [Theory]
    [MemberData(nameof(Directions))]
    public void Assembly_References_NothingInTheOtherDirection(Type inside, string[] forbidden)
    {
        var references = inside.Assembly.GetReferencedAssemblies().Select(name => name.Name!).ToList();

        Assert.NotEmpty(references);
        Assert.DoesNotContain(references, name => forbidden.Any(word => name.StartsWith(word, StringComparison.Ordinal)));
    }
}
