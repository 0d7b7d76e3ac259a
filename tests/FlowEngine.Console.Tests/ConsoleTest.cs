using System.Collections.Concurrent;
using FlowEngine.Browser.Tests.Console.Pages;
using FlowEngine.Browser.Tests.Console.Serving;
using FlowEngine.Tests;
using Microsoft.Playwright;

namespace FlowEngine.Browser.Tests.Console;

/// <summary>Per test: browsers that open the console. Whatever a page's
/// policy refuses or a script throws fails the test when it ends.</summary>
/// <remarks>All in one collection: two browsers at once take longer than one after the other on a small machine.</remarks>
[Collection("Console")]
public abstract class ConsoleTest(Browser browser) : IAsyncLifetime
{
    private static readonly Lazy<string> Axe = new(() =>
        File.ReadAllText(Path.Combine(Repository.Root, "tests/FlowEngine.Browser.Tests/node_modules/axe-core/axe.min.js"))
    );

    private readonly List<IBrowserContext> _contexts = [];

    /// <summary>What went wrong on pages. A test that provokes something takes it away.</summary>
    protected ConcurrentQueue<string> Troubles { get; } = new();

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            foreach (var (page, index) in _contexts.SelectMany(context => context.Pages).Select((page, index) => (page, index)))
                await PictureAsync(page, $"failed-{TestContext.Current.TestMethod!.MethodName}-{index}", "artifacts/console");
        }
        foreach (var context in _contexts)
            await context.DisposeAsync();
        GC.SuppressFinalize(this);
        Assert.True(Troubles.IsEmpty, string.Join("\n", Troubles));
    }

    /// <summary>Opens a page of the server in a new browser.</summary>
    internal Task<IPage> OpenAsync(ConsoleServer server, string path, bool isDark = false, int width = 1280) =>
        OpenAsync(server.Address, path, isDark, width);

    /// <summary>Opens a page of any program in a new browser.</summary>
    internal async Task<IPage> OpenAsync(string address, string path, bool isDark = false, int width = 1280)
    {
        var context = await browser.NewContextAsync(new Look(IsDark: isDark));
        context.SetDefaultTimeout(20_000);
        _contexts.Add(context);
        var page = await context.NewPageAsync();
        await page.SetViewportSizeAsync(width, width == 768 ? 1024 : 860);
        page.PageError += (_, error) => Troubles.Enqueue("A script threw: " + error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
                Troubles.Enqueue($"{message.Type} on {page.Url}: {message.Text}");
        };
        await page.GotoAsync(new Uri(new Uri(address), path).ToString());
        return page;
    }

    /// <summary>Opens a page of the console as somebody who is signed in.</summary>
    internal async Task<IPage> OpenAsAsync(ConsoleServer server, Account account, string path, bool isDark = false, int width = 1280)
    {
        var page = await OpenAsync(server, "/console" + path, isDark, width);
        await new GatePage(page).SignInAsync(account);
        await Assertions.Expect(page.GetByRole(AriaRole.Main)).ToBeVisibleAsync();
        return page;
    }

    /// <summary>Checks what is seen with axe-core. Problems of every weight count, but those that axe itself calls minor.</summary>
    protected static async Task ExpectAccessibleAsync(IPage page, string what)
    {
        await page.EvaluateAsync(Axe.Value);
        var violations = await page.EvaluateAsync<string[]>(
            """
            async () => {
              const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
              const { violations } = await axe.run(document, { runOnly, resultTypes: ["violations"] });
              const nodesOf = v => v.nodes.slice(0, 4).map(n => n.html + "\n" + n.failureSummary).join("\n");
              return violations.filter(v => v.impact !== "minor").map(v => `${v.impact} ${v.id}: ${v.help}\n${nodesOf(v)}`);
            }
            """
        );
        Assert.True(violations.Length == 0, $"{what}:\n{string.Join("\n\n", violations)}");
    }

    protected static async Task ExpectNoSidewaysScrollAsync(IPage page, string what) =>
        Assert.True(
            await page.EvaluateAsync<bool>(
                "document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight + 1"
            ),
            $"{what}: the page is larger than the window."
        );

    // The pictures of the README.
    private static readonly string[] Published =
    [
        "connectors",
        "connector-test",
        "designer",
        "designer-1280-dark",
        "designer-what-if",
        "overview",
        "run",
        "login",
    ];

    /// <summary>Takes a picture into <c>artifacts/console</c>, for people to look at; those
    /// of the README into <c>docs/images</c> when FLOWENGINE_PICTURES is set.</summary>
    protected static Task PictureAsync(IPage page, string name) =>
        PictureAsync(
            page,
            name,
            Environment.GetEnvironmentVariable("FLOWENGINE_PICTURES") is not null && Published.Contains(name)
                ? "docs/images"
                : "artifacts/console"
        );

    private static async Task PictureAsync(IPage page, string name, string place)
    {
        var folder = Path.Combine(Repository.Root, place);
        Directory.CreateDirectory(folder);
        await page.ScreenshotAsync(
            new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png"), Animations = ScreenshotAnimations.Disabled }
        );
    }
}
