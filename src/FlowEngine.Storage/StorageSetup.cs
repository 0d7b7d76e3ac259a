namespace FlowEngine.Storage;

/// <summary>Shared and immutable: where things are stored, and for how long.</summary>
internal sealed record StorageSetup
{
    /// <summary>The folder of the embedded database <c>flowengine.db</c> and of the root key.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The file of the embedded database.</summary>
    public string SqliteFile => Path.Combine(DataFolder, "flowengine.db");

    /// <summary>The connection string of a PostgreSQL database; null (the default) for SQLite in the data folder.</summary>
    public string? Postgres { get; init; }

    /// <summary>Whether other nodes share the database. Then the root key must be given. Default false.</summary>
    public bool IsCluster { get; init; }

    /// <summary>The root key, and checks.</summary>
    public StorageOptions Storage { get; init; } = new();

    /// <summary>How long traces are kept, and how many.</summary>
    public TraceOptions Trace { get; init; } = new();

    /// <summary>How long runs are kept.</summary>
    public RunOptions Runs { get; init; } = new();

    /// <summary>How many calls may wait to be delivered, and for how long.</summary>
    public CallOptions Calls { get; init; } = new();

    /// <summary>How long what was counted is kept.</summary>
    public CountOptions Counts { get; init; } = new();

    /// <summary>How many rows one cleaning statement removes at most. Default 500: short locks, small transactions.</summary>
    public int CleaningBatch { get; init; } = 500;
}
