using System.Net;
using System.Text;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Runs;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.TestServers;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Configuration;
using Orleans.Hosting;

namespace FlowEngine.AspNetCore.Tests.Hosting;

/// <summary>What is the program's stays the program's: its routes, limits, errors, services and log; and what FlowEngine says when it is
/// put together wrongly.</summary>
public sealed class HostTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Program_KeepsItsOwnWays()
    {
        await using var shop = await EmbeddedProgram.StartAsync("/auth", options => options.RateLimits.OthersPerMinute = 1);

        // No header, limit or error page of ours.
        using var page = await shop.GetAsync("/");
        Assert.Equal("the program's own page", await page.Content.ReadAsStringAsync(Stop));
        Assert.False(page.Headers.Contains("Content-Security-Policy"));
        using var large = await shop.Http.PostAsync("/upload", new StringContent(new string('x', 2_000_000), Encoding.UTF8), Stop);
        Assert.Equal("2000000", await large.Content.ReadAsStringAsync(Stop));
        using var broken = await shop.GetAsync("/broken");
        Assert.Equal((HttpStatusCode.InternalServerError, ""), (broken.StatusCode, await broken.Content.ReadAsStringAsync(Stop)));
        for (var i = 0; i < 3; i++)
            await shop.TextAsync("/");

        // The same is limited, and told as problem details, below the path.
        using var refused = await shop.Http.PostAsync(
            "/auth/v1/flow/start",
            new StringContent(new string('x', 2_000_000), Encoding.UTF8, "application/json"),
            Stop
        );
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        await shop.TextAsync("/auth/healthz");
        using var limited = await shop.GetAsync("/auth/healthz");
        Assert.Equal(HttpStatusCode.TooManyRequests, limited.StatusCode);
    }

    [Fact]
    public async Task Services_OfTheProgram_AreNotTouched()
    {
        await using var shop = await EmbeddedProgram.StartAsync("/auth");
        var own = shop.App.Services;

        Assert.Null(own.GetService<RunService>());
        Assert.Null(own.GetService<ICorsService>());
        Assert.Null(own.GetService<IGrainFactory>());
        Assert.DoesNotContain(
            own.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>(),
            endpoint => endpoint.RoutePattern.RawText!.Contains("v1/flow", StringComparison.Ordinal)
        );
        Assert.NotNull(shop.Engine.GetService<RunService>());
    }

    [Fact]
    public async Task ProgramThatAsksForAuthorization_LetsPeopleInWhereItSaysSo()
    {
        await using var closed = await EmbeddedProgram.StartAsync("/auth", build: Guard);
        using var refused = await closed.GetAsync("/auth/login/login");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        await using var open = await EmbeddedProgram.StartAsync("/auth", build: Guard, map: route => route.AllowAnonymous());
        using var visitor = await open.SignInAsync("/auth");
        Assert.Contains("You are signed in", visitor.Html, StringComparison.Ordinal);
        using var own = await open.GetAsync("/");
        Assert.Equal(HttpStatusCode.Forbidden, own.StatusCode);

        static void Guard(WebApplicationBuilder builder)
        {
            builder
                .Services.AddAuthentication("none")
                .AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, Nobody>("none", null);
            builder
                .Services.AddAuthorizationBuilder()
                .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        }
    }

    [Fact]
    public async Task PathBase_OfTheProgram_ComesFirst()
    {
        await using var shop = await EmbeddedProgram.StartAsync("/auth", use: app => app.UsePathBase("/shop").UseRouting());

        using var visitor = await shop.SignInAsync("/shop/auth");

        Assert.StartsWith("/shop/auth/login/login/", visitor.Path, StringComparison.Ordinal);
        Assert.Contains("You are signed in", visitor.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoPrograms_InOneProcess_HaveNothingInCommon()
    {
        await using var one = await EmbeddedProgram.StartAsync("/auth", options => options.ProjectId = "one");
        await using var two = await EmbeddedProgram.StartAsync("/", options => options.ProjectId = "two");

        using var first = await one.SignInAsync("/auth");
        using var second = await two.SignInAsync("");

        Assert.All(new[] { first, second }, visitor => Assert.Contains("You are signed in", visitor.Html, StringComparison.Ordinal));
        Assert.NotEqual(await one.TextAsync("/auth/v2/keys/one"), await two.TextAsync("/v2/keys/two"));
        // At the root, what the program maps itself goes first.
        Assert.Equal("the program's own page", await two.TextAsync("/"));
    }

    [Fact]
    public async Task ProgramWithASiloOfItsOwn_HasTwoThatDoNotMeet()
    {
        await using var shop = await EmbeddedProgram.StartAsync(
            "/auth",
            build: builder =>
                builder.UseOrleans(silo =>
                {
                    silo.UseLocalhostClustering(siloPort: FreePort.Next(), gatewayPort: FreePort.Next());
                    silo.Configure<ClusterOptions>(cluster => cluster.ClusterId = cluster.ServiceId = "shop");
                })
        );

        using var visitor = await shop.SignInAsync("/auth");

        Assert.Contains("You are signed in", visitor.Html, StringComparison.Ordinal);
        Assert.NotSame(shop.App.Services.GetRequiredService<IGrainFactory>(), shop.Engine.GetRequiredService<IGrainFactory>());
    }

    [Fact]
    public async Task Log_OfTheProgram_NamesNoRun()
    {
        var log = new Lines();
        await using var shop = await EmbeddedProgram.StartAsync(
            "/auth",
            build: builder => builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace).AddFilter("Microsoft", LogLevel.Warning)
        );
        using var visitor = await shop.SignInAsync("/auth");

        Assert.Contains(log.Texts, line => line.Contains("1 flows are published", StringComparison.Ordinal));
        Assert.Contains(log.Texts, line => line.Contains("console.setup", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Texts, line => line.Contains(visitor.ExecutionId, StringComparison.Ordinal));
        Assert.DoesNotContain(log.Texts, line => line.Contains("#token=", StringComparison.Ordinal));
    }

    [Fact]
    public void Map_WithoutAdd_SaysWhatToCall()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        Assert.Contains(
            "AddFlowEngine",
            Assert.Throws<InvalidOperationException>(() => app.MapFlowEngine()).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Map_Twice_OrToNoPath_IsRefused()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddFlowEngine();
        var app = builder.Build();
        Assert.Throws<ArgumentException>(() => app.MapFlowEngine("auth"));
        Assert.Contains(
            "group",
            Assert.Throws<InvalidOperationException>(() => app.MapGroup("/x").MapFlowEngine("/auth")).Message,
            StringComparison.Ordinal
        );
        app.MapFlowEngine("/auth");
        Assert.Contains(
            "'/auth'",
            Assert.Throws<InvalidOperationException>(() => app.MapFlowEngine("/id")).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("RateLimits:StartsPerMinute", "many", "RateLimits:StartsPerMinute: 'many'")]
    [InlineData("IsCluster", "true", "IsCluster: the nodes need a PostgreSQL database")]
    [InlineData("IsCluster", "perhaps", "FlowEngine:IsCluster: 'perhaps'")]
    [InlineData("Flows", "/no/such/folder", "There is no folder of flows /no/such/folder")]
    [InlineData("Database", "nonsense", "Database is no connection string")]
    public async Task Configuration_ThatCannotWork_IsToldAtTheStart(string name, string value, string problem)
    {
        using var workspace = new Workspace();
        workspace.Write("flows/login.flow.json", EmbeddedProgram.Login);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["FlowEngine:Flows"] = Path.Combine(workspace.Folder, "flows"),
                ["FlowEngine:Data"] = Path.Combine(workspace.Folder, "data"),
                ["FlowEngine:" + name] = value,
            }
        );
        builder.Services.AddFlowEngine();
        await using var app = builder.Build();
        app.MapFlowEngine("/auth");

        var error = await Assert.ThrowsAsync<SettingsException>(() => app.StartAsync(Stop));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(workspace.Folder, "data")), "Something was opened before the settings were looked at.");
    }

    [Fact]
    public async Task Configuration_GivesOptionsAndSettings_WhichTheProgramMayChange()
    {
        await using var shop = await EmbeddedProgram.StartAsync(
            "/auth",
            options => options.ProjectId += "-changed",
            builder =>
                builder.Configuration.AddInMemoryCollection(
                    new Dictionary<string, string?>
                    {
                        ["FlowEngine:ProjectId"] = "shop",
                        ["FlowEngine:Cors:Origins:0"] = "https://app.example.com",
                    }
                )
        );

        await shop.TextAsync("/auth/v2/keys/shop-changed");
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/auth/v1/flow/start");
        preflight.Headers.Add("Origin", "https://app.example.com");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        using var allowed = await shop.Http.SendAsync(preflight, Stop);
        Assert.Equal("https://app.example.com", allowed.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Fact]
    public async Task Stop_SaysThatItIsNotReady_BeforeItTakesNoMoreRequests()
    {
        await using var shop = await EmbeddedProgram.StartAsync("/auth", options => options.Shutdown.Delay = TimeSpan.FromSeconds(8));
        var draining = shop.Engine.GetRequiredService<Draining>();

        var stopped = shop.App.StopAsync(Stop);
        using var answer = await shop.GetAsync("/auth/readyz");
        var isDraining = draining.HasBegun;
        await stopped;

        Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (answer.StatusCode, isDraining));
        await Assert.ThrowsAsync<HttpRequestException>(() => shop.GetAsync("/auth/healthz"));
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly List<string> _texts = [];

        public IReadOnlyList<string> Texts
        {
            get
            {
                lock (_texts)
                    return [.. _texts];
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            lock (_texts)
                _texts.Add(formatter(state, exception) + exception);
        }

        public void Dispose() { }
    }

    private sealed class Nobody(
        Microsoft.Extensions.Options.IOptionsMonitor<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions> options,
        ILoggerFactory logs,
        System.Text.Encodings.Web.UrlEncoder encoder
    )
        : Microsoft.AspNetCore.Authentication.AuthenticationHandler<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions>(
            options,
            logs,
            encoder
        )
    {
        protected override Task<Microsoft.AspNetCore.Authentication.AuthenticateResult> HandleAuthenticateAsync() =>
            Task.FromResult(Microsoft.AspNetCore.Authentication.AuthenticateResult.NoResult());

        protected override Task HandleChallengeAsync(Microsoft.AspNetCore.Authentication.AuthenticationProperties properties)
        {
            Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }
    }
}
