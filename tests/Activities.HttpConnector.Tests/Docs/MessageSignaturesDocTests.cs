using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using FlowEngine.Context;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Tests.Flows;
using FlowEngine.HttpConnector.Tests.Servers;
using FlowEngine.HttpConnector.Tests.Signing;
using FlowEngine.Tests;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.Extensions.Time.Testing;

namespace FlowEngine.HttpConnector.Tests.Docs;

/// <summary>
/// docs/message-signatures.md: its verifiers, as they stand there, judge requests that flows really sent. Go is only compared with the rules
/// where it is not installed; Python judges public keys only where its package is.
/// </summary>
[Trait("Category", "slow")]
public sealed class MessageSignaturesDocTests
{
    private const string Shared = "a text that both sides share";
    private static readonly string[] Required = ["@method", "@target-uri", "content-digest"];
    private static readonly string Doc = File.ReadAllText(Path.Combine(Repository.Root, "docs", "message-signatures.md"));

    public static TheoryData<string, string> Keys =>
        new()
        {
            { Shared, Shared },
            { SigningKeyVectors.P256, SigningKeyTests.Read(SigningKeyVectors.P256).PublicKeyPem! },
            { SigningKeyVectors.P384, SigningKeyTests.Read(SigningKeyVectors.P384).PublicKeyPem! },
            { SigningKeyVectors.Ed25519, SigningKeyTests.Read(SigningKeyVectors.Ed25519).PublicKeyPem! },
            { SigningKeyVectors.Rsa, SigningKeyTests.Read(SigningKeyVectors.Rsa).PublicKeyPem! },
        };

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Node_AcceptsWhatTheEngineSignedAndNothingElse(string key, string verifier)
    {
        const string Judge = """

            const requests = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
            console.log(requests.map((r) => Number(verify(r.key, r.required, r.method, r.url, r.headers, Buffer.from(r.body, 'base64')))).join(''));
            """;

        await AssertJudgesAsync(key, verifier, requests => Programs.RunAsync("node", Snippet("js") + Judge, requests));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Python_AcceptsWhatTheEngineSignedAndNothingElse(string key, string verifier)
    {
        const string Judge = """

            import json, sys
            requests = json.loads(sys.stdin.buffer.read())
            print("".join(str(int(verify(r["key"], r["required"], r["method"], r["url"], r["headers"], base64.b64decode(r["body"])))) for r in requests))
            """;
        const string Find = "import importlib.util\nprint(importlib.util.find_spec('cryptography') is not None)";
        if (key != Shared && (await Programs.RunAsync("python3", Find, "")).Trim() != "True")
            Assert.Skip("Python's package cryptography is not installed.");

        await AssertJudgesAsync(key, verifier, requests => Programs.RunAsync("python3", Snippet("python") + Judge, requests));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task CSharp_AcceptsWhatTheEngineSignedAndNothingElse(string key, string verifier)
    {
        if (key == SigningKeyVectors.Ed25519)
            return; // .NET has none, as the page says.
        var verify = CompileDoc();

        await AssertJudgesAsync(
            key,
            verifier,
            requests =>
                Task.FromResult(
                    string.Concat(
                        JsonSerializer
                            .Deserialize<List<Judged>>(requests, JsonSerializerOptions.Web)!
                            .Select(request =>
                                verify(
                                    request.Key,
                                    request.Required,
                                    request.Method,
                                    request.Url,
                                    name => request.Headers.GetValueOrDefault(name),
                                    Convert.FromBase64String(request.Body)
                                )
                                    ? '1'
                                    : '0'
                            )
                    )
                )
        );
    }

    [Fact]
    public void Go_NamesEachRule()
    {
        var source = Snippet("go");
        foreach (
            var needed in (string[])
                [
                    "ed25519.Verify",
                    "ecdsa.Verify",
                    "SaltLength: 64",
                    "hmac.Equal",
                    "sha512.Sum384",
                    "\"@query\"",
                    "expires < now",
                    "Content-Digest",
                ]
        )
            Assert.Contains(needed, source, StringComparison.Ordinal);
    }

    /// <summary>Whole, and with each of the things changed that a receiver has to notice.</summary>
    private static async Task AssertJudgesAsync(string key, string verifier, Func<string, Task<string>> judge)
    {
        var good = await SignedAsync(key, verifier, TimeProvider.System);
        var old = await SignedAsync(key, verifier, new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddMinutes(-6)));
        var uncovered = await SignedAsync(key, verifier, TimeProvider.System, "\"@method\", \"@target-uri\"");
        Judged[] requests =
        [
            good,
            await SignedAsync(
                key,
                verifier,
                TimeProvider.System,
                "\"x-name\", \"@path\", \"@query\", \"@authority\", \"@method\", \"@target-uri\", \"content-digest\""
            ),
            good with
            {
                Method = "PUT",
            },
            good with
            {
                Url = good.Url + "&more=1",
            },
            good with
            {
                Body = Convert.ToBase64String("{}"u8),
            },
            good with
            {
                Headers = With(good.Headers, "signature-input", text => text.Replace("expires=", "expires=9", StringComparison.Ordinal)),
            },
            good with
            {
                Headers = With(good.Headers, "signature", text => text.Replace("sig1=:", "sig1=:AAAA", StringComparison.Ordinal)),
            },
            good with
            {
                Headers = With(good.Headers, "signature", _ => ""),
            },
            old,
            uncovered,
        ];

        Assert.Equal("1100000000", (await judge(JsonSerializer.Serialize(requests, JsonSerializerOptions.Web))).Trim());
    }

    private static Dictionary<string, string> With(Dictionary<string, string> headers, string name, Func<string, string> change) =>
        new(headers) { [name] = change(headers[name]) };

    private static async Task<Judged> SignedAsync(
        string key,
        string verifier,
        TimeProvider time,
        string components = "\"@method\", \"@target-uri\", \"content-digest\""
    )
    {
        await using var server = LoopbackServer.Answering(_ => LoopbackServer.Reply(200));
        await using var flow = TestFlow.Compile(
            server.Url,
            """{ "method": "POST", "endpoint": "/hook/{{client.id}}?x=%41", "body": { "n": 1 }, "headers": { "x-name": " Ada  L " } }""",
            $$"""{ "messageSignature": { "keyId": "k", "key": {{FlowValue.From(key).ToJson()}}, "components": [ {{components}} ] } }""",
            new() { Egress = Transports.Loopback, Time = time }
        );
        Assert.Equal("Success", (await flow.RunAsync("""{ "id": "a/b ü" }""")).EndName);
        var request = Assert.Single(server.Requests);
        return new Judged(
            verifier,
            Required,
            request.Method,
            server.Url + request.Target,
            request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value),
            Convert.ToBase64String(request.Body)
        );
    }

    private sealed record Judged(string Key, string[] Required, string Method, string Url, Dictionary<string, string> Headers, string Body);

    private delegate bool Verifier(string key, string[] required, string method, string url, Func<string, string?> header, byte[] body);

    private static Verifier CompileDoc()
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            "MessageSignaturesDoc",
            [CSharpSyntaxTree.ParseText("using System;\nusing System.Linq;\n" + Snippet("csharp"))],
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable)
        );
        using var assembly = new MemoryStream();
        var emitted = compilation.Emit(assembly);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        return Assembly.Load(assembly.ToArray()).GetType("MessageSignature")!.GetMethod("Verify")!.CreateDelegate<Verifier>();
    }

    private static string Snippet(string language) => Regex.Match(Doc, $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
}
