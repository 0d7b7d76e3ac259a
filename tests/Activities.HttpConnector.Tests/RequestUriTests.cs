using CsCheck;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Tests;

public sealed class RequestUriTests
{
    [Theory]
    [InlineData("https://api.example.com", "", "https://api.example.com/")]
    [InlineData("https://api.example.com/", "", "https://api.example.com/")]
    [InlineData("https://api.example.com", "/users/1", "https://api.example.com/users/1")]
    [InlineData("https://api.example.com/", "/users/1", "https://api.example.com/users/1")]
    [InlineData("https://api.example.com", "users/1", "https://api.example.com/users/1")]
    [InlineData("https://api.example.com/v2/", "users", "https://api.example.com/v2/users")]
    [InlineData("https://api.example.com/v2", "", "https://api.example.com/v2")]
    [InlineData("https://api.example.com/v2", "?a=b", "https://api.example.com/v2?a=b")]
    [InlineData("https://api.example.com", "?a=b", "https://api.example.com/?a=b")]
    [InlineData("HTTPS://API.example.com:443/V2", "/x", "https://api.example.com/V2/x")]
    [InlineData("http://api.example.com:8080", "/x", "http://api.example.com:8080/x")]
    [InlineData("http://[::1]:8080/", "/x", "http://[::1]:8080/x")]
    [InlineData("http://a_b.example", "/x", "http://a_b.example/x")]
    [InlineData("https://api.example.com", "/käse/{id}|\"<>^`", "https://api.example.com/k%C3%A4se/%7Bid%7D%7C%22%3C%3E%5E%60")]
    [InlineData("https://api.example.com", "/%41%2f%7E", "https://api.example.com/%41%2f%7E")]
    [InlineData("https://api.example.com", "/...", "https://api.example.com/...")]
    [InlineData("https://api.example.com", "/a?next=/../b", "https://api.example.com/a?next=/../b")]
    public void TryJoin_GoodParts_GoAsWritten(string baseUrl, string endpoint, string expected) =>
        Assert.Equal(expected, Join(baseUrl, endpoint).OriginalString);

    [Theory]
    [InlineData("/x", "/x?q=a%26b%3Dc&z=%20")]
    [InlineData("/x?p=1", "/x?p=1&q=a%26b%3Dc&z=%20")]
    [InlineData("/x?", "/x?q=a%26b%3Dc&z=%20")]
    [InlineData("/x?p=1&", "/x?p=1&q=a%26b%3Dc&z=%20")]
    public void TryJoin_QueryPairs_AreEncodedAndAppended(string endpoint, string expected)
    {
        var uri = Join("https://h.example", endpoint, [new("q", "a&b=c"), new("z", " ")]);

        Assert.Equal(expected, uri.PathAndQuery);
    }

