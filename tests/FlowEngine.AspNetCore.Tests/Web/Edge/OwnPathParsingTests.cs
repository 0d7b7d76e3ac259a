using FlowEngine.AspNetCore.Web.Edge;

namespace FlowEngine.AspNetCore.Tests.Web.Edge;

/// <summary>What may be the path that FlowEngine is served under.</summary>
public sealed class OwnPathParsingTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("/", "")]
    [InlineData("/auth", "/auth")]
    [InlineData("/auth/", "/auth")]
    [InlineData("/a/b-c/d.e_f~1", "/a/b-c/d.e_f~1")]
    [InlineData("auth", null)]
    [InlineData("//evil.example", null)]
    [InlineData("/a//b", null)]
    [InlineData("/..", null)]
    [InlineData("/a/../b", null)]
    [InlineData("/a;Domain=evil.example", null)]
    [InlineData("/a b", null)]
    [InlineData("/a%2fb", null)]
    [InlineData("/{tenant}", null)]
    [InlineData("/a\"><script>", null)]
    [InlineData("/a\n", null)]
    public void Parse_TakesPlainPathsOnly(string text, string? path) => Assert.Equal(path, OwnPath.Parse(text));
}
