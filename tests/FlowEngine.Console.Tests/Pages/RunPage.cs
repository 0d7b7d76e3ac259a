using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace FlowEngine.Browser.Tests.Console.Pages;

/// <summary>Per test: one run.</summary>
internal sealed class RunPage(IPage page)
{
    public ILocator Title => page.GetByRole(AriaRole.Heading, new() { Level = 1 });

    public ILocator Steps => page.GetByRole(AriaRole.Region, new() { Name = "Timeline" }).GetByRole(AriaRole.Button);

    public ILocator Detail => page.GetByRole(AriaRole.Region, new() { NameRegex = new Regex("^Step ") });

    /// <summary>The way back from a value of the step, while it is open.</summary>
    public ILocator WayBackFrom(string value) =>
        Detail.GetByRole(AriaRole.Group, new() { Name = $"Where {value} came from", Exact = true });

    public ILocator Activity(string id) => page.Locator($".run-canvas .react-flow__node[data-id='{id}']");

    /// <summary>Makes the run a test case and saves it.</summary>
    public async Task<(string FileName, JsonElement Case)> SaveCaseAsync()
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Save as test case" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog.GetByLabel("The case", new() { Exact = true })).ToBeVisibleAsync();
        var download = await page.RunAndWaitForDownloadAsync(() =>
            dialog.GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync()
        );
        await using var content = await download.CreateReadStreamAsync();
        return (download.SuggestedFilename, await JsonSerializer.DeserializeAsync<JsonElement>(content));
    }
}
