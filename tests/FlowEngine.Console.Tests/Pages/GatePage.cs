using FlowEngine.Browser.Tests.Console.Serving;
using Microsoft.Playwright;

namespace FlowEngine.Browser.Tests.Console.Pages;

/// <summary>Per test: the cards before the console: setup and sign-in.</summary>
internal sealed class GatePage(IPage page)
{
    public async Task SetUpAsync(Account admin)
    {
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Set up the console" })).ToBeVisibleAsync();
        await page.GetByLabel("Name").FillAsync(admin.Name);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(admin.Password);
        await page.GetByLabel("The password again").FillAsync(admin.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the account" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeVisibleAsync();
    }

    public async Task SignInAsync(Account account)
    {
        await page.GetByLabel("Name").FillAsync(account.Name);
        await page.GetByLabel("Password").FillAsync(account.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToBeVisibleAsync();
    }
}
