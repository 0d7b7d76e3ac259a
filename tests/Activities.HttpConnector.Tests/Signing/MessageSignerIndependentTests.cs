using System.Globalization;
using System.Text;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Signing;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.TestServers;
using static FlowEngine.HttpConnector.Tests.Transports;

namespace FlowEngine.HttpConnector.Tests.Signing;

/// <summary>Published libraries verify what we signed: 2,000 requests each, by every algorithm, and refuse the same when it was
/// changed.</summary>
[Trait("Category", "slow")]
public sealed class MessageSignerIndependentTests
{
    private const int Requests = 2_000;
    private const string Shared = "a text that both sides share";

    private static readonly (string Key, string? Algorithm)[] Keys =
    [
        (SigningKeyVectors.P256, null),
        (SigningKeyVectors.P384, null),
        (SigningKeyVectors.Ed25519, null),
        (SigningKeyVectors.RsaPss, null),
        (SigningKeyVectors.Rsa, "rsa-v1_5-sha256"),
        (Shared, null),
    ];

    private static readonly string[] Paths = ["", "/", "/users/a%20b", "/%41/b%2Fc", "/v1/ünï", "/a;b=c/(d)", "/~x/*", "/a//b"];
    private static readonly string[] Names = ["page", "q", "first name", "é", "empty", "x.y_z-"];
    private static readonly string[] Hosts = ["example.com", "api.example.com:8443", "[2001:db8::1]", "[::1]:9443", "127.0.0.1:8080"];
    private static readonly string[] Values = ["v", "a b", "é", "1", "", "x_y-z."];

    [Theory]
    [InlineData("http-message-signatures", true)]
    [InlineData("http-message-sig", false)]
    public async Task Library_VerifiesEachRequestAndRefusesItChanged(string library, bool knowsParameters)
    {
        var random = new Random(9421);
        var signers = Keys.Select(key => (Shared: key.Key, Key: SigningKeyTests.Read(key.Key, key.Algorithm), key.Algorithm)).ToList();
        var requests = Enumerable.Range(0, Requests).Select(i => Signed(signers[i % signers.Count], random, knowsParameters)).ToList();

        var result = await NodeScript.RunAsync("messageSignatures.mjs", FlowValue.Array(requests).ToJson(), library);

        Assert.True(result.Get("problems").ToJson() == "[]", result.Get("problems").ToJson());
        Assert.Equal((FlowValue.From(Requests), FlowValue.From(Requests)), (result.Get("verified"), result.Get("refused")));
    }

    private static FlowValue Signed((string Shared, SigningKey Key, string? Algorithm) signer, Random random, bool knowsParameters)
    {
        var (request, parameters) = Generate(random);
        List<string> components = ["x-covered", "@method"];
        foreach (
            var component in (string[])["@target-uri", "@authority", "@scheme", "@path", "@query", "content-digest", "x-many", "x-spaced"]
        )
        {
            if (random.Next(2) == 0)
                components.Insert(random.Next(components.Count + 1), component);
        }
        if (request.Body is not null && random.Next(2) == 0)
            components.Add("content-type");
        if (knowsParameters && parameters.Count > 0)
            components.Add($"@query-param;name=\"{parameters[random.Next(parameters.Count)]}\"");
        foreach (var structured in (string[])["x-dict;sf", "x-dict;key=\"b\"", "x-dict;key=\"c\""])
        {
            if (knowsParameters && random.Next(3) == 0)
                components.Add(structured);
        }
        var settings = new HttpConnectorSettings
        {
            MessageSignature = new MessageSignatureSettings
            {
                KeyId = random.Next(2) == 0 ? "key-1" : "the \"key\" \\ 1",
                Key = new(signer.Shared),
                Algorithm = signer.Algorithm,
                Components = components,
                Label = random.Next(2) == 0 ? "sig1" : "*our.sig-1",
            },
        };
        var problems = new DiagnosticBag();
        var plan = SigningSettings.Compile(settings, SourceLocation.Root("test"), problems)!;
        Assert.Empty(problems.Items);
        var messages = new MessageSigner(plan, signer.Key, TimeProvider.System);
        messages.Complete(request);
        Assert.Null(messages.Sign(request, out _));
        return FlowValue.Object([
            ("method", FlowValue.From(request.Method)),
            ("url", FlowValue.From(request.Uri.OriginalString)),
            ("headers", FlowValue.Array(request.Headers.Select(header => FlowValue.Texts([header.Key, header.Value])))),
            ("algorithm", FlowValue.From(signer.Key.Algorithm)),
            ("key", FlowValue.From(signer.Key.PublicKeyPem ?? signer.Shared)),
        ]);
    }

    private static (OutgoingRequest Request, List<string> Parameters) Generate(Random random)
    {
        var parameters = Names.Where(_ => random.Next(3) == 0).ToList();
        var query = string.Join(
            '&',
            parameters.Select(name => $"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(Values[random.Next(Values.Length)])}")
        );
        var path = Paths[random.Next(Paths.Length)];
        var url = new StringBuilder(random.Next(2) == 0 ? "https://" : "http://")
            .Append(Hosts[random.Next(Hosts.Length)])
            .Append(path)
            .Append(query.Length > 0 ? (path.Length == 0 ? "/?" : "?") + query : "");
        var body = random.Next(3) == 0 ? null : new byte[random.Next(200)];
        random.NextBytes(body ?? []);
        var request = Request(url.ToString(), body is null ? "GET" : "PATCH", body)
            .With("x-covered", random.Next(1000).ToString(CultureInfo.InvariantCulture))
            .With("x-dict", $"a={random.Next(100)},   b=\"it's {random.Next(10)}\";x;y=?0,  c=(1.50   tok :aGk=:)")
            .With("x-spaced", $"  a \t b{random.Next(10)}  ");
        request.Headers.Add("x-many", "a, b");
        request.Headers.Add("X-Many", random.Next(10).ToString(CultureInfo.InvariantCulture));
        return (body is null ? request : request.With("content-type", "application/json; charset=utf-8"), parameters);
    }
}
