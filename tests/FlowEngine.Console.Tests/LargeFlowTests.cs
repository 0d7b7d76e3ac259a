using System.Text.Json;
using FlowEngine.Browser.Tests.Console.Serving;
using Microsoft.Playwright;

namespace FlowEngine.Browser.Tests.Console;

/// <summary>What the page does does not grow with what there is: counted, not timed, so that no busy machine decides.</summary>
public sealed class LargeFlowTests(Browser browser) : ConsoleTest(browser)
{
    private ConsoleServer _server = null!;

    public override async ValueTask InitializeAsync() => _server = await ConsoleServer.DemoAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Designer_Of500Activities_DrawsAndRedrawsAsMuchAsOneOf100()
    {
        var page = await OpenAsAsync(_server, Account.Designer, "/flows");
        var (small, large) = (await OpenAndDragAsync(page, "Small", 100), await OpenAndDragAsync(page, "Large", 500));

        // Only what is in sight is drawn, and a drag moves what it moves.
        Assert.InRange(small.Drawn, 1, 60);
        Assert.InRange(large.Drawn, 1, 1.5 * small.Drawn);
        Assert.InRange(small.Changes, 1, 5_000);
        Assert.InRange(large.Changes, 1, 1.5 * small.Changes);
    }

    /// <summary>Opens a flow and drags an activity about.</summary>
    /// <returns>How many activities the page holds, and how often something of it changed during the drag.</returns>
    private async Task<(int Drawn, int Changes)> OpenAndDragAsync(IPage page, string name, int count)
    {
        await _server.CallAsync(HttpMethod.Post, "/api/flows", new { definition = FlowOf(name, count) });
        await page.GotoAsync(_server.Address + "/console/flows");
        await page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();
        var activities = page.Locator(".react-flow__node .activity");
        await activities.First.WaitForAsync();
        await StillAsync(page);
        var drawn = await activities.CountAsync();

        var box = (await page.Locator(".react-flow__node .activity-head").First.BoundingBoxAsync())!;
        var (x, y) = (box.X + box.Width / 2, box.Y + box.Height / 2);
        await page.Mouse.MoveAsync(x, y);
        await page.Mouse.DownAsync();
        await page.EvaluateAsync(
            """
            () => {
              window.changes = 0;
              window.watched = new MutationObserver(list => (window.changes += list.length));
              window.watched.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
            }
            """
        );
        for (var i = 1; i <= 20; i++)
        {
            await page.Mouse.MoveAsync(x + 3 * i, y + 2 * i);
            // Each move is drawn, however busy the machine is.
            await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        }
        var changes = await page.EvaluateAsync<int>("() => { window.watched.disconnect(); return window.changes; }");
        await page.Mouse.UpAsync();
        return (drawn, changes);
    }

    /// <summary>Waits until nothing of the page has changed for ten frames.</summary>
    private static async Task StillAsync(IPage page) =>
        await page.EvaluateAsync(
            """
            () => new Promise(done => {
              let still = 0;
              const watched = new MutationObserver(() => (still = 0));
              watched.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
              const look = () => {
                if (++still < 10) return requestAnimationFrame(look);
                watched.disconnect();
                done();
              };
              look();
            })
            """
        );

    private static JsonElement FlowOf(string name, int count) =>
        JsonSerializer.SerializeToElement(
            new
            {
                id = name.ToLowerInvariant(),
                name,
                start = "a0",
                activities = Enumerable
                    .Range(0, count - 1)
                    .Select(i =>
                        (object)
                            new
                            {
                                id = $"a{i}",
                                type = "Scriptlet",
                                code = $"return {i};",
                            }
                    )
                    .Append(new { id = $"a{count - 1}", type = "End" }),
                connections = Enumerable
                    .Range(0, count - 1)
                    .Select(i => new
                    {
                        source = $"a{i}",
                        port = "Success",
                        target = $"a{i + 1}",
                    }),
                designer = Enumerable.Range(0, count).ToDictionary(i => $"a{i}", i => new { x = i % 25 * 320, y = i / 25 * 160 }),
            }
        );
}
