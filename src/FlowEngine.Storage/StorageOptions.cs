using FlowEngine.Settings;

namespace FlowEngine.Storage;

/// <summary>Set while a program starts, then read only: the section <c>Storage</c>.</summary>
public sealed record StorageOptions
{
    /// <summary>What encrypts everything that is stored encrypted: at least 32 characters; null (the default) for the file <c>root.key</c>
    /// of the data folder, which is made at the first start.</summary>
    [Setting(
        "What encrypts everything that is stored encrypted: at least 32 characters, `env:NAME` or `file:PATH`. "
            + "The one that is made stands in `root.key` of the data folder. A cluster needs it given.",
        Otherwise = "made at the first start"
    )]
    public Secret? RootKey { get; set; }

    /// <summary>How often the whole embedded database is looked through for damage. Default a day.</summary>
    [Setting("How often the whole embedded database is looked through for damage beside all that is done with it.", Longest = "P45D")]
    public TimeSpan CheckEvery { get; set; } = TimeSpan.FromDays(1);
}

/// <summary>Set while a program starts, then read only: the section <c>Trace</c>.</summary>
public sealed record TraceOptions
{
    /// <summary>How long traces are kept. Default 30 days.</summary>
    [Setting("How long traces are kept.")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How many bytes all traces may have together; the oldest beyond that are removed. Default 10 GiB; 0 is no limit.</summary>
    [Setting(
        "How many bytes all stored traces may have together; beyond that the oldest are removed. 0 is no limit.",
        Unit = "bytes",
        Minimum = 0
    )]
    public long MaxBytes { get; set; } = 10L * 1024 * 1024 * 1024;
}

/// <summary>Set while a program starts, then read only: the section <c>Runs</c>.</summary>
public sealed record RunOptions
{
    /// <summary>How long a run is kept that never got past its first screen. Default 30 minutes.</summary>
    [Setting("How long a run is kept that never got past its first screen.")]
    public TimeSpan UnstartedRetention { get; set; } = TimeSpan.FromMinutes(30);
}

/// <summary>Set while a program starts, then read only: the section <c>Calls</c>, how many calls may wait to be delivered, and for how
/// long.</summary>
public sealed record CallOptions
{
    /// <summary>How many of one connector. Default 10,000.</summary>
    [Setting(
        "How many calls with `\"async\": \"durable\"` may wait for one connector; the next ones fail with `http.queue`. "
            + "Each node counts every few seconds.",
        Minimum = 1
    )]
    public int MaxPerConnector { get; set; } = 10_000;

    /// <summary>How many in all, those that were given up included. Default 100,000.</summary>
    [Setting("How many of them may wait in all.", Minimum = 1)]
    public int MaxTotal { get; set; } = 100_000;

    /// <summary>How many bytes in all. Default 1 GiB.</summary>
    [Setting("How many bytes they may have together.", Unit = "bytes", Minimum = 0)]
    public long MaxTotalBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>How large one may be, in bytes. Default 256 KiB.</summary>
    [Setting("How large one of them may be.", Unit = "bytes", Minimum = 1)]
    public int MaxBytes { get; set; } = 256 * 1024;

    /// <summary>For how long a call is delivered again. Default a day.</summary>
    [Setting("For how long such a call is delivered again before it is given up.")]
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long a call that was given up is kept for somebody to look at. Default seven days.</summary>
    [Setting("How long a call that was given up is kept: somebody may have it delivered again.")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);
}

/// <summary>Set while a program starts, then read only: the section <c>Counts</c>, the console's numbers.</summary>
public sealed record CountOptions
{
    /// <summary>How long what was counted is kept. Default 90 days.</summary>
    [Setting("How long the numbers of the console's overview are kept: a row a minute, and one an hour, for each thing that is counted.")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(90);
}
