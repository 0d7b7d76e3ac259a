using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Engine.Extensions;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Screens.Components;
using FlowEngine.Screens;
using Microsoft.Net.Http.Headers;

namespace FlowEngine.AspNetCore.Web.Screens;

/// <summary>Stateless: the hosted screens of SPEC 11, as a composition root uses them.</summary>
internal static class HostedScreens
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Registers the hosted screens. They also need a <see cref="Runs.RunService"/>,
    /// <see cref="HostedFlows"/> and <see cref="OneTimeCodes"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="options">Their settings.</param>
    public static IServiceCollection AddHostedScreens(this IServiceCollection services, HostedScreensOptions options) =>
        services
            .AddSingleton(options)
            .AddSingleton(provider => new ScreenRenderer(
                provider.GetService<ComponentCatalog>() ?? ComponentCatalog.BuiltIn,
                provider.GetService<ExtensionSet>()?.Parts<ComponentRenderer>() ?? []
            ))
            .AddSingleton<PageWriter>()
            .AddSingleton<LoginPages>()
            .AddSingleton(provider => new TurnedAway(http =>
                provider.GetRequiredService<LoginPages>().TurnAwayAsync(http, http.Request.RouteValues["flowId"] as string ?? "")
            ));

    /// <summary>Maps <c>/login/{flowId}</c>, the pages of its runs, and the style sheet, scripts and web component.</summary>
    /// <param name="endpoints">The routes.</param>
    /// <returns>The pages, without their assets, for further conventions.</returns>
    public static IEndpointConventionBuilder MapHostedScreens(this IEndpointRouteBuilder endpoints)
    {
        endpoints
            .MapMethods(
                ScreenAssets.ComponentPath,
                Reading,
                (HttpContext http, ScreenRenderer screens) => Serve(http, screens.Assets.Component, false)
            )
            .ExcludeFromDescription()
            .RequireRateLimiting(RateLimits.Others);
        endpoints
            .MapMethods(
                "/flow-engine/{file}",
                Reading,
                (HttpContext http, string file, ScreenRenderer screens) =>
                    screens.Assets.Find(file) is { } asset
                        ? Serve(http, asset, asset.Path.EndsWith("/" + file, StringComparison.Ordinal))
                        : Results.NotFound()
            )
            .ExcludeFromDescription()
            .RequireRateLimiting(RateLimits.Others);

        endpoints.MapPost(PasswordMeter.Path, PasswordMeter.AnswerAsync).ExcludeFromDescription().RequireRateLimiting(RateLimits.Pages);

        endpoints
            .MapMethods("/login/{**rest}", Reading, (HttpContext http, LoginPages login) => login.NoneAsync(http))
            .ExcludeFromDescription()
            .RequireRateLimiting(RateLimits.Pages);
        var pages = endpoints.MapGroup("/login/{flowId}").ExcludeFromDescription();
        pages
            .MapMethods("", [HttpMethods.Head], (HttpContext http, string flowId, LoginPages login) => login.HeadAsync(http, flowId))
            .RequireRateLimiting(RateLimits.Pages);
        pages
            .MapGet("", (HttpContext http, string flowId, LoginPages login) => login.BeginAsync(http, flowId))
            .RequireRateLimiting(RateLimits.Starts);
        pages
            .MapMethods(
                "/{executionId}",
                Reading,
                (HttpContext http, string flowId, string executionId, LoginPages login) => login.ShowAsync(http, flowId, executionId)
            )
            .RequireRateLimiting(RateLimits.Pages);
        pages
            .MapPost(
                "/{executionId}",
                (HttpContext http, string flowId, string executionId, LoginPages login) => login.SubmitAsync(http, flowId, executionId)
            )
            .RequireRateLimiting(RateLimits.Submits);
        return pages;
    }

    private static IResult Serve(HttpContext http, ScreenAsset asset, bool isImmutable)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = isImmutable ? "public, max-age=31536000, immutable" : "no-cache";
        headers.XContentTypeOptions = "nosniff";
        // They are the same for everybody, and the web component loads them from the pages of others.
        headers.AccessControlAllowOrigin = "*";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        return AnswerPieces.Of(asset.Content, asset.ContentType, new EntityTagHeaderValue(asset.ETag));
    }
}
