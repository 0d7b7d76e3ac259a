using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowEngine.Browser.Tests.Console.Pages;

/// <summary>Per test: the console and its designer, used by keyboard alone: nothing here points at anything.</summary>
internal sealed class DesignerKeys(IPage page)
{
    private const int Farthest = 90;

    // People do not press faster, and Radix takes an arrow key for a choice only while it is down.
    private static readonly KeyboardPressOptions Pressed = new() { Delay = 30 };

    public ILocator Inspector => page.GetByRole(AriaRole.Complementary, new() { Name = "Inspector" });

    public ILocator Activity(string id) => page.Locator($".react-flow__node[data-id='{id}']");

    public ILocator Screen(string id) => page.GetByRole(AriaRole.Region, new() { Name = $"Screen {id}", Exact = true });

    public ILocator ButtonOf(string screen, string name) => Screen(screen).GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator TextOf(string screen) => Screen(screen).GetByRole(AriaRole.Textbox, new() { Name = "Text" });

    public Task PressAsync(string key) => page.Keyboard.PressAsync(key, Pressed);

    /// <summary>Tabs until something has the focus.</summary>
    public async Task ReachAsync(ILocator wanted)
    {
        var element = await wanted.First.ElementHandleAsync();
        for (var i = 0; i < Farthest; i++)
        {
            switch (
                await element.EvaluateAsync<string>(
                    "element => element === document.activeElement ? 'there' : "
                        + "document.activeElement.closest('.cm-editor') ? 'in an editor' : ''"
                )
            )
            {
                case "there":
                    return;
                case "in an editor":
                    // There Tab indents, as the editor's name says.
                    await PressAsync("Escape");
                    break;
            }
            await page.Keyboard.PressAsync("Tab");
        }
        Assert.Fail(
            $"No way by Tab to {wanted}; the focus is at "
                + $"{await page.EvaluateAsync<string>("document.activeElement.outerHTML.slice(0, 200)")}"
        );
    }

    public async Task PressOnAsync(ILocator button)
    {
        await ReachAsync(button);
        await PressAsync("Enter");
    }

    public async Task TypeAsync(ILocator field, string text)
    {
        await ReachAsync(field);
        await PressAsync("Control+a");
        await page.Keyboard.TypeAsync(text);
    }

    /// <summary>Goes by arrows to one of several: a radio button, a menu's entry.</summary>
    public async Task GoToAsync(ILocator wanted, string arrow)
    {
        for (var i = 0; i < Farthest && !await IsFocusedAsync(wanted); i++)
            await PressAsync(arrow);
        await Expect(wanted).ToBeFocusedAsync();
    }

    public async Task BeginAsync(string name, string id)
    {
        await PressOnAsync(page.GetByRole(AriaRole.Button, new() { Name = "New flow" }));
        var dialog = page.GetByRole(AriaRole.Dialog);
        await TypeAsync(dialog.GetByLabel("Name"), name);
        await TypeAsync(dialog.GetByLabel("ID"), id);
        await PressAsync("Enter");
        await Expect(Activity("start")).ToBeVisibleAsync();
    }

    public async Task ShowAsync(string area)
    {
        var choices = page.GetByRole(AriaRole.Radiogroup, new() { Name = "Show" });
        await ReachAsync(choices.GetByRole(AriaRole.Radio, new() { Checked = true }));
        await GoToAsync(choices.GetByRole(AriaRole.Radio, new() { Name = area }), "ArrowRight");
    }

    public async Task RenameScreenAsync(string from, string to, string title)
    {
        await TypeAsync(Screen(from).GetByLabel("ID", new() { Exact = true }), to);
        await PressAsync("Enter");
        await TypeAsync(Screen(to).GetByLabel("Title", new() { Exact = true }), title);
    }

    public async Task AddComponentAsync(string screen, string type)
    {
        await PressOnAsync(Screen(screen).GetByRole(AriaRole.Button, new() { Name = "Add component" }));
        await GoToAsync(page.GetByRole(AriaRole.Menuitem, new() { Name = type, Exact = true }), "ArrowDown");
        await PressAsync("Enter");
    }

    /// <summary>Goes to an activity by the commands.</summary>
    public async Task GoToAsync(string id)
    {
        if (await IsFocusedAsync(Activity(id)))
            return;
        await PressAsync("Control+k");
        await PickAsync(id);
        await Expect(Activity(id)).ToBeFocusedAsync();
    }

    /// <summary>Adds an activity after another one, and opens it.</summary>
    public async Task AddAsync(string after, string type, string id)
    {
        await GoToAsync(after);
        await PressAsync("a");
        await PickAsync(type);
        await Expect(page.Locator(".react-flow__node:focus")).ToHaveCountAsync(1);
        await Expect(page.Locator($".react-flow__node:focus:not([data-id='{after}'])")).ToHaveCountAsync(1);
        await OpenAsync();
        await RenameAsync(id);
    }

