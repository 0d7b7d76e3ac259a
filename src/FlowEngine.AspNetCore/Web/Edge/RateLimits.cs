using System.Globalization;
using System.Threading.RateLimiting;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Web.Screens;
using Microsoft.AspNetCore.RateLimiting;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>
/// Per process, thread-safe: how often one client may ask for what, counted by <see cref="ClientAddress.NetworkOf"/>. A bucket that fills
/// evenly over the minute: a burst up to the limit passes at once. Each node counts for itself. Each endpoint
/// declares its limit; one that declares none, and what has no endpoint, shares that of <see cref="Others"/>.
/// </summary>
internal static class RateLimits
{
    /// <summary>The policy of starting runs, <c>RateLimits:StartsPerMinute</c>, default 300.</summary>
    public const string Starts = "StartsPerMinute";

    /// <summary>The policy of submitting screens, where passwords could be
    /// guessed, <c>RateLimits:SubmitsPerMinute</c>, default 600.</summary>
    public const string Submits = "SubmitsPerMinute";

    /// <summary>The policy of refresh tokens and one-time codes, <c>RateLimits:TokensPerMinute</c>, default 600.</summary>
    public const string Tokens = "TokensPerMinute";

    /// <summary>The policy of looking where a login is, <c>RateLimits:PagesPerMinute</c>, default 1,200.</summary>
    public const string Pages = "PagesPerMinute";

    /// <summary>The policy of the console and programs that manage, <c>RateLimits:ManagementPerMinute</c>, default 60,000.</summary>
    public const string Management = "ManagementPerMinute";

    /// <summary>The policy of everything else, which is the same for everybody: files,
    /// keys, health; <c>RateLimits:OthersPerMinute</c>, default 12,000.</summary>
    public const string Others = "OthersPerMinute";

    private static readonly (string Policy, int Default)[] Defaults =
    [
        (Starts, 300),
        (Submits, 600),
        (Tokens, 600),
        (Pages, 1_200),
        (Management, 60_000),
        (Others, 12_000),
    ];

    /// <summary>Adds the limits.</summary>
    /// <exception cref="SettingsException">A setting is no whole number.</exception>
    public static void AddRateLimits(this IServiceCollection services, ServerSettings settings)
    {
        // Read here: what the limiter reads it reads while the server starts, where a mistake is a crash.
        var limits = Of(settings);
        services.AddRateLimiter(limiter =>
        {
            limiter.OnRejected = RejectAsync;
            var others = limits.First(limit => limit.Policy == Others).PerMinute;
            var starts = limits.First(limit => limit.Policy == Starts).PerMinute;
            foreach (var (policy, perMinute) in limits)
            {
                // What begins nothing costs nobody a start; the page that may begin a run costs one, whatever led there.
                limiter.AddPolicy(
                    policy,
                    http =>
                        policy == Starts
                        && http.Request.Path.StartsWithSegments("/login", StringComparison.OrdinalIgnoreCase)
                        && !LoginQuery.IsVisit(http.Request)
                            ? Partition(http, others, "no visit ")
                        : policy == Pages
                        && HttpMethods.IsGet(http.Request.Method)
                        && http.Request.Cookies.ContainsKey(LoginPages.TicketCookie)
                            ? Partition(http, starts, "drawn ")
                        : Partition(http, perMinute)
                );
            }
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
                http.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>() is null
                    ? Partition(http, others)
                    : RateLimitPartition.GetNoLimiter("(an endpoint's own)")
            );
        });
    }

    /// <summary>The limits of the settings.</summary>
    /// <exception cref="SettingsException">A setting is no whole number.</exception>
    public static IReadOnlyList<(string Policy, int PerMinute)> Of(ServerSettings settings) =>
        [.. Defaults.Select(limit => (limit.Policy, settings.WholeOrZero($"RateLimits:{limit.Policy}", limit.Default)))];

    private static RateLimitPartition<string> Partition(HttpContext http, int perMinute, string kind = "")
    {
        var client = kind + ClientAddress.NetworkOf(http.Connection.RemoteIpAddress);
        return perMinute == 0
            ? RateLimitPartition.GetNoLimiter(client)
            : RateLimitPartition.GetTokenBucketLimiter(
                client,
                _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = perMinute,
                    TokensPerPeriod = Math.Max(1, perMinute / 60),
                    ReplenishmentPeriod = TimeSpan.FromSeconds(Math.Max(1, 60.0 / perMinute)),
                }
            );
    }

    private static async ValueTask RejectAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        var http = rejected.HttpContext;
        var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
        http.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (http.Request.Path.StartsWithSegments("/login", StringComparison.OrdinalIgnoreCase))
            await http
                .RequestServices.GetRequiredService<LoginPages>()
                .TurnAwayAsync(http, http.Request.RouteValues["flowId"] as string ?? "");
        else
            await ApiAnswer.ProblemAsync(http, StatusCodes.Status429TooManyRequests, ApiErrors.RateLimited, ApiErrors.RateLimited.Meaning);
    }
}
