using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace FlowEngine.Bench.Abuse;

/// <summary>Per attack, thread-safe: one anonymous client with one loopback address (or a few, where an attack says so), a time and a number
/// of tries, who counts how it is answered.</summary>
internal sealed class Attacker : IDisposable
{
    private readonly CancellationTokenSource _end;
    private readonly ConcurrentDictionary<string, long> _answers = new();
    private readonly IPAddress _from;
    private readonly Uri _server;
    private readonly ConcurrentDictionary<int, HttpClient> _others = new();
    private long _left;

    private Attacker(Uri server, IPAddress from, TimeSpan time, long most)
    {
        (_server, _from, _left) = (server, from, most);
        _end = new CancellationTokenSource(time);
        Http = LoopbackAddress.Client(from, server);
    }

    /// <summary>Ordinary requests.</summary>
    public HttpClient Http { get; }

    /// <summary>The time is over.</summary>
    public CancellationToken End => _end.Token;

    /// <summary>What stands in the Host header.</summary>
    public string Host => _server.Authority;

    /// <summary>Runs one attack and prints how often the server answered what.</summary>
    public static async Task<int> RunAsync(string name, string url, string address, string seconds, string most)
    {
        using var attacker = new Attacker(
            new Uri(url),
            IPAddress.Parse(address),
            TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)),
            long.Parse(most, CultureInfo.InvariantCulture)
        );
        await Attacks.All.Single(attack => attack.Name == name).RunAsync(attacker);
        Console.WriteLine(
            string.Join(
                ", ",
                attacker
                    ._answers.OrderByDescending(answer => answer.Value)
                    .Select(answer => string.Create(CultureInfo.InvariantCulture, $"{answer.Value:#,0} × {answer.Key}"))
            )
        );
        return 0;
    }

    /// <summary>Does something again and again, at so many places at once, until the time or the number of tries is over. What breaks is
    /// counted, and tried again.</summary>
    public Task RepeatAsync(int places, Func<int, Task> act) =>
        Task.WhenAll(
            Enumerable
                .Range(0, places)
                .Select(place =>
                    Task.Run(async () =>
                    {
                        while (!End.IsCancellationRequested && Interlocked.Decrement(ref _left) >= 0)
                        {
                            try
                            {
                                await act(place);
                            }
                            catch (OperationCanceledException)
                            {
                                if (!End.IsCancellationRequested)
                                    Count("no answer within 30 s");
                            }
                            catch (Exception error)
                                when (error
                                        is HttpRequestException
                                            or IOException
                                            or SocketException
                                            or JsonException
                                            or KeyNotFoundException
                                )
                            {
                                Count("cut off");
                                // Somebody who is refused a connection does not try a million times a second.
                                await Task.Delay(50);
                            }
                        }
                    })
                )
        );

    /// <summary>Counts an answer.</summary>
    public void Count(string answer, long times = 1) => _answers.AddOrUpdate(answer, times, (_, count) => count + times);

    /// <summary>Takes several tries at once.</summary>
    public bool Take(int tries) => Interlocked.Add(ref _left, -tries) >= 0;

    /// <summary>A connection.</summary>
    public async Task<Socket> ConnectAsync()
    {
        var socket = await LoopbackAddress.ConnectAsync(_from, _server.Port, End);
        return socket;
    }

    /// <summary>Sends a request and reads its answer.</summary>
    public Task<(int Status, string Body)> SendAsync(HttpMethod method, string path, string? json = null) =>
        SendAsync(Http, method, path, json);

    private async Task<(int Status, string Body)> SendAsync(HttpClient http, HttpMethod method, string path, string? json)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request, End);
        Count(((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture));
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(End));
    }

    /// <summary>Posts JSON.</summary>
    public Task<(int Status, string Body)> PostAsync(string path, string json) => SendAsync(HttpMethod.Post, path, json);

    /// <summary>Begins a run and submits its screen so often, as long as it shows one.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="submits">How often.</param>
    /// <param name="input">What the screen is given.</param>
    /// <param name="place">From which of the attacker's addresses; 0 is their own.</param>
    public async Task GoThroughAsync(string flow, int submits, Func<string> input, int place = 0)
    {
        var http = place == 0 ? Http : _others.GetOrAdd(place, other => LoopbackAddress.Client(Neighbour(other), _server));
        var (status, body) = await SendAsync(http, HttpMethod.Post, "/v1/flow/start", $$"""{ "flowId": "{{flow}}" }""");
        for (var i = 0; i < submits && status == 200; i++)
        {
            var screen = JsonSerializer.Deserialize<JsonElement>(body);
            if (Text("status") != "waiting")
                return;
            (status, body) = await SendAsync(
                http,
                HttpMethod.Post,
                "/v1/flow/next",
                $$"""
                { "executionId": "{{Text("executionId")}}", "stepId": "{{Text(
                    "stepId"
                )}}", "interactionId": "submit", "input": {{input()}} }
                """
            );

            string? Text(string name) => screen.GetProperty(name).GetString();
        }
        // Whoever is told to wait does not ask at once a thousand times over.
        if (status is 429 or 503)
            await Task.Delay(20, End);
    }

    /// <summary>Sends bytes and counts the status of what comes back; "closed" when nothing does.</summary>
    public async Task SendRawAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        var buffer = new byte[4096];
        try
        {
            for (var sent = 0; sent < bytes.Length; )
                sent += await socket.SendAsync(bytes[sent..], End);
        }
        catch (SocketException)
        {
            // Cut off while it was sent; an answer may be there all the same.
        }
        await CountAnswerAsync(socket, buffer);
    }

    /// <summary>Waits for an answer on a raw connection and counts it.</summary>
    public async Task CountAnswerAsync(Socket socket, byte[] buffer)
    {
        int length;
        try
        {
            length = await socket.ReceiveAsync(buffer, End);
        }
        catch (SocketException)
        {
            length = 0;
        }
        Count(length >= 12 && buffer.AsSpan().StartsWith("HTTP/1.1 "u8) ? Encoding.ASCII.GetString(buffer, 9, 3) : "closed");
    }

    private IPAddress Neighbour(int place)
    {
        var bytes = _from.GetAddressBytes();
        bytes[3] += (byte)place;
        return new IPAddress(bytes);
    }

    public void Dispose()
    {
        Http.Dispose();
        foreach (var other in _others.Values)
            other.Dispose();
        _end.Dispose();
    }
}
