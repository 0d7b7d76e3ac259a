using System.Text.RegularExpressions;
using FlowEngine.TestServers;
using Microsoft.Playwright;

namespace FlowEngine.Browser.Tests;

/// <summary>What people do on the way: reload, go back, open two tabs, click twice,
/// wait too long. Each ends on a sensible page and advances the run once.</summary>
public sealed class JourneyTests(Browser browser) : BrowserTest(browser)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Keyboard_Alone_SignsIn(bool hasScript)
    {
        var page = await OpenAsync("/login/login", new Look(hasScript));
        // The first input has the focus.
        await Assertions.Expect(page.GetByLabel("Email")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("ada@example.com");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("secret");
        // Enter presses the button, not the link to a forgotten password that stands before it.
        await page.Keyboard.PressAsync("Enter");
        await ExpectTitleAsync(page, "Check your phone");
        if (hasScript)
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();
        await page.GetByLabel("Code").FocusAsync();
        await page.Keyboard.TypeAsync("123456");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Space");
        await ExpectTitleAsync(page, "You are signed in");
    }

    [Fact]
    public async Task FocusOrder_OfTheSignIn_IsThatOfTheEye()
    {
        var page = await OpenAsync("/login/login");
        await Assertions.Expect(page.GetByLabel("Email")).ToBeFocusedAsync();
        List<string> order = [];
        for (var i = 0; i < 7; i++)
        {
            order.Add(
                await page.EvaluateAsync<string>(
                    "(document.activeElement.ariaLabel ?? '') + (document.activeElement.name ?? '') + document.activeElement.innerText"
                )
            );
            await page.Keyboard.PressAsync("Tab");
        }
        Assert.Equal(["email", "password", "Show password", "fe.doForgot your password?", "remember", "fe.doSign in", "Deutsch"], order);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Problems_WhenRefused_AreAnnouncedFocusedAndTiedToTheirInputs(bool hasScript)
    {
        var page = await OpenAsync("/login/login", new Look(hasScript));
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        var alert = page.GetByRole(AriaRole.Alert);
        await Assertions.Expect(alert).ToBeFocusedAsync();
        await Assertions.Expect(page.GetByLabel("Email")).ToHaveAccessibleDescriptionAsync("Email is required.");
        await Assertions.Expect(page).ToHaveTitleAsync("Error: Welcome back");
        await page.GetByRole(AriaRole.Link, new() { Name = "Password is required." }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Password", new() { Exact = true })).ToBeFocusedAsync();

        await page.GetByLabel("Email").FillAsync("ada@example.com");
        await page.GetByLabel("Keep me signed in").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Password", new() { Exact = true })).ToBeFocusedAsync();
        await Assertions.Expect(alert).ToHaveTextAsync("Password is required.");
        // What was entered is still there.
        await Assertions.Expect(page.GetByLabel("Email")).ToHaveValueAsync("ada@example.com");
        await Assertions.Expect(page.GetByLabel("Keep me signed in")).ToBeCheckedAsync();
        Assert.Equal(0, Server.Runs.Advances);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DoubleClick_WhileTheServerWorks_AdvancesOnce(bool hasScript)
    {
        // Without a script the browser itself waits for the page: nothing can be looked at meanwhile.
        var work = hasScript ? Server.Runs.Hold() : null;
        Server.Runs.Delay = hasScript ? TimeSpan.Zero : TimeSpan.FromMilliseconds(400);
        var page = await OpenAsync("/login/login", new Look(hasScript));
        await page.GetByLabel("Email").FillAsync("ada@example.com");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync("secret");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).DblClickAsync();
        if (hasScript)
        {
            await Assertions.Expect(page.Locator("form")).ToHaveAttributeAsync("aria-busy", "true");
            await PictureAsync(page, "busy", new Look());
        }
        work?.SetResult();
        await ExpectTitleAsync(page, "Check your phone");
        Assert.Equal(1, Server.Runs.Advances);
        await EnterCodeAsync(page);
        await ExpectTitleAsync(page, "You are signed in");
        Assert.Equal(2, Server.Runs.Advances);
    }

    /// <summary>With a script the button counts down and cannot be pressed, in the page and in the web component.</summary>
    [Theory]
    [InlineData("/login/wait")]
    [InlineData("/embedded?attributes=flow=wait")]
    public async Task Wait_WithScript_CountsDownAndThenGoesOn(string path)
    {
        Server.Flows.Publish(WaitOf(TimeSpan.FromSeconds(30)));
        var page = await OpenAsync(path, hasOwnClock: true);
        var button = page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Go on") });
        await Assertions.Expect(button).ToBeDisabledAsync();
        await Assertions.Expect(button).ToHaveTextAsync("Go on (30)");
        await PictureAsync(page, path.StartsWith("/login", StringComparison.Ordinal) ? "wait" : "component-wait", new Look());
        await page.Clock.RunForAsync(20_000);
        await Assertions.Expect(button).ToHaveTextAsync("Go on (10)");
        await page.Clock.RunForAsync(10_000);
        await Assertions.Expect(button).ToHaveTextAsync("Go on");
        Server.Runs.Time.Advance(TimeSpan.FromSeconds(30));
        await button.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You are signed in" })).ToBeVisibleAsync();
        Assert.Equal(1, Server.Runs.Advances);
    }

    /// <summary>Without one, who presses early is told how long it takes, and nothing else happens.</summary>
    [Fact]
    public async Task Wait_WithoutScript_EarlyPressSaysHowLong()
    {
        Server.Flows.Publish(WaitOf(TimeSpan.FromSeconds(30)));
        var page = await OpenAsync("/login/wait", new Look(HasScript: false));
        var button = page.GetByRole(AriaRole.Button, new() { Name = "Go on" });
        for (var i = 0; i < 3; i++)
        {
            await button.ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Please wait 30 s");
        }
        await ExpectTitleAsync(page, "A moment, please");
        Assert.Equal(0, Server.Runs.Advances);
        Server.Runs.Time.Advance(TimeSpan.FromSeconds(30));
        await button.ClickAsync();
        await ExpectTitleAsync(page, "You are signed in");
        Assert.Equal(1, Server.Runs.Advances);
    }

    private string WaitOf(TimeSpan time) =>
        $$"""
            { "id": "wait", "start": "wait",
              "activities": [ { "id": "wait", "type": "Screen", "screen": "wait" }, { "id": "user", "type": "SetUser", "user": { "userId": "42" } },
                { "id": "done", "type": "End" } ],
              "connections": [ { "source": "wait", "port": "again", "target": "user" }, { "source": "user", "port": "Done", "target": "done" } ],
              "screens": [ { "id": "wait", "title": "A moment, please", "components": [ { "type": "ErrorMessage" },
                { "type": "Button", "id": "again", "text": "Go on", "enabledAt": "{{Server.Runs.Time.GetUtcNow() + time:O}}" } ] } ] }
            """;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reload_AfterSubmitting_ShowsTheSameScreenAndSubmitsNothing(bool hasScript)
    {
        var page = await OpenAsync("/login/login", new Look(hasScript));
        await SignInAsync(page);
        await ExpectTitleAsync(page, "Check your phone");
        await page.ReloadAsync();
        await ExpectTitleAsync(page, "Check your phone");
        await EnterCodeAsync(page);
        await ExpectTitleAsync(page, "You are signed in");
        await page.ReloadAsync();
        await ExpectTitleAsync(page, "You are signed in");
        Assert.Equal(2, Server.Runs.Advances);
    }

    [Fact]
    public async Task Reload_AfterARefusal_AsksNothingOfThePerson()
    {
        var page = await OpenAsync("/login/login", new Look(HasScript: false));
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await page.ReloadAsync();
        await ExpectTitleAsync(page, "Welcome back");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Back_AfterSubmitting_ThenSubmitting_EndsWhereTheRunIs(bool hasScript)
    {
        var page = await OpenAsync("/embedded", new Look(hasScript));
        await page.GotoAsync(Address + "/login/login");
        await SignInAsync(page);
        await ExpectTitleAsync(page, "Check your phone");
        await page.GoBackAsync();
        if (page.Url.EndsWith("/embedded", StringComparison.Ordinal))
            await page.GoForwardAsync();
        // Whichever page of the run the browser goes to, it is where the run is.
        await ExpectTitleAsync(page, "Check your phone");
        await EnterCodeAsync(page);
        await ExpectTitleAsync(page, "You are signed in");
        Assert.Equal(2, Server.Runs.Advances);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TwoTabs_OfOneRun_TheSlowerOneIsToldWhereItIs(bool hasScript)
    {
        var first = await OpenAsync("/login/login", new Look(hasScript));
        var second = await first.Context.NewPageAsync();
        await second.GotoAsync(first.Url);
        await SignInAsync(first);
        await ExpectTitleAsync(first, "Check your phone");

        await SignInAsync(second, "ghost@example.com");
        await ExpectTitleAsync(second, "Check your phone");
        await Assertions.Expect(second.GetByText("You had already completed that step.")).ToBeVisibleAsync();
        await PictureAsync(second, "stale", new Look(hasScript));
        await EnterCodeAsync(second);
        await ExpectTitleAsync(second, "You are signed in");
        await EnterCodeAsync(first);
        await ExpectTitleAsync(first, "You are signed in");
        Assert.Equal(2, Server.Runs.Advances);
    }

    [Fact]
    public async Task TwoTabs_FromACleanBrowser_EachFinishesItsOwnRun()
    {
        var context = await NewContextAsync();
        IPage[] tabs = [await context.NewPageAsync(), await context.NewPageAsync()];
        await Task.WhenAll(tabs.Select(tab => tab.GotoAsync(Address + "/login/login")));
        Assert.NotEqual(tabs[0].Url, tabs[1].Url);
        foreach (var tab in tabs)
            await SignInAsync(tab);
        foreach (var tab in tabs)
        {
            await ExpectTitleAsync(tab, "Check your phone");
            await EnterCodeAsync(tab);
            await ExpectTitleAsync(tab, "You are signed in");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Expiry_InTheMiddleOfAForm_OffersToStartAgain(bool hasScript)
    {
        var look = new Look(hasScript);
        var page = await OpenAsync("/login/login?login_hint=ada@example.com", look);
        Server.Runs.Time.Advance(TimeSpan.FromHours(2));
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync("secret");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await ExpectTitleAsync(page, "This page has expired");
        await PictureAsync(page, "message-expired", look);
        await page.GetByRole(AriaRole.Link, new() { Name = "Start again" }).ClickAsync();
        await ExpectTitleAsync(page, "Welcome back");
        await Assertions.Expect(page.GetByLabel("Email")).ToHaveValueAsync("ada@example.com");
    }

    [Fact]
    public async Task Publishing_InTheMiddle_LetsTheRunFinishOnItsVersion()
    {
        var page = await OpenAsync("/login/login");
        Server.Flows.Publish(TestFlows.Login.Replace("Check your phone", "Look at your phone", StringComparison.Ordinal));
        await SignInAsync(page);
        await ExpectTitleAsync(page, "Check your phone");
        await EnterCodeAsync(page);
        await ExpectTitleAsync(page, "You are signed in");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Return_ToTheApplication_PassesThePolicyAndCarriesACode(bool hasScript)
    {
        // Another origin than that of the screens, as applications are.
        var callback = Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) + "/callback";
        Server.Flows.Publish(TestFlows.Login.Replace("https://app.example/callback\"", callback + "\"", StringComparison.Ordinal));
        var verifier = new string('v', 43);
        var challenge = System.Buffers.Text.Base64Url.EncodeToString(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(verifier))
        );
        var page = await OpenAsync(
            $"/login/login?redirect_uri={Uri.EscapeDataString(callback)}&state=a%26b&code_challenge={challenge}&code_challenge_method=S256",
            new Look(hasScript)
        );
        await SignInAsync(page);
        await ExpectTitleAsync(page, "Check your phone");
        await EnterCodeAsync(page);
        await ExpectTitleAsync(page, "Back in the application");
        var match = Regex.Match(page.Url, @"^http://localhost:\d+/callback\?code=([\w-]{43})&state=a%26b$");
        Assert.True(match.Success, page.Url);
        var grant = await Server.Codes.RedeemAsync(match.Groups[1].Value, callback, verifier, TestContext.Current.CancellationToken);
        Assert.StartsWith("session-of-", grant?.Tokens?.SessionJwt, StringComparison.Ordinal);

        // Back: the login is over, and says so.
        await page.GoBackAsync();
        await ExpectTitleAsync(page, "You are signed in");
    }

    [Fact]
    public async Task Password_CanBeShownAndHidden()
    {
        var page = await OpenAsync("/login/login");
        var password = page.GetByLabel("Password", new() { Exact = true });
        await password.FillAsync("secret");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show password" }).ClickAsync();
        await Assertions.Expect(password).ToHaveAttributeAsync("type", "text");
        await page.GetByRole(AriaRole.Button, new() { Name = "Hide password" }).ClickAsync();
        await Assertions.Expect(password).ToHaveAttributeAsync("type", "password");
        var bare = await OpenAsync("/login/login", new Look(HasScript: false));
        await Assertions.Expect(bare.Locator(".fe-reveal")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Server_ThatCannotBeReached_IsSaidAndWhatWasEnteredStays()
    {
        var page = await OpenAsync("/login/login");
        await page.RouteAsync("**/*", route => route.AbortAsync());
        await SignInAsync(page);
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The server cannot be reached.");
        await PictureAsync(page, "unreachable", new Look());
        await Assertions.Expect(page.GetByLabel("Email")).ToHaveValueAsync("ada@example.com");
        await page.UnrouteAllAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await ExpectTitleAsync(page, "Check your phone");
    }

    [Fact]
    public async Task Busy_AfterARefusal_SaysNothingOfItAndTheButtonKeepsItsName()
    {
        var page = await OpenAsync("/login/login");
        var held = new TaskCompletionSource();
        var button = page.GetByRole(AriaRole.Button, new() { Name = "Sign in" });
        await button.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Email is required.");
        // The answer comes when the test has looked.
        await page.RouteAsync(
            "**/login/login/*",
            async route =>
            {
                await held.Task;
                await route.ContinueAsync();
            }
        );
        await SignInAsync(page);

        await Assertions.Expect(page.Locator("form")).ToHaveAttributeAsync("aria-busy", "true");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("[aria-invalid]")).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByText("Email is required.").First).ToBeHiddenAsync();
        await Assertions.Expect(page.GetByLabel("Email")).ToHaveAccessibleDescriptionAsync("");
        await Assertions.Expect(button).ToHaveAccessibleNameAsync("Sign in");
        await Assertions.Expect(page.Locator(".fe-button[data-busy] > span")).ToBeVisibleAsync();
        await PictureAsync(page, "busy-after-refusal", new Look());
        held.SetResult();
        await ExpectTitleAsync(page, "Check your phone");
    }

    [Fact]
    public async Task Layout_WhileBusy_DoesNotMove()
    {
        var work = Server.Runs.Hold();
        var page = await OpenAsync("/login/login");
        var button = page.GetByRole(AriaRole.Button, new() { Name = "Sign in" });
        var before = await page.Locator("main .fe-primary").BoundingBoxAsync();
        await page.GetByLabel("Email").FillAsync("ada@example.com");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync("secret");
        await button.ClickAsync();
        await Assertions.Expect(page.Locator("[data-busy]")).ToBeVisibleAsync();
        var during = await page.Locator("main .fe-primary").BoundingBoxAsync();
        work.SetResult();
        Assert.Equal((before!.X, before.Y, before.Width, before.Height), (during!.X, during.Y, during.Width, during.Height));
    }
}
