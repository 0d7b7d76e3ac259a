using System.Globalization;
using Microsoft.Playwright;

namespace FlowEngine.Browser.Tests.Console.Pages;

/// <summary>Per test: the list of runs.</summary>
internal sealed class RunsPage(IPage page)
{
    public ILocator Rows => page.GetByRole(AriaRole.Table).GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByRole(AriaRole.Link) });

    public ILocator Search => page.GetByRole(AriaRole.Combobox, new() { Name = "Run, reference or person" });

    /// <summary>What the search box offers.</summary>
    public ILocator Offers => page.GetByRole(AriaRole.Listbox, new() { Name = "What it may be" }).GetByRole(AriaRole.Option);

    public ILocator Row(long number) => Rows.Filter(new() { Has = Link(number) });

    public Task ChooseStatusAsync(string status) => page.GetByRole(AriaRole.Radio, new() { Name = status }).ClickAsync();

    public Task ChooseFlowAsync(string id) => page.GetByRole(AriaRole.Combobox, new() { Name = "Flow" }).SelectOptionAsync(id);

    public async Task TypeAsync(string filter, string text)
    {
        await page.GetByLabel(filter, new() { Exact = true }).FillAsync(text);
        await page.GetByLabel(filter, new() { Exact = true }).PressAsync("Enter");
    }

    public Task ClearAsync() => page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();

    public ILocator Link(long number) =>
        page.GetByRole(AriaRole.Link, new() { Name = string.Create(CultureInfo.InvariantCulture, $"Run {number}"), Exact = true });
}
