using System.Text;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Signing;
using FlowEngine.HttpConnector.Tests.Servers;
using Microsoft.Extensions.Time.Testing;
using static FlowEngine.HttpConnector.Tests.Transports;

namespace FlowEngine.HttpConnector.Tests.Signing;

public sealed class HmacSignatureTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));

    // RFC 4231, test case 2.
    [Fact]
    public void Sign_Body_IsHmacSha256InBase64()
    {
        var request = Request("https://h.example", "POST", "what do ya want for nothing?"u8.ToArray());

        var signed = new HmacSignature("Jefe").Sign(request);

        Assert.Equal(
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            Convert.ToHexStringLower(Convert.FromBase64String(signed.Signature))
        );
        Assert.Equal(signed.Signature, request.Headers["x-descope-webhook-s256"]);
        Assert.Null(request.Headers["x-descope-timestamp"]);
    }

    [Fact]
    public void Sign_NoBody_SignsNoBytes()
    {
        var signed = new HmacSignature("secret").Sign(Request("https://h.example"));

        Assert.True(signed.Bytes.IsEmpty);
        Assert.Equal("+eZuF5tnR65UEI+C+K3os8Jddv0wr95sOVgixTAZYWk=", signed.Signature);
    }

    [Fact]
    public void Sign_Template_ConcatenatesInOrderWithNothingBetween()
    {
        var request = Request("https://h.example:8443/a%2fb?x=%41", "POST", "{\"n\":\"<ë>\"}"u8.ToArray())
            .With("X-Name", "Zoë")
            .With("content-type", "application/json");

        var signed = Signer(
                "BODY,METHOD,HEADER_x-name,URI,HEADER_missing,HEADER_Content-Typ"
                    + "e,HEADER_host,HEADER_content-length,HEADER_x-descope-timestamp"
            )
            .Sign(request);

        Assert.Equal(
            "{\"n\":\"<ë>\"}" + "POST" + "Zoë" + "/a%2fb?x=%41" + "" + "application/json" + "h.example:8443" + "12" + "1700000000",
            Encoding.UTF8.GetString(signed.Bytes.Span)
        );
    }

    [Fact]
    public void Sign_TimestampSetByTheCaller_Stays()
    {
        var request = Request("https://h.example").With("X-Descope-Timestamp", "42");

        Assert.Equal("42", Encoding.UTF8.GetString(Signer("HEADER_x-descope-timestamp").Sign(request).Bytes.Span));
    }

    [Fact]
    public void Sign_ARetry_MakesTimestampAndSignatureAfresh()
    {
        var request = Request("https://h.example", "POST", "x"u8.ToArray());
        var signer = Signer("HEADER_x-descope-timestamp,BODY");

        var first = signer.Sign(request);
        _time.Advance(TimeSpan.FromSeconds(5));
        var second = signer.Sign(request);

        Assert.Equal("1700000005", request.Headers["x-descope-timestamp"]);
        Assert.Equal("1700000005x", Encoding.UTF8.GetString(second.Bytes.Span));
        Assert.NotEqual(first.Signature, second.Signature);
        Assert.Equal(second.Signature, request.Headers["x-descope-webhook-s256"]);
    }

    // What a later handler could change or add is exactly what was signed.
    [Theory]
    [InlineData("GET", null, false)]
    [InlineData("GET", null, true)]
    [InlineData("POST", null, false)]
    [InlineData("POST", "abc", true)]
    [InlineData("DELETE", null, false)]
    public async Task Sign_HeadersOfTheTransport_AreSignedAsTheyAreSent(string method, string? body, bool contentType)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var transport = New();
        var request = Request(server.Url + "/a%2Fb?c=%20", method, body is null ? null : Encoding.UTF8.GetBytes(body));
        if (contentType)
            request.With("content-type", "text/plain");

        var signed = Signer("METHOD,URI,HEADER_host,HEADER_accept-encoding,HEADER_content-length,HEADER_content-type,BODY").Sign(request);
        await transport.ReplyAsync(request);

        var received = Assert.Single(server.Requests);
        Assert.Equal(
            received.Method
                + received.Target
                + received.Header("host")
                + received.Header("accept-encoding")
                + received.Header("content-length")
                + received.Header("content-type")
                + received.Text,
            Encoding.UTF8.GetString(signed.Bytes.Span)
        );
    }

    private HmacSignature Signer(string template) => new("s3cr€t", SignatureTemplate.Parse(template), _time);
}
