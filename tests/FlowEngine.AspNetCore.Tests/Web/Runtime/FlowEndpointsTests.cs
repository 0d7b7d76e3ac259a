using System.Net;
using FlowEngine.Context;
using FlowEngine.TestServers;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FlowEngine.AspNetCore.Tests.Web.Runtime;

/// <summary>The main job through the flow API of the real server.</summary>
public sealed class FlowEndpointsTests(DemoServer demo) : IClassFixture<DemoServer>
{
    private Served Server => demo.Server;

    [Fact]
    public async Task Start_ShowsTheFirstScreen()
    {
        var at = await Server.BeginAsync();

        Assert.Equal("waiting", at.Get("status").ToText());
        Assert.Equal("screen", at.Get("action").ToText());
        Assert.Equal("signIn", at.Get("stepName").ToText());
        Assert.Equal("sign-in", at.Get("screen").Get("id").ToText());
        Assert.Equal("""{"form":{},"errorText":""}""", at.Get("screen").Get("state").ToJson());
        Assert.True(at.Get("authInfo").IsMissing);
    }

    /// <summary>The web component asks for the screen as the server draws it; nobody else gets more than before.</summary>
    [Fact]
    public async Task Next_WithTheHeaderForMarkup_HasTheScreenAsHtml()
    {
        var at = await Server.BeginAsync();
        Assert.True(at.Get("html").IsMissing);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/flow/next");
        request.Headers.Add("FlowEngine-Markup", "1");
        request.Content = new StringContent(
            $$"""
            { "executionId": {{at.Get("executionId").ToJson()}}, "stepId": {{at.Get(
                    "stepId"
                ).ToJson()}}, "interactionId": "submit", "input": { "email": "<b>" } }
            """,
            System.Text.Encoding.UTF8,
            "application/json"
        );
        using var response = await Server.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var refused = FlowValue.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        Assert.Equal("screen.input", refused.Get("error").Get("code").ToText());
        var html = refused.Get("html").ToText();
        Assert.StartsWith("<form class=\"fe-form\" novalidate data-fe-form>", html, StringComparison.Ordinal);
        Assert.Contains("aria-invalid=\"true\" aria-describedby=\"fe-email-problem\"", html, StringComparison.Ordinal);
        // The form belongs to the page around it: no address, no token of ours, no focus taken.
        Assert.DoesNotContain("fe.token", html, StringComparison.Ordinal);
        Assert.DoesNotContain("autofocus", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ada_GetsATokenThatTheKeySetVerifies()
    {
        var done = await Server.SignInAsync("ada@example.com");

        Assert.Equal("completed", done.Get("status").ToText());
        Assert.Equal("none", done.Get("action").ToText());
        Assert.Equal("""{"userId":"ada","email":"ada@example.com"}""", done.Get("authInfo").Get("user").ToJson());
        foreach (var path in new[] { "/v2/keys/default", "/.well-known/jwks.json" })
        {
            var verified = await new JsonWebTokenHandler().ValidateTokenAsync(
                done.Get("authInfo").Get("sessionJwt").ToText(),
                new TokenValidationParameters
                {
                    ValidIssuer = $"{Server.Address}/default",
                    ValidAudience = "default",
                    IssuerSigningKeys = new JsonWebKeySet(await Server.Http.GetStringAsync(path)).GetSigningKeys(),
                    ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
                }
            );
            Assert.True(verified.IsValid, verified.Exception?.Message);
            Assert.Equal("ada", verified.Claims["sub"]);
            Assert.Equal("eu-west-1", verified.Claims["region"]);
        }
    }

    [Theory]
    [InlineData("ghost@example.com", "userNotFound", "user-not-found", "")]
    [InlineData("nobody@example.com", "userNotFound", "user-not-found", "")]
    [InlineData(
        "busy@example.com",
        "signIn",
        "sign-in",
        "A great many people are signing in right now. Wait a moment, then press Continue again."
    )]
    [InlineData("broken@example.com", "signIn", "sign-in", "We cannot look up your profile right now. Please try again.")]
    public async Task Others_WaitAtAScreenThatSaysWhy(string email, string step, string screen, string message)
    {
        var at = await Server.SignInAsync(email);

        Assert.Equal("waiting", at.Get("status").ToText());
        Assert.Equal(step, at.Get("stepName").ToText());
        Assert.Equal(screen, at.Get("screen").Get("id").ToText());
        Assert.Equal(message, at.Get("screen").Get("state").Get("errorText").ToText());
        // The flow saw to the error itself; where it tells of it, the person has something to quote.
        Assert.True(at.Get("error").IsMissing);
        Assert.Matches(message.Length > 0 ? "^[0-9A-Z]{4}-[0-9A-Z]{4}$" : "^$", at.Get("reference").ToText());
        Assert.True(at.Get("authInfo").IsMissing);
    }

    [Fact]
    public async Task ThreeWrongPasswords_AreRefused()
    {
        var at = await Server.BeginAsync("password");
        for (var tries = 0; tries < 3; tries++)
        {
            at = (
                await Server.PostAsync(
                    "/v1/flow/next",
                    $$"""
                    { "executionId": "{{at.Get("executionId").ToText()}}", "stepId": "{{at.Get(
                            "stepId"
                        ).ToText()}}", "interactionId": "submit",
                      "input": { "email": "grace@example.com", "password": "wrong" } }
                    """
                )
            ).Body;
        }

        const string Message = "Address and password did not fit three times, so this sign-in has ended. You can begin again.";
        Assert.Equal(("refused", "none", Message), (at.Get("status").ToText(), at.Get("action").ToText(), at.Get("message").ToText()));
        Assert.Equal($$"""{"code":"run.refused","message":"{{Message}}"}""", at.Get("error").ToJson());
        Assert.Matches("^[0-9A-Z]{4}-[0-9A-Z]{4}$", at.Get("reference").ToText());
        Assert.Equal("""{"failed":3}""", at.Get("output").ToJson());
        Assert.True(at.Get("authInfo").IsMissing);
    }

    [Fact]
    public async Task Start_WithAnInteraction_SubmitsTheFirstScreen()
    {
        var (_, done, _) = await Server.PostAsync(
            "/v1/flow/start",
            """{ "flowId": "login", "interactionId": "submit", "input": { "email": "ada@example.com" } }"""
        );

        Assert.Equal("completed", done.Get("status").ToText());
        Assert.Equal("ada", done.Get("authInfo").Get("user").Get("userId").ToText());
    }

    [Fact]
    public async Task DoubleSubmit_IsAnsweredOnce()
    {
        var at = await Server.BeginAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Server.SubmitAsync(at, "ada@example.com")));
        var later = await Server.SubmitAsync(at, "ada@example.com");

        Assert.Equal("completed", later.Body.Get("status").ToText());
        Assert.All(answers, answer => Assert.Equal(later.Text, answer.Text));
    }

