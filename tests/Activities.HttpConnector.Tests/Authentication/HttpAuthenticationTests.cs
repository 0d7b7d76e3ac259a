using System.Text;
using FlowEngine.HttpConnector.Authentication;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Tests.Authentication;

public sealed class HttpAuthenticationTests
{
    [Fact]
    public async Task None_AddsNothing() => Assert.Empty(await AppliedAsync(NoAuthentication.Instance));

    [Fact]
    public async Task BearerToken_IsSent() =>
        Assert.Equal("Bearer t0ken", (await AppliedAsync(new BearerTokenAuthentication("t0ken")))["authorization"]);

    [Fact]
    public async Task ApiKey_IsSentInItsHeader() =>
        Assert.Equal("v", (await AppliedAsync(new ApiKeyAuthentication("X-Api-Key", "v")))["x-api-key"]);

    [Theory]
    [InlineData("ada", "plain")]
    [InlineData("ada", "a:b%c+d")]
    [InlineData("Zoë", "pässwörd 你好")]
    [InlineData("", "")]
    public async Task Basic_IsUtf8(string userName, string password)
    {
        var header = (await AppliedAsync(new BasicAuthentication(userName, password)))["authorization"]!;

        Assert.Equal($"{userName}:{password}", Encoding.UTF8.GetString(Convert.FromBase64String(header["Basic ".Length..])));
    }

    [Fact]
    public async Task Apply_OverAnEarlierHeader_Wins()
    {
        var headers = new RequestHeaders();
        headers.Set("Authorization", "static");

        Assert.Null(await new BearerTokenAuthentication("t").ApplyAsync(headers, TestContext.Current.CancellationToken));
        Assert.Equal(KeyValuePair.Create("authorization", "Bearer t"), Assert.Single(headers));
    }

    public static TheoryData<HttpAuthentication> Unsendable() =>
        [
            new BearerTokenAuthentication("t\r\nx: 1"),
            new ApiKeyAuthentication("x key", "v"),
            new ApiKeyAuthentication("host", "v"),
            new ApiKeyAuthentication("x-key", "hunter2\n"),
            new BasicAuthentication("with:colon", "p"),
        ];

    [Theory]
    [MemberData(nameof(Unsendable))]
    public async Task Apply_WhatCannotBeSent_IsHeaderInvalid(HttpAuthentication authentication)
    {
        var headers = new RequestHeaders();

        var fault = await authentication.ApplyAsync(headers, TestContext.Current.CancellationToken);

        Assert.Equal("http.header_invalid", fault?.Code);
        Assert.DoesNotContain("hunter2", fault!.Message, StringComparison.Ordinal);
        Assert.Empty(headers);
        Assert.False(authentication.Renew(headers));
    }

    private static async Task<RequestHeaders> AppliedAsync(HttpAuthentication authentication)
    {
        var headers = new RequestHeaders();
        Assert.Null(await authentication.ApplyAsync(headers, TestContext.Current.CancellationToken));
        return headers;
    }
}
