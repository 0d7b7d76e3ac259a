using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Context;
using FlowEngine.HttpConnector.Wire.Egress;

namespace FlowEngine.AspNetCore.Web.Management.Connectors;

/// <summary>Stateless: <c>/api/egress</c>: where requests leave from.</summary>
internal static class EgressEndpoints
{
    /// <summary>Maps it.</summary>
    public static void MapEgress(this IEndpointRouteBuilder api) =>
        api.MapGet(
                "/egress",
                (HttpContext http, EgressOptions egress) =>
                    ApiAnswer.WriteAsync(
                        http,
                        ApiJson.Object(
                            ("addresses", ApiJson.Texts(egress.PublicAddresses)),
                            ("staticIps", ApiJson.Texts(egress.StaticIps.Select(address => address.ToString()))),
                            // Host and port, never the password.
                            ("proxies", ApiJson.Texts(egress.Proxies.Select(proxy => $"{proxy.Scheme}://{proxy.IdnHost}:{proxy.Port}"))),
                            ("allowPrivateNetworks", FlowValue.From(egress.AllowPrivateNetworks))
                        )
                    )
            )
            .RequireRole(Role.Viewer);
}
