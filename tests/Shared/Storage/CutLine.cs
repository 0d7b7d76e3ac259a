using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace FlowEngine.TestServers;

/// <summary>Per test: a network between us and PostgreSQL that can break between a commit and the answer that tells of it.</summary>
internal sealed class CutLine : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly string _host;
    private readonly int _port;
    private int _armed;
    private int _cuts;

    public CutLine(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        (_host, _port) = (settings.Host!, settings.Port);
        _listener.Start();
        settings.Host = "127.0.0.1";
        settings.Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        settings.SslMode = SslMode.Disable;
        ConnectionString = settings.ConnectionString;
        _ = AcceptAsync();
    }

    /// <summary>Connects through the line.</summary>
    public string ConnectionString { get; }

    /// <summary>How often it broke.</summary>
    public int Cuts => _cuts;

    /// <summary>What the server answers next never arrives. It answers a statement after the commit, and in one piece.</summary>
    public void CutNextAnswer() => Interlocked.Exchange(ref _armed, 1);

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(_host, _port, _stop.Token);
                client.NoDelay = server.NoDelay = true;
                await Task.WhenAny(
                    client.GetStream().CopyToAsync(server.GetStream(), _stop.Token),
                    AnswerAsync(server.GetStream(), client.GetStream())
                );
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or IOException)
            {
                // A line that broke.
            }
        }
    }

    private async Task AnswerAsync(NetworkStream server, NetworkStream client)
    {
        var buffer = new byte[64 * 1024];
        while (await server.ReadAsync(buffer, _stop.Token) is > 0 and var length)
        {
            if (Interlocked.Exchange(ref _armed, 0) == 1)
            {
                Interlocked.Increment(ref _cuts);
                return;
            }
            await client.WriteAsync(buffer.AsMemory(0, length), _stop.Token);
        }
    }
}
