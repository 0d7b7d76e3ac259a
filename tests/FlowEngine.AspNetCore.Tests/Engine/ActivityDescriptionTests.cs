using FlowEngine.Activities;
using FlowEngine.AspNetCore;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.Compilation;
using FlowEngine.Context;
using FlowEngine.Settings;
using FlowEngine.Tests;

namespace FlowEngine.AspNetCore.Tests.Engine;

/// <summary>What the designer suggests of an activity that calls somebody is what the compiler lets be read behind it.</summary>
public sealed class ActivityDescriptionTests
{
    public static TheoryData<string, string> Callers =>
        new()
        {
            {
                "GenericHttp",
                """ "connector": "profile-api", "endpoint": "/", "cache": { "ttl": "PT5M" }, "pages": { "next": "link", "items": "body" } """
            },
            { "Database", """ "connector": "users-db", "query": "select id as first from users" """ },
        };

    [Theory]
    [MemberData(nameof(Callers))]
    public async Task Writes_EachDescribedPlace_CanBeRead(string name, string settings)
    {
        var modules = new FlowEngineOptions { Egress = new() { AllowPrivateNetworks = true } }.Modules();
        await using var host = FlowEngineHost.Open(Path.Combine(Repository.Root, "flows"), null, modules);
        var type = FlowEngineHost.ActivitiesOf().Find(name)!;
        var paths = type
            .Writes.Where(write => write.MembersOf is null)
            .Select(write => write.Path.Replace("{contextKey}", "found", StringComparison.Ordinal))
            .ToList();

        Assert.True(paths.Count > 3);
        // After a success and after an error alike: what only one of them has is told as "not on every way", which is no error.
        Assert.DoesNotContain("path.unknown", CodesOf(host, type, settings, paths));
        Assert.Contains("path.unknown", CodesOf(host, type, settings, [.. paths, "connectors.found.nonsense"]));
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public void Reply_OfWhoeverCalls_HasMembersThatItsResultHas(string name, string settings)
    {
        Assert.NotEmpty(settings);
        var type = FlowEngineHost.ActivitiesOf().Find(name)!;
        var members = type
            .Writes.Select(write => write.Path.Split('.'))
            .Where(path => path.Length >= 3)
            .Select(path => path[2].Replace("[]", "", StringComparison.Ordinal))
            .ToHashSet();

        // What a reply to begin with consists of.
        Assert.Contains(type.Reply!.Settings, member => !member.Initial.IsMissing);
        Assert.All(type.Reply.Settings, member => Assert.Contains(member.Name, members));
    }

    [Fact]
    public void Reply_OfATypeWithAConnector_IsDescribed() =>
        Assert.All(
            FlowEngineHost.ActivitiesOf().Types,
            type =>
                Assert.Equal(
                    type.Settings.Settings.Any(setting =>
                        setting.Attribute.Editor?.StartsWith("connector:", StringComparison.Ordinal) == true
                    ),
                    type.Reply is not null
                )
        );

    private static List<string> CodesOf(FlowEngineHost host, ActivityType type, string settings, IEnumerable<string> paths)
    {
        var reads = string.Join(", ", paths.Select((path, i) => "\"p" + i + "\": \"{{" + path + "}}\""));
        var events = string.Join(", ", type.Description.ErrorEvents.Select(name => $"\"{name}\": \"custom\""));
        var connections = string.Join(
            ", ",
            type.Description.Outcomes.Concat(type.Description.ErrorEvents)
                .Select(port => $$"""{ "source": "found", "port": "{{port}}", "target": "end" }""")
        );
        return
        [
            .. FlowCompiler
                .Compile(
                    FlowValue.Parse(
                        $$"""
                        { "id": "f", "start": "found", "activities": [
                            { "id": "found", "type": "{{type.Name}}", {{settings}}, "errorHandling": { {{events}} } },
                            { "id": "end", "type": "End", "outputs": { {{reads}} } } ], "connections": [ {{connections}} ] }
                        """
                    ),
                    host.Environment
                )
                .Diagnostics.Select(diagnostic => diagnostic.Code),
        ];
    }
}
