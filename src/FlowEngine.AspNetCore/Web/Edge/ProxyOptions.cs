using System.Net;
using FlowEngine.Errors;
using FlowEngine.Settings;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>Set while a program starts, then read only: the section <c>Proxies</c>, which reverse proxies are believed.</summary>
public sealed record ProxyOptions : ICheckedSettings
{
    /// <summary>Addresses and networks of reverse proxies. Default none.</summary>
    [Setting("Addresses and networks of reverse proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.")]
    public IReadOnlyList<string> Known { get; set; } = [];

    /// <summary>Paths that such a proxy takes off before it passes a request on. Default none.</summary>
    [Setting(
        "Paths that such a proxy takes off before it passes a request on, such as `/auth`; its `X-Forwarded-Prefix` is believed when it names one of them."
    )]
    public IReadOnlyList<string> Prefixes { get; set; } = [];

    /// <inheritdoc/>
    void ICheckedSettings.Check(SourceLocation at, DiagnosticBag problems)
    {
        foreach (var text in Known)
        {
            if (!IPAddress.TryParse(text, out _) && !System.Net.IPNetwork.TryParse(text, out _))
                problems.Error(
                    FlowErrors.Value,
                    at.At("known"),
                    $"'{text}' is neither an IP address nor a network such as 10.0.0.0/8.",
                    ""
                );
        }
        foreach (var text in Prefixes)
        {
            if (OwnPath.Parse(text) is not { Length: > 0 })
                problems.Error(FlowErrors.Value, at.At("prefixes"), OwnPath.Problem(text), "");
        }
    }
}
