using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using FlowEngine.Browser.Tests.Console.Serving;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowEngine.Browser.Tests.Console;

/// <summary>The first page of the console, and the numbers on the canvas.</summary>
public sealed class OverviewTests(Browser browser) : ConsoleTest(browser)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    /// <summary>People sign in, then the profile API dies under them: within half a minute the page says which connector, since when and how
    /// many people, in every look; the canvas shows where, and leads to them.</summary>
    [Fact]
    public async Task ProfileApi_ThatDiesUnderLoad_IsToldWithinHalfAMinute()
    {
        await using var server = await ConsoleServer.DemoAsync();
        for (var i = 0; i < 6; i++)
            await server.SignInAsync("ada@example.com");
        await server.SignInAsync("ghost@example.com");
        var page = await OpenAsAsync(server, Account.Viewer, "");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 })).ToBeVisibleAsync();
        var broken = page.GetByRole(AriaRole.Status, new() { Name = "What is broken" });
        await Expect(page.Locator(".overview-legend")).ToContainTextAsync("Completed 6", new() { Timeout = 30_000 });
        await Expect(broken).ToBeEmptyAsync();

        var dies = Stopwatch.StartNew();
        var people = 0;
        for (; people < 12; people++)
            await server.SignInAsync("broken@example.com");
        await Expect(broken)
            .ToContainTextAsync(
                "Connector profile-api is broken since",
                new() { Timeout = (float)(Soon - dies.Elapsed).TotalMilliseconds }
            );
        Assert.InRange(dies.Elapsed, TimeSpan.Zero, Soon);
        await Expect(broken).ToContainTextAsync("http.status 500");
        await Expect(broken).ToContainTextAsync("login v1");
        // Ghost met a 404, which is no outage, but an error of this connector all the same.
        await Expect(broken).ToContainTextAsync(new Regex($"{people}|{people + 1} people"));

        var connector = page.Locator(".overview-connectors tbody tr", new() { HasText = "profile-api" });
        await Expect(connector.Locator("[data-label='Calls']")).ToHaveTextAsync("19");
        await Expect(connector.Locator("[data-label='Failed']")).ToContainTextAsync("13");
        await Expect(page.GetByRole(AriaRole.Article, new() { Name = "Flow login" })).ToContainTextAsync("19 runs began");
        await Expect(page.GetByRole(AriaRole.Img, new() { NameRegex = new Regex("19 runs began; 6 completed") })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "As a table" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Table, new() { Name = "Runs an hour, the latest first" }).GetByRole(AriaRole.Row).Nth(1))
            .ToContainTextAsync("6");
        await page.GetByRole(AriaRole.Button, new() { Name = "As a table" }).ClickAsync();

        List<string> problems = [];
        foreach (var isDark in new[] { false, true })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light });
            foreach (var (width, height) in new[] { (1440, 900), (1280, 860), (768, 1024), (390, 844) })
            {
                await page.SetViewportSizeAsync(width, height);
                await Expect(page.Locator(".overview-chart canvas")).ToBeVisibleAsync();
                var look = $"{width.ToString(CultureInfo.InvariantCulture)}-{(isDark ? "dark" : "light")}";
                await PictureAsync(page, width == 1280 && !isDark ? "overview" : $"overview-{look}");
                try
                {
                    await ExpectAccessibleAsync(page, look);
                    await ExpectNoSidewaysScrollAsync(page, look);
                }
                catch (Xunit.Sdk.XunitException problem)
                {
                    problems.Add(problem.Message);
                }
            }
        }
        Assert.True(problems.Count == 0, string.Join("\n\n", problems));

        await page.SetViewportSizeAsync(1440, 900);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.GotoAsync(server.Address + "/console/flows/login");
        await page.GetByRole(AriaRole.Button, new() { Name = "Numbers: none" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Since it was published" }).ClickAsync();
        var failed = page.Locator(".port-count[data-tone='error']", new() { HasText = "13" });
        await Expect(failed).ToBeVisibleAsync();
        await PictureAsync(page, "designer-numbers");
        await ExpectAccessibleAsync(page, "numbers on the canvas");
        await failed.ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"/runs\?flow=login&from=[^&]+&activity=profile$"));
        await Expect(page.Locator(".run-table tbody tr")).ToHaveCountAsync(people + 1);
    }
}
