using System.Net;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Web.Edge;
using Npgsql;

namespace FlowEngine.AspNetCore.Hosting;

/// <summary>Stateless: looks at what FlowEngine is told before anything is opened: what cannot work is one clear line, what has no effect a
/// warning in the log.</summary>
internal static partial class EngineChecks
{
    /// <summary>Looks at everything.</summary>
    /// <returns>The settings.</returns>
    /// <exception cref="SettingsException">Something cannot work.</exception>
    public static ServerSettings Run(FlowEngineOptions options, ILoggerFactory logs)
    {
        var settings = options.Read ?? ReadAll(options, logs.CreateLogger("FlowEngine.AspNetCore.FlowEngineOptions"));
        if (!Directory.Exists(options.Flows))
            throw new SettingsException($"There is no folder of flows {options.Flows}; name it with {nameof(options.Flows)}.");
        if (options is { IsCluster: true, Database: null })
            throw new SettingsException("IsCluster: the nodes need a PostgreSQL database that they share; name it with Database.");
        if (options.Database is { } database && !IsConnectionString(ServerSettings.Reveal(database)))
            throw new SettingsException(
                "Database is no connection string of PostgreSQL, such as \"Host=db;Database=flowengine;Username=flowengine;Password=…\"."
            );
        Check(settings);
        return settings;
    }

    /// <summary>Looks at the settings alone.</summary>
    /// <exception cref="SettingsException">One of them cannot be used.</exception>
    public static void Check(ServerSettings settings)
    {
        foreach (
            var origin in settings.List("Cors:Origins").Concat(settings.List("Screens:FrameAncestors")).Where(origin => !IsOrigin(origin))
        )
            throw new SettingsException(
                $"'{origin}' is no origin; Cors:Origins and Screens:FrameAncestors take origins such as https://app.example.com, each by its full name and without a path."
            );
        // What these cannot read would else be told after the flows were published.
        _ = KnownProxies.Of(settings);
        _ = KnownProxies.PrefixesOf(settings);
        _ = RateLimits.Of(settings);
        _ = RequestLimit.Of(settings);
        if (settings.Text("Tokens:Issuer") is { } issuer && !Uri.TryCreate(issuer, UriKind.Absolute, out _))
            throw new SettingsException($"Tokens:Issuer: '{issuer}' is no URL such as https://login.example.com/default.");
    }

    private static ServerSettings ReadAll(FlowEngineOptions options, ILogger log)
    {
        var settings = ServerSettings.Of(options.Settings);
        foreach (var (name, advice) in settings.Unknown())
            LogUnknown(log, name, advice ?? "");
        return settings;
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && string.Equals(uri.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase)
        && uri.UserInfo.Length == 0
        && !text.Contains('*', StringComparison.Ordinal)
        && (uri.HostNameType != UriHostNameType.Unknown || IPAddress.TryParse(uri.Host, out _));

    /// <summary>Whether a text is a connection string of PostgreSQL.</summary>
    public static bool IsConnectionString(string text)
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

    [LoggerMessage(EventId = 1405, Level = LogLevel.Warning, Message = "There is no setting '{Name}'; it has no effect. {Advice}")]
    private static partial void LogUnknown(ILogger logger, string name, string advice);
}
