using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FlowEngine.Context;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;

namespace FlowEngine.HttpConnector.Tests.Wire;

/// <summary>Servers that we did not write ask for our certificate: OpenSSL's own and nginx.</summary>
[Trait("Category", "slow")]
public sealed class HttpTransportMutualTlsIndependentTests : IDisposable
{
    private static readonly TestIdentities Own = TestIdentities.Own;
    private static readonly TestIdentities Strangers = TestIdentities.Strangers;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public HttpTransportMutualTlsIndependentTests()
    {
        Write("root.pem", Own.RootPem + "\n" + Own.BetweenPem + "\n");
        Write("server.pem", Own.Server.CertificatePem + "\n" + Own.BetweenPem + "\n");
        Write("server.key", Own.Server.KeyPem + "\n");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task OpenSsl_TakesOurIdentityAndRefusesNoneAnotherAndAnExpiredOne(string version)
    {
        var port = FreePort();
        using var server = await StartAsync(
            "openssl",
            $"s_server -accept 127.0.0.1:{port} {version} -cert {At("server.pem")} -cert_chain {At("server.pem")} -key {At("server.key")} "
                + $"-CAfile {At("root.pem")} -Verify 3 -verify_return_error -www",
            port
        );

        Assert.Equal("Success", (await RunAsync(port, Own.Client)).End);
        await AssertRefusesOthersAsync(port, "http.tls");
        server.Kill();
    }

    /// <summary>nginx finishes the handshake, and answers 400 in its place.</summary>
    [Fact]
    public async Task Nginx_TakesOurIdentityAndRefusesNoneAnotherAndAnExpiredOne()
    {
        var port = FreePort();
        Write(
            "nginx.conf",
            $$"""
            daemon off; master_process off; pid {{At("nginx.pid")}}; error_log stderr warn;
            events { }
            http {
              access_log off;
              client_body_temp_path {{At("body")}}; proxy_temp_path {{At("proxy")}}; fastcgi_temp_path {{At("fastcgi")}};
              uwsgi_temp_path {{At("uwsgi")}}; scgi_temp_path {{At("scgi")}};
              server {
                listen 127.0.0.1:{{port}} ssl;
                ssl_certificate {{At("server.pem")}}; ssl_certificate_key {{At("server.key")}};
                ssl_client_certificate {{At("root.pem")}}; ssl_verify_client on; ssl_verify_depth 3;
                location / { default_type text/plain; return 200 "$ssl_client_s_dn $ssl_client_verify"; }
              }
            }
            """
        );
        using var server = await StartAsync(
            File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx",
            $"-e stderr -c {At("nginx.conf")}",
            port
        );

        var taken = await RunAsync(port, Own.Client);
        Assert.Equal(("Success", "CN=client-1 SUCCESS"), (taken.End, taken.Result.Get("body").ToText()));
        await AssertRefusesOthersAsync(port, "http.status");
        server.Kill();
    }

    /// <summary>Whoever shows nothing, what another authority signed, or what is over, is refused, and told which setting to look
    /// at.</summary>
    private static async Task AssertRefusesOthersAsync(int port, string code)
    {
        foreach (
            var (identity, said) in ((TestIdentity?, string)[])
                [
                    (null, "clientCertificate and clientKey"),
                    (Strangers.Client, "clientCertificate"),
                    (Own.ExpiredClient, "clientCertificate"),
                ]
        )
        {
            var (_, _, error) = await RunAsync(port, identity);
            Assert.Equal(code, error.Get("code").ToText());
            Assert.Contains(said, error.Get("message").ToText(), StringComparison.Ordinal);
        }
    }

    private static async Task<(string? End, FlowValue Result, FlowValue Error)> RunAsync(int port, TestIdentity? identity)
    {
        var shown = identity is null
            ? ""
            : $""", "clientCertificate": {Json(identity.CertificatePem + "\n" + Own.BetweenPem)}, "clientKey": {Json(identity.KeyPem)}""";
        await using var flow = TestFlow.Compile(
            $"https://localhost:{port}",
            "{}",
            $$"""{ "caCertificates": {{Json(Own.RootPem + Own.BetweenPem)}} {{shown}} }"""
        );
        var run = await flow.RunAsync();
        return (run.EndName, run.Call(), run.Call().Get("error"));
    }

    private static string Json(string text) => FlowValue.From(text).ToJson();

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private void Write(string name, string text) => File.WriteAllText(At(name), text);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts a server and waits until its port takes connections.</summary>
    private static async Task<ServerProcess> StartAsync(string program, string arguments, int port)
    {
        try
        {
            var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
            )!;
            process.OutputDataReceived += (_, _) => { };
            var errors = process.StandardError.ReadToEndAsync();
            process.BeginOutputReadLine();
            var started = TimeProvider.System.GetTimestamp();
            while (!Takes(port))
            {
                if (process.HasExited)
                    Assert.Fail(await errors);
                Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(30), $"{program} does not listen.");
                // It has no other way to say so.
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
            }
            return new ServerProcess(process);
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{program} is not installed.");
            throw;
        }
    }

    private static bool Takes(int port)
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private sealed class ServerProcess(Process process) : IDisposable
    {
        public void Kill() => process.Kill(entireProcessTree: true);

        public void Dispose()
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }
    }
}
