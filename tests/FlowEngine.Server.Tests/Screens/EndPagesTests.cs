using System.Net;
using System.Text.RegularExpressions;
using FlowEngine.Execution;
using FlowEngine.Server.Tests.Screens.Serving;

namespace FlowEngine.Server.Tests.Screens;

/// <summary>How a login ends that does not sign anybody in, and what a person can quote.</summary>
public sealed class EndPagesTests : IAsyncLifetime
{
    private const string Callback = "https://app.example/callback";

    private ScreenServer _server = null!;
    private Visitor _ada = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await ScreenServer.StartAsync();
        _server.Flows.Publish(TestFlows.Endings);
        _ada = new Visitor(_server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        _ada.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Refused_IsAPageOfItsOwnWithTheFlowsWordsAndAReference()
    {
        await _ada.GetAsync("/login/endings?state=7");
        await _ada.SubmitAsync("refuse", ("name", "<Ada>"));

        Assert.Equal(HttpStatusCode.Forbidden, _ada.Status);
        Assert.Contains("You were not signed in", _ada.Html, StringComparison.Ordinal);
        Assert.Contains("Not you, &lt;Ada&gt;.", _ada.Html, StringComparison.Ordinal);
        Assert.Contains($"Reference: {Reference()}", _ada.Html, StringComparison.Ordinal);
        Assert.Contains("href=\"/login/endings?state=7\"><span>Try again</span>", _ada.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("All done", _ada.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("fe-mark-done", _ada.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("session-of", _ada.Html, StringComparison.Ordinal);

        // Loaded again it says the same, and takes nothing more.
        await _ada.SendAsync(HttpMethod.Get, _ada.Path);
        Assert.Equal(HttpStatusCode.Forbidden, _ada.Status);
    }

    [Fact]
    public async Task Refused_InAnotherLanguage_SaysWhatTheFlowTranslates()
    {
        await _ada.GetAsync("/login/endings?locale=de");
        await _ada.SubmitAsync("refuse", ("name", "Ada"));

        Assert.Contains("Sie wurden nicht angemeldet", _ada.Html, StringComparison.Ordinal);
        Assert.Contains("Nicht Sie, Ada.", _ada.Html, StringComparison.Ordinal);
        Assert.Contains("Kennung: ", _ada.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Ada", "Not you, Ada.")]
    // What the standard does not allow in a description stays at home.
    [InlineData("Zoë", "The flow refused the sign-in.")]
    public async Task Refused_WithAReturnAddress_GoesBackWithTheErrorOfOAuthAndNoCode(string name, string description)
    {
        await _ada.GetAsync($"/login/endings?redirect_uri={Callback}&state=x%20%26y");
        var location = await _ada.PostAsync("refuse", ("name", name));

        Assert.Equal($"{Callback}?error=access_denied&error_description={Uri.EscapeDataString(description)}&state=x%20%26y", location);
        // Whoever goes back to the page reads why.
        await _ada.SendAsync(HttpMethod.Get, _ada.Path);
        Assert.Equal(HttpStatusCode.Forbidden, _ada.Status);
        Assert.DoesNotContain("code=", _ada.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_SaysNotWhatBrokeButWhatToQuote()
    {
        await _ada.GetAsync("/login/endings");
        await _ada.SubmitAsync("fail", ("name", "Ada"));

        Assert.Equal(HttpStatusCode.InternalServerError, _ada.Status);
        Assert.Contains("We could not sign you in", _ada.Html, StringComparison.Ordinal);
        ExpectReferenceAndNoCode("flow.no_branch");
    }

    [Fact]
    public async Task Cancelled_SaysThatItWasEnded()
    {
        await _ada.GetAsync("/login/endings");
        await _server.Runs.CancelAsync(_ada.ExecutionId, "tests", default);
        await _ada.SendAsync(HttpMethod.Get, _ada.Path);

        Assert.Equal(HttpStatusCode.Gone, _ada.Status);
        Assert.Contains("This sign-in was ended", _ada.Html, StringComparison.Ordinal);
        ExpectReferenceAndNoCode("run.cancelled");
    }

    [Fact]
    public async Task Submits_TooMany_SayThat()
    {
        await _ada.GetAsync("/login/endings");
        for (var i = 0; i < 4; i++)
            await _ada.SubmitAsync("again", ("name", "Ada"));

        Assert.Equal(HttpStatusCode.Forbidden, _ada.Status);
        Assert.Contains("Too many tries", _ada.Html, StringComparison.Ordinal);
        ExpectReferenceAndNoCode("screen.submits");
    }

    [Fact]
    public async Task Expired_HasAReference()
    {
        await _ada.GetAsync("/login/endings");
        _server.Runs.Time.Advance(TimeSpan.FromHours(2));
        await _ada.SubmitAsync("again", ("name", "Ada"));

        Assert.Equal(HttpStatusCode.Gone, _ada.Status);
        ExpectReferenceAndNoCode("run.expired");
    }

    [Fact]
    public async Task Error_ThatLeadsBack_HasAReference_AMessageHasNone()
    {
        await _ada.GetAsync("/login/endings");
        await _ada.SubmitAsync("break", ("name", "Ada"));
        Assert.Equal(HttpStatusCode.OK, _ada.Status);
        Assert.Contains("Something went wrong. Please try again.", _ada.Html, StringComparison.Ordinal);
        ExpectReferenceAndNoCode("script.error");

        await _ada.SubmitAsync("again", ("name", "Ada"));
        Assert.Contains("Again, Ada.", _ada.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Reference", _ada.Html, StringComparison.Ordinal);

        // Neither has what was entered wrong, whatever happened before.
        await _ada.SubmitAsync("again");
        Assert.Contains("name is required.", _ada.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Reference", _ada.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Head_IsAnsweredLikeGetAndBeginsNothing()
    {
        var begin = await _ada.SendAsync(HttpMethod.Head, "/login/endings");
        Assert.Equal((HttpStatusCode.OK, "text/html", ""), (begin.StatusCode, begin.Content.Headers.ContentType?.MediaType, _ada.Html));
        Assert.False(begin.Headers.Contains("Set-Cookie"));
        Assert.Equal(0, _server.Runs.Count);
        Assert.Equal(HttpStatusCode.NotFound, (await _ada.SendAsync(HttpMethod.Head, "/login/none")).StatusCode);
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await _ada.SendAsync(HttpMethod.Head, "/login/endings?redirect_uri=https://evil.example/")).StatusCode
        );
        Assert.Equal(HttpStatusCode.OK, (await _ada.SendAsync(HttpMethod.Head, "/flow-engine.js")).StatusCode);

        // Of a run too, and what was kept for its page is still there for whoever looks at it.
        await _ada.GetAsync("/login/endings");
        await _ada.PostAsync("again");
        Assert.Equal(HttpStatusCode.OK, (await _ada.SendAsync(HttpMethod.Head, _ada.Path)).StatusCode);
        await _ada.SendAsync(HttpMethod.Get, _ada.Path);
        Assert.Contains("name is required.", _ada.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/login")]
    [InlineData("/login/")]
    [InlineData("/login/login/x/y/z")]
    public async Task Get_AddressOfNoFlow_IsAPage(string path)
    {
        var answer = await _ada.SendAsync(HttpMethod.Get, path);

        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains("There is no such sign-in", _ada.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secret_ThatAFlowComparesWithACode_IsNeitherShownAgainNorKept()
    {
        await _ada.GetAsync("/login/endings");
        await _ada.SubmitAsync("again", ("pin", "998877665544"));

        Assert.Contains("name is required.", _ada.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("998877665544", _ada.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(_ada.CookieTexts, text => text.Contains("998877665544", StringComparison.Ordinal));
    }

    private string Reference() => RunReference.Of(_ada.ExecutionId);

    private void ExpectReferenceAndNoCode(string code)
    {
        Assert.Matches("^[0-9A-Z]{4}-[0-9A-Z]{4}$", Regex.Match(_ada.Html, "Reference: ([^<]+)").Groups[1].Value);
        Assert.Contains($"Reference: {Reference()}", _ada.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(code, _ada.Html, StringComparison.Ordinal);
    }
}
