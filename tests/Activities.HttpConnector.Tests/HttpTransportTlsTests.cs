using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Servers;
using static FlowEngine.HttpConnector.Tests.Transports;

namespace FlowEngine.HttpConnector.Tests;

public sealed class HttpTransportTlsTests
{
    [Fact]
    public async Task SendAsync_TrustedCertificate_IsAnsweredWithTlsTiming()
    {
        Assert.SkipUnless(TestCertificates.AuthorityIsTrusted, "The test authority can be trusted on Linux only.");
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200, "ok"), TestCertificates.Good);
        await using var transport = New();

        var reply = await transport.ReplyAsync(Request(server.Url, timings: true));

        Assert.Equal("ok", reply.ReadText());
        Assert.True(reply.Timings!.Tls > TimeSpan.Zero);
        Assert.True(reply.Timings.Dns >= TimeSpan.Zero);
    }

    [Fact]
    public async Task SendAsync_ExpiredCertificate_IsTls() => await RefusesAsync(nameof(TestCertificates.Expired), "NotTimeValid");

    [Fact]
    public async Task SendAsync_CertificateOfAnotherHost_IsTls() =>
        await RefusesAsync(nameof(TestCertificates.WrongHost), "RemoteCertificateNameMismatch");

    [Fact]
    public async Task SendAsync_SelfSignedCertificate_IsTls() => await RefusesAsync(nameof(TestCertificates.SelfSigned), "UntrustedRoot");

    [Theory]
    [InlineData(nameof(TestCertificates.Expired))]
    [InlineData(nameof(TestCertificates.WrongHost))]
    [InlineData(nameof(TestCertificates.SelfSigned))]
    public async Task SendAsync_Insecure_TrustsAnyCertificateButNotForAnotherTransport(string certificate)
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200, "ok"), Certificate(certificate));
        await using var insecure = New(new() { Insecure = true });
        await using var secure = New();

        Assert.Equal("ok", (await insecure.ReplyAsync(Request(server.Url))).ReadText());
        Assert.Equal("ok", (await insecure.ReplyAsync(Request(server.Url))).ReadText());
        Assert.Equal("http.tls", (await secure.FaultAsync(Request(server.Url))).Code);
        Assert.Equal("ok", (await insecure.ReplyAsync(Request(server.Url))).ReadText());
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("")]
    public async Task SendAsync_NoTlsAtTheOtherEnd_IsTls(string answer)
    {
        await using var server = LoopbackServer.Start(async connection =>
        {
            await connection.Stream.ReadExactlyAsync(new byte[1], connection.Stopping);
            await connection.WriteAsync(answer);
        });
        await using var transport = New();

        Assert.Equal("http.tls", (await transport.FaultAsync(Request($"https://localhost:{server.Port}"))).Code);
    }

    [Fact]
    public async Task SendAsync_HandshakeThatNeverEnds_IsTimeout()
    {
        await using var server = LoopbackServer.Start(connection => connection.HoldAsync());
        await using var transport = New();

        var fault = await transport.FaultAsync(Request($"https://localhost:{server.Port}", timeout: TimeSpan.FromMilliseconds(200)));

        Assert.Equal("http.timeout", fault.Code);
    }

    private static async Task RefusesAsync(string certificate, string reason)
    {
        Assert.SkipUnless(TestCertificates.AuthorityIsTrusted, "The test authority can be trusted on Linux only.");
        await using var server = LoopbackServer.Answering(_ => throw new InvalidOperationException("reached"), Certificate(certificate));
        await using var transport = New();

        var fault = await transport.FaultAsync(Request(server.Url));

        Assert.Equal("http.tls", fault.Code);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    private static System.Security.Cryptography.X509Certificates.X509Certificate2 Certificate(string name) =>
        name switch
        {
            nameof(TestCertificates.Expired) => TestCertificates.Expired,
            nameof(TestCertificates.WrongHost) => TestCertificates.WrongHost,
            _ => TestCertificates.SelfSigned,
        };
}
