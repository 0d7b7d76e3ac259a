using FlowEngine.Browser.Tests.Console.Pages;
using FlowEngine.Browser.Tests.Console.Serving;
using FlowEngine.TestServers;
using Microsoft.Playwright;

namespace FlowEngine.Browser.Tests.Console;

/// <summary>A program with FlowEngine under a path of its own, the sample, in a browser.</summary>
public sealed class OwnPathTests(Browser browser) : ConsoleTest(browser)
{
    [Fact]
    public async Task Sample_SignsInAndItsConsoleShowsTheFlow()
    {
        await using var shop = await SampleProcess.StartAsync();
        var page = await OpenAsync(shop.Address, "/");

        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByLabel("Email").FillAsync("ghost@example.com");
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("User Not Found");
        await page.GetByRole(AriaRole.Button).First.ClickAsync();
        await page.GetByLabel("Email").FillAsync("ada@example.com");
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("You are signed in");
        Assert.StartsWith(shop.Address + "/auth/login/login/", page.Url, StringComparison.Ordinal);
        await PictureAsync(page, "embedded-login");

        var console = await OpenAsync(
            shop.Address,
            new Uri((await File.ReadAllTextAsync(Path.Combine(shop.Data, "console.setup"))).Trim()).PathAndQuery
                + new Uri((await File.ReadAllTextAsync(Path.Combine(shop.Data, "console.setup"))).Trim()).Fragment
        );
        await new GatePage(console).SetUpAsync(Account.Admin);
        await console.GetByRole(AriaRole.Link, new() { Name = "Sign in with profile lookup" }).ClickAsync();
        await Assertions.Expect(console.Locator(".react-flow__node").First).ToBeVisibleAsync();
        await Assertions.Expect(console).ToHaveURLAsync(shop.Address + "/auth/console/flows/login");
        // Deep inside, the server gives the same page, and the session is still there.
        await console.ReloadAsync();
        await Assertions.Expect(console.Locator(".react-flow__node").First).ToBeVisibleAsync();
        await PictureAsync(console, "embedded-designer");
        await console.GetByRole(AriaRole.Link, new() { Name = "Runs" }).ClickAsync();
        await Assertions.Expect(console).ToHaveURLAsync(shop.Address + "/auth/console/runs");
        await Assertions.Expect(console.GetByRole(AriaRole.Link, new() { Name = "Run 1" })).ToBeVisibleAsync();
        foreach (var cookie in await console.Context.CookiesAsync())
            Assert.Equal("/auth", cookie.Path);
    }
}
