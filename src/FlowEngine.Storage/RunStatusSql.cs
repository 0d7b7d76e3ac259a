using FlowEngine.Execution;

namespace FlowEngine.Storage;

/// <summary>Stateless: what statements ask of the column <c>status</c> of runs, which holds the numbers of <see cref="RunStatus"/>. In the
/// words of the indexes on those few runs: a database takes such an index only where the statement says the same.</summary>
internal static class RunStatusSql
{
    /// <summary>It is being advanced, or was when its server stopped.</summary>
    public const string IsRunning = "status = 0";

    /// <summary>It waits for a person.</summary>
    public const string IsWaiting = "status = 1";

    /// <summary>It is not over.</summary>
    public const string IsOpen = "status < 2";

    /// <summary>It is over: <see cref="RunStatusExtensions.IsOver"/>.</summary>
    public const string IsOver = "status >= 2";

    /// <summary>It turned a person away.</summary>
    public const string IsRefused = "status = 4";

    /// <summary>The number of those that failed.</summary>
    public const string Failed = "3";
}
