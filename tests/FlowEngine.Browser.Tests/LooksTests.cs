using System.Text.RegularExpressions;
using FlowEngine.Tests;
using FlowEngine.TestServers;
using Microsoft.Playwright;

namespace FlowEngine.Browser.Tests;

/// <summary>Every kind of page, on every kind of screen: accessible, within the window, and pictured.</summary>
public sealed class LooksTests(Browser browser) : BrowserTest(browser)
{
    public static TheoryData<bool, bool, bool> Looks =>
        new()
        {
            { true, false, false },
            { true, false, true },
            { true, true, false },
            { true, true, true },
            { false, false, false },
            { false, true, true },
        };

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task SignIn_FromStartToEnd_IsAccessible(bool hasScript, bool isPhone, bool isDark)
    {
        var look = new Look(hasScript, isPhone, isDark);
        var page = await OpenAsync("/login/login", look);
        await CheckAsync(page, "1-sign-in", look);

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Email is required.");
        await CheckAsync(page, "2-two-problems", look);

        await page.GetByLabel("Email").FillAsync("not an address");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync("secret");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Email is not a valid e-mail address.");
        await CheckAsync(page, "3-one-problem", look);

        await SignInAsync(page, "ghost@example.com");
        await ExpectTitleAsync(page, "User Not Found");
        await CheckAsync(page, "4-not-found", look);

        await page.GetByRole(AriaRole.Button, new() { Name = "Try another address" }).ClickAsync();
        await SignInAsync(page);
        await ExpectTitleAsync(page, "Check your phone");
        await CheckAsync(page, "5-code", look);

        await EnterCodeAsync(page);
        await ExpectTitleAsync(page, "You are signed in");
        await CheckAsync(page, "6-signed-in", look);
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task EveryComponent_EmptyAndWithProblems_IsAccessible(bool hasScript, bool isPhone, bool isDark)
    {
        var look = new Look(hasScript, isPhone, isDark);
        var page = await OpenAsync("/login/everything", look);
        await CheckAsync(page, "everything", look);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Full name is required.");
        await CheckAsync(page, "everything-problems", look);
    }

    /// <summary>A logo, two columns, a field that appears, the strength of a password, terms with links, and a choice of languages.</summary>
    [Theory]
    [MemberData(nameof(Looks))]
    public async Task SignUp_OfTheSample_IsAccessible_AndGrowsByWhatIsChosen(bool hasScript, bool isPhone, bool isDark)
    {
        var look = new Look(hasScript, isPhone, isDark);
        Server.Flows.Publish(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "flows/signup.flow.json")));
        var page = await OpenAsync("/login/signup", look);
        await CheckAsync(page, "sign-up", look);
        var (first, last) = (page.GetByLabel("First name"), page.GetByLabel("Last name"));
        var (left, right) = ((await first.BoundingBoxAsync())!, (await last.BoundingBoxAsync())!);
        Assert.Equal(isPhone, right.Y > left.Y + left.Height);

        var company = page.GetByLabel("Company");
        await Assertions.Expect(company).ToBeVisibleAsync(new() { Visible = !hasScript });
        await page.GetByLabel("Plan").SelectOptionAsync("team");
        await Assertions.Expect(company).ToBeVisibleAsync();
        // Laid out as the others are, whoever shows it.
        Assert.Equal(await GapAsync("Email"), await GapAsync("Company"), 0.5);
        if (hasScript)
        {
            await page.GetByLabel("Password", new() { Exact = true }).FillAsync("qwertyuiopasdfgh");
            await Assertions.Expect(page.GetByText("Too easy to guess")).ToBeVisibleAsync();
            await page.GetByLabel("Password", new() { Exact = true }).FillAsync("violet otter bakes seven kites");
            await Assertions.Expect(page.GetByText(new Regex("^(Very good|Good)$"))).ToBeVisibleAsync();
        }
        await CheckAsync(page, "sign-up-grown", look);

        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Company is required.");
        await Assertions
            .Expect(page.GetByRole(AriaRole.Alert))
            .ToContainTextAsync("I accept the terms of use and the privacy notice must be checked.");
        await CheckAsync(page, "sign-up-problems", look);

