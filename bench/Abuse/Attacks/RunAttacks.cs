using System.Buffers.Text;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace FlowEngine.Bench.Abuse;

/// <summary>Stateless: runs that do not exist, runs that nobody goes on with, and every address that an anonymous client can
/// ask.</summary>
internal static class RunAttacks
{
    private const int AtOnce = 16;

    private static readonly (string Method, string Path, string? Body)[] Routes =
    [
        ("GET", "/", null),
        ("GET", "/healthz", null),
        ("GET", "/readyz", null),
        ("GET", "/.well-known/jwks.json", null),
        ("GET", "/v2/keys/default", null),
        ("GET", "/v2/keys/other", null),
        ("GET", "/openapi/v1.json", null),
        ("GET", "/reference", null),
        ("GET", "/reference/scalar.js", null),
        ("GET", "/flow-engine.js", null),
        ("GET", "/flow-engine/nothing.css", null),
        ("GET", "/console", null),
        ("GET", "/console/flows", null),
        ("GET", "/api/session", null),
        ("GET", "/api/flows", null),
        ("GET", "/nowhere", null),
        ("GET", "/login/nowhere", null),
        ("GET", "/login/login", null),
        ("GET", "/login/login/{random}", null),
        ("POST", "/login/login/{random}", "a=b"),
        ("POST", "/api/session", "{}"),
        ("POST", "/api/setup", """{ "token": "{random}", "name": "eve", "password": "correct horse battery" }"""),
        ("POST", "/v1/flow/start", """{ "flowId": "nowhere" }"""),
        ("POST", "/v1/flow/next", """{ "executionId": "{random}", "interactionId": "submit" }"""),
        ("POST", "/v1/auth/refresh", """{ "refreshJwt": "{random}" }"""),
        ("POST", "/v1/auth/logout", """{ "refreshJwt": "{random}" }"""),
        ("POST", "/v1/auth/code/exchange", """{ "code": "{random}", "redirectUri": "https://example.com" }"""),
        ("POST", "/v1/mgmt/flow/run", """{ "flowId": "login" }"""),
    ];

    public static IReadOnlyList<Attack> All { get; } =
    [
        new("random-runs", 11, attacker => FloodAsync(attacker, _ => Request(attacker, "GET", "/login/login/{random}", null))),
        new(
            "random-steps",
            11,
            attacker =>
                FloodAsync(
                    attacker,
                    _ =>
                        Request(
                            attacker,
                            "POST",
                            "/v1/flow/next",
                            """{ "executionId": "{random}", "stepId": "x", "interactionId": "submit", "input": {} }"""
                        )
                )
        ),
        new(
            "every-route",
            11,
            attacker =>
                FloodAsync(
                    attacker,
                    i => Request(attacker, Routes[i % Routes.Length].Method, Routes[i % Routes.Length].Path, Routes[i % Routes.Length].Body)
                )
        ),
        new("large-starts", 12, attacker => StartAsync(attacker, [250 * 1024, 60 * 1024, 15 * 1024])),
        new(
            "abandoned-starts",
            12,
            attacker =>
                attacker.RepeatAsync(
                    8,
                    place =>
                        place % 2 == 0
                            ? attacker.SendAsync(HttpMethod.Get, "/login/login")
                            : attacker.PostAsync("/v1/flow/start", """{ "flowId": "login" }""")
                )
        ),
    ];

    /// <summary>Starts runs with the largest body that the server takes.</summary>
    private static async Task StartAsync(Attacker attacker, int[] sizes)
    {
        var size = 0;
        await attacker.RepeatAsync(
            8,
            async _ =>
            {
                var at = Volatile.Read(ref size);
                var (status, _) = await attacker.PostAsync(
                    "/v1/flow/start",
                    $$"""{ "flowId": "login", "options": { "client": { "note": "{{Noise(sizes[at])}}" } } }"""
                );
                if (status == 413 && at + 1 < sizes.Length)
                    Interlocked.CompareExchange(ref size, at + 1, at);
            }
        );
    }

    /// <summary>Many requests on each of a few connections, the next before the last is answered.</summary>
    private static Task FloodAsync(Attacker attacker, Func<int, byte[]> request)
    {
        var number = 0;
        return attacker.RepeatAsync(
            16,
            async _ =>
            {
                using var socket = await attacker.ConnectAsync();
                using var stream = new NetworkStream(socket);
                var answers = new AnswerReader(stream);
                while (!attacker.End.IsCancellationRequested && attacker.Take(AtOnce))
                {
                    using var batch = new MemoryStream();
                    for (var i = 0; i < AtOnce; i++)
                        batch.Write(request(Interlocked.Increment(ref number) & int.MaxValue));
                    await stream.WriteAsync(batch.GetBuffer().AsMemory(0, (int)batch.Length), attacker.End);
                    for (var i = 0; i < AtOnce; i++)
                        attacker.Count(await answers.StatusAsync(attacker.End));
                }
            }
        );
    }

    private static byte[] Request(Attacker attacker, string method, string path, string? body)
    {
        var type = body is null
            ? ""
            : $"Content-Type: {(body.StartsWith('{') ? "application/json" : "application/x-www-form-urlencoded")}\r\n";
        path = path.Replace("{random}", Random24(), StringComparison.Ordinal);
        body = body?.Replace("{random}", Random24(), StringComparison.Ordinal);
        var length = body is null ? "" : $"Content-Length: {body.Length}\r\n";
        // A browser that has been here before, or says so.
        return Encoding.ASCII.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: {attacker.Host}\r\nCookie: fe_browser={new string('A', 43)}\r\n{type}{length}\r\n{body}"
        );
    }

    /// <summary>An id like those of runs.</summary>
    private static string Random24() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18));

    /// <summary>What does not compress.</summary>
    private static string Noise(int bytes) => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes / 4 * 3));
}
