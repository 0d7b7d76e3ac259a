using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Web.Console;
using FlowEngine.AspNetCore.Web.Contract;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management;
using FlowEngine.AspNetCore.Web.Screens;
using Microsoft.AspNetCore.Http.Features;

namespace FlowEngine.AspNetCore.Hosting;

/// <summary>
/// Per host, thread-safe: what a request of FlowEngine goes through. It begins where the program's routing found the path, with services
/// and
/// routes of its own, and leaves the program's request as it was.
/// </summary>
internal sealed class EnginePipeline
{
    private readonly IServiceScopeFactory _scopes;
    private readonly RequestDelegate _handle;

    /// <summary>Builds it.</summary>
    /// <param name="services">The engine's own services.</param>
    /// <param name="options">The settings.</param>
    /// <param name="root">The path that it is served under.</param>
    public EnginePipeline(IServiceProvider services, FlowEngineOptions options, PathString root)
    {
        _scopes = services.GetRequiredService<IServiceScopeFactory>();
        var limit = options.Api;
        var app = new ApplicationBuilder(services);
        app.UseKnownProxies(options.Proxies);
        // Behind the proxies: the path that one of them took off comes before ours.
        app.Use(
            (http, next) =>
            {
                http.Request.PathBase = http.Request.PathBase.Add(root);
                http.Request.Path = http.Request.Path.StartsWithSegments(root, out var rest) ? rest : PathString.Empty;
                if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
                    size.MaxRequestBodySize = limit.HardBytes;
                return next(http);
            }
        );
        app.UseMiddleware<ApiGuard>();
        app.UseRouting();
        app.UseCors();
        app.UseRateLimiter();
        app.UseManagementAccess();
        app.UseEndpoints(endpoints =>
        {
            endpoints.MapHostedScreens();
            endpoints.MapConsole(options.Console.Folder is { } folder ? ConsoleFiles.Of(folder) : ConsoleFiles.BuiltIn());
            endpoints.MapApi();
            endpoints
                .MapGet("/", (HttpContext http) => Results.Redirect(http.Request.PathBase.Add("/console").ToUriComponent()))
                .ExcludeFromDescription()
                .RequireRateLimiting(RateLimits.Others);
        });
        _handle = app.Build();
    }

    /// <summary>Answers a request.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        var (request, features) = (http.Request, http.Features);
        var (pathBase, path, services) = (request.PathBase, request.Path, features.Get<IServiceProvidersFeature>());
        // What the program's routing found led here; ours begins anew.
        http.SetEndpoint(null);
        request.RouteValues.Clear();
        var own = new RequestServicesFeature(http, _scopes);
        features.Set<IServiceProvidersFeature>(own);
        try
        {
            await _handle(http);
        }
        finally
        {
            features.Set(services);
            request.Path = path;
            request.PathBase = pathBase;
        }
    }
}
