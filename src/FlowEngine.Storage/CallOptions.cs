namespace FlowEngine.Storage;

/// <summary>Shared and immutable: how many calls may wait to be delivered, and for how long.</summary>
internal sealed record CallOptions
{
    /// <summary>How many of one connector, <c>Calls:MaxPerConnector</c>. Default 10,000.</summary>
    public int MostPerConnector { get; init; } = 10_000;

    /// <summary>How many in all, those that were given up included, <c>Calls:MaxTotal</c>. Default 100,000.</summary>
    public int Most { get; init; } = 100_000;

    /// <summary>How many bytes in all, <c>Calls:MaxTotalBytes</c>. Default 1 GiB.</summary>
    public long MostBytes { get; init; } = 1024L * 1024 * 1024;

    /// <summary>How large one may be, in bytes, <c>Calls:MaxBytes</c>. Default 256 KiB.</summary>
    public int LargestCall { get; init; } = 256 * 1024;

    /// <summary>For how long a call is delivered again, <c>Calls:GiveUpAfter</c>. Default a day.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long a call that was given up is kept for somebody to look at, <c>Calls:Retention</c>. Default seven days.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);
}
