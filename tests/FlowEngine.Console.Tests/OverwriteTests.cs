using System.Text;
using System.Text.Json.Nodes;
using FlowEngine.Browser.Tests.Console.Pages;
using FlowEngine.Browser.Tests.Console.Serving;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowEngine.Browser.Tests.Console;

/// <summary>What is lost by a click is named before it is lost, and what cannot be done is said in words, where it can be mended.</summary>
public sealed class OverwriteTests(Browser browser, DemoConsole demo) : ConsoleTest(browser)
{
    [Fact]
    public async Task OpenAsDraft_OverADraftThatWasNotPublished_NamesWhatWouldBeLostAndKeepsIt()
    {
        var server = await demo.ServerAsync();
        var flow = JsonNode.Parse(
            (await server.CallAsync(HttpMethod.Get, "/api/flows/orders")).GetProperty("published").GetProperty("definition").GetRawText()
        )!;
        flow["description"] = "The work of a whole day";
        await server.CallAsync(HttpMethod.Put, "/api/flows/orders/draft", new { definition = flow, revision = (long?)null });
        var page = await OpenAsAsync(server, Account.Designer, "/flows/orders/versions");
        var dialog = page.GetByRole(AriaRole.Dialog);

        await page.GetByRole(AriaRole.Button, new() { Name = "Open as draft" }).ClickAsync();
        await Expect(dialog).ToContainTextAsync("management key saved a draft");
        await Expect(dialog.GetByRole(AriaRole.Region, new() { Name = "What would be lost" }))
            .ToContainTextAsync("The work of a whole day");
        await ExpectAccessibleAsync(page, "replace draft");
        await PictureAsync(page, "replace-draft");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        Assert.Equal("The work of a whole day", await DescriptionAsync(server, "orders"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Open as draft" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Keep it as another flow" }).ClickAsync();
        await Expect(page.Locator(".react-flow__node").First).ToBeVisibleAsync();
        Assert.NotEqual("The work of a whole day", await DescriptionAsync(server, "orders"));
        Assert.Equal("The work of a whole day", await DescriptionAsync(server, "orders-draft"));

        await server.CallAsync(HttpMethod.Delete, "/api/flows/orders-draft");
        await server.CallAsync(HttpMethod.Delete, "/api/flows/orders/draft");
    }

    [Theory]
    [InlineData("[]", "one JSON object")]
    [InlineData("{\"a\":1}", "does not hold a flow")]
    [InlineData("", "is empty")]
    [InlineData("\u0089PNG\0", "no text")]
    [InlineData("{ \"id\": \"x\", \"type\": \"http\", \"configuration\": { \"baseUrl\": \"https://a.example\" } }", "holds a connector")]
    public async Task Import_OfWhatIsNoFlow_IsRefusedInWords(string content, string words)
    {
        var page = await OpenAsAsync(await demo.ServerAsync(), Account.Designer, "/flows");

        await page.GetByLabel("File to import")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "what.json",
                    MimeType = "application/json",
                    Buffer = Encoding.Latin1.GetBytes(content),
                }
            );

        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "what.json cannot be imported" });
        await Expect(dialog).ToContainTextAsync(words);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(page.Locator(".flow-link").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Delete_OfAFlowThatOthersUse_NamesThem()
    {
        var server = await demo.ServerAsync();
        var page = await OpenAsAsync(server, Account.Designer, "/flows");

        await page.GetByRole(AriaRole.Row)
            .Filter(new() { Has = page.GetByText("customer", new() { Exact = true }) })
            .GetByRole(AriaRole.Button)
            .ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Delete" }).ClickAsync();

        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("is in use");
        await Expect(dialog.GetByRole(AriaRole.Link, new() { Name = "quote" })).ToBeVisibleAsync();
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Delete" })).ToHaveCountAsync(0);
        await PictureAsync(page, "flow-in-use");
    }

    [Fact]
    public async Task Save_OfAConnectorWithAnErrorBelowTheFold_LeadsThere()
    {
        var page = await OpenAsAsync(await demo.ServerAsync(), Account.Designer, "/connectors/profile-api");
        var connector = new ConnectorPages(page);
        await connector.SwitchOnAsync("Use static IPs");
        await page.Locator(".main").EvaluateAsync("main => main.scrollTo(0, 0)");

        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();

        var setting = page.GetByRole(AriaRole.Switch, new() { Name = "Use static IPs" });
        await Expect(setting).ToBeFocusedAsync();
        await Expect(setting).ToBeInViewportAsync();
        await Expect(setting).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.GetByText("none are configured")).ToBeVisibleAsync();
        await Expect(page.Locator(".connector-form")).Not.ToContainTextAsync("useStaticIps");
        await Expect(page.Locator(".tab-count")).ToHaveTextAsync("1");
        await PictureAsync(page, "connector-error");
        await page.GetByRole(AriaRole.Button, new() { Name = "Discard changes" }).ClickAsync();
    }

    [Fact]
    public async Task NewConnector_ThatLacksSettings_MarksEachByItsLabel()
    {
        var page = await OpenAsAsync(await demo.ServerAsync(), Account.Designer, "/connectors/-new?type=http");
        var form = page.GetByRole(AriaRole.Form, new() { Name = "Settings" });
        await new ConnectorPages(page).NameAsync("Taken", "profile-api");
        await new ConnectorPages(page).FillAsync("Base URL", "http://");
        await form.GetByLabel("Method").SelectOptionAsync(new SelectOptionValue { Label = "OAuth 2.0 client credentials" });

        await page.GetByRole(AriaRole.Button, new() { Name = "Make connector" }).ClickAsync();

        foreach (
            var said in new[]
            {
                "Client ID is missing.",
                "Client secret is missing.",
                "Token endpoint URL is missing.",
                "The URL has no host.",
            }
        )
            await Expect(form).ToContainTextAsync(said);
        await Expect(page.Locator(".tab-count")).ToHaveTextAsync("4");
        await PictureAsync(page, "connector-missing");
        await form.GetByLabel("Method").SelectOptionAsync(new SelectOptionValue { Label = "None (default)" });
        await new ConnectorPages(page).FillAsync("Base URL", "https://a.example");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make connector" }).ClickAsync();
        await Expect(page.GetByLabel("ID *")).ToBeFocusedAsync();
        await Expect(form).ToContainTextAsync("There is a connector “profile-api” already.");
    }

    private static async Task<string?> DescriptionAsync(ConsoleServer server, string flow) =>
        (await server.CallAsync(HttpMethod.Get, $"/api/flows/{flow}"))
            .GetProperty("draft")
            .GetProperty("definition")
            .TryGetProperty("description", out var text)
            ? text.GetString()
            : null;
}
