using System.Text.Json;
using System.Text.Json.Nodes;
using FlowEngine.Browser.Tests.Console.Pages;
using FlowEngine.Browser.Tests.Console.Serving;
using FlowEngine.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowEngine.Browser.Tests.Console;

/// <summary>How flows are drawn, and what is done on the drawing itself.</summary>
public sealed class CanvasTests(Browser browser, DemoConsole demo) : ConsoleTest(browser)
{
    /// <summary>Words that are seen and smaller than 11 pixels, and activities or lines that stick out of the canvas.</summary>
    private const string Illegible = """
        () => {
          const canvas = document.querySelector('.canvas');
          const box = canvas.getBoundingClientRect();
          const found = [];
          const zoom = new DOMMatrix(getComputedStyle(canvas.querySelector('.react-flow__viewport')).transform).a;
          const words = '.activity-title, .activity-summary, .port-name, .connection-label, .activity-start';
          for (const word of canvas.querySelectorAll(words)) {
            if (word.offsetParent === null) { found.push(`not shown: ${word.textContent}`); continue; }
            const size = parseFloat(getComputedStyle(word).fontSize) * zoom;
            if (size < 10.95) found.push(`${size}: ${word.textContent}`);
          }
          for (const part of canvas.querySelectorAll('.react-flow__node, .connection')) {
            const own = part.getBoundingClientRect();
            if (own.left < box.left || own.top < box.top || own.right > box.right || own.bottom > box.bottom)
              found.push(`cut: ${part.getAttribute('data-id') ?? part.getAttribute('d')}`);
          }
          return found;
        }
        """;

    /// <summary>Lines that run behind an activity, looked at every two pixels.</summary>
    private const string Crossings = """
        () => {
          const boxes = [...document.querySelectorAll('.react-flow__node')].map(node => [node.dataset.id, node.getBoundingClientRect()]);
          const found = new Set();
          for (const path of document.querySelectorAll('.react-flow__edge .connection')) {
            const matrix = path.getScreenCTM();
            const edge = path.closest('.react-flow__edge').dataset.id;
            for (let at = 0; at < path.getTotalLength(); at += 2) {
              const { x, y } = path.getPointAtLength(at).matrixTransform(matrix);
              for (const [id, box] of boxes)
                if (x > box.left + 2 && x < box.right - 2 && y > box.top + 2 && y < box.bottom - 2) found.add(`${edge} through ${id}`);
            }
          }
          return [...found];
        }
        """;

    [Theory]
    [InlineData(1440, 900, false)]
    [InlineData(1280, 800, true)]
    public async Task Flows_Of9And24Activities_AreLegibleAndWhole(int width, int height, bool isDark)
    {
        await using var large = await OwnFlow.AddAsync(await demo.ServerAsync(), await SecondFactorAsync("legible"));
        await using var laidOut = await OwnFlow.AddAsync(large.Server, await LoginAsync("legible9", isPlaced: false));
        var page = await OpenAsAsync(large.Server, Account.Designer, "/flows", isDark, width);
        await page.SetViewportSizeAsync(width, height);
        foreach (var id in new[] { "login", "legible9", "legible" })
        {
            await OpenFlowAsync(page, large.Server, id);
            await PictureAsync(page, $"canvas-{id}-{width}-{(isDark ? "dark" : "light")}");
            Assert.Empty(await page.EvaluateAsync<string[]>(Illegible));
            Assert.Empty(await page.EvaluateAsync<string[]>(Crossings));
            await ExpectAccessibleAsync(page, id);
        }
    }

    [Fact]
    public async Task Fit_WithAPanelOpen_KeepsItsSpace()
    {
        var page = await OpenAsAsync(await demo.ServerAsync(), Account.Designer, "/flows", width: 1440);
        await OpenFlowAsync(page, await demo.ServerAsync(), "login");
        await page.GetByRole(AriaRole.Button, new() { Name = "Try", Exact = true }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Complementary, new() { Name = "Try" });
        await Expect(panel).ToBeVisibleAsync();
        // It is fitted again by itself, and stays so.
        await page.WaitForFunctionAsync($"() => ({Illegible})().every(what => !what.startsWith('cut'))");
        var canvas = (await page.Locator(".canvas").BoundingBoxAsync())!;
        Assert.InRange(canvas.X + canvas.Width, 0, (await panel.BoundingBoxAsync())!.X + 1);
        await page.GetByRole(AriaRole.Button, new() { Name = "Fit View" }).ClickAsync();
        await page.WaitForFunctionAsync($"() => ({Illegible})().every(what => !what.startsWith('cut'))");
    }

