using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Hosting;
using FlowEngine.Server.Cli;

namespace FlowEngine.Server.Hosting;

/// <summary>Stateless: looks at what the server is told before anything is
/// opened: what cannot work is one clear line, what is risky a warning.</summary>
internal static class StartChecks
{
    /// <summary>Checks options and settings.</summary>
    /// <param name="options">What the server is told.</param>
    /// <param name="warnings">Where warnings are written.</param>
    /// <exception cref="SettingsException">Something cannot work.</exception>
    public static async Task RunAsync(ServeOptions options, TextWriter warnings)
    {
        var settings = options.Settings;
        foreach (var (name, advice) in settings.Unknown())
            await warnings.WriteLineAsync(
                $"warning {CliErrors.UnknownSetting}: There is no setting '{name}'; "
                    + $"it has no effect. {advice ?? CliErrors.UnknownSetting.Advice}"
            );

        var addresses = options
            .Urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(Address)
            .ToList();
        if (addresses.Count == 0)
            throw new SettingsException("--urls names no address; give one such as http://127.0.0.1:5080.");
        var hasProxy = settings.Engine.Proxies.Known.Count > 0;
        foreach (var address in addresses.Where(address => address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback && !hasProxy))
        {
            await warnings.WriteLineAsync(
                $"warning {CliErrors.PlainHttp}: {address.GetLeftPart(UriPartial.Authority)} is reached from other "
                    + $"machines without TLS: passwords and tokens travel in the clear. {CliErrors.PlainHttp.Advice}"
            );
        }

        settings.Check();
        if (options is { IsCluster: true, Database: null })
            throw new SettingsException("--cluster: the nodes need a PostgreSQL database that they share; name it with --database.");
        if (options.Database is { } database && !EngineChecks.IsConnectionString(database))
            throw new SettingsException(
                "--database is no connection string of PostgreSQL, such as \"Host=db;Database=flowengine;Username=flowengine;Password=…\"."
            );
    }

    /// <summary>An address to listen on; a host of * or + is any.</summary>
    private static Uri Address(string text)
    {
        var name = text.Replace("://+", "://0.0.0.0", StringComparison.Ordinal).Replace("://*", "://0.0.0.0", StringComparison.Ordinal);
        return
            Uri.TryCreate(name, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            && uri.AbsolutePath == "/"
            ? uri
            : throw new SettingsException(
                $"--urls: '{text}' is no address to listen on, such as http://127.0.0.1:5080 or https://0.0.0.0:5443."
            );
    }
}