    // As literal text of an endpoint: it may be refused or lead elsewhere on the same host, but never to another one.
    [Theory]
    [InlineData("//evil.example/x")]
    [InlineData("///evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("@evil.example")]
    [InlineData(":pw@evil.example")]
    [InlineData(":8080/x")]
    [InlineData(".evil.example")]
    [InlineData("http://evil.example/")]
    [InlineData("https:evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("%00")]
    [InlineData("%2F%2Fevil.example")]
    [InlineData("%40evil.example")]
    [InlineData("?@evil.example")]
    [InlineData("?//evil.example")]
    [InlineData("#@evil.example")]
    [InlineData("/..//evil.example")]
    [InlineData(";@evil.example")]
    [InlineData("/\tx")]
    [InlineData("\u2028")]
    [InlineData("／／evil.example")]
    [InlineData("＠evil.example")]
    [InlineData("。evil.example")]
    [InlineData("[::1]")]
    [InlineData("]@evil")]
    public void TryJoin_HostileText_NeverLeavesTheHost(string hostile)
    {
        foreach (var text in (string[])[hostile, RequestUri.Encode(hostile), "/users/" + RequestUri.Encode(hostile) + "/x"])
        {
            foreach (var baseText in (string[])["https://h.example", "https://h.example/", "https://h.example:8443/v2"])
            {
                Assert.True(BaseUrl.TryParse(baseText, out var baseUrl, out _));
                if (RequestUri.TryJoin(baseUrl, text, [new(hostile, hostile)], out var uri, out var fault))
                    Assert.Equal(
                        ("https", "h.example", baseText.Contains("8443", StringComparison.Ordinal) ? 8443 : 443, ""),
                        (uri.Scheme, uri.Host, uri.Port, uri.UserInfo)
                    );
                else
                    Assert.Equal("http.url_invalid", fault.Code);
            }
        }
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("/a/..")]
    [InlineData("/a/../b")]
    [InlineData("/./b")]
    [InlineData("/a/.?q=1")]
    [InlineData("/%2e")]
    [InlineData("/%2E%2e/b")]
    [InlineData("/.%2e/b")]
    [InlineData("/%2e./b")]
    [InlineData("/a\\..\\b")]
    [InlineData("/a b")]
    [InlineData("/a\tb")]
    [InlineData("/a\r\nHost: evil")]
    [InlineData("/a\nb")]
    [InlineData("/a\0b")]
    [InlineData("/a\u007Fb")]
    [InlineData("/a\u0085b")]
    [InlineData("/a\u00A0b")]
    [InlineData("/a#b")]
    [InlineData("/a?b#c")]
    [InlineData("/100%")]
    [InlineData("/%zz")]
    [InlineData("/%4")]
    public void TryJoin_WhatClientsAndServersReadDifferently_IsRefused(string endpoint)
    {
        Assert.True(BaseUrl.TryParse("https://h.example", out var baseUrl, out _));

        Assert.False(RequestUri.TryJoin(baseUrl, endpoint, null, out _, out var fault));
        Assert.Equal("http.url_invalid", fault.Code);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    public void TryJoin_DotValueAsWholeSegment_IsRefused(string value)
    {
        Assert.True(BaseUrl.TryParse("https://h.example", out var baseUrl, out _));

        Assert.False(RequestUri.TryJoin(baseUrl, $"/users/{RequestUri.Encode(value)}/x", null, out _, out _));
        Assert.True(RequestUri.TryJoin(baseUrl, $"/users/a{RequestUri.Encode(value)}/x", null, out _, out _));
    }

    [Fact]
    public void TryJoin_LoneSurrogate_IsRefused()
    {
        Assert.True(BaseUrl.TryParse("https://h.example", out var baseUrl, out _));

        Assert.False(RequestUri.TryJoin(baseUrl, "/a\uD83D", null, out _, out _));
        Assert.False(RequestUri.TryJoin(baseUrl, "/" + new string('a', RequestUri.MaxLength), null, out _, out _));
    }

    [Fact]
    public void TryJoin_AnyEncodedValue_ComesBackAsItWas() =>
        Gen
            .String.Where(s => s is not ("" or "." or "..") && !s.Any(char.IsSurrogate))
            .Sample(value =>
            {
                var uri = Join("https://h.example", "/v/" + RequestUri.Encode(value), [new("q", value)]);
                return uri.Host == "h.example"
                    && Uri.UnescapeDataString(uri.AbsolutePath["/v/".Length..]) == value
                    && Uri.UnescapeDataString(uri.Query["?q=".Length..]) == value;
            });

    [Theory]
    [InlineData("azAZ09-._~", "azAZ09-._~")]
    [InlineData("a b+c/d?e#f%", "a%20b%2Bc%2Fd%3Fe%23f%25")]
    [InlineData("!$&'()*,;=:@[]", "%21%24%26%27%28%29%2A%2C%3B%3D%3A%40%5B%5D")]
    [InlineData("ë你😀", "%C3%AB%E4%BD%A0%F0%9F%98%80")]
    [InlineData("\r\n\0", "%0D%0A%00")]
    public void Encode_AllButUnreserved(string value, string expected) => Assert.Equal(expected, RequestUri.Encode(value));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("api.example.com")]
    [InlineData("//api.example.com")]
    [InlineData("/path")]
    [InlineData("ftp://api.example.com")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://api.example.com")]
    [InlineData("http:/api.example.com")]
    [InlineData("http:api.example.com")]
    [InlineData("http://")]
    [InlineData("http:///x")]
    [InlineData(" http://api.example.com")]
    [InlineData("http://api.example.com ")]
    [InlineData("http://api.exa mple.com")]
    [InlineData("http://api.example.com\n")]
    [InlineData("http://user@api.example.com")]
    [InlineData("http://user:pw@api.example.com")]
    [InlineData("http://@api.example.com")]
    [InlineData("http://api.example.com#frag")]
    [InlineData("http://api.example.com/#frag")]
    [InlineData("http://api.example.com?q=1")]
    [InlineData("http://api.example.com/x?q=1")]
    [InlineData("http://api.example.com\\@evil.example")]
    [InlineData("http://api.example.com\\x")]
    [InlineData("http://api.example.com/a/../b")]
    [InlineData("http://api.example.com/%2e%2e/b")]
    [InlineData("http://api.example.com:0")]
    [InlineData("http://api.example.com:")]
    [InlineData("http://api.example.com:65536")]
    [InlineData("http://api.example.com:80:80")]
    [InlineData("http://api.example.com:8 0")]
    [InlineData("http://api.example.com:-1")]
    [InlineData("http://%31%32%37.0.0.1")]
    [InlineData("http://ex%61mple.com")]
    [InlineData("http://127.0.0.1%2f@evil.example")]
    [InlineData("http://[fe80::1%25eth0]/")]
    [InlineData("http://[::1")]
    [InlineData("http://[::1]x")]
    [InlineData("http://[v1.a]")]
    [InlineData("http://127.0.0.1./")]
    [InlineData("http://1.2.3.4.5")]
    [InlineData("http://256.1.1.1")]
    [InlineData("http://999999999999")]
    [InlineData("http://0x100000000")]
    [InlineData("http://example.0x7f")]
    [InlineData("http://１２７.０.０.１")]
    [InlineData("http://①②⑦.0.0.1")]
    [InlineData("http://localhost。evil.example")]
    [InlineData("http://münchen.example")]
    [InlineData("http://a..b")]
    [InlineData("http://.example")]
    public void TryParse_HostileOrUnclearBase_IsRefused(string? text)
    {
        Assert.False(BaseUrl.TryParse(text, out _, out var problem));
        Assert.NotEmpty(problem);
        Assert.DoesNotContain("pw", problem, StringComparison.Ordinal);
    }

    // What the system would take for an address is written out, so that people and the guard see it.
    [Theory]
    [InlineData("http://2130706433/", "http://127.0.0.1")]
    [InlineData("http://0x7f.1", "http://127.0.0.1")]
    [InlineData("http://0x7f000001", "http://127.0.0.1")]
    [InlineData("http://017700000001", "http://127.0.0.1")]
    [InlineData("http://0177.0.0.1", "http://127.0.0.1")]
    [InlineData("http://127.1", "http://127.0.0.1")]
    [InlineData("http://0", "http://0.0.0.0")]
    [InlineData("http://2852039166", "http://169.254.169.254")]
    [InlineData("http://0xA9FEA9FE", "http://169.254.169.254")]
    [InlineData("http://[::ffff:169.254.169.254]", "http://[::ffff:169.254.169.254]")]
    [InlineData("http://[0:0:0:0:0:0:0:1]", "http://[::1]")]
    public async Task TryParse_AddressInDisguise_IsNormalisedAndBlockedAtConnect(string text, string origin)
    {
        Assert.True(BaseUrl.TryParse(text, out var url, out _));
        Assert.Equal(origin, url.Origin);

        await using var guarded = Transports.New(egress: new());
        Assert.Equal("http.blocked", (await guarded.FaultAsync(new OutgoingRequest("GET", Join(text, "/")))).Code);
    }

    [Theory]
    [InlineData("https://id.example/token", "https://id.example/token")]
    [InlineData("https://id.example?p=1", "https://id.example/?p=1")]
    [InlineData("https://id.example/oauth/token?tenant=%41", "https://id.example/oauth/token?tenant=%41")]
    public void TryParse_WholeUrl_KeepsItsQuery(string text, string expected)
    {
        Assert.True(RequestUri.TryParse(text, out var uri, out _));
        Assert.Equal(expected, uri.OriginalString);
    }

    [Theory]
    [InlineData("https://user:pw@id.example/token")]
    [InlineData("https://id.example/token#x")]
    [InlineData("id.example")]
    public void TryParse_BadWholeUrl_IsUrlInvalid(string text)
    {
        Assert.False(RequestUri.TryParse(text, out _, out var fault));
        Assert.Equal("http.url_invalid", fault.Code);
    }

    private static Uri Join(string baseText, string endpoint, KeyValuePair<string, string>[]? query = null)
    {
        Assert.True(BaseUrl.TryParse(baseText, out var baseUrl, out var problem), problem);
        Assert.True(RequestUri.TryJoin(baseUrl, endpoint, query, out var uri, out var fault), fault?.Message);
        return uri;
    }
}
