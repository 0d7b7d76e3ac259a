namespace FlowEngine.Server.Hosting;

/// <summary>Stateless: the log, on standard output: for people at a terminal, else
/// one JSON object a line; <c>Logging:Format</c> decides otherwise.</summary>
internal static class ServerLogging
{
    /// <summary>Sets it up.</summary>
    public static void Set(ILoggingBuilder logging, LogOptions options)
    {
        logging.ClearProviders();
        logging.Services.AddSingleton<IExternalScopeProvider, LogScopes>();
        if (options.Format is { } format ? format == "json" : Console.IsOutputRedirected)
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
}
