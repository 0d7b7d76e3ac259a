using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowEngine.Browser.Tests.Console.Pages;

/// <summary>Per test: the designer, used by mouse.</summary>
internal sealed class DesignerPage(IPage page)
{
    public ILocator Inspector => page.GetByRole(AriaRole.Complementary, new() { Name = "Inspector" });

    public ILocator Saved => page.GetByText("Saved", new() { Exact = true });

    public ILocator Activity(string id) => page.Locator($".react-flow__node[data-id='{id}']");

    public async Task BeginAsync(string name, string id)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Flows", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "New flow" }).First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync(name);
        await dialog.GetByLabel("ID").FillAsync(id);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create" }).ClickAsync();
        await Expect(Activity("start")).ToBeVisibleAsync();
    }

    public Task ShowAsync(string area) =>
        page.GetByRole(AriaRole.Radiogroup, new() { Name = "Show" }).GetByRole(AriaRole.Radio, new() { Name = area }).ClickAsync();

    public async Task ZoomOutAsync(int times)
    {
        for (var i = 0; i < times; i++)
            await page.GetByRole(AriaRole.Button, new() { Name = "Zoom Out" }).ClickAsync();
    }

    /// <summary>Waits until the canvas moves no more: only what is in view is drawn, and can be counted.</summary>
    private async Task StandsStillAsync() =>
        await page.WaitForFunctionAsync(
            """
            () => {
                const now = document.querySelector('.react-flow__viewport')?.style.transform;
                const same = now !== undefined && now === window.lastTransform;
                window.lastTransform = now;
                return same;
            }
            """,
            null,
            new() { PollingInterval = 200 }
        );

    /// <summary>Drags an activity from the palette to a place on the canvas.</summary>
    public async Task DropAsync(string type, int x, int y)
    {
        var canvas = page.GetByRole(AriaRole.Group, new() { Name = "Canvas", Exact = true });
        await StandsStillAsync();
        var before = await page.Locator(".react-flow__node").CountAsync();
        await page.GetByRole(AriaRole.Complementary, new() { Name = "Palette" })
            .GetByRole(AriaRole.Button, new() { Name = type, Exact = true })
            .DragToAsync(
                canvas,
                new()
                {
                    TargetPosition = new() { X = x, Y = y },
                }
            );
        await Expect(page.Locator(".react-flow__node")).ToHaveCountAsync(before + 1);
    }

    public async Task RenameAsync(string to)
    {
        await Inspector.GetByLabel("ID", new() { Exact = true }).FillAsync(to);
        await Inspector.GetByLabel("ID", new() { Exact = true }).PressAsync("Enter");
        await Expect(
                Inspector.GetByRole(
                    AriaRole.Heading,
                    new()
                    {
                        Name = to,
                        Exact = true,
                        Level = 2,
                    }
                )
            )
            .ToBeVisibleAsync();
    }

    public async Task ChooseAsync(string id)
    {
        await Activity(id).Locator(".activity-title").ClickAsync();
        await Expect(
                Inspector.GetByRole(
                    AriaRole.Heading,
                    new()
                    {
                        Name = id,
                        Exact = true,
                        Level = 2,
                    }
                )
            )
            .ToBeVisibleAsync();
    }

    public Task FillAsync(string setting, string value) => Inspector.GetByLabel(setting).FillAsync(value);

    /// <summary>Writes into a code editor.</summary>
    public async Task WriteAsync(string label, string code)
    {
        var editor = Inspector.GetByRole(AriaRole.Textbox, new() { Name = label });
        await editor.ClickAsync();
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.InsertTextAsync(code);
    }

    public async Task AddRowAsync(string setting, string name, string value)
    {
        await Inspector.GetByRole(AriaRole.Button, new() { Name = $"Add to {setting}" }).ClickAsync();
        await Inspector.GetByLabel($"{setting}: name of row 1").FillAsync(name);
        await Inspector.GetByLabel($"{setting}: value of {name}").FillAsync(value);
    }

    public async Task HandleAsync(string errorEvent, string mode)
    {
        await Inspector.GetByRole(AriaRole.Button, new() { Name = "Error handling" }).ClickAsync();
        await Inspector
            .GetByRole(AriaRole.Radiogroup, new() { Name = $"Handle {errorEvent}" })
            .GetByRole(AriaRole.Radio, new() { Name = mode })
            .ClickAsync();
    }

    /// <summary>Fills in a branch: its outcome and its one rule.</summary>
    public async Task BranchAsync(int index, string outcome, string path, string value)
    {
        var branch = Inspector.GetByRole(AriaRole.Group, new() { Name = "Branches" }).Locator(".branch").Nth(index);
        if (await branch.CountAsync() == 0)
            await Inspector.GetByRole(AriaRole.Button, new() { Name = "Add branch" }).ClickAsync();
        await branch.GetByLabel("Outcome").FillAsync(outcome);
        await branch.GetByLabel("Outcome").PressAsync("Enter");
        await branch.GetByLabel("Path", new() { Exact = true }).FillAsync(path);
        await branch.GetByLabel("Value", new() { Exact = true }).FillAsync(value);
    }

    /// <summary>Drags a connection from an outcome to an activity.</summary>
    public async Task ConnectAsync(string source, string port, string target)
    {
        await Activity(source).Locator($".react-flow__handle[data-handleid='{port}']").HoverAsync();
        await page.Mouse.DownAsync();
        var to = (await Activity(target).Locator(".activity-head").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(to.X + to.Width / 2, to.Y + to.Height / 2, new() { Steps = 8 });
        await page.Mouse.UpAsync();
        await Expect(page.Locator($".react-flow__edge[aria-label='{port} of {source} leads to {target}']")).ToHaveCountAsync(1);
    }

    public async Task PublishAsync(string note)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Note").FillAsync(note);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
        await Expect(page.GetByText("is published. New runs use it.")).ToBeVisibleAsync();
    }

    /// <summary>The form of the screen that is open in the screens' area.</summary>
    public ILocator Screen(string id) => page.GetByRole(AriaRole.Region, new() { Name = $"Screen {id}", Exact = true });

    public async Task RenameScreenAsync(string from, string to, string title)
    {
        await Screen(from).GetByLabel("ID", new() { Exact = true }).FillAsync(to);
        await Screen(from).GetByLabel("ID", new() { Exact = true }).PressAsync("Enter");
        await Screen(to).GetByLabel("Title", new() { Exact = true }).FillAsync(title);
    }

    public async Task AddComponentAsync(string screen, string type)
    {
        await Screen(screen).GetByRole(AriaRole.Button, new() { Name = "Add component" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = type, Exact = true }).ClickAsync();
    }

    public Task ComponentButtonAsync(string screen, string name) =>
        Screen(screen).GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();
}
