using System.Text.Json;

namespace FlowEngine.Bench.Throughput;

/// <summary>Stateless: the profile API: <c>GET /users/{id}</c> with the header <c>x-user-tier</c>.</summary>
internal static class Upstream
{
    public static async Task<int> RunAsync(string url)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls(url).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        await using var app = builder.Build();
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                name = "Ada Lovelace",
                plan = "enterprise",
                since = 1843,
                email = "ada@example.com",
                groups = new[] { "staff", "research" },
            }
        );
        app.Run(http =>
        {
            var isCall = http.Request.Path.StartsWithSegments("/users") && http.Request.Headers["x-user-tier"].Count == 1;
            http.Response.StatusCode = isCall ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = body.Length;
            http.Response.Headers["x-region"] = "eu-west-1";
            return http.Response.Body.WriteAsync(body, 0, body.Length);
        });
        await app.RunAsync();
        return 0;
    }
}