        await page.GetByLabel("Plan").SelectOptionAsync("free");
        await first.FillAsync("Ada");
        await last.FillAsync("Lovelace");
        await page.GetByLabel("Email").FillAsync("ada@example.com");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync("violet otter bakes seven kites");
        await page.GetByRole(AriaRole.Checkbox).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await ExpectTitleAsync(page, "All done");

        async Task<float> GapAsync(string label)
        {
            var (above, below) = (page.Locator("label", new() { HasText = label }), page.GetByLabel(label));
            var (words, input) = ((await above.BoundingBoxAsync())!, (await below.BoundingBoxAsync())!);
            return input.Y - words.Y - words.Height;
        }
    }

    [Fact]
    public async Task Messages_OfEveryKind_AreAccessible()
    {
        foreach (var look in new[] { new Look(), new Look(IsPhone: true, IsDark: true) })
        {
            await CheckAsync(await OpenAsync("/login/none", look), "message-no-flow", look);
            await CheckAsync(await OpenAsync("/login/login?redirect_uri=https://evil.example/", look), "message-no-return", look);
            await CheckAsync(await OpenAsync("/login/login/abcdefghijklmnopqrstuvwx", look), "message-unknown", look);
            await CheckAsync(await OpenAsync("/login/login?age=old", look), "message-failed", look);
        }
    }

    /// <summary>Every end but a good one, an error that leads back, and a message on the way.</summary>
    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Endings_OfEveryKind_AreAccessibleAndHaveAReference(bool hasScript, bool isPhone, bool isDark)
    {
        Server.Flows.Publish(TestFlows.Endings);
        var look = new Look(hasScript, isPhone, isDark);
        var reference = new Regex("Reference: [0-9A-Z]{4}-[0-9A-Z]{4}");
        var page = await PressAsync("break");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(reference);
        await CheckAsync(page, "ending-set-back", look);
        await page.GetByRole(AriaRole.Button, new() { Name = "again" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Again, Ada.");
        await CheckAsync(page, "ending-message", look);

        foreach (var (button, title) in new[] { ("refuse", "You were not signed in"), ("fail", "We could not sign you in") })
        {
            page = await PressAsync(button);
            await ExpectTitleAsync(page, title);
            await Assertions.Expect(page.GetByText(reference)).ToBeVisibleAsync();
            await CheckAsync(page, "ending-" + button, look);
        }

        async Task<IPage> PressAsync(string button)
        {
            var opened = await OpenAsync("/login/endings", look);
            await opened.Locator("input[name=name]").FillAsync("Ada");
            await opened.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
            return opened;
        }
    }

    [Fact]
    public async Task German_IsChosenByTheBrowser_AndCanBeChanged()
    {
        var page = await OpenAsync("/login/login", locale: "de-AT");
        await ExpectTitleAsync(page, "Willkommen zurück");
        Assert.Equal("de", await page.Locator("html").GetAttributeAsync("lang"));
        await CheckAsync(page, "german", new Look());
        await page.GetByRole(AriaRole.Button, new() { Name = "Anmelden" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Passwort fehlt noch.");
        await CheckAsync(page, "german-problems", new Look());

        await page.GetByRole(AriaRole.Link, new() { Name = "English" }).ClickAsync();
        await ExpectTitleAsync(page, "Welcome back");
    }

    [Fact]
    public async Task Text_TwiceAsLarge_StaysWithinANarrowWindow()
    {
        var page = await OpenAsync("/login/everything", new Look(IsPhone: true));
        await page.SetViewportSizeAsync(320, 640);
        await page.EvaluateAsync("document.documentElement.style.fontSize = '200%'");
        await ExpectNoSidewaysScrollAsync(page);
    }

    private static async Task CheckAsync(IPage page, string name, Look look)
    {
        await PictureAsync(page, name, look);
        if (look.HasScript)
            await ExpectAccessibleAsync(page);
        else
            Assert.NotEmpty(await page.Locator("h1").AllInnerTextsAsync());
        await ExpectNoSidewaysScrollAsync(page);
    }

    private static async Task ExpectNoSidewaysScrollAsync(IPage page) =>
        Assert.True(
            await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"),
            "The page is wider than the window."
        );
}
