using System.Net;
using FlowEngine.Tests;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Packages;

/// <summary><c>samples/Embedded</c>: the four people of the demo come to its login, each on their own way.</summary>
[Trait("Category", "cluster")]
public sealed class SampleTests(SampleTests.Shop shop) : IClassFixture<SampleTests.Shop>
{
    [Theory]
    [InlineData("ada", "You are signed in", false)]
    [InlineData("ghost", "User Not Found", false)]
    [InlineData("busy", "name=\"email\"", true)]
    [InlineData("broken", "name=\"email\"", true)]
    public async Task Person_ComesToWhereTheyBelong(string person, string page, bool isTold)
    {
        using var visitor = new Visitor(shop.Process.Address);
        await visitor.GetAsync("/");
        Assert.Contains("<h1>The shop</h1>", visitor.Html, StringComparison.Ordinal);
        await visitor.GetAsync("/auth/login/login");

        await visitor.SubmitAsync("submit", ("email", $"{person}@example.com"));

        Assert.Equal(HttpStatusCode.OK, visitor.Status);
        Assert.Contains(page, visitor.Html, StringComparison.Ordinal);
        Assert.Equal(isTold, visitor.Html.Contains("role=\"alert\"", StringComparison.Ordinal));
        Assert.StartsWith("/auth/login/login/", visitor.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_EndsWhenItIsTold()
    {
        await using var own = await SampleProcess.StartAsync();
        Assert.Equal(0, await own.TerminateAsync());
        Assert.Contains("console.setup", own.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Program_IsShort() =>
        Assert.InRange(File.ReadAllLines(Path.Combine(Repository.Root, "samples", "Embedded", "Program.cs")).Length, 1, 40);

    /// <summary>Per test class: the sample.</summary>
    public sealed class Shop : IAsyncLifetime
    {
        internal SampleProcess Process { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Process = await SampleProcess.StartAsync();

        public ValueTask DisposeAsync() => Process.DisposeAsync();
    }
}
