using FlowEngine.Browser.Tests.Console.Pages;
using FlowEngine.Browser.Tests.Console.Serving;
using Microsoft.Playwright;

namespace FlowEngine.Browser.Tests.Console;

/// <summary>Who gets in, and as what.</summary>
public sealed class GateTests(Browser browser, DemoConsole demo) : ConsoleTest(browser)
{
    [Fact]
    public async Task SignIn_WithAWrongPassword_SaysSoAndKeepsTheName()
    {
        var server = await demo.ServerAsync();
        var page = await OpenAsync(server, "/console/");
        await page.GetByLabel("Name").FillAsync("ada");
        await page.GetByLabel("Password").FillAsync("not the password");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("wrong");
        await Assertions.Expect(page.GetByLabel("Name")).ToHaveValueAsync("ada");
        await ExpectAccessibleAsync(page, "sign-in");
    }

    [Fact]
    public async Task SignIn_FromALink_LeadsToWhereItPointed()
    {
        var page = await OpenAsAsync(await demo.ServerAsync(), Account.Viewer, "/runs?status=completed");
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(@"/console/runs\?status=completed$"));
    }

    [Fact]
    public async Task Viewer_SeesRunsButNothingToChangeThem()
    {
        var server = await demo.ServerAsync();
        var page = await OpenAsAsync(server, Account.Viewer, "/runs/1");
        await Assertions.Expect(new RunPage(page).Title).ToHaveTextAsync("Run 1");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Cancel run" })).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "People" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Request_WithTheSessionButWithoutItsToken_ChangesNothing()
    {
        var page = await OpenAsAsync(await demo.ServerAsync(), Account.Admin, "/runs");
        var answer = await page.EvaluateAsync<string>(
            """
            async () => {
              const answer = await fetch("/api/users", {
                method: "POST",
                credentials: "same-origin",
                headers: { "Content-Type": "application/json" },
                body: JSON.stringify({ name: "eve", password: "eve eve eve eve", role: "admin" }),
              });
              return `${answer.status} ${(await answer.json()).errorCode}`;
            }
            """
        );
        Assert.Equal("403 api.csrf", answer);
    }

    [Fact]
    public async Task Policy_OfTheConsole_AllowsNoInlineScript()
    {
        var server = await demo.ServerAsync();
        using var answer = await server.Http.GetAsync("/console/runs");
        var policy = string.Join(' ', answer.Headers.GetValues("Content-Security-Policy"));
        var scripts = policy
            .Split(';')
            .Select(directive => directive.Trim())
            .Single(directive => directive.StartsWith("script-src", StringComparison.Ordinal));
        Assert.Equal("script-src 'self'", scripts);
        // The browser obeys it.
        var page = await OpenAsAsync(server, Account.Viewer, "/runs");
        Assert.False(
            await page.EvaluateAsync<bool>(
                """
                () => new Promise(done => {
                  const look = () => setTimeout(() => done(window.wasRun === true), 50);
                  document.addEventListener("securitypolicyviolation", look, { once: true });
                  const script = document.createElement("script");
                  script.textContent = "window.wasRun = true";
                  document.body.append(script);
                })
                """
            )
        );
        Troubles.Clear();
    }
}