    /// <summary>Where a person puts an activity it stays, in the file too; lines go around it.</summary>
    [Fact]
    public async Task ADraggedActivity_StaysAndLinesRunAroundIt()
    {
        await using var flow = await OwnFlow.AddAsync(await demo.ServerAsync(), await LoginAsync("dragged", isPlaced: false));
        var page = await OpenAsAsync(flow.Server, Account.Designer, "/flows/dragged");
        await RoutedAsync(page);
        var designer = new DesignerPage(page);
        var (from, onto) = (
            (await designer.Activity("again").BoundingBoxAsync())!,
            (await designer.Activity("lookup").BoundingBoxAsync())!
        );
        await page.Mouse.MoveAsync(from.X + 20, from.Y + 15);
        await page.Mouse.DownAsync();
        // Into the way that leads back from the second row.
        await page.Mouse.MoveAsync(onto.X + 20, onto.Y + onto.Height + 25, new() { Steps = 6 });
        await page.Mouse.UpAsync();
        await flow.WaitForDraftAsync(["\"designer\"", "\"again\":{\"x\""]);
        await RoutedAsync(page);
        Assert.Empty(await page.EvaluateAsync<string[]>(Crossings));
        var places = (await flow.DetailAsync()).GetProperty("draft").GetProperty("definition").GetProperty("designer");
        Assert.Equal(9, places.EnumerateObject().Count());

        await page.GetByRole(AriaRole.Button, new() { Name = "Arrange", Exact = true }).ClickAsync();
        await flow.WaitForDraftAsync([], ["\"designer\""]);
    }

    [Fact]
    public async Task Connections_SayWhatTheyAre()
    {
        var page = await OpenAsAsync(await demo.ServerAsync(), Account.Designer, "/flows", width: 1440);
        await OpenFlowAsync(page, await demo.ServerAsync(), "login");
        ILocator Line(string name) => page.Locator($".react-flow__edge[aria-label='{name}'] .connection");
        const string Error = "Generic HTTP Error of profile leads to byStatus";
        const string Plain = "Success of lookup leads to profile";
        const string Back = "Rate limited of byStatus leads to signIn";
        var colours = await page.EvaluateAsync<string[]>(
            """
            names => names.map(name => {
              const edge = document.querySelector(`.react-flow__edge[aria-label='${name}']`);
              const [line, tip] = ['.connection', '.connection-tip'].map(part => getComputedStyle(edge.querySelector(part)));
              return line.stroke + tip.fill;
            })
            """,
            new[] { Error, Plain, Back }
        );
        Assert.Equal(colours[1], colours[2]);
        Assert.NotEqual(colours[0], colours[1]);
        await Expect(page.Locator(".connection-label", new() { HasTextString = "Rate limited" })).ToBeVisibleAsync();

        await new DesignerPage(page).ChooseAsync("profile");
        await Expect(Line(Error)).ToHaveAttributeAsync("data-state", "near");
        await Expect(Line(Plain)).ToHaveAttributeAsync("data-state", "near");
        await Expect(Line(Back)).ToHaveAttributeAsync("data-state", "faded");
        await ExpectAccessibleAsync(page, "chosen");
        await PictureAsync(page, "canvas-chosen");

        await page.Locator($".react-flow__edge[aria-label='{Error}'] .react-flow__edge-interaction").HoverAsync(new() { Force = true });
        await Expect(page.Locator(".connection-hint")).ToHaveTextAsync("Generic HTTP Error: profile → byStatus");
    }

