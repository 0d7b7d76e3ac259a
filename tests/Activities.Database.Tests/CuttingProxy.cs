using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FlowEngine.Database.Tests;

/// <summary>Between a client and a database: it cuts the connection on which a word comes by, before the word arrives, or once it has been
/// answered and before the answer does.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _target;
    private readonly byte[] _word;
    private readonly bool _arrives;
    private readonly Task _accepting;
    private int _seen;

    /// <summary>Begins to listen.</summary>
    /// <param name="target">The database's port on this machine.</param>
    /// <param name="word">The word, in ASCII.</param>
    /// <param name="arrives">Whether the database still gets it.</param>
    public CuttingProxy(int target, string word, bool arrives)
    {
        (_target, _word, _arrives) = (target, Encoding.ASCII.GetBytes(word), arrives);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How often the word came by.</summary>
    public int Seen => Volatile.Read(ref _seen);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
            _ = RelayAsync(client);
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        await far.ConnectAsync(IPAddress.Loopback, _target, _stopping.Token);
        var isCut = new StrongBox();
        var forth = ForthAsync(near.GetStream(), far.GetStream(), isCut);
        var back = BackAsync(far.GetStream(), near.GetStream(), isCut);
        await Task.WhenAny(forth, back);
        near.Close();
        far.Close();
        await Task.WhenAll(forth, back).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ForthAsync(NetworkStream from, NetworkStream to, StrongBox isCut)
    {
        var buffer = new byte[64 * 1024];
        for (int read; (read = await from.ReadAsync(buffer, _stopping.Token)) > 0; )
        {
            if (buffer.AsSpan(0, read).IndexOf(_word) >= 0)
            {
                Interlocked.Increment(ref _seen);
                isCut.Value = true;
                if (!_arrives)
                    return;
            }
            await to.WriteAsync(buffer.AsMemory(0, read), _stopping.Token);
        }
    }

    private async Task BackAsync(NetworkStream from, NetworkStream to, StrongBox isCut)
    {
        var buffer = new byte[64 * 1024];
        for (int read; (read = await from.ReadAsync(buffer, _stopping.Token)) > 0; )
        {
            if (isCut.Value)
                return;
            await to.WriteAsync(buffer.AsMemory(0, read), _stopping.Token);
        }
    }

    private sealed class StrongBox
    {
        private volatile bool _value;

        public bool Value
        {
            get => _value;
            set => _value = value;
        }
    }
}
