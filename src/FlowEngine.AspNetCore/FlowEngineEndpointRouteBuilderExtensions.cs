using FlowEngine.AspNetCore.Hosting;
using FlowEngine.AspNetCore.Web.Edge;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Stateless: gives FlowEngine a path of a program.</summary>
public static class FlowEngineEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the flow API, hosted screens, console, management API, tokens and health of FlowEngine below a path. Routes of the program that
    /// are more exact go before it. Whatever it does to a request (limits, errors, headers, sizes, CORS, known proxies) it does there
    /// alone.
    /// </summary>
    /// <param name="endpoints">The program's routes.</param>
    /// <param name="path">The path, such as <c>/auth</c>. Default <c>/</c>: everything that no other route takes.</param>
    /// <returns>The route, for further conventions. It asks for no authorization: where the program's fallback policy does, add
    /// <c>.AllowAnonymous()</c>, because people who sign in are not known yet.</returns>
    /// <exception cref="ArgumentException">It is no path such as <c>/auth</c>.</exception>
    /// <exception cref="InvalidOperationException"><c>AddFlowEngine</c> was not called, FlowEngine has a path already, or it is mapped in a
    /// group of routes.</exception>
    public static IEndpointConventionBuilder MapFlowEngine(this IEndpointRouteBuilder endpoints, string path = "/")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(path);
        // A group may have a path before ours, which no address would begin with.
        if (endpoints is RouteGroupBuilder)
            throw new InvalidOperationException(
                "FlowEngine is not mapped in a group of routes: map it in the program, under its whole path."
            );
        var engine =
            endpoints.ServiceProvider.GetService<EngineService>()
            ?? throw new InvalidOperationException("There is no FlowEngine to map: call builder.Services.AddFlowEngine() first.");
        var root = new PathString(OwnPath.Parse(path) ?? throw new ArgumentException(OwnPath.Problem(path), nameof(path)));
        engine.PlaceAt(root);
        return endpoints.Map(root + "/{**flowEnginePath}", engine.InvokeAsync).WithDisplayName("FlowEngine").ExcludeFromDescription();
    }
}
