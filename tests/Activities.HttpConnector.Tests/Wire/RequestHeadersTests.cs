using CsCheck;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Tests.Wire;

public sealed class RequestHeadersTests
{
    [Theory]
    [InlineData("x", "a\r\nInjected: 1")]
    [InlineData("x", "a\nb")]
    [InlineData("x", "a\rb")]
    [InlineData("x", "a\0b")]
    [InlineData("x", "a\u0001b")]
    [InlineData("x", "a\u001Fb")]
    [InlineData("x", "a\u007Fb")]
    [InlineData("x", "a\u0085b")]
    [InlineData("x", "\n")]
    [InlineData("x", "a\n")]
    [InlineData("", "a")]
    [InlineData("a b", "a")]
    [InlineData("a:", "a")]
    [InlineData("a\r\nb", "a")]
    [InlineData("a\0", "a")]
    [InlineData(":path", "a")]
    [InlineData("naïve", "a")]
    [InlineData("a(b)", "a")]
    [InlineData("Host", "evil.example")]
    [InlineData("content-length", "5")]
    [InlineData("Transfer-Encoding", "chunked")]
    [InlineData("connection", "close")]
    [InlineData("Keep-Alive", "1")]
    [InlineData("upgrade", "h2c")]
    [InlineData("te", "trailers")]
    [InlineData("trailer", "x")]
    [InlineData("expect", "100-continue")]
    [InlineData("proxy-authorization", "x")]
    [InlineData("proxy-connection", "x")]
    public void Set_WhatMayNotBeSent_IsRefusedAndChangesNothing(string name, string value)
    {
        var headers = new RequestHeaders();
        Assert.Null(headers.Set("x", "before"));

        var fault = headers.Set(name, value);

        Assert.Equal("http.header_invalid", fault?.Code);
        Assert.Equal(KeyValuePair.Create("x", "before"), Assert.Single(headers));
    }

    [Fact]
    public void Add_SameNameAgain_StandsBesideAndIsReadJoined()
    {
        var headers = new RequestHeaders();
        Assert.Null(headers.Add("x-v", " a "));
        Assert.Null(headers.Add("X-V", "b, c"));
        Assert.Equal("http.header_invalid", headers.Add("x-v", "a\u001Fb")?.Code);

        Assert.Equal("a, b, c", headers["x-V"]);
        Assert.Equal(2, headers.Count);
        Assert.Null(headers.Set("x-v", "d"));
        Assert.Equal("d", headers["x-v"]);
        Assert.Single(headers);
    }

    [Fact]
    public void Set_LoneSurrogate_IsRefused() => Assert.Equal("http.header_invalid", new RequestHeaders().Set("x", "a\uD83D")?.Code);

    [Fact]
    public void Set_BadValue_IsNotRepeatedInTheMessage() =>
        Assert.DoesNotContain("hunter2", new RequestHeaders().Set("x", "hunter2\n")!.Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("a\tb")]
    [InlineData("Zoë 你好 😀")]
    [InlineData("\"quoted\", (odd; =")]
    public void Set_FieldValue_IsKept(string value)
    {
        var headers = new RequestHeaders();

        Assert.Null(headers.Set("!#$%&'*+-.^_`|~1a", value));
        Assert.Equal(value, headers["!#$%&'*+-.^_`|~1A"]);
    }

    [Fact]
    public void Set_SpacesAroundTheValue_AreDropped()
    {
        var headers = new RequestHeaders();
        headers.Set("x", " \ta b\t ");

        Assert.Equal("a b", headers["x"]);
    }

    [Fact]
    public void Set_SameNameInAnotherCase_LastWins()
    {
        var headers = new RequestHeaders();
        headers.Set("X-A", "1");
        headers.Set("x-b", "2");
        headers.Set("x-a", "3");

        Assert.Equal([KeyValuePair.Create("x-a", "3"), KeyValuePair.Create("x-b", "2")], headers);
    }

    [Fact]
    public void Remove_TakesAnyCase()
    {
        var headers = new RequestHeaders();
        headers.Set("X-A", "1");

        Assert.True(headers.Remove("x-a"));
        Assert.False(headers.Remove("x-a"));
        Assert.Empty(headers);
    }

    [Fact]
    public void Set_AnyText_NeverThrowsAndNeverLetsALineBreakThrough() =>
        Gen.String.Sample(text =>
        {
            var headers = new RequestHeaders();
            return headers.Set("x", text) is not null || headers["x"]!.AsSpan().IndexOfAny('\r', '\n', '\0') < 0;
        });

    [Fact]
    public void CopyTo_AnyTokenName_CanBeSent() =>
        Gen.Char["abcxyzABCXYZ019-_.!~"]
            .Array[1, 20]
            .Sample(name =>
            {
                var headers = new RequestHeaders();
                if (headers.Set(new string(name), "v") is not null)
                    return;
                using var message = new HttpRequestMessage();
                headers.CopyTo(message);
            });

    [Theory]
    [InlineData("allow")]
    [InlineData("content-md5")]
    [InlineData("Content-Range")]
    [InlineData("content-location")]
    [InlineData("content-disposition")]
    [InlineData("content-security-policy")]
    [InlineData("expires")]
    [InlineData("last-modified")]
    [InlineData("via")]
    [InlineData("warning")]
    [InlineData("range")]
    [InlineData("set-cookie")]
    [InlineData("www-authenticate")]
    public void CopyTo_HeadersThatDotNetSortsElsewhere_CanBeSent(string name)
    {
        var headers = new RequestHeaders();
        Assert.Null(headers.Set(name, "odd value"));
        using var message = new HttpRequestMessage();

        headers.CopyTo(message);

        Assert.True(message.Headers.NonValidated.Contains(name) || message.Content!.Headers.NonValidated.Contains(name));
    }
}
