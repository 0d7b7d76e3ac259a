using FlowEngine.Settings;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>Set while a program starts, then read only: the section <c>RateLimits</c>, how often one client address may ask for what. Of
/// all of them 0 is no limit.</summary>
public sealed record RateLimitOptions
{
    /// <summary>How many runs it may start a minute. Default 300.</summary>
    [Setting("How many runs one client address (of IPv6: one /64) may start a minute, on each node. 0 is no limit.", Minimum = 0)]
    public int StartsPerMinute { get; set; } = 300;

    /// <summary>How many screens it may submit a minute, where passwords could be guessed. Default 600.</summary>
    [Setting("How many screens it may submit.", Minimum = 0)]
    public int SubmitsPerMinute { get; set; } = 600;

    /// <summary>How many refresh tokens and one-time codes it may use a minute. Default 600.</summary>
    [Setting("How many refreshes, logouts and code exchanges it may ask for.", Minimum = 0)]
    public int TokensPerMinute { get; set; } = 600;

    /// <summary>How often it may look where a login is a minute. Default 1,200.</summary>
    [Setting("How often it may look at the page of a login.", Minimum = 0)]
    public int PagesPerMinute { get; set; } = 1_200;

    /// <summary>How many requests the console and programs that manage may make a minute. Default 60,000.</summary>
    [Setting("How many requests it may make to `/api` and `/v1/mgmt`.", Minimum = 0)]
    public int ManagementPerMinute { get; set; } = 60_000;

    /// <summary>How often it may ask a minute for everything else, which is the same for everybody: files, keys, health. Default
    /// 12,000.</summary>
    [Setting(
        "How often it may ask for anything else: files of screens and console, public keys, health, addresses that do not exist.",
        Minimum = 0
    )]
    public int OthersPerMinute { get; set; } = 12_000;
}
