using System.Text.RegularExpressions;
using FlowEngine.Browser.Tests.Console.Pages;
using FlowEngine.Browser.Tests.Console.Serving;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowEngine.Browser.Tests.Console;

/// <summary>The list of runs, and one run. The demo's four people have
/// signed in, in the order ada, ghost, busy, broken: runs 1 to 4.</summary>
public sealed class RunsTests(Browser browser, DemoConsole demo) : ConsoleTest(browser)
{
    [Fact]
    public async Task List_Filtered_SharesTheViewByItsAddress()
    {
        var server = await demo.ServerAsync();
        var page = await OpenAsAsync(server, Account.Viewer, "/runs");
        var runs = new RunsPage(page);
        await Expect(runs.Link(1)).ToBeVisibleAsync();
        await Expect(runs.Link(4)).ToBeVisibleAsync();

        await runs.ChooseStatusAsync("Completed");
        await Expect(runs.Link(4)).ToHaveCountAsync(0);
        await runs.Search.FillAsync("ada");
        await runs.Search.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex(@"/runs\?status=completed&person=ada$"));

        await page.ReloadAsync();
        await Expect(runs.Link(1)).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Group, new() { Name = "Person: ada" })).ToBeVisibleAsync();
        await runs.TypeAsync("Error code", "http.tls");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "No run is like that" })).ToBeVisibleAsync();
        await runs.ClearAsync();
        await Expect(runs.Link(4)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task List_WhileSomebodySignsIn_ShowsTheRunAtOnceUnlessItIsPaused()
    {
        var server = await demo.ServerAsync();
        var page = await OpenAsAsync(server, Account.Viewer, "/runs?person=grace");
        var runs = new RunsPage(page);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "No run is like that" })).ToBeVisibleAsync();
        await server.SignInAsync("grace@example.com");
        await Expect(runs.Rows).ToHaveCountAsync(1);

        await page.GetByRole(AriaRole.Switch, new() { Name = "Live" }).UncheckAsync();
        await server.SignInAsync("grace@example.com");
        // A live list would have asked again by then.
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        await Expect(runs.Rows).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Switch, new() { Name = "Live" }).CheckAsync();
        await Expect(runs.Rows).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task Search_ByNumberIdAndPerson_FindsThem()
    {
        var server = await demo.ServerAsync();
        var id = (await server.CallAsync(HttpMethod.Get, "/api/runs/1")).GetProperty("id").GetString()!;
        var page = await OpenAsAsync(server, Account.Designer, "/runs");
        foreach (var text in new[] { "1", id })
        {
            await new RunsPage(page).Search.FillAsync(text);
            await new RunsPage(page).Search.PressAsync("Enter");
            await Expect(new RunPage(page).Title).ToHaveTextAsync("Run 1");
            await page.GoBackAsync();
        }
        await page.Keyboard.PressAsync("/");
        await Expect(new RunsPage(page).Search).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("ada");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex(@"/runs\?person=ada$"));
    }

    [Fact]
    public async Task Search_WhileOneTypes_OffersWhatTheTextMayMean()
    {
        var server = await demo.ServerAsync();
        var reference = (await server.CallAsync(HttpMethod.Get, "/api/runs/4")).GetProperty("shortReference").GetString()!;
        var page = await OpenAsAsync(server, Account.Designer, "/runs");
        var runs = new RunsPage(page);

        // Nobody presses Enter. The person never got to SetUser: the flow's reference finds the run.
        await runs.Search.FillAsync("Broken@example.com");
        await Expect(runs.Offers).ToHaveTextAsync("All runs of Broken@example.com");
        await runs.Search.FillAsync(reference.Replace("-", " ", StringComparison.Ordinal).ToLowerInvariant());
        await Expect(runs.Offers).ToContainTextAsync(["Run 4 by its reference"]);
        await runs.Search.FillAsync("nobody@example.com");
        await Expect(page.GetByText("is found by “nobody@example.com”")).ToBeVisibleAsync();

        await runs.Search.FillAsync("broken@example.com");
        await runs.Offers.ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"/runs\?person=broken%40example\.com$"));
        await Expect(runs.Link(4)).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Take away the filter Person" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/runs$"));
    }

    [Fact]
    public async Task List_WithErrors_ShowsWhatFailedThoughTheFlowWentOn()
    {
        var page = await OpenAsAsync(await demo.ServerAsync(), Account.Viewer, "/runs");
        var runs = new RunsPage(page);
        await Expect(runs.Link(1)).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "With errors" }).ClickAsync();

        await Expect(page).ToHaveURLAsync(new Regex(@"/runs\?errors=true$"));
        await Expect(runs.Link(1)).ToHaveCountAsync(0);
        await Expect(runs.Row(2)).ToContainTextAsync("http.status");
        await Expect(runs.Row(2)).ToContainTextAsync("profile");
        await Expect(runs.Row(2)).ToContainTextAsync("User Not Found");
    }

    [Fact]
    public async Task Run_ThatWaits_SaysAtWhichScreenAndCancelledLeadsToTheAuditLog()
    {
        var server = await demo.ServerAsync();
        await server.SignInAsync("ghost@example.com");
        var list = (await server.CallAsync(HttpMethod.Get, "/api/runs?status=waiting&limit=1")).GetProperty("runs")[0];
        var number = list.GetProperty("number").GetInt64();
        var page = await OpenAsAsync(server, Account.Admin, $"/runs/{number}");
        var header = page.Locator(".run-header");
        await Expect(header).ToContainTextAsync("Waits at the screenUser Not Found");
        await Expect(header).ToContainTextAsync("A step failed, and the run went on.");
        await Expect(header).ToContainTextAsync("Processing");

        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel run" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel the run" }).ClickAsync();
        await Expect(header).ToContainTextAsync("Cancelled");
        await page.GetByRole(AriaRole.Link, new() { Name = "Who, and when, is in the audit log." }).ClickAsync();
        await Expect(page.GetByText("cancelled the run")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task List_ByKeyboard_GoesFromRunToRunAndOpensOne()
    {
        var page = await OpenAsAsync(await demo.ServerAsync(), Account.Viewer, "/runs?flow=login");
        var runs = new RunsPage(page);
        await runs.Link(4).FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(runs.Link(3)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(new RunPage(page).Title).ToHaveTextAsync("Run 3");
    }

    [Fact]
    public async Task Run_WithAnError_ShowsItOnThePathTheTimelineAndInTheStep()
    {
        var page = await OpenAsAsync(await demo.ServerAsync(), Account.Designer, "/runs/4");
        var run = new RunPage(page);
        await Expect(run.Steps).ToHaveCountAsync(6);
        // What went wrong is chosen.
        await Expect(run.Detail).ToContainTextAsync("The API answered 500.");
        await Expect(run.Activity("profile")).ToHaveAttributeAsync("aria-label", new Regex("failed here"));
        await Expect(run.Activity("user")).ToHaveAttributeAsync("aria-label", new Regex("^(?!.*on the path)"));
        await Expect(run.Detail.GetByRole(AriaRole.Table, new() { Name = "Request headers" })).ToContainTextAsync("x-user-tier");
        await Expect(run.Detail.GetByRole(AriaRole.Tree, new() { Name = "Written to connectors.profile" }))
            .ToContainTextAsync("The profile service is broken.");
    }

    [Fact]
    public async Task Run_ChosenStep_IsTheSameInTimelineCanvasAndAddress()
    {
        var page = await OpenAsAsync(await demo.ServerAsync(), Account.Designer, "/runs/4?step=2");
        var run = new RunPage(page);
        await Expect(run.Detail.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync("2. lookup");
        await run.Activity("byStatus").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"\?step=4$"));
        await Expect(run.Steps.Nth(3)).ToHaveAttributeAsync("aria-current", "step");
        await run.Steps.Nth(1).ClickAsync();
        await page.Keyboard.PressAsync("ArrowUp");
        await Expect(page).ToHaveURLAsync(new Regex(@"\?step=1$"));
        await Expect(run.Detail.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync("1. signIn");
        await Expect(run.Detail).ToContainTextAsync("broken@example.com");
    }

    [Fact]
    public async Task Tree_CopyPath_IsWhatATemplateTakes()
    {
        var page = await OpenAsAsync(await demo.ServerAsync(), Account.Viewer, "/runs/1?step=3");
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var line = new RunPage(page)
            .Detail.GetByRole(AriaRole.Tree, new() { Name = "Answer body" })
            .GetByRole(AriaRole.Treeitem)
            .Filter(new() { HasText = "tier" });
        await line.GetByRole(AriaRole.Button).ClickAsync();
        Assert.Equal("connectors.profile.body.tier", await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        await line.FocusAsync();
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("c");
        await Expect(page.GetByText("Copied connectors.profile.body.name")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task UnknownRun_SaysWhatMayHaveHappened()
    {
        var page = await OpenAsAsync(await demo.ServerAsync(), Account.Viewer, "/runs/999999");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "There is no such run" })).ToBeVisibleAsync();
    }
}
