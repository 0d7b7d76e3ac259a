using System.Text.RegularExpressions;
using FlowEngine.Browser.Tests.Console.Pages;
using FlowEngine.Browser.Tests.Console.Serving;
using FlowEngine.TestServers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowEngine.Browser.Tests.Console;

/// <summary>samples/Extension by mouse: its connector type, its authentication and its activity are set up, drawn, tried, published and
/// signed in with.</summary>
public sealed class ExtensionTests(Browser browser) : ConsoleTest(browser)
{
    [Fact]
    public async Task Parts_ByMouse_BecomeALoginThatPeopleUse()
    {
        await using var acme = new AcmeClub();
        await using var server = await ConsoleServer.EmptyAsync($"Extensions:Folder={acme.Extensions}");
        var page = await OpenAsync(server, server.SetupLink.PathAndQuery + server.SetupLink.Fragment);
        await page.SetViewportSizeAsync(1600, 1000);
        await new GatePage(page).SetUpAsync(Account.Admin);

        await page.GetByRole(AriaRole.Link, new() { Name = "Extensions" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "Acme.Club" })).ToContainTextAsync("activity ClubTier");
        await PictureAsync(page, "extensions");

        await MakeConnectorsAsync(page, acme);
        await DrawAsync(page);
        await TryAsync(page);
        var designer = new DesignerPage(page);
        await Expect(designer.Saved).ToBeVisibleAsync();
        await designer.PublishAsync("Drawn with what the extension brings");

        await SignInAsync(server, "ada@example.com");
        var run = (await server.CallAsync(HttpMethod.Get, "/api/runs")).GetProperty("runs")[0].GetRawText();
        Assert.Contains("completed", run, StringComparison.Ordinal);
    }

    private static async Task MakeConnectorsAsync(IPage page, AcmeClub acme)
    {
        var connectors = new ConnectorPages(page);
        await connectors.BeginAsync("Club");
        await connectors.NameAsync("Acme Club", "club");
        foreach (var (tier, from, number) in new[] { ("bronze", "0", 1), ("gold", "1000", 2) })
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Add to Tiers" }).ClickAsync();
            await connectors.FillAsync($"Name of Tier {number}", tier);
            await connectors.FillAsync($"From of Tier {number}", from);
        }
        await SecretAsync(page, "Number key", "the key of all numbers");
        await PictureAsync(page, "extension-connector");
        await connectors.ConnectAsync();
        await Expect(page.GetByText("Tiers: bronze < gold")).ToBeVisibleAsync();
        await connectors.MakeAsync("Acme Club");

        await connectors.BeginAsync("HTTP");
        await connectors.NameAsync("Acme purchases", "purchases");
        await connectors.FillAsync("Base URL", acme.Address);
        await connectors.ChooseAsync("Method", "Acme stamp");
        await connectors.FillAsync("Sender", "login");
        await SecretAsync(page, "Key", AcmeClub.StampKey);
        await PictureAsync(page, "extension-authentication");
        await Expect(await connectors.SendAsync("/sums/ada@example.com")).ToContainTextAsync("1200");
        await connectors.MakeAsync("Acme purchases");
    }

    private static Task SecretAsync(IPage page, string label, string value) =>
        page.GetByRole(AriaRole.Form, new() { Name = "Settings" })
            .GetByLabel(new Regex($"^{Regex.Escape(label)}"))
            .And(page.Locator("input"))
            .FillAsync(value);

    private static async Task DrawAsync(IPage page)
    {
        var designer = new DesignerPage(page);
        await designer.BeginAsync("Sign in to the club", "club");
        await designer.ShowAsync("Screens");
        await designer.ComponentButtonAsync("start", "Remove Text This is the first screen.");
        await designer.AddComponentAsync("start", "EmailInput");
        await designer.AddComponentAsync("start", "Stars");
        await Expect(page.FrameLocator("iframe").GetByLabel("How was it?")).ToBeVisibleAsync();
        await PictureAsync(page, "extension-component");
        await designer.ShowAsync("Flow");
        await designer.ZoomOutAsync(3);

        await designer.DropAsync("GenericHttp", 330, 90);
        await designer.RenameAsync("sums");
        await Expect(designer.Inspector.GetByLabel("Connector *")).ToHaveValueAsync("purchases");
        await designer.FillAsync("Endpoint", "/sums/{{form.email}}");
        await designer.FillAsync("Context key", "sums");
        await designer.DropAsync("ClubTier", 560, 90);
        await designer.RenameAsync("tier");
        await Expect(designer.Inspector.GetByLabel("Connector *")).ToHaveValueAsync("club");
        await designer.FillAsync("Member *", "{{form.email}}");
        await designer.FillAsync("Spent", "{{connectors.sums.body.sum}}");
        await designer.FillAsync("Best *", "gold");
        await PictureAsync(page, "extension-activity");
        await designer.DropAsync("SetUser", 780, 90);
        await designer.RenameAsync("member");
        await designer.FillAsync("User ID", "{{scripts.club.number}}");
        await designer.FillAsync("Email", "{{form.email}}");
        foreach (
            var (source, port, target) in new[]
            {
                ("start", "submit", "sums"),
                ("sums", "Success", "tier"),
                ("tier", "Best", "member"),
                ("tier", "Other", "member"),
                ("member", "Done", "done"),
            }
        )
            await designer.ConnectAsync(source, port, target);
    }

    private static async Task TryAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Try", Exact = true }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Complementary, new() { Name = "Try" });
        await panel.GetByRole(AriaRole.Button, new() { Name = "Start", Exact = true }).ClickAsync();
        await panel.GetByLabel("Email").FillAsync("ada@example.com");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Expect(new DesignerPage(page).Activity("done").Locator(".activity[data-mark='done']")).ToHaveCountAsync(1);
        await PictureAsync(page, "extension-try");
    }

    private async Task SignInAsync(ConsoleServer server, string email)
    {
        var page = await OpenAsync(server, "/login/club");
        await page.GetByLabel("Email").FillAsync(email);
        var stars = page.GetByLabel("How was it?");
        Assert.Equal("rgb(212, 160, 23)", await stars.EvaluateAsync<string>("input => getComputedStyle(input).accentColor"));
        await PictureAsync(page, "extension-page");
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("You are signed in");
        await PictureAsync(page, "extension-signed-in");
    }
}
