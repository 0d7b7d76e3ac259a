using FlowEngine.Context;
using FlowEngine.Server.Edge;

namespace FlowEngine.Server.Api;

/// <summary>Stateless: <c>device.*</c> of a request.</summary>
internal static class Device
{
    /// <summary><c>{ ip, userAgent, language }</c>.</summary>
    public static FlowValue Of(HttpContext http)
    {
        var device = new FlowObjectBuilder(3);
        device.Set("ip", FlowValue.From(ClientAddress.Of(http)));
        device.Set("userAgent", FlowValue.From(http.Request.Headers.UserAgent.ToString()));
        device.Set("language", FlowValue.From(http.Request.Headers.AcceptLanguage.ToString().Split(',', ';')[0].Trim()));
        return FlowValue.From(device.Build());
    }
}
