using System.Collections.Concurrent;
using FlowEngine.Context;
using FlowEngine.ElsaActivities.Tests;
using FlowEngine.ElsaFormat;
using FlowEngine.Errors;

namespace FlowEngine.ElsaActivities.HostTests;

/// <summary>Many logins at once in one host: each is the person's own.</summary>
public sealed class ConcurrentLoginsTests
{
    [Fact]
    public async Task Logins_200And16AtATime_AreAllRight()
    {
        await using var data = await SampleData.StartAsync(target => (200, $$"""{"tier":"tier of {{target.Split('/')[^1]}}"}"""));
        await using var host = await ElsaHost.StartAsync(options => options.AddConnectors(data.Connectors));
        await host.ImportAsync(ElsaWriter.Write(Flow(), 1).ToJson());
        var told = new ConcurrentDictionary<int, string>();

        await Parallel.ForAsync(
            0,
            200,
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = TestContext.Current.CancellationToken },
            async (i, _) =>
            {
                var run = await host.StartAsync("many");
                await run.SubmitAsync("submit", FlowValue.Object(("email", FlowValue.From($"u{i}@example.com"))));
                var output = run.Output;
                told[i] =
                    $"{output.Get("status").ToText()} {output.Get("user").Get("userId").ToText()} {output.Get("claims").Get("tier").ToText()}";
            }
        );

        Assert.Equal(
            Enumerable.Range(0, 200).Select(i => $"completed u{i} tier of u{i}"),
            told.OrderBy(pair => pair.Key).Select(pair => pair.Value)
        );
    }

    private static Model.FlowDefinition Flow()
    {
        var problems = new DiagnosticBag();
        var flow = Model.FlowReader.Read(
            FlowValue.Parse(
                """
                { "id": "many", "start": "ask",
                  "screens": [ { "id": "ask", "components": [ { "type": "EmailInput", "name": "email", "required": true },
                    { "type": "Button", "id": "submit" } ] } ],
                  "activities": [
                    { "id": "ask", "type": "Screen", "screen": "ask" },
                    { "id": "person", "type": "Database", "connector": "people", "query": "select id from users where email = {{form.email}}" },
                    { "id": "profile", "type": "GenericHttp", "connector": "profiles", "endpoint": "/profiles/{{connectors.person.first.id}}" },
                    { "id": "user", "type": "SetUser", "user": { "userId": "{{connectors.person.first.id}}", "email": "{{form.email}}" } },
                    { "id": "claims", "type": "CustomClaims", "claims": { "tier": "{{connectors.profile.body.tier}}" } },
                    { "id": "done", "type": "End" } ],
                  "connections": [
                    { "source": "ask", "port": "submit", "target": "person" },
                    { "source": "person", "port": "Success", "target": "profile" },
                    { "source": "profile", "port": "Success", "target": "user" },
                    { "source": "user", "port": "Done", "target": "claims" },
                    { "source": "claims", "port": "Done", "target": "done" } ] }
                """
            ),
            null,
            problems
        );
        Assert.True(flow is not null && !problems.HasErrors, string.Join('\n', problems.Items));
        return flow;
    }
}
