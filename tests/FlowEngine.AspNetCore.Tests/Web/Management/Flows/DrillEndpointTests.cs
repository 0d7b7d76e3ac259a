using System.Net;
using FlowEngine.Context;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Web.Management.Flows;

/// <summary>Where people end up when what a draft asks fails.</summary>
public sealed class DrillEndpointTests(SharedApiServer shared) : IClassFixture<SharedApiServer>
{
    private const string Case = """
        { "name": "ada", "answers": [ { "screen": "sign-in", "interaction": "submit", "form": { "email": "ada@example.com" } } ],
          "replies": { "lookup": [ { "rows": [ { "id": "ada", "tier": "gold" } ] } ],
            "profile": [ { "statusCode": 200, "headers": { "x-region": "eu" } } ] } }
        """;

    private ApiServer Server => shared.Server;

    [Fact]
    public async Task Drill_Definition_ShowsWherePeopleEndUp()
    {
        var before = (await Server.GetAsync("/api/runs")).Body.Get("runs").ToJson();

        var drill = (await DrillAsync(Case)).Expect(HttpStatusCode.OK).Body;

        Assert.Equal(
            """[{"name":"ada","end":{"kind":"signedIn","activity":"done","place":"signed in","restarts":0,"name":"Done"}}]""",
            drill.Get("cases").ToJson()
        );
        var rows = Items(drill.Get("rows"));
        Assert.Equal(
            ["lookup connect", "lookup timeout", "lookup no row", "lookup many rows", "profile 404", "profile 429"],
            rows.Take(6).Select(row => $"{row.Get("activity").ToText()} {row.Get("way").ToText()}")
        );
        Assert.Equal(
            """{"kind":"screen","activity":"userNotFound","place":"User Not Found","restarts":0,"screen":"user-not-found","title":"User Not Found"}""",
            rows[4].Get("end").ToJson()
        );
        Assert.Equal(
            """[{"activity":"signIn","type":"Screen","outcome":"submit"},{"activity":"lookup","type":"Database","outcome":"Success"},"""
                + """{"activity":"profile","type":"GenericHttp","outcome":"Generic HTTP Error","code":"http.status"},"""
                + """{"activity":"byStatus","type":"Condition","outcome":"Not found"},{"activity":"userNotFound","type":"Screen"}]""",
            rows[4].Get("steps").ToJson()
        );
        Assert.Equal("[]", drill.Get("diagnostics").ToJson());
        // Nothing is stored.
        Assert.Equal(before, (await Server.GetAsync("/api/runs")).Body.Get("runs").ToJson());
    }

    [Fact]
    public async Task Drill_WithoutACase_HasNoRows()
    {
        var drill = (await DrillAsync()).Expect(HttpStatusCode.OK).Body;

        Assert.Equal(("[]", "false"), (drill.Get("rows").ToJson(), drill.Get("asksNobody").ToText()));
    }

    [Theory]
    [InlineData("""{ "name": "a", "answers": [ 1 ] }""", "flow.type", "/cases/0/answers/0")]
    public async Task Drill_BrokenCase_IsRefused(string golden, string code, string pointer)
    {
        var refusal = (await DrillAsync(golden)).Expect(HttpStatusCode.UnprocessableEntity);

        var problem = refusal.Body.Get("diagnostics").Get(0);
        Assert.Equal((code, pointer), (problem.Get("code").ToText(), problem.Get("pointer").ToText()));
    }

    [Fact]
    public async Task Drill_TooManyCases_IsRefused()
    {
        var refusal = await DrillAsync([.. Enumerable.Repeat(Case, 21)]);

        Assert.Equal(
            "flow.too_large",
            refusal.Expect(HttpStatusCode.UnprocessableEntity).Body.Get("diagnostics").Get(0).Get("code").ToText()
        );
    }

    private static FlowArray Items(FlowValue value) => value.TryGetArray(out var items) ? items : FlowArray.Empty;

    private async Task<ApiReply> DrillAsync(params string[] cases)
    {
        var flow = (await Server.GetAsync("/api/flows/login")).Body.Get("published").Get("definition");
        return await Server.PostAsync(
            "/api/flows/drill",
            $$"""{ "definition": {{flow.ToJson()}}, "cases": [ {{string.Join(",", cases)}} ] }"""
        );
    }
}
