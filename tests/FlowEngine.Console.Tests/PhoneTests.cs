using System.Text.Json.Nodes;
using FlowEngine.Browser.Tests.Console.Pages;
using FlowEngine.Browser.Tests.Console.Serving;
using FlowEngine.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowEngine.Browser.Tests.Console;

/// <summary>The console at 390 pixels: everything can be reached, and a flow read, tried, corrected and published.</summary>
public sealed class PhoneTests(Browser browser, DemoConsole demo) : ConsoleTest(browser)
{
    private const int Width = 390;

    /// <summary>What can be pressed or filled in but lies beside the window, where nothing scrolls to it.</summary>
    private const string Unreachable = """
        () => [...document.querySelectorAll('main, nav')].flatMap(part => [...part.querySelectorAll('button, a, input, select, textarea')])
          .filter(one => {
            const box = one.getBoundingClientRect();
            if (box.width < 2 || box.height < 2 || one.closest('.visually-hidden, .react-flow__viewport, .cm-editor')) return false;
            return box.left < 0 || box.right > innerWidth + 0.5;
          })
          .map(one => one.outerHTML.slice(0, 120))
        """;

    private static readonly (string Path, string Shown, string Picture)[] Pages =
    [
        ("/flows", ".flow-link", "flows"),
        ("/flows/login", ".canvas[data-routed]", "designer"),
        ("/flows/login/versions", "h1", "versions"),
        ("/connectors", ".connector-name", "connectors"),
        ("/connectors/profile-api", ".connector-form", "connector"),
        ("/runs", ".run-link", "runs"),
        ("/runs/4", ".canvas[data-routed]", "run"),
        ("/people", ".page h1", "people"),
        ("/audit", ".page h1", "audit"),
        ("/account", ".page h1", "account"),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pages_OnAPhone_AreAccessibleAndNothingIsBeside(bool isDark)
    {
        var server = await demo.ServerAsync();
        var page = await OpenAsAsync(server, Account.Admin, "/flows", isDark, Width);
        List<string> problems = [];
        foreach (var (path, shown, picture) in Pages)
        {
            await page.GotoAsync(server.Address + "/console" + path);
            await Expect(page.Locator(shown).First).ToBeVisibleAsync();
            await PictureAsync(page, $"{picture}-{Width}-{(isDark ? "dark" : "light")}");
            problems.AddRange((await page.EvaluateAsync<string[]>(Unreachable)).Select(what => $"{path}: {what}"));
            try
            {
                await ExpectAccessibleAsync(page, path);
                await ExpectNoSidewaysScrollAsync(page, path);
            }
            catch (Xunit.Sdk.XunitException problem)
            {
                problems.Add(problem.Message);
            }
        }
        Assert.True(problems.Count == 0, string.Join("\n\n", problems));
    }

    [Fact]
    public async Task Tables_OnAPhone_AreCardsWithAllTheirColumns()
    {
        var server = await demo.ServerAsync();
        var page = await OpenAsAsync(server, Account.Admin, "/runs", width: Width);
        var card = page.Locator(".run-table tbody tr").First;
        foreach (var column in new[] { "Status", "Flow", "Person", "Started", "Duration", "Errors" })
        {
            var cell = card.Locator($"[data-label='{column}']");
            await Expect(cell).ToBeVisibleAsync();
            var box = (await cell.BoundingBoxAsync())!;
            Assert.InRange(box.X + box.Width, 0, Width);
        }
        await page.GetByRole(AriaRole.Link, new() { Name = "People", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = $"Actions for {Account.Viewer.Name}" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Menuitem, new() { Name = "Change role" })).ToBeInViewportAsync();
    }

    /// <summary>On the way, with one hand: read a flow, correct a query, try it, publish it.</summary>
    [Fact]
    public async Task AFlow_OnAPhone_IsReadCorrectedTriedAndPublished()
    {
        var login = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "flows/login.flow.json")))!.AsObject();
        login["id"] = "on-a-phone";
        await using var flow = await OwnFlow.AddAsync(await demo.ServerAsync(), login.ToJsonString());
        var page = await OpenAsAsync(flow.Server, Account.Designer, "/flows/on-a-phone", width: Width);
        var designer = new DesignerPage(page);
        await Expect(page.Locator(".canvas[data-routed]")).ToBeVisibleAsync();
        // What stood 1,600 pixels wide in its file is legible here, and the file keeps its places.
        foreach (var id in new[] { "signIn", "profile", "done" })
            await Expect(designer.Activity(id).Locator(".activity-title")).ToBeInViewportAsync();
        Assert.InRange(
            await page.EvaluateAsync<double>(
                """
                () => {
                  const zoom = new DOMMatrix(getComputedStyle(document.querySelector('.react-flow__viewport')).transform).a;
                  return parseFloat(getComputedStyle(document.querySelector('.port-name')).fontSize) * zoom;
                }
                """
            ),
            10.95,
            40
        );

        await designer.ChooseAsync("profile");
        await designer.Inspector.GetByLabel("Endpoint", new() { Exact = true }).FillAsync("/users/{{connectors.db.first.id}}?expand=tier");
        await flow.WaitForDraftAsync(["?expand=tier", "\"done\":{\"x\":1600,\"y\":0}"]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Close the inspector" }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Try", Exact = true }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Complementary, new() { Name = "Try" });
        await panel.GetByRole(AriaRole.Button, new() { Name = "Start", Exact = true }).ClickAsync();
        await panel.GetByLabel("Email").FillAsync("ada@example.com");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Expect(panel.GetByText("completed").First).ToBeVisibleAsync();
        await PictureAsync(page, "try-390");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Close the try" }).ClickAsync();
        await designer.PublishAsync("From the train");
        Assert.Equal(1, (await flow.DetailAsync()).GetProperty("published").GetProperty("version").GetInt32());
    }
}