    [Fact]
    public async Task Inserting_OnAConnectionAtAnOutcomeAndInTheEmpty_AndRemoving()
    {
        await using var flow = await OwnFlow.AddAsync(
            await demo.ServerAsync(),
            """
            {"id":"insert","name":"Insert","start":"one","activities":[
              {"id":"one","type":"Scriptlet","code":"return 1;"},{"id":"done","type":"End"}],
             "connections":[{"source":"one","port":"Success","target":"done"}]}
            """
        );
        var page = await OpenAsAsync(flow.Server, Account.Designer, "/flows/insert");
        await RoutedAsync(page);
        var designer = new DesignerPage(page);

        // Dropped on a connection, it stands between both ends.
        var line = (await page.Locator(".react-flow__edge .connection").BoundingBoxAsync())!;
        var canvas = (await page.GetByRole(AriaRole.Group, new() { Name = "Canvas", Exact = true }).BoundingBoxAsync())!;
        await designer.DropAsync("Condition", (int)(line.X + line.Width / 2 - canvas.X), (int)(line.Y + line.Height / 2 - canvas.Y));
        await flow.WaitForDraftAsync([
            """{"source":"one","port":"Success","target":"check"}""",
            "\"source\":\"check\",\"port\":\"Branch\",\"target\":\"done\"}",
        ]);

        // The plus at an outcome that leads nowhere opens the palette for it.
        await page.GetByRole(AriaRole.Button, new() { Name = "Add an activity at Else of check" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Add an activity at Else of check" });
        await Expect(dialog.GetByText("Ends the flow; issues a token when the person is known")).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Option, new() { NameRegex = new("^End") }).ClickAsync();
        await flow.WaitForDraftAsync(["\"port\":\"Else\",\"target\":\"done2\""]);

        // Removed, it leaves no gap.
        await designer.ChooseAsync("check");
        await designer.Activity("check").PressAsync("Delete");
        await flow.WaitForDraftAsync(["""{"source":"one","port":"Success","target":"done"}"""], ["check"]);

        // After an activity whose outcome is taken, it is put between as well; and undone in one step.
        await designer.ChooseAsync("one");
        await designer.Activity("one").PressAsync("a");
        await page.Keyboard.TypeAsync("SetUser");
        await page.Keyboard.PressAsync("Enter");
        await flow.WaitForDraftAsync([
            "\"port\":\"Success\",\"target\":\"user\"",
            "\"source\":\"user\",\"port\":\"Done\",\"target\":\"done\"",
        ]);
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Undo:") }).ClickAsync();
        await flow.WaitForDraftAsync(["""{"source":"one","port":"Success","target":"done"}"""], ["SetUser"]);

        // A connection that is let go over the empty asks what comes there; so does a double click.
        await page.Locator(".react-flow__node[data-id='one'] .react-flow__handle[data-handleid='Success']").HoverAsync();
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(canvas.X + canvas.Width / 2, canvas.Y + canvas.Height - 80, new() { Steps = 5 });
        await page.Mouse.UpAsync();
        await page.GetByRole(AriaRole.Dialog, new() { Name = "Add an activity at Success of one" })
            .GetByRole(AriaRole.Option, new() { NameRegex = new("^Restart") })
            .ClickAsync();
        await flow.WaitForDraftAsync(["\"port\":\"Success\",\"target\":\"again\""]);
        await page.Mouse.DblClickAsync(canvas.X + 60, canvas.Y + canvas.Height / 2 + 120);
        await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Add an activity here" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task TheMenuOfTheRightButton_DuplicatesAlignsGroupsAndNotes_AndElsaKeepsThem()
    {
        await using var flow = await OwnFlow.AddAsync(await demo.ServerAsync(), await LoginAsync("menu", isPlaced: false));
        var page = await OpenAsAsync(flow.Server, Account.Designer, "/flows/menu", width: 1440);
        await RoutedAsync(page);
        var designer = new DesignerPage(page);
        async Task ChooseInMenuAsync(ILocator on, string entry, Position? at = null)
        {
            await on.ClickAsync(new() { Button = MouseButton.Right, Position = at });
            await page.GetByRole(AriaRole.Menuitem, new() { NameRegex = new($"^{entry}") }).ClickAsync();
        }

        await ChooseInMenuAsync(designer.Activity("claims").Locator(".activity-title"), "Duplicate");
        await Expect(designer.Activity("claims2")).ToBeVisibleAsync();
        await flow.WaitForDraftAsync(["\"claims2\":{\"x\""]);
        // Beside the others: no two activities overlap.
        var boxes = new List<LocatorBoundingBoxResult>();
        foreach (var node in await page.Locator(".react-flow__node").AllAsync())
            boxes.Add((await node.BoundingBoxAsync())!);
        Assert.Equal(10, boxes.Count);
        foreach (var (a, b) in boxes.SelectMany((a, i) => boxes.Skip(i + 1).Select(b => (a, b))))
            Assert.False(a.X < b.X + b.Width && b.X < a.X + a.Width && a.Y < b.Y + b.Height && b.Y < a.Y + a.Height);

        await designer.ChooseAsync("user");
        await designer.Activity("claims2").Locator(".activity-title").ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await ChooseInMenuAsync(designer.Activity("user").Locator(".activity-title"), "Align at the left");
        await page.WaitForFunctionAsync(
            """
            () => {
              const leftOf = id => Math.round(document.querySelector(`.react-flow__node[data-id=${id}]`).getBoundingClientRect().x);
              return leftOf('user') === leftOf('claims2');
            }
            """
        );
        await ChooseInMenuAsync(designer.Activity("user").Locator(".activity-title"), "Group");
        await page.GetByLabel("Title of group 1").FillAsync("Who it is");
        await ChooseInMenuAsync(page.Locator(".react-flow__pane"), "Add a note here", new() { X = 400, Y = 600 });
        await page.GetByLabel("Note 1", new() { Exact = true }).FillAsync("Ask legal before this changes");
        await flow.WaitForDraftAsync([
            "\"#groups\":[{\"title\":\"Who it is\",\"activities\":[\"user\",\"claims2\"]}]",
            "\"#notes\":[{\"text\":\"Ask legal before this changes\"",
        ]);
        await ExpectAccessibleAsync(page, "notes");
        await PictureAsync(page, "canvas-notes");

        // Where the flow goes, they go along: into a file for Elsa, and back.
        var elsa = await flow.Server.CallAsync(HttpMethod.Get, "/api/flows/menu/export?format=elsa&version=draft");
        Assert.Contains("Ask legal before this changes", elsa.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("Who it is", elsa.GetRawText(), StringComparison.Ordinal);

        await page.GetByRole(AriaRole.Button, new() { Name = "Ungroup Who it is" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove note 1" }).ClickAsync();
        await flow.WaitForDraftAsync([], ["#groups", "#notes"]);
    }

    [Fact]
    public async Task Names_ThatPeopleGave_ComeFirst()
    {
        var login = await LoginAsync("named", isPlaced: false);
        await using var flow = await OwnFlow.AddAsync(
            await demo.ServerAsync(),
            login.Replace("{\"id\":\"profile\",", "{\"id\":\"profile\",\"name\":\"Ask the CRM\",", StringComparison.Ordinal)
        );
        var page = await OpenAsAsync(flow.Server, Account.Designer, "/flows/named");
        await RoutedAsync(page);
        await Expect(page.Locator(".react-flow__node[data-id='profile'] .activity-title")).ToHaveTextAsync("Ask the CRM");
        await page.Keyboard.PressAsync("Control+k");
        await page.Keyboard.TypeAsync("Ask the");
        await Expect(page.GetByRole(AriaRole.Option, new() { NameRegex = new("^Ask the CRM \\(profile, GenericHttp\\)") }))
            .ToBeVisibleAsync();
    }

    private static async Task OpenFlowAsync(IPage page, ConsoleServer server, string id)
    {
        await page.GotoAsync($"{server.Address}/console/flows/{id}");
        await RoutedAsync(page);
    }

    /// <summary>Waits until every line has its way.</summary>
    private static Task RoutedAsync(IPage page) => Expect(page.Locator(".canvas[data-routed]")).ToBeVisibleAsync();

    private static async Task<string> LoginAsync(string id, bool isPlaced)
    {
        var login = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "flows/login.flow.json")))!.AsObject();
        login["id"] = id;
        login["name"] = id;
        if (!isPlaced)
            login.Remove("designer");
        return login.ToJsonString(new JsonSerializerOptions { WriteIndented = false });
    }

    /// <summary>A sign-in of 24 activities: risk, a second factor, terms, roles; with errors of their own and three ways back.</summary>
    private static async Task<string> SecondFactorAsync(string id)
    {
        var file = Path.Combine(Repository.Root, "tests/FlowEngine.Console.Tests/second-factor.flow.json");
        return (await File.ReadAllTextAsync(file)).Replace("\"second-factor\"", $"\"{id}\"", StringComparison.Ordinal);
    }
}
