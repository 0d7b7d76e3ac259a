using FlowEngine.Browser.Tests.Console.Serving;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowEngine.Browser.Tests.Console;

/// <summary>Every page, light and dark, wide and narrow: axe-core finds nothing
/// that is more than minor, and nothing sticks out of the window.</summary>
public sealed class LooksTests(Browser browser, DemoConsole demo) : ConsoleTest(browser)
{
    // Where it is, what shows that it stands, and what its picture is called.
    private static readonly (string Path, string Shown, string Picture)[] Pages =
    [
        ("/flows", ".flow-link", "flows"),
        ("/flows/login", ".react-flow__node", "designer"),
        ("/flows/login/versions", "h1", "versions"),
        ("/connectors", ".connector-name", "connectors"),
        ("/connectors/profile-api", ".connector-form", "connector"),
        ("/connectors/profile-api?tab=test", ".test-request", "connector-test"),
        ("/runs", ".run-link", "runs"),
        ("/runs/4", ".run-canvas .react-flow__node", "run"),
        ("/people", ".page h1", "people"),
        ("/audit", ".page h1", "audit"),
        ("/account", ".page h1", "account"),
    ];

    [Theory]
    [InlineData(1280, false)]
    [InlineData(1280, true)]
    [InlineData(768, false)]
    [InlineData(768, true)]
    public async Task Pages_InThisLook_AreAccessibleAndFit(int width, bool isDark)
    {
        var server = await demo.ServerAsync();
        var page = await OpenAsAsync(server, Account.Admin, "/flows", isDark, width);
        var look = $"{width}-{(isDark ? "dark" : "light")}";
        List<string> problems = [];
        foreach (var (path, shown, picture) in Pages)
        {
            await page.GotoAsync(server.Address + "/console" + path);
            await Expect(page.Locator(shown).First).ToBeVisibleAsync();
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle, new() { Timeout = 1500 }).ContinueWith(_ => { }, TaskScheduler.Default);
            await PictureAsync(page, width == 1280 && !isDark ? picture : $"{picture}-{look}");
            try
            {
                await ExpectAccessibleAsync(page, $"{path} {look}");
                await ExpectNoSidewaysScrollAsync(page, $"{path} {look}");
            }
            catch (Xunit.Sdk.XunitException problem)
            {
                problems.Add(problem.Message);
            }
        }
        Assert.True(problems.Count == 0, string.Join("\n\n", problems));
    }

    [Fact]
    public async Task LoginPage_OfTheDemo_HasItsPicture()
    {
        var page = await OpenAsync(await demo.ServerAsync(), "/login/login");
        await Expect(page.GetByLabel("Email")).ToBeVisibleAsync();
        await ExpectAccessibleAsync(page, "login");
        await PictureAsync(page, "login");
    }
}
