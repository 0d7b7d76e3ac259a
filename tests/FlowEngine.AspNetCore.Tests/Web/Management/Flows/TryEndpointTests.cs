using System.Net;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Web.Management.Flows;

/// <summary>Trying out definitions that need not be published, and screens that are being edited.</summary>
public sealed class TryEndpointTests(SharedApiServer shared) : IClassFixture<SharedApiServer>
{
    private const string Replies =
        """{ "lookup": [ { "rows": [ { "id": "ada", "tier": "gold" } ] }, { "rows": [ { "id": "ghost" } ] } ],"""
        + """ "profile": [ { "statusCode": 429 }, { "statusCode": 200, "headers": { "x-region": "eu" } } ] }""";

    private ApiServer Server => shared.Server;

    [Fact]
    public async Task Try_WithReplies_GoesOnWhereItWaited()
    {
        var begun = (await TryAsync(replies: Replies)).Expect(HttpStatusCode.OK).Body;
        Assert.Equal(
            ("waiting", "sign-in", """["signIn"]"""),
            (begun.Get("status").ToText(), begun.Get("screen").Get("id").ToText(), begun.Get("path").ToJson())
        );

        var busy = (await TryAsync(Answer("ada@example.com"), Replies, begun.Get("continue"))).Expect(HttpStatusCode.OK).Body;
        Assert.Equal("""["signIn","lookup","profile","byStatus","signIn"]""", busy.Get("path").ToJson());
        var done = (await TryAsync(Answer("ghost@example.com"), Replies, busy.Get("continue"))).Expect(HttpStatusCode.OK).Body;

        Assert.Equal(
            ("completed", "eu", "ghost"),
            (done.Get("status").ToText(), done.Get("claims").Get("region").ToText(), done.Get("user").Get("userId").ToText())
        );
        Assert.True(done.Get("continue").IsMissing);
        done.Get("trace").TryGetArray(out var trace);
        Assert.Equal(2, trace!.Count(step => step.Get("activity").ToText() == "profile"));
        Assert.DoesNotContain("sessionJwt", done.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Try_WithoutReplies_CallsTheConnectorsAndStoresNoRun()
    {
        var before = (await Server.GetAsync("/api/runs")).Body.Get("runs").ToJson();

        var done = (await TryAsync(Answer("ada@example.com"))).Expect(HttpStatusCode.OK).Body;

        Assert.Equal("completed", done.Get("status").ToText());
        Assert.Equal(before, (await Server.GetAsync("/api/runs")).Body.Get("runs").ToJson());
    }

    [Fact]
    public async Task Try_WithContinueOfAnotherDefinitionOrPerson_IsRefused()
    {
        var @continue = (await TryAsync(replies: Replies)).Body.Get("continue");
        var designer = await Server.PersonAsync("tess", "designer");

        Assert.Equal(
            "flow.try_over",
            (await TryAsync(Answer("a@example.com"), Replies, @continue, await LoginAsync("Another name")))
                .Expect(HttpStatusCode.Conflict)
                .Code
        );
        Assert.Equal(
            "flow.try_over",
            (await TryAsync(Answer("a@example.com"), Replies, @continue, credential: designer)).Expect(HttpStatusCode.Conflict).Code
        );
        Assert.Equal(
            "flow.try_over",
            (await TryAsync(Answer("a@example.com"), Replies, FlowValue.From(@continue.ToText()[..^4])))
                .Expect(HttpStatusCode.Conflict)
                .Code
        );
    }

    [Fact]
    public async Task Try_WithAnAnswerForAnotherScreen_SaysSo()
    {
        var reply = (await TryAsync("""[ { "screen": "user-not-found", "interaction": "submit" } ]""", Replies))
            .Expect(HttpStatusCode.OK)
            .Body;
        Assert.Equal(("waiting", "run.answer_mismatch"), (reply.Get("status").ToText(), reply.Get("error").Get("code").ToText()));

        var empty = (await TryAsync(Answer(""), Replies)).Expect(HttpStatusCode.OK).Body;
        Assert.Equal(("waiting", "screen.input"), (empty.Get("status").ToText(), empty.Get("error").Get("code").ToText()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await TryAsync("""[ 1 ]""", Replies)).Status);
        Assert.Equal(
            HttpStatusCode.UnprocessableEntity,
            (await Server.PostAsync("/api/flows/try", """{ "definition": { "id": "x" } }""")).Status
        );
    }

    [Fact]
    public async Task Preview_ShowsTheScreenAsPeopleWillSeeIt()
    {
        var body = """
            { "screen": { "id": "s", "title": "Hello {{form.email}}", "components": [
                { "type": "EmailInput", "name": "email", "label": "Email" }, { "type": "Select", "name": "broken" },
                  { "type": "ErrorMessage" }, { "type": "Button", "id": "submit", "text": "Continue" } ] },
              "form": { "email": "<b>ada</b>" }, "errorText": "Look once more", "theme": "dark", "locale": "de",
                "locales": { "de": { "Continue": "Weiter" } } }
            """;

        var reply = (await Server.PostAsync("/api/screens/preview", body)).Expect(HttpStatusCode.OK).Body;

        var html = reply.Get("html").ToText();
        Assert.Contains("Hello &lt;b&gt;ada", html, StringComparison.Ordinal);
        Assert.Contains("theme=\"dark\"", html, StringComparison.Ordinal);
        Assert.Contains("Look once more", html, StringComparison.Ordinal);
        Assert.Contains("Weiter", html, StringComparison.Ordinal);
        Assert.Equal("/components/1/options", reply.Get("diagnostics").Get(0).Get("pointer").ToText());
    }

    private static string Answer(string email) =>
        $$"""[ { "screen": "sign-in", "interaction": "submit", "form": { "email": "{{email}}" } } ]""";

    private async Task<FlowValue> LoginAsync(string? name = null)
    {
        var definition = (await Server.GetAsync("/api/flows/login")).Body.Get("published").Get("definition");
        return name is not null && definition.TryGetObject(out var json)
            ? FlowValue.From(json.With("name", FlowValue.From(name)))
            : definition;
    }

    private async Task<ApiReply> TryAsync(
        string? answers = null,
        string? replies = null,
        FlowValue @continue = default,
        FlowValue definition = default,
        Credential? credential = null
    ) =>
        await Server.PostAsync(
            "/api/flows/try",
            FlowValue.Object(
                ("definition", definition.IsMissing ? await LoginAsync() : definition),
                ("answers", answers is null ? FlowValue.Missing : FlowValue.Parse(answers)),
                ("replies", replies is null ? FlowValue.Missing : FlowValue.Parse(replies)),
                ("continue", @continue)
            ),
            credential
        );
}
