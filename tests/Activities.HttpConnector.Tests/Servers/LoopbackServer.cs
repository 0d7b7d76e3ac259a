using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Tests.Servers;

/// <summary>Per test. A server on a loopback socket that says exactly what
/// the test tells it to, over TLS when given a certificate.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly X509Certificate2? _certificate;
    private readonly Func<ServedConnection, Task> _serve;
    private readonly Task _accepting;
    private int _accepted;

    /// <summary>Whether a client has to show a certificate, and which ones are taken; set before the first connection.</summary>
    public Func<X509Certificate2?, bool>? TakesClient { get; set; }

    /// <summary>The names that clients asked for in their handshakes (SNI).</summary>
    public ConcurrentQueue<string> Names { get; } = new();

    private LoopbackServer(Func<ServedConnection, Task> serve, X509Certificate2? certificate, IPAddress? address)
    {
        (_serve, _certificate) = (serve, certificate);
        _listener = new(address ?? IPAddress.Loopback, 0);
        _listener.Start(1024);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections were opened.</summary>
    public int Connections => Volatile.Read(ref _accepted);

    /// <summary>What <see cref="Answering(Func{ReceivedRequest, string}, X509Certificate2)"/> has received, in order.</summary>
    public ConcurrentQueue<ReceivedRequest> Requests { get; } = new();

    public string Url => $"{(_certificate is null ? "http" : "https")}://{(_certificate is null ? "127.0.0.1" : "localhost")}:{Port}";

    /// <summary>Serves each connection by a script.</summary>
    public static LoopbackServer Start(
        Func<ServedConnection, Task> serve,
        X509Certificate2? certificate = null,
        IPAddress? address = null
    ) => new(serve, certificate, address);

    /// <summary>Reads a request, sends raw bytes, closes.</summary>
    public static LoopbackServer Sending(string answer) =>
        Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(answer);
        });

    /// <summary>A well-behaved server with keep-alive; the function gives the whole answer.</summary>
    public static LoopbackServer Answering(Func<ReceivedRequest, string> answer, X509Certificate2? certificate = null) =>
        AnsweringAsync(request => Task.FromResult(answer(request)), certificate);

    /// <summary>As <see cref="Answering(Func{ReceivedRequest, string}, X509Certificate2)"/>, taking its time.</summary>
    public static LoopbackServer AnsweringAsync(Func<ReceivedRequest, Task<string>> answer, X509Certificate2? certificate = null)
    {
        LoopbackServer? server = null;
        return server = Start(
            async connection =>
            {
                while (await connection.ReadRequestAsync() is { } request)
                {
                    server!.Requests.Enqueue(request);
                    await connection.WriteAsync(await answer(request));
                }
            },
            certificate
        );
    }

    /// <summary>An answer with its content-length.</summary>
    public static string Reply(int status, string body = "", string headers = "") =>
        $"HTTP/1.1 {status} X\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                Interlocked.Increment(ref _accepted);
                _connections.Add(Task.Run(() => ServeAsync(client)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The server was stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        client.NoDelay = true;
        try
        {
            Stream stream = client.GetStream();
            if (_certificate is not null)
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions
                    {
                        ServerCertificate = _certificate,
                        ClientCertificateRequired = TakesClient is not null,
                        RemoteCertificateValidationCallback = (_, shown, _, _) => TakesClient?.Invoke(shown as X509Certificate2) ?? true,
                    },
                    _stopping.Token
                );
                Names.Enqueue(tls.TargetHostName);
                stream = tls;
            }
            await using (stream)
                await _serve(new(stream, ((IPEndPoint)client.Client.RemoteEndPoint!).Address, _stopping.Token));
        }
        catch (Exception e)
            when (e is IOException or SocketException or AuthenticationException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went away or the test is over.
        }
    }
}
