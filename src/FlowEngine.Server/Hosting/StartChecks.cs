using System.Net;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.Server.Cli;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Npgsql;

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
                $"warning {CliErrors.UnknownSetting}: There is no setting '{name}'; it has no effect. {advice ?? CliErrors.UnknownSetting.Advice}"
            );

        var addresses = options
            .Urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(Address)
            .ToList();
        if (addresses.Count == 0)
            throw new SettingsException("--urls names no address; give one such as http://127.0.0.1:5080.");
        var hasProxy = settings.List("Proxies:Known").Count > 0;
        foreach (var address in addresses.Where(address => address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback && !hasProxy))
        {
            await warnings.WriteLineAsync(
                $"warning {CliErrors.PlainHttp}: {address.GetLeftPart(UriPartial.Authority)} is reached from other machines without TLS: passwords and tokens travel in the clear. {CliErrors.PlainHttp.Advice}"
            );
        }

        foreach (
            var origin in settings.List("Cors:Origins").Concat(settings.List("Screens:FrameAncestors")).Where(origin => !IsOrigin(origin))
        )
            throw new SettingsException(
                $"'{origin}' is no origin; Cors:Origins and Screens:FrameAncestors take origins such as https://app.example.com, each by its full name and without a path."
            );
        // What these cannot read would else be told after the flows were published.
        _ = KnownProxies.Of(settings);
        _ = RateLimits.Of(settings);
        _ = ServerLogging.IsJson(settings);
        _ = TelemetryExport.CollectorOf(settings);
        _ = RequestLimit.Of(settings);
        ConnectionLimits.Set(new KestrelServerLimits(), settings);
        _ = ConnectionShares.Of(settings, TimeProvider.System);
        if (settings.Text("Tokens:Issuer") is { } issuer && !Uri.TryCreate(issuer, UriKind.Absolute, out _))
            throw new SettingsException($"Tokens:Issuer: '{issuer}' is no URL such as https://login.example.com/default.");
        if (options.Database is { } database && !IsConnectionString(database))
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

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && string.Equals(uri.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase)
        && uri.UserInfo.Length == 0
        && !text.Contains('*', StringComparison.Ordinal)
        && (uri.HostNameType != UriHostNameType.Unknown || IPAddress.TryParse(uri.Host, out _));

    private static bool IsConnectionString(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (Exception error) when (error is ArgumentException or FormatException or KeyNotFoundException)
        {
            return false;
        }
    }
}
