using FlowEngine.Context;
using FlowEngine.Settings;

namespace FlowEngine.HttpConnector;

/// <summary>Bound once, then read only: what stands in for an API's answer in a golden case or a try.</summary>
public sealed class HttpReplySettings
{
    /// <summary>The status code.</summary>
    [Setting("The status code.", Hint = "", Required = true, Initial = "200", Order = -2)]
    public FlowValue StatusCode { get; set; }

    /// <summary>The headers.</summary>
    [Setting("The headers.", Hint = "", Initial = "{}")]
    public FlowValue Headers { get; set; }

    /// <summary>The body.</summary>
    [Setting("The body.", Hint = "", Initial = "{}", Order = -1)]
    public FlowValue Body { get; set; }

    /// <summary>Whether it is an earlier answer that stands in for a call that failed. Default false.</summary>
    [Setting("Whether it is an earlier answer that stands in for a call that failed: by Stale, where that is connected.")]
    public bool Stale { get; set; }

    /// <summary>After how many seconds the API wants to be asked again; missing for what the headers say.</summary>
    [Setting("After how many seconds the API wants to be asked again, where the headers do not say it.")]
    public FlowValue RetryAfter { get; set; }

    /// <summary>How many calls are left; missing for what the headers say.</summary>
    [Setting("How many calls are left, { limit, remaining, resetAt }, where the headers do not say it.")]
    public FlowValue RateLimit { get; set; }

    /// <summary>The problem document; missing for what the body is by its content type.</summary>
    [Setting("The problem document (RFC 9457), where the headers do not say that the body is one.")]
    public FlowValue Problem { get; set; }

    /// <summary>The items of all pages together; missing for those of this page, behind which the next reply is the next page.</summary>
    [Setting("The items of all pages together, where the call reads pages. Without it the reply is one page, and the next reply the next.")]
    public FlowValue Items { get; set; }

    /// <summary>How many pages those are; missing for one.</summary>
    [Setting("How many pages those are.")]
    public FlowValue Pages { get; set; }

    /// <summary>Whether there is more than those items. Default false.</summary>
    [Setting("Whether there is more than those items.")]
    public bool Truncated { get; set; }
}
