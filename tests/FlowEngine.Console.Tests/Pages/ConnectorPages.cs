using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowEngine.Browser.Tests.Console.Pages;

/// <summary>Per test: the pages of connectors.</summary>
internal sealed class ConnectorPages(IPage page)
{
    public async Task BeginAsync(string kind)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Connectors", Exact = true }).First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "New connector" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = kind }).ClickAsync();
    }

    public async Task NameAsync(string name, string id)
    {
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByLabel("ID *").FillAsync(id);
    }

    public Task FillAsync(string setting, string value) =>
        page.GetByRole(AriaRole.Form, new() { Name = "Settings" }).GetByLabel(setting).FillAsync(value);

    public Task ChooseAsync(string setting, string choice) =>
        page.GetByRole(AriaRole.Form, new() { Name = "Settings" })
            .GetByLabel(setting)
            .SelectOptionAsync(new SelectOptionValue { Label = choice });

    public Task SwitchOnAsync(string setting) => page.GetByRole(AriaRole.Switch, new() { Name = setting }).CheckAsync();

    public Task TabAsync(string name) => page.GetByRole(AriaRole.Tab, new() { Name = name }).ClickAsync();

    /// <summary>Tries a database.</summary>
    public async Task ConnectAsync()
    {
        await TabAsync("Test");
        await page.GetByRole(AriaRole.Button, new() { Name = "Connect", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Connected.")).ToBeVisibleAsync();
    }

    /// <summary>Tries an API.</summary>
    public async Task<ILocator> SendAsync(string endpoint)
    {
        await TabAsync("Test");
        await page.GetByLabel("Endpoint").FillAsync(endpoint);
        await page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        var answer = page.GetByRole(AriaRole.Region, new() { Name = "Answer" });
        await Expect(answer).ToBeVisibleAsync();
        return answer;
    }

    public async Task MakeAsync(string name)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Make connector" }).ClickAsync();
        await Expect(page.GetByText($"Made the connector {name}.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true })).ToBeDisabledAsync();
    }
}