    /// <summary>Opens the activity that has the focus.</summary>
    public async Task OpenAsync()
    {
        await PressAsync("Enter");
        await Expect(Inspector.GetByLabel("ID", new() { Exact = true })).ToBeFocusedAsync();
    }

    public async Task RenameAsync(string to)
    {
        await TypeAsync(Inspector.GetByLabel("ID", new() { Exact = true }), to);
        await PressAsync("Enter");
        await Expect(Inspector.GetByRole(AriaRole.Heading, new() { Name = to, Exact = true }).First).ToBeVisibleAsync();
    }

    /// <summary>Back from the inspector to its activity.</summary>
    public async Task BackAsync(string id)
    {
        for (var i = 0; i < 3 && !await IsFocusedAsync(Activity(id)); i++)
        {
            await PressAsync("Escape");
            await page.WaitForTimeoutAsync(150);
        }
        await Expect(Activity(id)).ToBeFocusedAsync();
    }

    public Task FillAsync(string setting, string value) => TypeAsync(Inspector.GetByLabel(setting), value);

    /// <summary>Writes into a code editor; Escape and Tab lead out of it.</summary>
    public async Task WriteAsync(string label, string code)
    {
        await TypeAsync(Inspector.GetByRole(AriaRole.Textbox, new() { Name = label }), code);
        // The first one closes the suggestions, when there are some.
        await page.WaitForTimeoutAsync(300);
        if (await page.Locator(".cm-tooltip-autocomplete").CountAsync() > 0)
            await PressAsync("Escape");
        await PressAsync("Escape");
        await PressAsync("Tab");
    }

    public async Task AddRowAsync(string setting, string name, string value)
    {
        await PressOnAsync(Inspector.GetByRole(AriaRole.Button, new() { Name = $"Add to {setting}" }));
        await TypeAsync(Inspector.GetByLabel($"{setting}: name of row 1"), name);
        await TypeAsync(Inspector.GetByLabel($"{setting}: value of {name}"), value);
        await PressAsync("Tab");
    }

    public async Task HandleAsync(string errorEvent, string mode)
    {
        await PressOnAsync(Inspector.GetByRole(AriaRole.Button, new() { Name = "Error handling" }));
        var modes = page.GetByRole(AriaRole.Radiogroup, new() { Name = $"Handle {errorEvent}" });
        await ReachAsync(modes.GetByRole(AriaRole.Radio, new() { Checked = true }));
        await GoToAsync(modes.GetByRole(AriaRole.Radio, new() { Name = mode }), "ArrowRight");
    }

    public async Task BranchAsync(int index, string outcome, string path, string value)
    {
        var branch = Inspector.GetByRole(AriaRole.Group, new() { Name = "Branches" }).Locator(".branch").Nth(index);
        if (await branch.CountAsync() == 0)
            await PressOnAsync(Inspector.GetByRole(AriaRole.Button, new() { Name = "Add branch" }));
        await TypeAsync(branch.GetByLabel("Outcome"), outcome);
        await PressAsync("Enter");
        await TypeAsync(branch.GetByLabel("Path", new() { Exact = true }), path);
        await TypeAsync(branch.GetByLabel("Value", new() { Exact = true }), value);
    }

    /// <summary>Connects an outcome: C, the outcome where there are several, the activity.</summary>
    public async Task ConnectAsync(string source, string port, string target, bool hasSeveral)
    {
        await GoToAsync(source);
        await PressAsync("c");
        if (hasSeveral)
            await PickAsync(port);
        await PickAsync(target);
        await Expect(page.Locator($".react-flow__edge[aria-label='{port} of {source} leads to {target}']")).ToHaveCountAsync(1);
    }

    public async Task PublishAsync(string note)
    {
        await PressOnAsync(page.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }));
        var dialog = page.GetByRole(AriaRole.Dialog);
        await TypeAsync(dialog.GetByLabel("Note"), note);
        var publish = dialog.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true });
        await Expect(publish).ToBeEnabledAsync();
        await PressOnAsync(publish);
        await Expect(page.GetByText("is published. New runs use it.")).ToBeVisibleAsync();
    }

    // What is out of sight on the canvas is not in the page.
    private static async Task<bool> IsFocusedAsync(ILocator wanted) =>
        await wanted.CountAsync() > 0 && await wanted.First.EvaluateAsync<bool>("element => element === document.activeElement");

    /// <summary>Takes one of a list by typing: the one that is exactly so, if there are several.</summary>
    private async Task PickAsync(string text)
    {
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(text);
        var chosen = dialog.GetByRole(AriaRole.Option, new() { Selected = true });
        for (var i = 0; i < Farthest && !(await chosen.InnerTextAsync()).StartsWith(text, StringComparison.Ordinal); i++)
            await PressAsync("ArrowDown");
        await PressAsync("Enter");
    }
}