    [Fact]
    public async Task StaleStep_GetsTheCurrentOne()
    {
        var first = await Server.BeginAsync();
        var (_, second, _) = await Server.SubmitAsync(first, "ghost@example.com");
        var (_, third, _) = await Server.SubmitAsync(second, "x@example.com");

        var (status, answer, _) = await Server.SubmitAsync(first, "ada@example.com");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("waiting", answer.Get("status").ToText());
        Assert.Equal(third.Get("stepId").ToText(), answer.Get("stepId").ToText());
        Assert.True(answer.Get("authInfo").IsMissing);
    }

    [Fact]
    public async Task RefusedInput_KeepsTheStepAndSaysWhy()
    {
        var at = await Server.BeginAsync();

        var (_, refused, _) = await Server.SubmitAsync(at, "");
        var (_, done, _) = await Server.SubmitAsync(at, "ada@example.com");

        Assert.Equal("screen.input", refused.Get("error").Get("code").ToText());
        Assert.NotEqual("", refused.Get("screen").Get("state").Get("errorText").ToText());
        Assert.Equal("completed", done.Get("status").ToText());
    }

    [Fact]
    public async Task Refresh_GivesANewToken_AndReuseEndsTheLogin()
    {
        var first = (await Server.SignInAsync("ada@example.com")).Get("authInfo").Get("refreshJwt").ToText();

        var (_, second, _) = await Server.PostAsync("/v1/auth/refresh", "{}", $"default:{first}");
        var next = second.Get("refreshJwt").ToText();
        var (_, third, _) = await Server.PostAsync("/v1/auth/refresh", "{}", $"default:{next}");
        var (reused, problem, _) = await Server.PostAsync("/v1/auth/refresh", "{}", $"default:{first}");
        var (revoked, _, _) = await Server.PostAsync("/v1/auth/refresh", "{}", $"default:{third.Get("refreshJwt").ToText()}");

        Assert.Equal("eu-west-1", new JsonWebToken(second.Get("sessionJwt").ToText()).GetClaim("region").Value);
        Assert.NotEqual(first, next);
        Assert.Equal(HttpStatusCode.Unauthorized, reused);
        Assert.Equal("token.reused", problem.Get("errorCode").ToText());
        Assert.Equal(HttpStatusCode.Unauthorized, revoked);
    }

    [Fact]
    public async Task Logout_EndsTheLogin()
    {
        var refresh = (await Server.SignInAsync("ada@example.com")).Get("authInfo").Get("refreshJwt").ToText();

        var (status, _, _) = await Server.PostAsync("/v1/auth/logout", "{}", refresh);
        var (after, _, _) = await Server.PostAsync("/v1/auth/refresh", "{}", refresh);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(HttpStatusCode.Unauthorized, after);
    }

    [Fact]
    public async Task ManagementRun_ReturnsTheOutputs()
    {
        var key = (await File.ReadAllTextAsync(Path.Combine(Server.Data, "management.key"))).Trim();
        const string Body = """{ "flowId": "orders", "options": { "input": { "user": "ada" } } }""";

        var (status, done, text) = await Server.PostAsync("/v1/mgmt/flow/run", Body, $"default:{key}");
        var (refused, _, _) = await Server.PostAsync("/v1/mgmt/flow/run", Body, $"default:{key}x");
        var (screen, _, _) = await Server.PostAsync("/v1/mgmt/flow/run", """{ "flowId": "login" }""", key);

        Assert.True(status == HttpStatusCode.OK, text);
        Assert.True(done.Get("output").TryGetObject(out var output) && output.Count > 0, text);
        Assert.Equal(HttpStatusCode.Unauthorized, refused);
        Assert.Equal(HttpStatusCode.Conflict, screen);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Server.Data, "management.key")));
    }
}
