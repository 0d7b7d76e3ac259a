using FlowEngine.AspNetCore;
using FlowEngine.Database;
using FlowEngine.ElsaFormat;
using FlowEngine.Execution;
using FlowEngine.HttpConnector;
using FlowEngine.Storage;

namespace FlowEngine.Server.Tests.Architecture;

/// <summary>
/// <c>Server → AspNetCore → Storage, Activities.*, ElsaFormat → FlowEngine</c>, never back, and none of those between knows another. The
/// storage knows no web: of ASP.NET Core only Data Protection, which is none.
/// </summary>
public sealed class ArchitectureTests
{
    private const string Server = "FlowEngine.Server";
    private const string Web = "FlowEngine.AspNetCore";
    private const string Storage = "FlowEngine.Storage";
    private const string Elsa = "FlowEngine.ElsaFormat";
    private const string Http = "FlowEngine.Activities.HttpConnector";
    private const string Sql = "FlowEngine.Activities.Database";
    private const string AspNet = "Microsoft.AspNetCore";
    private const string DataProtection = "Microsoft.AspNetCore.DataProtection";

    public static TheoryData<Type, string[]> Directions =>
        new()
        {
            {
                typeof(FlowExecutor),
                [Server, Web, Storage, Elsa, Http, Sql, AspNet, "Orleans", "System.Net.Http", "System.Data.Common", "Dapper"]
            },
            { typeof(ElsaReader), [Server, Web, Storage, Http, Sql, AspNet, "Orleans", "System.Net.Http", "System.Data.Common", "Dapper"] },
            { typeof(HttpModule), [Server, Web, Storage, Elsa, Sql, AspNet, "Orleans", "Dapper", "System.Data.Common"] },
            { typeof(DatabaseModule), [Server, Web, Storage, Elsa, Http, AspNet, "Orleans", "System.Net.Http"] },
            { typeof(ServerStorage), [Server, Web, Elsa, Http, Sql, AspNet, "Orleans", "System.Net.Http"] },
            { typeof(FlowEngineOptions), [Server, "Spectre.Console", "System.CommandLine"] },
        };

    [Theory]
    [MemberData(nameof(Directions))]
    public void Assembly_References_NothingInTheOtherDirection(Type inside, string[] forbidden)
    {
        var references = inside.Assembly.GetReferencedAssemblies().Select(name => name.Name!).ToList();

        Assert.NotEmpty(references);
        Assert.DoesNotContain(
            references,
            name =>
                !name.StartsWith(DataProtection, StringComparison.Ordinal)
                && forbidden.Any(word => name.StartsWith(word, StringComparison.Ordinal))
        );
    }
}
