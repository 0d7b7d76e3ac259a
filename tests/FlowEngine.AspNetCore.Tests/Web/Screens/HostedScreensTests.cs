using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using FlowEngine.AspNetCore.Runs;
using FlowEngine.AspNetCore.Web.Screens;
using FlowEngine.Context;
using FlowEngine.Tests;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Web.Screens;

/// <summary>The pages over HTTP, as a browser without JavaScript uses them.</summary>
public sealed class HostedScreensTests : IAsyncLifetime
{
    private const string Callback = "https://app.example/callback";
    private const string Verifier = "vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv";

    private static readonly string Pkce = $"&code_challenge={ChallengeOf(Verifier)}&code_challenge_method=S256";

    private ScreenServer _server = null!;
    private Visitor _ada = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await ScreenServer.StartAsync();
        _ada = new Visitor(_server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        _ada.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Login_WithoutRedirectUri_EndsOnAPage()
    {
        await _ada.GetAsync("/login/login");
        Assert.Equal(HttpStatusCode.OK, _ada.Status);
        Assert.Contains("<h1 class=\"fe-title\" tabindex=\"-1\">Welcome back</h1>", _ada.Html, StringComparison.Ordinal);
        await _ada.SubmitAsync("submit", ("email", "ada@example.com"), ("password", "secret"));
        Assert.Contains("Check your phone", _ada.Html, StringComparison.Ordinal);
        await _ada.SubmitAsync("submit", ("code", "123456"));
        Assert.Contains("You are signed in", _ada.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("session-of", _ada.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_WithRedirectUri_GivesACodeThatIsRedeemedOnce()
    {
        await _ada.GetAsync(
            $"/login/login?redirect_uri={Uri.EscapeDataString(Callback + "?tenant=1")}"
                + $"&state=x%20%26y&login_hint=ada@example.com&age=36{Pkce}"
        );
        await _ada.SubmitAsync("submit", ("email", "ada@example.com"), ("password", "secret"));
        var location = await _ada.PostAsync("submit", ("code", "123456"));
        var match = Regex.Match(location, @"^https://app\.example/callback\?tenant=1&code=([\w-]{43})&state=x%20%26y$");
        Assert.True(match.Success, location);
        Assert.DoesNotContain("session", location, StringComparison.Ordinal);

        var grant = await _server.Codes.RedeemAsync(match.Groups[1].Value, Callback + "?tenant=1", Verifier, default);
        Assert.StartsWith("session-of-", grant!.Tokens!.SessionJwt, StringComparison.Ordinal);
        Assert.Equal(FlowValue.Parse("""{ "email": "ada@example.com", "hint": "ada@example.com", "age": 36 }"""), grant.Output);
        Assert.Null(await _server.Codes.RedeemAsync(match.Groups[1].Value, Callback + "?tenant=1", Verifier, default));
    }

    [Theory]
    [InlineData("https://app.example/callback/")]
    [InlineData("https://app.example/callback?tenant=2")]
    [InlineData("https://app.example/Callback")]
    [InlineData("https://app.example.evil.example/callback")]
    [InlineData("https://app.example/callback#x")]
    [InlineData("//app.example/callback")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://evil.example/?https://app.example/callback")]
    public async Task Begin_RedirectUriNotOnTheList_IsAPageAndNoRedirect(string redirectUri)
    {
        var answer = await _ada.SendAsync(HttpMethod.Get, "/login/login?redirect_uri=" + Uri.EscapeDataString(redirectUri));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
        Assert.Contains("We cannot send you back there", _ada.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", _ada.Html + answer.Headers, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("redirect_uri=https://app.example/callback&redirect_uri=https://evil.example")]
    [InlineData("code_challenge=abc&code_challenge_method=plain")]
    [InlineData("code_challenge=abc")]
    [InlineData("code_challenge=abc&code_challenge=abc&code_challenge_method=S256")]
    [InlineData("state=a&state=b")]
    public async Task Begin_AmbiguousQuery_IsRefused(string query)
    {
        await _ada.SendAsync(HttpMethod.Get, "/login/login?" + query);
        Assert.Equal(HttpStatusCode.BadRequest, _ada.Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("&code_challenge_method=S256")]
    [InlineData("&code_challenge=vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv")]
    [InlineData("&code_challenge=vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv&code_challenge_method=plain")]
    [InlineData("&code_challenge=vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv&code_challenge_method=s256")]
    [InlineData("&code_challenge=short&code_challenge_method=S256")]
    [InlineData("&code_challenge=vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv%20%2B&code_challenge_method=S256")]
    public async Task Begin_RedirectWithoutAnS256Challenge_IsRefusedWithACodeAndBeginsNothing(string query)
    {
        var answer = await _ada.SendAsync(HttpMethod.Get, $"/login/login?redirect_uri={Callback}{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("login.pkce", _ada.Html, StringComparison.Ordinal);
        Assert.Null(answer.Headers.Location);
        Assert.Empty(_ada.Cookies.GetAllCookies());
    }

    [Fact]
    public async Task Begin_FlowThatDoesNotRequireIt_TakesNoChallengeButNoOtherMethod()
    {
        _server.Flows.Publish(Lenient);
        await _ada.GetAsync($"/login/lenient?redirect_uri={Callback}");
        Assert.Equal(HttpStatusCode.OK, _ada.Status);
        await _ada.GetAsync($"/login/lenient?redirect_uri={Callback}&code_challenge={Verifier}&code_challenge_method=plain");
        Assert.Equal(HttpStatusCode.BadRequest, _ada.Status);
        Assert.Contains("login.pkce", _ada.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Return_AddressSwappedInTheMiddle_LeadsWhereTheLoginBegan()
    {
        await _ada.GetAsync("/login/login");
        await _ada.SubmitAsync("submit", ("email", "ada@example.com"), ("password", "secret"));
        _ada.Path += "?redirect_uri=https://evil.example/";
        Assert.DoesNotContain(
            "evil",
            new Uri(new Uri(_server.Address), await _ada.PostAsync("submit", ("code", "123456"))).Host,
            StringComparison.Ordinal
        );

        // Another address of the list, another state, another challenge: whoever lures the person's browser to such a page gets nothing.
        using var bob = new Visitor(_server.Address);
        await bob.GetAsync($"/login/login?redirect_uri={Callback}&state=bobs{Pkce}");
        await bob.SubmitAsync("submit", ("email", "bob@example.com"), ("password", "secret"));
        var page = bob.Path.Split('?')[0];
        bob.Path =
            $"{page}?redirect_uri={Uri.EscapeDataString("harbour://signed-in")}&state=mallor"
            + $"ys&code_challenge={ChallengeOf(new string('m', 43))}&code_challenge_method=S256";
        var location = await bob.PostAsync("submit", ("code", "123456"));

        var code = Regex.Match(location, @"^https://app\.example/callback\?code=([\w-]{43})&state=bobs$").Groups[1].Value;
        Assert.NotNull(await _server.Codes.RedeemAsync(code, Callback, Verifier, default));

        // A login that began without an address has none later.
        using var eve = new Visitor(_server.Address);
        await eve.GetAsync("/login/login");
        await eve.SubmitAsync("submit", ("email", "eve@example.com"), ("password", "secret"));
        eve.Path += $"?redirect_uri={Callback}{Pkce}";
        Assert.StartsWith("/login/login/", await eve.PostAsync("submit", ("code", "123456")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_RunThatTheApiBegan_IsNotShownAndTakesNoSubmission()
    {
        var begun = await _server.Runs.StartAsync(new RunRequest { FlowId = "login" }, default);
        var executionId = begun!.ExecutionId;
        // A browser that has a binding of its own, for the very address of that run.
        await _ada.GetAsync("/login/login");
        var own = Assert.Single(_ada.Cookies.GetAllCookies());
        _ada.Cookies.Add(new Cookie(own.Name, own.Value, $"/login/login/{executionId}", own.Domain));
        var form = new Dictionary<string, string>
        {
            ["fe.step"] = begun.StepId,
            ["fe.do"] = "submit",
            ["email"] = "ada@example.com",
            ["password"] = "secret",
        };
        form["fe.token"] = TokenFor(own.Value, executionId);

        await _ada.GetAsync($"/login/login/{executionId}");
        Assert.Equal(HttpStatusCode.Gone, _ada.Status);
        Assert.DoesNotContain("<form", _ada.Html, StringComparison.Ordinal);
        await _ada.PostRawAsync(form);
        Assert.Equal(HttpStatusCode.Gone, _ada.Status);
        Assert.Equal(0, _server.Runs.Advances);

        static string TokenFor(string secret, string executionId) =>
            System.Buffers.Text.Base64Url.EncodeToString(
                HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes("form\n" + executionId))
            );
    }

    [Fact]
    public async Task Redeem_WithAChallenge_WantsItsVerifierAndTheAddress()
    {
        _server.Flows.Publish(Lenient);
        async Task<string> CodeAsync(string query)
        {
            using var visitor = new Visitor(_server.Address);
            await visitor.GetAsync($"/login/lenient?redirect_uri={Callback}{query}");
            await visitor.SubmitAsync("submit", ("email", "ada@example.com"), ("password", "secret"));
            return Regex.Match(await visitor.PostAsync("submit", ("code", "123456")), "code=([^&]+)").Groups[1].Value;
        }

        Assert.NotNull(await _server.Codes.RedeemAsync(await CodeAsync(Pkce), Callback, Verifier, default));
        Assert.Null(await _server.Codes.RedeemAsync(await CodeAsync(Pkce), Callback, Verifier + "x", default));
        Assert.Null(await _server.Codes.RedeemAsync(await CodeAsync(Pkce), Callback, null, default));
        Assert.Null(await _server.Codes.RedeemAsync(await CodeAsync(""), Callback, Verifier, default));
        Assert.Null(await _server.Codes.RedeemAsync(await CodeAsync(""), Callback + "/", null, default));
        var late = await CodeAsync("");
        _server.Runs.Time.Advance(OneTimeCodes.Lifetime);
        Assert.Null(await _server.Codes.RedeemAsync(late, Callback, null, default));
    }

    private static string Lenient =>
        TestFlows.Login.Replace("\"id\": \"login\"", "\"id\": \"lenient\", \"requirePkce\": false", StringComparison.Ordinal);

    private static string ChallengeOf(string verifier) =>
        System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    [Fact]
    public async Task Post_WithoutTheTokenOrWithAnothers_IsRefusedAndAdvancesNothing()
    {
        using var mallory = new Visitor(_server.Address);
        await mallory.GetAsync("/login/login");
        await _ada.GetAsync("/login/login");
        foreach (var token in new[] { "", "x", mallory.Token, _ada.Token + "x", "ünïcode" })
        {
            await _ada.PostRawAsync(
                new()
                {
                    ["fe.step"] = "0",
                    ["fe.token"] = token,
                    ["fe.do"] = "submit",
                    ["email"] = "ada@example.com",
                    ["password"] = "secret",
                }
            );
            Assert.Equal(HttpStatusCode.BadRequest, _ada.Status);
            Assert.Contains("That form was not accepted", _ada.Html, StringComparison.Ordinal);
        }
        Assert.Equal(0, _server.Runs.Advances);
    }

    [Fact]
    public async Task Run_InAnotherBrowser_IsUnknown()
    {
        await _ada.GetAsync("/login/login");
        using var mallory = new Visitor(_server.Address);
        await mallory.SendAsync(HttpMethod.Get, _ada.Path);
        Assert.Equal(HttpStatusCode.NotFound, mallory.Status);
        Assert.Contains("We cannot find this sign-in", mallory.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(_ada.Token, mallory.Html, StringComparison.Ordinal);

        // With a secret of her own for the page, the run is still not hers.
        mallory.Cookies.Add(new Uri(_server.Address), new Cookie("fe_browser", new string('a', 43), _ada.Path));
        await mallory.SendAsync(HttpMethod.Get, _ada.Path);
        Assert.Equal(HttpStatusCode.Gone, mallory.Status);
        mallory.Path = _ada.Path;
        await mallory.PostRawAsync(
            new()
            {
                ["fe.step"] = "0",
                ["fe.token"] = _ada.Token,
                ["fe.do"] = "submit",
            }
        );
        Assert.Equal(HttpStatusCode.BadRequest, mallory.Status);
    }

    [Fact]
    public async Task Run_UnderAnotherFlowsAddress_IsUnknown()
    {
        await _ada.GetAsync("/login/login");
        var secret = _ada.Cookies.GetAllCookies()["fe_browser"]!.Value;
        var path = _ada.Path.Replace("/login/login/", "/login/everything/", StringComparison.Ordinal);
        _ada.Cookies.Add(new Uri(_server.Address), new Cookie("fe_browser", secret, path));
        await _ada.SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.Gone, _ada.Status);
    }

    [Fact]
    public async Task Cookie_IsForTheRunAloneAndOutOfScriptsReach()
    {
        var answer = await _ada.SendAsync(HttpMethod.Get, "/login/login");
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Matches(@"^fe_browser=[\w-]{43}; max-age=90000; path=/login/login/[\w-]{24}; samesite=lax; httponly$", cookie);
        Assert.DoesNotContain(
            Regex.Match(cookie, "=([^;]+)").Groups[1].Value,
            answer.Headers.Location!.ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Refusal_IsShownOnceWithWhatWasEnteredButNoSecret()
    {
        await _ada.GetAsync("/login/login");
        await _ada.SubmitAsync("submit", ("email", "<b>ada"), ("password", "hunter2-hunter2"), ("remember", "true"));
        Assert.Contains("Email is not a valid e-mail address.", _ada.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"&lt;b&gt;ada\"", _ada.Html, StringComparison.Ordinal);
        Assert.Matches("name=\"remember\"[^>]* checked", _ada.Html);
        Assert.DoesNotContain("hunter2", _ada.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(_ada.CookieTexts, text => text.Contains("hunter2", StringComparison.Ordinal));
        await _ada.SendAsync(HttpMethod.Get, _ada.Path);
        Assert.DoesNotContain("&lt;b&gt;ada", _ada.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeptAnswer_NotSignedByUs_IsIgnored()
    {
        await _ada.GetAsync("/login/login");
        foreach (var forged in new[] { "eyJlcnJvciI6IlRyYW5zZmVyIG1vbmV5In0.AAAA", "x", ".", "%00", new string('a', 3000) })
        {
            _ada.Cookies.Add(new Uri(_server.Address), new Cookie("fe_kept", forged, _ada.Path));
            await _ada.SendAsync(HttpMethod.Get, _ada.Path);
            Assert.Equal(HttpStatusCode.OK, _ada.Status);
            Assert.DoesNotContain("Transfer money", _ada.Html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Submit_TheSameStepTwice_AdvancesOnceAndBothReachTheApplication()
    {
        await _ada.GetAsync("/login/login?redirect_uri=" + Callback + Pkce);
        await _ada.SubmitAsync("submit", ("email", "ada@example.com"), ("password", "secret"));
        var first = await _ada.PostAsync("submit", ("code", "123456"));
        var second = await _ada.PostAsync("submit", ("code", "123456"));
        Assert.StartsWith(Callback + "?code=", first, StringComparison.Ordinal);
        // One code for each run.
        Assert.Equal(first, second);
        Assert.Equal(2, _server.Runs.Advances);
    }

    [Fact]
    public async Task Submit_AStepThatIsOver_ShowsWhereTheRunIsWithANotice()
    {
        await _ada.GetAsync("/login/login");
        var old = _ada.Html;
        await _ada.SubmitAsync("submit", ("email", "ada@example.com"), ("password", "secret"));
        _ada.Html = old;
        await _ada.SubmitAsync("forgot", ("email", "eve@example.com"));
        Assert.Contains("Check your phone", _ada.Html, StringComparison.Ordinal);
        Assert.Contains("You had already completed that step.", _ada.Html, StringComparison.Ordinal);
        Assert.Equal(1, _server.Runs.Advances);
        await _ada.SendAsync(HttpMethod.Get, _ada.Path);
        Assert.DoesNotContain("You had already", _ada.Html, StringComparison.Ordinal);

        // And when the whole run is over.
        await _ada.SubmitAsync("submit", ("code", "123456"));
        _ada.Html = old;
        await _ada.SubmitAsync("submit", ("email", "eve@example.com"));
        Assert.Contains("You are signed in", _ada.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_AfterTheRunExpired_OffersToStartAgainWithTheSameQuery()
    {
        await _ada.GetAsync("/login/login?state=7");
        _server.Runs.Time.Advance(TimeSpan.FromHours(2));
        await _ada.SubmitAsync("submit", ("email", "ada@example.com"), ("password", "secret"));
        Assert.Equal(HttpStatusCode.Gone, _ada.Status);
        Assert.Contains("href=\"/login/login?state=7\"", _ada.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/login/none", HttpStatusCode.NotFound)]
    [InlineData("/login/..%2f..%2fetc", HttpStatusCode.NotFound)]
    [InlineData("/login/login/x", HttpStatusCode.NotFound)]
    [InlineData("/login/none/abcdefghijklmnopqrstuvwx", HttpStatusCode.NotFound)]
    [InlineData("/login/%3Cscript%3E", HttpStatusCode.NotFound)]
    public async Task Get_UnknownThings_IsAPage(string path, HttpStatusCode status)
    {
        await _ada.SendAsync(HttpMethod.Get, path);
        Assert.Equal(status, _ada.Status);
        Assert.Contains("<h1", _ada.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", _ada.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Begin_InputsThatDoNotFit_IsAPageThatRefersToNoRun()
    {
        await _ada.SendAsync(HttpMethod.Get, "/login/login?age=old");
        Assert.Equal(HttpStatusCode.BadRequest, _ada.Status);
        Assert.Contains("This address is not complete", _ada.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Reference", _ada.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("run.input", _ada.Html, StringComparison.Ordinal);
        Assert.Empty(_ada.Cookies.GetAllCookies());
    }

    [Fact]
    public async Task Post_BadForms_ArePages()
    {
        await _ada.GetAsync("/login/login");
        using var json = new StringContent("{}", Encoding.UTF8, "application/json");
        using var broken = new StringContent("--x\r\nbroken", Encoding.UTF8);
        broken.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        using var large = new StringContent("fe.token=" + new string('a', 70_000), Encoding.UTF8, "application/x-www-form-urlencoded");
        using var empty = new ByteArrayContent([]);
        foreach (var content in new HttpContent[] { json, broken, large, empty })
        {
            await _ada.SendAsync(HttpMethod.Post, _ada.Path, content);
            Assert.Equal(HttpStatusCode.BadRequest, _ada.Status);
            Assert.Contains("That form was not accepted", _ada.Html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Runs_ThatCannotBeReached_AreAPageThatOffersToTryAgain()
    {
        await _ada.GetAsync("/login/login");
        _server.Runs.IsBroken = true;
        await _ada.SubmitAsync("submit", ("email", "ada@example.com"), ("password", "secret"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, _ada.Status);
        Assert.Contains("Sign-in is taking a break", _ada.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", _ada.Html, StringComparison.Ordinal);
        _server.Runs.IsBroken = false;
        await _ada.SendAsync(HttpMethod.Get, Regex.Match(_ada.Html, "href=\"(/login/login/[^\"]+)\"").Groups[1].Value);
        Assert.Contains("Welcome back", _ada.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_Headers_AllowNothingInlineAndNoFrame()
    {
        await _ada.GetAsync("/login/login?redirect_uri=" + Callback + Pkce);
        var answer = await _ada.SendAsync(HttpMethod.Get, _ada.Path);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Equal(
            "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' https: http:; "
                + "style-src 'self'; form-action 'self' https://app.example; base-uri 'none'; frame-ancestors 'none'",
            policy
        );
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
        Assert.DoesNotMatch("(?i)<style|style=|<script(?![^>]* src=)|\\son\\w+=", _ada.Html);
    }

    [Fact]
    public async Task Page_HeadersWithSettings_NameTheFrameAndTheStyleSheet()
    {
        await using var server = await ScreenServer.StartAsync(
            options =>
            {
                options.FrameAncestors = ["https://app.example"];
                options.Stylesheet = "https://brand.example/theme.css";
                options.DefaultLocale = "de";
            },
            "/auth"
        );
        using var visitor = new Visitor(server.Address);
        await visitor.GetAsync("/auth/login/login?redirect_uri=harbour://signed-in" + Pkce);
        Assert.StartsWith("/auth/login/login/", visitor.Path, StringComparison.Ordinal);
        var answer = await visitor.SendAsync(HttpMethod.Get, visitor.Path);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains(
            "style-src 'self' https://brand.example; form-action 'self' harbour:; base-uri 'none'; frame-ancestors https://app.example",
            policy,
            StringComparison.Ordinal
        );
        Assert.False(answer.Headers.Contains("X-Frame-Options"));
        Assert.Contains("<html lang=\"de\"", visitor.Html, StringComparison.Ordinal);
        Assert.Matches(
            "href=\"/auth/flow-engine/screens\\.[\\w-]+\\.css\">\\s*<link rel=\"stylesheet\" href=\"https://brand.example/theme.css\">",
            visitor.Html
        );
        await visitor.SubmitAsync("submit", ("email", "ada@example.com"), ("password", "secret"));
        Assert.StartsWith("harbour://signed-in?code=", await visitor.PostAsync("submit", ("code", "123456")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Assets_AreKeptByBrowsersUntilTheyChange()
    {
        await _ada.GetAsync("/login/login");
        var paths = Regex.Matches(_ada.Html, "(?:href|src)=\"(/flow-engine/[^\"]+)\"").Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(4, paths.Count);
        foreach (var path in paths.Append(ScreenAssets.Texts.Path))
        {
            var answer = await _ada.SendAsync(HttpMethod.Get, path);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        }

        // Another version's name, while servers are upgraded one after the other.
        var others = await _ada.SendAsync(HttpMethod.Get, "/flow-engine/screens.AAAAAAAAAAAA.css");
        Assert.Equal(HttpStatusCode.OK, others.StatusCode);
        Assert.Equal("no-cache", others.Headers.CacheControl!.ToString());
        foreach (
            var unknown in new[]
            {
                "/flow-engine/screens.exe",
                "/flow-engine/..%2fappsettings.json",
                "/flow-engine/a.b.c.d",
                "/flow-engine/texts",
            }
        )
            Assert.Equal(HttpStatusCode.NotFound, (await _ada.SendAsync(HttpMethod.Get, unknown)).StatusCode);

        var component = await _ada.SendAsync(HttpMethod.Get, "/flow-engine.js");
        Assert.Equal("no-cache", component.Headers.CacheControl!.ToString());
        Assert.Equal("text/javascript", component.Content.Headers.ContentType!.MediaType);
        Assert.Equal("*", Assert.Single(component.Headers.GetValues("Access-Control-Allow-Origin")));
        var styles = new ScreenAssets("").Styles;
        Assert.Contains(styles.Path, _ada.Html, StringComparison.Ordinal);
        using var again = new HttpRequestMessage(HttpMethod.Get, _server.Address + "/flow-engine.js");
        again.Headers.IfNoneMatch.Add(component.Headers.ETag!);
        using var client = new HttpClient();
        Assert.Equal(HttpStatusCode.NotModified, (await client.SendAsync(again)).StatusCode);
        Assert.True(styles.Content.Length + ScreenAssets.Script.Content.Length < 24 * 1024, "The page has become heavy.");
    }

    /// <summary>All that a browser without a cache loads for a sign-in, uncompressed.</summary>
    [Fact]
    public async Task Page_WithAllThatItLoads_IsUnder60KB()
    {
        await _ada.GetAsync("/login/login");
        var total = Encoding.UTF8.GetByteCount(_ada.Html);
        var loaded = Regex
            .Matches(Regex.Replace(_ada.Html, "<noscript>.*?</noscript>", ""), "(?:href|src)=\"(/flow-engine/[^\"]+)\"")
            .Select(match => match.Groups[1].Value)
            .Append(ScreenAssets.Parts.Path)
            .ToList();
        Assert.Equal(4, loaded.Count);
        foreach (var path in loaded)
            total += (await (await _ada.SendAsync(HttpMethod.Get, path)).Content.ReadAsByteArrayAsync()).Length;
        Assert.InRange(total, 10_000, 60_000);
    }

    [Theory]
    [InlineData("password1", 200, 0, 1)]
    [InlineData("violet otter bakes seven kites\nada@example.com", 200, 3, 4)]
    [InlineData("", 200, 0, 0)]
    [InlineData("kw9tqzuvnp\nkw9tqzuvnp@example.com", 200, 0, 1)]
    public async Task Strength_OfAPassword_IsToldToAnyPage(string body, int status, int least, int most)
    {
        using var client = new HttpClient();
        var answer = await client.PostAsync(new Uri(_server.Address + "/flow-engine/strength"), new StringContent(body));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("*", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
        var score = Regex.Match(await answer.Content.ReadAsStringAsync(), """^\{"score":(\d)\}$""");
        Assert.InRange(int.Parse(score.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), least, most);
    }

    [Fact]
    public async Task Strength_OfMoreThanAPassword_IsRefused()
    {
        using var client = new HttpClient();
        var answer = await client.PostAsync(new Uri(_server.Address + "/flow-engine/strength"), new StringContent(new string('x', 5000)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public void Documentation_NamesEveryVariableOfTheStyleSheet()
    {
        var documented = File.ReadAllText(Path.Combine(Repository.Root, "docs/hosted-screens.md"));
        var variables = Regex
            .Matches(ScreenAssets.ReadText("screens.css"), "(?m)^ +(--fe-[\\w-]+):")
            .Select(match => match.Groups[1].Value)
            .Distinct()
            .ToList();
        Assert.True(variables.Count > 15);
        Assert.All(variables, variable => Assert.Contains($"`{variable}`", documented, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Inline_Submission_AnswersWithThePartOfThePage()
    {
        await _ada.GetAsync("/login/login?redirect_uri=" + Callback + Pkce);
        _ada.IsInline = true;
        await _ada.PostAsync("submit", ("email", "x"), ("password", "secret"));
        var answer = FlowValue.Parse(_ada.Html);
        Assert.Equal("Error: Welcome back", answer.Get("title").ToText());
        Assert.Contains("Email is not a valid e-mail address.", answer.Get("html").ToText(), StringComparison.Ordinal);
        _ada.Html = answer.Get("html").ToText();
        await _ada.PostAsync("submit", ("email", "ada@example.com"), ("password", "secret"));
        _ada.Html = FlowValue.Parse(_ada.Html).Get("html").ToText();
        await _ada.PostAsync("submit", ("code", "123456"));
        Assert.StartsWith(Callback + "?code=", FlowValue.Parse(_ada.Html).Get("location").ToText(), StringComparison.Ordinal);
    }
}
