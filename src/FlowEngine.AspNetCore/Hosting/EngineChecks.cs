using FlowEngine.AspNetCore.Engine;
using FlowEngine.Settings;
using Npgsql;

namespace FlowEngine.AspNetCore.Hosting;

/// <summary>Stateless: looks at what FlowEngine is told before anything is opened: what cannot work is one clear line, what has no effect a
/// warning in the log.</summary>
internal static partial class EngineChecks
{
    /// <summary>Looks at everything.</summary>
    /// <exception cref="SettingsException">Something cannot work.</exception>
    public static void Run(FlowEngineOptions options, ILoggerFactory logs)
    {
        foreach (var (name, advice) in options.Unknown)
            LogUnknown(logs.CreateLogger("FlowEngine.AspNetCore.FlowEngineOptions"), name, advice ?? "");
        if (!Directory.Exists(options.Flows))
            throw new SettingsException($"There is no folder of flows {options.Flows}; name it with {nameof(options.Flows)}.");
        if (options is { IsCluster: true, Database: null })
            throw new SettingsException("IsCluster: the nodes need a PostgreSQL database that they share; name it with Database.");
        if (options.Database is { } database && !IsConnectionString(Reveal(database)))
            throw new SettingsException(
                "Database is no connection string of PostgreSQL, such as \"Host=db;Database=flowengine;Username=flowengine;Password=…\"."
            );
        options.Check();
    }

    /// <summary>What a name of a database says: a connection string, or where one is: <c>env:NAME</c>, <c>file:PATH</c>.</summary>
    /// <exception cref="SettingsException">There is none.</exception>
    public static string Reveal(string database) =>
        new Secret(database).TryReveal(out var value, out var problem)
            ? value
            : throw new SettingsException($"--database: {problem!.Message}");

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

    [LoggerMessage(EventId = 2105, Level = LogLevel.Warning, Message = "There is no setting '{Name}'; it has no effect. {Advice}")]
    private static partial void LogUnknown(ILogger logger, string name, string advice);
}
