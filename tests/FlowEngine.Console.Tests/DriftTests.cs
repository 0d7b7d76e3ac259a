using System.Text.Json;
using System.Text.Json.Nodes;
using FlowEngine.Browser.Tests.Console.Serving;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowEngine.Browser.Tests.Console;

/// <summary>Where a folder says what runs, what was changed by hand since is seen.</summary>
public sealed class DriftTests(Browser browser) : ConsoleTest(browser)
{
    [Fact]
    public async Task WhatIsNoLongerAsItWasApplied_IsListedAboveTheOthers()
    {
        await using var server = await ConsoleServer.DemoAsync();
        var flows = new JsonArray();
        foreach (var id in new[] { "login", "quote" })
            flows.Add(new JsonObject { ["definition"] = await DefinitionAsync(server, id) });
        var plan = await server.CallAsync(HttpMethod.Post, "/api/environment/plan", new { flows, connectors = Array.Empty<object>() });
        await server.CallAsync(
            HttpMethod.Post,
            "/api/environment/apply",
            new
            {
                flows,
                connectors = Array.Empty<object>(),
                revision = plan.GetProperty("revision").GetInt64(),
                note = "commit 3f2a",
            }
        );
        var page = await OpenAsAsync(server, Account.Designer, "/flows");
        var drift = page.Locator(".notice").Filter(new() { HasText = "the folder that" });
        await Expect(drift).ToContainTextAsync("orders");
        await Expect(drift).Not.ToContainTextAsync("login");

        var changed = await DefinitionAsync(server, "login");
        changed["description"] = "By hand";
        var draft = await server.CallAsync(HttpMethod.Put, "/api/flows/login/draft", new { definition = changed, revision = (long?)null });
        await server.CallAsync(HttpMethod.Post, "/api/flows/login/publish", new { revision = draft.GetProperty("revision").GetInt64() });
        await page.ReloadAsync();

        await Expect(drift.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "login" })).ToContainTextAsync("was changed here");
        await ExpectAccessibleAsync(page, "drift");
        await PictureAsync(page, "drift");
        await drift.GetByRole(AriaRole.Link, new() { Name = "login", Exact = true }).ClickAsync();
        await Expect(page.Locator(".react-flow__node").First).ToBeVisibleAsync();
    }

    private static async Task<JsonNode> DefinitionAsync(ConsoleServer server, string id)
    {
        JsonElement flow = await server.CallAsync(HttpMethod.Get, $"/api/flows/{id}");
        return JsonNode.Parse(flow.GetProperty("published").GetProperty("definition").GetRawText())!;
    }
}
