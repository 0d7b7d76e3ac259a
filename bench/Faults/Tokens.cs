using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace FlowEngine.Bench.Faults;

/// <summary>Per scenario, thread-safe: verifies session tokens by the public keys of the servers. Not the time: the servers' clocks may be
/// elsewhere.</summary>
internal sealed class Tokens(Func<IEnumerable<Uri>> servers)
{
    private static readonly TimeSpan KeysTime = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, ECDsa> _keys = new();

    /// <summary>What is wrong with a token; null when its signature, subject and claims are those of the login.</summary>
    public async Task<string?> ProblemOfAsync(string token, Login login, string run)
    {
        var parts = token.Split('.');
        if (parts.Length != 3)
            return "no token";
        var header = JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(parts[0]));
        var key = await KeyAsync(header.GetProperty("kid").GetString()!);
        var isSigned =
            header.GetProperty("alg").GetString() == "ES256"
            && key is not null
            && key.VerifyData(
                Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"),
                Base64Url.DecodeFromChars(parts[2]),
                HashAlgorithmName.SHA256
            );
        if (!isSigned)
            return "a token that does not verify";
        var claims = JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(parts[1]));
        return Text("sub") != login.Person ? "a token of somebody else"
            : Text("region") != login.Region ? "a token with somebody else's claim"
            : Text("attempt") != login.Attempt || Text("run") != run ? "a token of another login"
            : null;

        string? Text(string name) => claims.TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    private async Task<ECDsa?> KeyAsync(string id)
    {
        using var limit = new CancellationTokenSource(KeysTime);
        while (!_keys.ContainsKey(id) && !limit.IsCancellationRequested)
        {
            foreach (var server in servers())
                await FetchAsync(server);
            if (!_keys.ContainsKey(id))
                await Task.Delay(100);
        }
        return _keys.GetValueOrDefault(id);
    }

    private async Task FetchAsync(Uri server)
    {
        try
        {
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
            var set = JsonSerializer.Deserialize<JsonElement>(await http.GetStringAsync(new Uri(server, "/.well-known/jwks.json")));
            foreach (var key in set.GetProperty("keys").EnumerateArray().Where(key => key.GetProperty("kty").GetString() == "EC"))
            {
                _keys.TryAdd(
                    key.GetProperty("kid").GetString()!,
                    ECDsa.Create(
                        new ECParameters
                        {
                            Curve = ECCurve.NamedCurves.nistP256,
                            Q = new() { X = Bytes("x"), Y = Bytes("y") },
                        }
                    )
                );

                byte[] Bytes(string name) => Base64Url.DecodeFromChars(key.GetProperty(name).GetString()!);
            }
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            // It is down: soon again, or another one.
        }
    }
}
