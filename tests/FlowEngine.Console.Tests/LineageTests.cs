using System.Text.RegularExpressions;
using FlowEngine.Browser.Tests.Console.Pages;
using FlowEngine.Browser.Tests.Console.Serving;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowEngine.Browser.Tests.Console;

/// <summary>Where the values of a run came from. Run 1 is ada's login.</summary>
public sealed class LineageTests(Browser browser, DemoConsole demo) : ConsoleTest(browser)
{
    [Fact]
    public async Task Claim_Clicked_ShowsTheHeaderTheCallAndTheRow()
    {
        var page = await OpenAsAsync(await demo.ServerAsync(), Account.Designer, "/runs/1");
        var run = new RunPage(page);
        await run.Steps.Filter(new() { HasText = "claims" }).ClickAsync();

        await run.Detail.GetByRole(AriaRole.Tree, new() { Name = "Output" }).GetByText("region").ClickAsync();

        var way = run.WayBackFrom("claims.region");
        await Expect(way).ToContainTextAsync("{{connectors.profile.headers.x-region}}");
        await Expect(way).ToContainTextAsync(new Regex("connectors.profile.headers.x-region.*eu-west-1.*by.*3. profile"));
        await Expect(way).ToContainTextAsync(new Regex("headers.x-user-tier.*connectors.db.first.tier.*gold.*by.*2. lookup"));
        await Expect(way).ToContainTextAsync(new Regex("parameters.@p0.*form.email.*ada@example.com.*entered at.*1. signIn"));
        foreach (var id in new[] { "signIn", "lookup", "profile", "claims" })
            await Expect(run.Activity(id).Locator(".activity")).ToHaveAttributeAsync("data-origin", "true");
        foreach (var id in new[] { "user", "byStatus" })
            await Expect(run.Activity(id).Locator(".activity[data-origin=true]")).ToHaveCountAsync(0);
        await ExpectAccessibleAsync(page, "The way back of a claim");
        await way.ScrollIntoViewIfNeededAsync();
        await PictureAsync(page, "lineage");

        // A step on the way is a click away, and its values lead further back.
        await way.GetByRole(AriaRole.Button, new() { Name = "3. profile" }).First.ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"/runs/1\?step=3$"));
        await run
            .Detail.GetByRole(AriaRole.Table, new() { Name = "Request headers" })
            .GetByRole(AriaRole.Button, new() { Name = "x-user-tier" })
            .ClickAsync();
        await Expect(run.WayBackFrom("headers.x-user-tier")).ToContainTextAsync("connectors.db.first.tier");
    }

    [Fact]
    public async Task WayBack_ByKeyboardAndAddress_OpensAndCloses()
    {
        var page = await OpenAsAsync(await demo.ServerAsync(), Account.Viewer, "/runs/1?step=2&value=parameters.%40p0");
        var run = new RunPage(page);
        var value = run.Detail.Locator("[data-value='parameters.@p0']");
        await Expect(run.WayBackFrom("parameters.@p0")).ToContainTextAsync("{{form.email}}");
        await Expect(value).ToHaveAttributeAsync("aria-expanded", "true");

        await value.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(run.WayBackFrom("parameters.@p0")).ToHaveCountAsync(0);
        await Expect(page).ToHaveURLAsync(new Regex(@"\?step=2$"));
        await page.Keyboard.PressAsync("Enter");
        await Expect(run.WayBackFrom("parameters.@p0")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex(@"\?step=1$"));
    }

    [Fact]
    public async Task WayBack_InANarrowWindowAndInTheDark_IsReadable()
    {
        var page = await OpenAsAsync(
            await demo.ServerAsync(),
            Account.Designer,
            "/runs/1?step=5&value=claims.region",
            isDark: true,
            width: 768
        );
        await Expect(new RunPage(page).WayBackFrom("claims.region")).ToBeVisibleAsync();
        await ExpectAccessibleAsync(page, "The way back in the dark");
        await PictureAsync(page, "lineage-768-dark");
    }
}
