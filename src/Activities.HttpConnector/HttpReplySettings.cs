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
}
