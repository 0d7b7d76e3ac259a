namespace FlowEngine.TestServers;

/// <summary>The Chromium of this machine: the headless shell, which draws no window that nobody sees, or the whole browser.</summary>
internal static class Chromium
{
    private static readonly string[] Places =
    [
        "/usr/bin/chromium-headless-shell",
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    ];

    /// <summary>Its executable: what FLOWENGINE_CHROMIUM names, or what is installed.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static string Executable =>
        Environment.GetEnvironmentVariable("FLOWENGINE_CHROMIUM")
        ?? Array.Find(Places, File.Exists)
        ?? throw new InvalidOperationException(
            "The browser tests need Chromium: install the Debian package chromium-headless-shell, or name its executable in FLOWENGINE_CHROMIUM."
        );
}
