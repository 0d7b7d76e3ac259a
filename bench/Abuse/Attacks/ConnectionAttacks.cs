using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace FlowEngine.Bench.Abuse;

/// <summary>Stateless: connections that hold what they are given, and requests that are none.</summary>
internal static class ConnectionAttacks
{
    private const int Slow = 2_000;

    /// <summary>More than a server takes at once.</summary>
    private const int Silent = 10_500;

    private static readonly TimeSpan Drip = TimeSpan.FromSeconds(1);

    private static readonly string[] Sizes =
    [
        "FFFFFFFFFFFFFFFF",
        "7FFFFFFFFFFFFFFF",
        "8000000000000000",
        "100000000",
        "80000000",
        "7FFFFFFF",
        "-1",
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
        "0x10",
        "5;" + new string('a', 5000),
    ];

    public static IReadOnlyList<Attack> All { get; } =
    [
        new(
            "silent-connections",
            15,
            attacker =>
                attacker.RepeatAsync(
                    Silent,
                    async _ =>
                    {
                        using var socket = await attacker.ConnectAsync();
                        await attacker.CountAnswerAsync(socket, new byte[64]);
                    }
                )
        ),
        new(
            "slow-headers",
            15,
            attacker => attacker.RepeatAsync(Slow, _ => DripAsync(attacker, $"GET /healthz HTTP/1.1\r\nHost: {attacker.Host}\r\nX-Slow: "))
        ),
        new(
            "slow-bodies",
            15,
            attacker => attacker.RepeatAsync(Slow, _ => DripAsync(attacker, $"{StartOf(attacker)}Content-Length: 15000\r\n\r\n"))
        ),
        // Asks for much, and reads none of it.
        new(
            "slow-readers",
            15,
            attacker =>
                attacker.RepeatAsync(
                    Slow / 4,
                    async _ =>
                    {
                        using var socket = await attacker.ConnectAsync();
                        socket.ReceiveBufferSize = 4096;
                        var request = Encoding.ASCII.GetBytes(
                            string.Concat(Enumerable.Repeat($"GET /reference/scalar.js HTTP/1.1\r\nHost: {attacker.Host}\r\n\r\n", 50))
                        );
                        await socket.SendAsync(request, SocketFlags.None, attacker.End);
                        var buffer = new byte[1];
                        while (await socket.ReceiveAsync(buffer, SocketFlags.None, attacker.End) > 0)
                            await Task.Delay(Drip, attacker.End);
                        attacker.Count("closed");
                    }
                )
        ),
        new(
            "chunked-overflow",
            15,
            attacker =>
                attacker.RepeatAsync(
                    16,
                    async place =>
                    {
                        using var socket = await attacker.ConnectAsync();
                        var size = Sizes[Random.Shared.Next(Sizes.Length)];
                        await attacker.SendRawAsync(
                            socket,
                            Encoding.ASCII.GetBytes($"{StartOf(attacker)}Transfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n{size}\r\nxx")
                        );
                    }
                )
        ),
        new(
            "huge-headers",
            15,
            attacker =>
                attacker.RepeatAsync(
                    16,
                    async place =>
                    {
                        using var socket = await attacker.ConnectAsync();
                        var headers = (place % 3) switch
                        {
                            0 => $"X-Long: {new string('x', 1024 * 1024)}\r\n",
                            1 => string.Concat(
                                Enumerable.Range(0, 5_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"X-{i}: {i}\r\n"))
                            ),
                            _ => $"Cookie: {string.Concat(Enumerable.Repeat("a=b; ", 5_000))}\r\n",
                        };
                        await attacker.SendRawAsync(
                            socket,
                            Encoding.ASCII.GetBytes($"GET /login/login HTTP/1.1\r\nHost: {attacker.Host}\r\n{headers}\r\n")
                        );
                    }
                )
        ),
        new(
            "oversized-bodies",
            15,
            attacker =>
                attacker.RepeatAsync(
                    16,
                    async place =>
                    {
                        using var socket = await attacker.ConnectAsync();
                        // One says how large it is, the other goes on and on.
                        var isChunked = place % 2 == 0;
                        await socket.SendAsync(
                            Encoding.ASCII.GetBytes(
                                $"{StartOf(attacker)}{(isChunked ? "Transfer-Encoding: chunked" : "Content-Length: 10737418240")}\r\n\r\n"
                            ),
                            SocketFlags.None,
                            attacker.End
                        );
                        var block = Encoding.ASCII.GetBytes(
                            isChunked ? $"10000\r\n{new string('[', 64 * 1024)}\r\n" : new string('[', 64 * 1024)
                        );
                        try
                        {
                            for (var i = 0; i < 1024 && socket.Available == 0; i++)
                                await socket.SendAsync(block, SocketFlags.None, attacker.End);
                        }
                        catch (SocketException)
                        {
                            // Cut off, as it should be.
                        }
                        await attacker.CountAnswerAsync(socket, new byte[4096]);
                    }
                )
        ),
    ];

    private static string StartOf(Attacker attacker) =>
        $"POST /v1/flow/start HTTP/1.1\r\nHost: {attacker.Host}\r\nContent-Type: application/json\r\n";

    /// <summary>Begins a request and sends a byte a second of it.</summary>
    private static async Task DripAsync(Attacker attacker, string begin)
    {
        using var socket = await attacker.ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes(begin), SocketFlags.None, attacker.End);
        var buffer = new byte[64];
        var answer = attacker.CountAnswerAsync(socket, buffer);
        while (!answer.IsCompleted)
        {
            try
            {
                await socket.SendAsync("a"u8.ToArray(), SocketFlags.None, attacker.End);
            }
            catch (SocketException)
            {
                break;
            }
            await Task.WhenAny(answer, Task.Delay(Drip, attacker.End));
            attacker.End.ThrowIfCancellationRequested();
        }
        await answer;
    }
}
