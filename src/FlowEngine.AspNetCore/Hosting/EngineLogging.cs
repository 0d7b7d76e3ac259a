using Microsoft.Extensions.Logging.Abstractions;

namespace FlowEngine.AspNetCore.Hosting;

/// <summary>
/// Per host, thread-safe: hands what FlowEngine logs on to the program's log. What Orleans and Polly say of messages stays out: it names
/// runs by their ids, and whoever has an id can go on with its run. So only nodes that come and go are told, and strangers that try to be
/// one.
/// </summary>
internal sealed class EngineLogging(ILoggerFactory log) : ILoggerFactory
{
    private static readonly string[] Silent = ["Orleans", "Polly", "Microsoft.Extensions.Hosting"];
    private static readonly string[] Warnings = ["Orleans.Connections.Security", "Orleans.Runtime.MembershipService"];

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) =>
        Warnings.Any(name => Has(categoryName, name)) ? new Warning(log.CreateLogger(categoryName))
        : Silent.Any(name => Has(categoryName, name)) ? NullLogger.Instance
        : log.CreateLogger(categoryName);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("FlowEngine logs where the program logs: add the provider there.");

    /// <inheritdoc/>
    public void Dispose()
    {
        // The log is the program's.
    }

    private static bool Has(string category, string name) =>
        category.StartsWith(name, StringComparison.Ordinal) && (category.Length == name.Length || category[name.Length] == '.');

    /// <summary>Thread-safe: hands on warnings and what is worse.</summary>
    private sealed class Warning(ILogger log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => log.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && log.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
                log.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
