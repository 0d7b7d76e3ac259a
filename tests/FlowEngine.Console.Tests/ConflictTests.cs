using FlowEngine.Browser.Tests.Console.Pages;
using FlowEngine.Browser.Tests.Console.Serving;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FlowEngine.Browser.Tests.Console;

/// <summary>Two people with one flow: neither loses anything without being asked.</summary>
public sealed class ConflictTests(Browser browser, DemoConsole demo) : ConsoleTest(browser)
{
    [Fact]
    public async Task TwoDesigners_OfOneFlow_TheSecondIsAskedWhoseChangesToKeep()
    {
        var server = await demo.ServerAsync();
        var first = await OpenAsAsync(server, Account.Admin, "/flows/ticket");
        var second = await OpenAsAsync(server, Account.Designer, "/flows/ticket");
        var start = (await server.CallAsync(HttpMethod.Get, "/api/flows/ticket"))
            .GetProperty("published")
            .GetProperty("definition")
            .GetProperty("start")
            .GetString()!;
        foreach (var page in new[] { first, second })
            await new DesignerPage(page).ChooseAsync(start);

        await new DesignerPage(first).Inspector.GetByLabel("Name", new() { Exact = true }).FillAsync("Ada's name");
        await Expect(new DesignerPage(first).Saved).ToBeVisibleAsync();
        await WaitForDraftAsync(server, "Ada's name");
        await new DesignerPage(second).Inspector.GetByLabel("Name", new() { Exact = true }).FillAsync("Dora's name");

        var dialog = second.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToBeVisibleAsync();
        await Expect(dialog).ToContainTextAsync(Account.Admin.Name);
        await ExpectAccessibleAsync(second, "conflict");
        await WaitForDraftAsync(server, "Ada's name");

        await dialog.GetByRole(AriaRole.Button, new() { Name = "Keep mine" }).ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await WaitForDraftAsync(server, "Dora's name");
    }

    private static async Task WaitForDraftAsync(ConsoleServer server, string name)
    {
        for (var i = 0; i < 100; i++)
        {
            var draft = (await server.CallAsync(HttpMethod.Get, "/api/flows/ticket")).GetProperty("draft");
            if (
                draft.ValueKind == System.Text.Json.JsonValueKind.Object
                && draft
                    .GetProperty("definition")
                    .GetProperty("activities")
                    .EnumerateArray()
                    .Any(activity => activity.TryGetProperty("name", out var given) && given.GetString() == name)
            )
                return;
            await Task.Delay(100);
        }
        Assert.Fail($"The draft never had '{name}'.");
    }
}
