using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>
/// Per process, thread-safe: how often one client may ask for what, counted by <see cref="ClientAddress.NetworkOf"/>. A bucket that fills
/// evenly over the minute: a burst up to the limit passes at once. Each node counts for itself. Each endpoint
/// declares its limit; one that declares none, and what has no endpoint, shares that of <see cref="Others"/>.
/// </summary>
internal static class RateLimits
{
    /// <summary>The policy of starting runs, <see cref="RateLimitOptions.StartsPerMinute"/>.</summary>
    public const string Starts = nameof(RateLimitOptions.StartsPerMinute);

    /// <summary>The policy of submitting screens, where passwords could be
    /// guessed, <see cref="RateLimitOptions.SubmitsPerMinute"/>.</summary>
    public const string Submits = nameof(RateLimitOptions.SubmitsPerMinute);

    /// <summary>The policy of refresh tokens and one-time codes, <see cref="RateLimitOptions.TokensPerMinute"/>.</summary>
    public const string Tokens = nameof(RateLimitOptions.TokensPerMinute);

    /// <summary>The policy of looking where a login is, <see cref="RateLimitOptions.PagesPerMinute"/>.</summary>
    public const string Pages = nameof(RateLimitOptions.PagesPerMinute);

    /// <summary>The policy of the console and programs that manage, <see cref="RateLimitOptions.ManagementPerMinute"/>.</summary>
    public const string Management = nameof(RateLimitOptions.ManagementPerMinute);

    /// <summary>The policy of everything else, which is the same for everybody: files,
    /// keys, health; <see cref="RateLimitOptions.OthersPerMinute"/>.</summary>
    public const string Others = nameof(RateLimitOptions.OthersPerMinute);

    /// <summary>Adds the limits.</summary>
    public static void AddRateLimits(this IServiceCollection services, RateLimitOptions options)
    {
        var limits = Of(options);
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
                        policy == Starts && LoginAddress.IsAt(http.Request) && !LoginAddress.IsVisit(http.Request)
                            ? Partition(http, others, "no visit ")
                        : policy == Pages
                        && HttpMethods.IsGet(http.Request.Method)
                        && http.Request.Cookies.ContainsKey(LoginAddress.TicketCookie)
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
    public static IReadOnlyList<(string Policy, int PerMinute)> Of(RateLimitOptions options) =>
        [
            (Starts, options.StartsPerMinute),
            (Submits, options.SubmitsPerMinute),
            (Tokens, options.TokensPerMinute),
            (Pages, options.PagesPerMinute),
            (Management, options.ManagementPerMinute),
            (Others, options.OthersPerMinute),
        ];

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
        if (LoginAddress.IsAt(http.Request))
            await http.RequestServices.GetRequiredService<TurnedAway>().AnswerAsync(http);
        else
            await ApiAnswer.ProblemAsync(http, StatusCodes.Status429TooManyRequests, ApiErrors.RateLimited, ApiErrors.RateLimited.Meaning);
    }
}
