using System.Text.Json;
using System.Text.RegularExpressions;
using FlowEngine.TestServers;
using Microsoft.Playwright;

namespace FlowEngine.Browser.Tests;

/// <summary>The web component in a page of somebody else, over the flow API.</summary>
public sealed class WebComponentTests(Browser browser) : BrowserTest(browser)
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Component_FromStartToEnd_TellsThePageAndIsAccessible(bool isPhone, bool isDark)
    {
        var look = new Look(IsPhone: isPhone, IsDark: isDark);
        var page = await OpenAsync("/embedded?attributes=flow=login", look);
        await Assertions.Expect(Heading(page, "Welcome back")).ToBeVisibleAsync();
        await ExpectStyledAsync(page);
        await PictureAsync(page, "component", look);
        await ExpectAccessibleInsideAsync(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions
            .Expect(page.GetByRole(AriaRole.Alert))
            .ToHaveTextAsync("Please check what you entered:Email is required.Password is required.");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeFocusedAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Password is required." }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Password", new() { Exact = true })).ToBeFocusedAsync();
        await Assertions.Expect(page.GetByLabel("Email")).ToHaveAccessibleDescriptionAsync("Email is required.");
        await PictureAsync(page, "component-problems", look);
        await SignInAsync(page, "ghost@example.com");
        await Assertions.Expect(Heading(page, "User Not Found")).ToBeFocusedAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Try another address" }).ClickAsync();
        await SignInAsync(page);
        await EnterCodeAsync(page);
        await Assertions.Expect(Heading(page, "You are signed in")).ToBeVisibleAsync();
        await ExpectAccessibleInsideAsync(page);

        var seen = JsonSerializer.Deserialize<JsonElement>(await page.EvaluateAsync<string>("JSON.stringify(window.seen)"));
        var last = seen[seen.GetArrayLength() - 1];
        Assert.Equal("success", last[0].GetString());
        Assert.StartsWith("session-of-", last[1].GetProperty("authInfo").GetProperty("sessionJwt").GetString(), StringComparison.Ordinal);
        Assert.Equal("ada@example.com", last[1].GetProperty("output").GetProperty("email").GetString());
    }

    [Fact]
    public async Task Component_WithLocaleThemeAndBaseUrl_ObeysThem()
    {
        // The login server of a page is another origin as a rule.
        var other = Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        var page = await OpenAsync("/embedded?attributes=" + Uri.EscapeDataString($"flow=login locale=de theme=dark base-url={other}/"));
        await Assertions.Expect(Heading(page, "Willkommen zurück")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Passwort anzeigen" })).ToBeVisibleAsync();
        await ExpectStyledAsync(page);
        Assert.Equal(
            "rgb(26, 32, 30)",
            await page.Locator("flow-engine .fe-card").EvaluateAsync<string>("card => getComputedStyle(card).backgroundColor")
        );
        await PictureAsync(page, "component-german", new Look());
    }

    [Fact]
    public async Task Component_HostileTexts_StayTexts()
    {
        const string Hostile = "<img src=x onerror=alert(1)>";
        Server.Flows.Publish(
            $$"""
            { "id": "hostile", "start": "s", "activities": [ { "id": "s", "type": "Screen", "screen": "s" }, { "id": "e", "type": "End" } ],
              "connections": [ { "source": "s", "port": "go", "target": "e" } ],
              "screens": [ { "id": "s", "title": "{{Hostile}}", "components": [
                { "type": "Text", "text": "{{Hostile}}" }, { "type": "Link", "text": "{{Hostile}}", "href": "javascript:alert(1)" },
                  { "type": "Image", "src": "javascript:alert(1)", "alt": "{{Hostile}}" },
                { "type": "TextInput", "name": "a", "label": "{{Hostile}}", "placeholder": "{{Hostile}}", "default": "{{Hostile}}" },
                { "type": "Select", "name": "b", "label": "{{Hostile}}", "options": [ { "value": "{{Hostile}}", "text": "{{Hostile}}" } ] },
                { "type": "Checkbox", "name": "c", "label": "{{Hostile}}" }, { "type": "Divider", "text": "{{Hostile}}" },
                  { "type": "Button", "id": "go", "text": "{{Hostile}}" } ] } ] }
            """
        );
        foreach (var path in new[] { "/embedded?attributes=flow=hostile", "/login/hostile" })
        {
            var page = await OpenAsync(path);
            await Assertions.Expect(Heading(page, Hostile)).ToBeVisibleAsync();
            await Assertions.Expect(page.Locator("img, a[href]")).ToHaveCountAsync(0);
            await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = Hostile })).ToBeVisibleAsync();
        }
    }

    /// <summary>A start that got no answer is sent again under its key, also by the next page
    /// of the tab; one that was answered is over, and two elements are two starts.</summary>
    [Fact]
    public async Task Component_StartWithoutAnAnswer_IsSentAgainUnderItsKey()
    {
        var keys = new List<string>();
        var page = await (await NewContextAsync()).NewPageAsync();
        await page.RouteAsync(
            "**/v1/flow/start",
            async route =>
            {
                keys.Add(route.Request.Headers["idempotency-key"]);
                await (
                    keys.Count switch
                    {
                        1 => route.AbortAsync(),
                        2 => route.FulfillAsync(
                            new RouteFulfillOptions
                            {
                                Status = 503,
                                ContentType = "application/problem+json",
                                Body = """{ "status": 503, "errorCode": "storage.unavailable" }""",
                            }
                        ),
                        3 => route.AbortAsync(),
                        4 => route.FulfillAsync(
                            new RouteFulfillOptions
                            {
                                Status = 422,
                                ContentType = "application/problem+json",
                                Body = """{ "status": 422, "errorCode": "api.idempotency" }""",
                            }
                        ),
                        _ => route.ContinueAsync(),
                    }
                );
            }
        );
        await page.GotoAsync(Address + "/embedded?attributes=flow=login");
        await Assertions.Expect(Heading(page, "Sign-in is taking a break")).ToBeVisibleAsync();
        await page.RunAndWaitForResponseAsync(
            () => page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync(),
            "**/v1/flow/start"
        );
        await Assertions.Expect(Heading(page, "Sign-in is taking a break")).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Assertions.Expect(Heading(page, "Sign-in is taking a break")).ToBeVisibleAsync();
        // The key turns out to be another request's: a new one.
        await page.ReloadAsync();
        await Assertions.Expect(Heading(page, "Welcome back")).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Assertions.Expect(Heading(page, "Welcome back")).ToBeVisibleAsync();
        await page.EvaluateAsync(
            """
            for (let i = 0; i < 2; i++) {
              const one = document.createElement("flow-engine");
              one.setAttribute("flow", "login");
              document.body.append(one);
            }
            """
        );
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Welcome back" })).ToHaveCountAsync(3);

        Assert.Equal(8, keys.Count);
        Assert.All(keys, key => Assert.Matches("^\"[0-9a-f]{32}\"$", key));
        Assert.Single(keys[..4].Distinct());
        Assert.Equal(5, keys.Distinct().Count());
        Assert.Equal(
            0,
            await page.EvaluateAsync<int>("Object.keys(sessionStorage).filter(name => name.startsWith('flow-engine:start')).length")
        );
    }

    [Fact]
    public async Task Component_UnknownFlow_SaysSoAndTellsThePage()
    {
        var page = await OpenAsync("/embedded?attributes=flow=none");
        await Assertions.Expect(Heading(page, "There is no such sign-in")).ToBeVisibleAsync();
        Assert.Equal("error", await page.EvaluateAsync<string>("window.seen.at(-1)[0]"));
    }

    [Fact]
    public async Task Component_ExpiryInTheMiddle_StartsAgain()
    {
        var page = await OpenAsync("/embedded?attributes=flow=login");
        await page.GetByLabel("Email").FillAsync("ada@example.com");
        Server.Runs.Time.Advance(TimeSpan.FromHours(2));
        await SignInAsync(page);
        await Assertions.Expect(Heading(page, "This page has expired")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Start again" }).ClickAsync();
        await Assertions.Expect(Heading(page, "Welcome back")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Component_Refused_SaysWhyAndTellsThePage()
    {
        Server.Flows.Publish(TestFlows.Endings);
        var page = await OpenAsync("/embedded?attributes=flow=endings");
        await page.Locator("flow-engine input[name=name]").FillAsync("Ada");
        await page.GetByRole(AriaRole.Button, new() { Name = "refuse" }).ClickAsync();

        await Assertions.Expect(Heading(page, "You were not signed in")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Not you, Ada.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText(new Regex("Reference: [0-9A-Z]{4}-[0-9A-Z]{4}"))).ToBeVisibleAsync();
        await PictureAsync(page, "component-refused", new Look());
        await ExpectAccessibleInsideAsync(page);
        Assert.Equal(["screen", "refused"], await page.EvaluateAsync<string[]>("window.seen.map(event => event[0])"));
        Assert.Equal("Not you, Ada.", await page.EvaluateAsync<string>("window.seen.at(-1)[1].message"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Assertions.Expect(Heading(page, "How shall it end?")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Component_AndHostedScreen_HaveTheSameInputs()
    {
        const string Describe = """
            root => {
              const parts = "input:not([type=hidden]), select, button.fe-button, button.fe-link, a.fe-link, h1, h2, label, img, p";
              const attributes = ["type", "id", "for", "required", "inputmode", "autocomplete", "autocapitalize", "placeholder",
                "minlength", "maxlength", "href", "alt", "target"];
              return [...root.querySelectorAll(parts)].map(e =>
                [e.localName, e.className, ...attributes.map(name => e.getAttribute(name)), e.innerText].join("|")).join("\n");
            }
            """;
        var hosted = await OpenAsync("/login/everything");
        var embedded = await OpenAsync("/embedded?attributes=flow=everything");
        await Assertions.Expect(Heading(embedded, "Create your account")).ToBeVisibleAsync();
        await ExpectStyledAsync(embedded);
        await PictureAsync(embedded, "component-everything", new Look());
        Assert.Equal(
            await hosted.Locator("main form").EvaluateAsync<string>(Describe),
            await embedded.Locator("flow-engine form").EvaluateAsync<string>(Describe)
        );
    }

    private static ILocator Heading(IPage page, string title) =>
        page.Locator("flow-engine, main#fe-screen").GetByRole(AriaRole.Heading, new() { Name = title, Level = 1 });

    private static Task ExpectStyledAsync(IPage page) =>
        Assertions.Expect(page.Locator("flow-engine .fe-card")).ToHaveCSSAsync("border-top-left-radius", "24px");

    private static async Task ExpectAccessibleInsideAsync(IPage page)
    {
        // The page around it is a stranger's; its own heading stays the first.
        await page.EvaluateAsync("document.querySelector('main > h1')?.remove()");
        await ExpectAccessibleAsync(page);
    }
}
