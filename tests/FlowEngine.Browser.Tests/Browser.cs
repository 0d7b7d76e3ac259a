using FlowEngine.Browser.Tests;
using FlowEngine.TestServers;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Browser))]

namespace FlowEngine.Browser.Tests;

/// <summary>Per process: the machine's Chromium, without a window.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    // Nothing here says how quick a machine has to be.
    static Browser() => Assertions.SetDefaultExpectTimeout(20_000);

    /// <summary>Starts it.</summary>
    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = Chromium.Executable,
                Args =
                [
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--no-first-run",
                    // As the whole browser does and the headless shell does not: what is of another site is another process.
                    "--site-per-process",
                ],
            }
        );
    }

    /// <summary>A browser without cookies or history.</summary>
    public Task<IBrowserContext> NewContextAsync(Look look, string locale = "en-GB") =>
        _browser!.NewContextAsync(
            new BrowserNewContextOptions
            {
                JavaScriptEnabled = look.HasScript,
                ColorScheme = look.IsDark ? ColorScheme.Dark : ColorScheme.Light,
                ViewportSize = look.IsPhone
                    ? new ViewportSize { Width = 390, Height = 844 }
                    : new ViewportSize { Width = 1280, Height = 860 },
                DeviceScaleFactor = look.IsPhone ? 2 : 1,
                HasTouch = look.IsPhone,
                Locale = locale,
                ReducedMotion = ReducedMotion.Reduce,
            }
        );

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}

/// <summary>How a page is looked at.</summary>
/// <param name="HasScript">With JavaScript.</param>
/// <param name="IsPhone">390 × 844 points; otherwise 1280 × 860.</param>
/// <param name="IsDark">In dark colours.</param>
public sealed record Look(bool HasScript = true, bool IsPhone = false, bool IsDark = false)
{
    /// <summary>A name for files.</summary>
    public override string ToString() => $"{(IsPhone ? "phone" : "desktop")}-{(IsDark ? "dark" : "light")}{(HasScript ? "" : "-noscript")}";
}
