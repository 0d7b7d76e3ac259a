using FlowEngine.Connectors;

namespace FlowEngine.Storage;

/// <summary>Shared and immutable: where things are stored, and for how long.</summary>
internal sealed record StorageOptions
{
    /// <summary>The folder of the embedded database <c>flowengine.db</c> and
    /// of the root key. Default <c>data</c> in the current folder.</summary>
    public string DataFolder { get; init; } = "data";

    /// <summary>The file of the embedded database.</summary>
    public string SqliteFile => Path.Combine(DataFolder, "flowengine.db");

    /// <summary>The connection string of a PostgreSQL database; null (the default) for SQLite in the data folder.</summary>
    public string? Postgres { get; init; }

    /// <summary>Whether other nodes share the database. Then the root key must be given. Default false.</summary>
    public bool IsCluster { get; init; }

    /// <summary>The root key, at least 32 characters: a literal, <c>env:NAME</c> or <c>file:PATH</c>;
    /// null (the default) for the file <c>root.key</c> of the data folder.</summary>
    public Secret? RootKey { get; init; }

    /// <summary>How long traces are kept, <c>Trace:Retention</c>. Default 30 days.</summary>
    public TimeSpan TraceRetention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>10 GiB.</summary>
    public const long DefaultTraceBytes = 10L * 1024 * 1024 * 1024;

    /// <summary>How many bytes all traces may have together, <c>Trace:MaxBytes</c>; the oldest
    /// beyond that are removed. Default <see cref="DefaultTraceBytes"/>; 0 is no limit.</summary>
    public long TraceBytes { get; init; } = DefaultTraceBytes;

    /// <summary>How long a run is kept that never got past its first screen, <c>Runs:UnstartedRetention</c>. Default 30 minutes.</summary>
    public TimeSpan UnstartedRetention { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How often the whole embedded database is looked through for damage, <c>Storage:CheckEvery</c>. Default a day.</summary>
    public TimeSpan CheckEvery { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How many calls may wait to be delivered, and for how long.</summary>
    public CallOptions Calls { get; init; } = new();

    /// <summary>How many rows one cleaning statement removes at most. Default 500: short locks, small transactions.</summary>
    public int CleaningBatch { get; init; } = 500;
}
