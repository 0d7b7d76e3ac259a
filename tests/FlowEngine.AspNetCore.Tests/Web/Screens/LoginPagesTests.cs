using System.Net;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Web.Screens;

/// <summary>The hosted screens of the real server, without JavaScript.</summary>
public sealed class LoginPagesTests(DemoServer demo) : IClassFixture<DemoServer>
{
    [Fact]
    public async Task Form_SignsIn()
    {
        using var visitor = new Visitor(demo.Server.Address);
        await visitor.GetAsync("/");

        // The demo leads to its login.
        await visitor.GetAsync("/login/login");
        Assert.Contains("<form", visitor.Html, StringComparison.Ordinal);
        Assert.Contains("name=\"email\"", visitor.Html, StringComparison.Ordinal);
        await visitor.SubmitAsync("submit", ("email", "ghost@example.com"));
        Assert.Contains("User Not Found", visitor.Html, StringComparison.Ordinal);
        await visitor.SubmitAsync("submit");
        Assert.Contains("name=\"email\"", visitor.Html, StringComparison.Ordinal);
        await visitor.SubmitAsync("submit", ("email", "ada@example.com"));

        Assert.Equal(HttpStatusCode.OK, visitor.Status);
        Assert.DoesNotContain("<form", visitor.Html, StringComparison.Ordinal);
        Assert.Contains("signed in", visitor.Html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task RunThatTheApiBegan_IsShownToNoBrowser()
    {
        var executionId = (await demo.Server.BeginAsync()).Get("executionId").ToText();
        using var visitor = new Visitor(demo.Server.Address);
        await visitor.GetAsync("/login/login");
        // A browser with a binding of its own, at the address that somebody sent it.
        var own = Assert.Single(visitor.Cookies.GetAllCookies());
        visitor.Cookies.Add(new Cookie(own.Name, own.Value, $"/login/login/{executionId}", own.Domain));

        await visitor.GetAsync($"/login/login/{executionId}");

        Assert.Equal(HttpStatusCode.Gone, visitor.Status);
        Assert.DoesNotContain("<form", visitor.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherBrowser_DoesNotSeeTheRun()
    {
        using var visitor = new Visitor(demo.Server.Address);
        await visitor.GetAsync("/login/login");
        using var other = new Visitor(demo.Server.Address);

        await other.GetAsync(visitor.Path);

        Assert.Equal(HttpStatusCode.NotFound, other.Status);
        Assert.DoesNotContain("<form", other.Html, StringComparison.Ordinal);
    }
}
