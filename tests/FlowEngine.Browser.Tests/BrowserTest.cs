using FlowEngine.Tests;
using FlowEngine.TestServers;
using Microsoft.Playwright;

namespace FlowEngine.Browser.Tests;

/// <summary>Per test: a server, a page, and what people do on it.</summary>
/// <remarks>All in one collection: two browsers at once take longer than one after the other on a small machine.</remarks>
[Collection("Browser")]
public abstract class BrowserTest(Browser browser) : IAsyncLifetime
{
    private static readonly Lazy<string> Axe = new(() =>
        File.ReadAllText(Path.Combine(Repository.Root, "tests/FlowEngine.Browser.Tests/node_modules/axe-core/axe.min.js"))
    );

    private readonly List<IBrowserContext> _contexts = [];

    internal ScreenServer Server { get; private set; } = null!;

    protected string Address => Server.Address;

    public async ValueTask InitializeAsync() => Server = await ScreenServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var context in _contexts)
            await context.DisposeAsync();
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task<IBrowserContext> NewContextAsync(Look? look = null, string locale = "en-GB")
    {
        var context = await browser.NewContextAsync(look ?? new Look(), locale);
        context.SetDefaultTimeout(15_000);
        _contexts.Add(context);
        return context;
    }

    /// <summary>Opens a page of the server in a new browser. Anything that the
    /// page's policy refuses, or a script throws, fails the test. A page with a clock of its own has the time that the test gives it.</summary>
    protected async Task<IPage> OpenAsync(string path, Look? look = null, string locale = "en-GB", bool hasOwnClock = false)
    {
        var page = await (await NewContextAsync(look, locale)).NewPageAsync();
        if (hasOwnClock)
        {
            var now = Server.Runs.Time.GetUtcNow().UtcDateTime;
            await page.Clock.InstallAsync(new ClockInstallOptions { TimeDate = now });
            await page.Clock.PauseAtAsync(now.AddSeconds(1));
        }
        page.PageError += (_, error) => Assert.Fail("A script threw: " + error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
                Assert.Fail(message.Text);
        };
        await page.GotoAsync(Address + path);
        return page;
    }

    protected static async Task SignInAsync(IPage page, string email = "ada@example.com")
    {
        await page.GetByLabel("Email").FillAsync(email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync("secret");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    protected static async Task EnterCodeAsync(IPage page, string code = "123456")
    {
        await page.GetByLabel("Code").FillAsync(code);
        await page.GetByRole(AriaRole.Button, new() { Name = "Verify" }).ClickAsync();
    }

    protected static Task ExpectTitleAsync(IPage page, string title) =>
        Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(title);

    /// <summary>Checks the page with axe-core: WCAG 2.2 A and AA and the best practices.</summary>
    protected static async Task ExpectAccessibleAsync(IPage page)
    {
        await page.EvaluateAsync(Axe.Value);
        var violations = await page.EvaluateAsync<string[]>(
            """
            async () => (await axe.run(document, {
              runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
              rules: { "target-size": { enabled: true } },
            })).violations.map(v => `${v.id}: ${v.help}\n${v.nodes.map(n => n.html + "\n" + n.failureSummary).join("\n")}`)
            """
        );
        Assert.True(violations.Length == 0, string.Join("\n\n", violations));
    }

    /// <summary>Takes a picture into <c>artifacts/screens</c>, for people to look at.</summary>
    protected static async Task PictureAsync(IPage page, string name, Look look)
    {
        var folder = Path.Combine(Repository.Root, "artifacts/screens");
        Directory.CreateDirectory(folder);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}-{look}.png"), FullPage = true });
    }
}
