using FlowEngine.AspNetCore.Engine;

namespace FlowEngine.Server.Hosting;

/// <summary>Stateless: the log, on standard output: for people at a terminal, else
/// one JSON object a line; <c>Logging:Format</c> decides otherwise.</summary>
internal static class ServerLogging
{
    private const string Setting = "Logging:Format";

    /// <summary>Sets it up.</summary>
    /// <exception cref="SettingsException">The setting is neither text nor json.</exception>
    public static void Set(ILoggingBuilder logging, ServerSettings settings)
    {
        logging.ClearProviders();
        logging.Services.AddSingleton<IExternalScopeProvider, LogScopes>();
        if (IsJson(settings))
        {
            logging.AddJsonConsole(json =>
            {
                // Scopes bring the request's id and its trace.
                json.IncludeScopes = true;
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }
        else
        {
            logging.AddSimpleConsole(text => text.SingleLine = true);
        }

        logging
            .AddFilter("Microsoft", LogLevel.Warning)
            // A start that failed is told once, by the command.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
    }

    /// <summary>Whether the log is JSON.</summary>
    /// <exception cref="SettingsException">The setting is neither text nor json.</exception>
    public static bool IsJson(ServerSettings settings) =>
        settings.Text(Setting) switch
        {
            null => Console.IsOutputRedirected,
            "json" => true,
            "text" => false,
            var other => throw new SettingsException($"{Setting}: '{other}' is neither text nor json."),
        };
}
