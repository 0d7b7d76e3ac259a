using System.Text;
using FlowEngine.Context;
using FlowEngine.HttpConnector.Authentication.Aws;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;
using FlowEngine.TestServers;
using Microsoft.Extensions.Time.Testing;
using static FlowEngine.HttpConnector.Tests.Transports;

namespace FlowEngine.HttpConnector.Tests.Authentication.Aws;

/// <summary>Signature Version 4 over what is sent; two published libraries come to the same.</summary>
public sealed class AwsSignerTests
{
    private const int Requests = 10_000;
    private static readonly AwsKey Key = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "a/session+token==");
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 7, 8, 9, TimeSpan.Zero);

    private static readonly string[] Segments = ["users", "a%20b", "%C3%A9", "x%2Fy", "a~b-c_d.e", "1%2B1", "q%3Ar", "%25", "%24%26"];
    private static readonly string[] Names = ["b", "a", "a%20b", "A", "%C3%A9", "a-b", "a.b", "%3D", "a_b", "a%2Bb"];
    private static readonly string[] Hosts = ["x.execute-api.eu-central-1.amazonaws.com", "localhost:8443", "127.0.0.1:9000"];
    private static readonly (string Region, string Service)[] Targets =
    [
        ("eu-central-1", "execute-api"),
        ("us-east-1", "lambda"),
        ("us-west-2", "s3"),
        ("eu-west-1", "sqs"),
    ];

    /// <summary>As Amazon's own documentation has it (examples of signed requests of S3, "GET Object"), but for the range.</summary>
    [Fact]
    public async Task Sign_IsMadeOfHostTypeAndTheHeadersOfAws()
    {
        var request = Request("https://examplebucket.s3.amazonaws.com/test.txt")
            .With("x-other", "not signed")
            .With("content-type", "text/plain");

        Assert.Null(await Signer("us-east-1", "s3", Key with { Token = "" }).SignAsync(request, CancellationToken.None));

        Assert.Equal("20260301T070809Z", request.Headers["x-amz-date"]);
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", request.Headers["x-amz-content-sha256"]);
        Assert.Null(request.Headers["x-amz-security-token"]);
        Assert.StartsWith(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260301/us-east-1/s3/aws4_request, "
                + "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, Signature=",
            request.Headers["authorization"],
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("s3", "/a%2Fb/%41%20c//d", "/a/b/A%20c//d")]
    [InlineData("execute-api", "/a%2Fb/%41%20c//d", "/a%252Fb/%2541%2520c/d")]
    [InlineData("s3", "", "/")]
    [InlineData("execute-api", "/a/", "/a/")]
    [InlineData("execute-api", "/(x):y", "/%28x%29%3Ay")]
    public void CanonicalRequest_Path_IsEncodedTwiceButForS3(string service, string path, string expected) =>
        Assert.Equal(expected, Lines("https://h.example" + path, service)[1]);

    /// <summary>Sorted by what they are encoded as: by their plain text, <c>é</c> would come after <c>z</c>.</summary>
    [Theory]
    [InlineData("?z=1&%C3%A9=2&a=3", "%C3%A9=2&a=3&z=1")]
    [InlineData("?a=b&a=B&a=", "a=&a=B&a=b")]
    [InlineData("?a+b=c+d&e", "a%20b=c%20d&e=")]
    [InlineData("?a=%7e%2a*", "a=~%2A%2A")]
    public void CanonicalRequest_Query_IsSortedAfterItIsEncoded(string query, string expected) =>
        Assert.Equal(expected, Lines("https://h.example/" + query, "execute-api")[2]);

    private static string[] Lines(string url, string service) =>
        AwsCanonicalRequest.Make(Request(url), [KeyValuePair.Create("host", "h.example")], service == "s3", "hash").Split('\n');

    [Trait("Category", "slow")]
    [Theory]
    [InlineData("aws4")]
    [InlineData("@smithy/signature-v4")]
    public async Task Sign_GeneratedRequests_AreTheSameAsThoseOfALibrary(string library)
    {
        var random = new Random(4);
        var requests = new List<FlowValue>(Requests);
        for (var i = 0; i < Requests; i++)
        {
            var (region, service) = Targets[i % Targets.Length];
            var request = Generate(random, service == "s3");
            Assert.Null(await Signer(region, service, Key).SignAsync(request, CancellationToken.None));
            requests.Add(Describe(request, region, service));
        }

        var result = await NodeScript.RunAsync(
            "awsSignatures.mjs",
            FlowValue
                .Object([
                    (
                        "key",
                        FlowValue.Object([
                            ("id", FlowValue.From(Key.Id)),
                            ("secret", FlowValue.From(Key.Secret)),
                            ("token", FlowValue.From(Key.Token)),
                        ])
                    ),
                    ("requests", FlowValue.Array(requests)),
                ])
                .ToJson(),
            library
        );

        Assert.True(result.Get("problems").ToJson() == "[]", result.Get("problems").ToJson());
        Assert.Equal(FlowValue.From(Requests), result.Get("same"));
    }

    private static OutgoingRequest Generate(Random random, bool isS3)
    {
        var path = string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => "/" + Segments[random.Next(Segments.Length)]));
        // The libraries do not agree on it; S3 itself takes it for a slash.
        if (isS3)
            path = path.Replace("%2F", "-", StringComparison.Ordinal);
        var query = string.Join(
            '&',
            Names.Where(_ => random.Next(4) == 0).Select(name => $"{name}={Uri.EscapeDataString(Text(random))}").OrderBy(_ => random.Next())
        );
        var url =
            $"https://{Hosts[random.Next(Hosts.Length)]}{path}{(random.Next(5) == 0 ? "/" : "")}{(query.Length > 0 ? "?" + query : "")}";
        var body = random.Next(3) == 0 ? null : Encoding.UTF8.GetBytes(Text(random) + Text(random));
        var request = Request(url, body is null ? "GET" : "POST", body);
        if (body is not null)
            request.With("content-type", "application/json;  charset=utf-8");
        return random.Next(2) == 0 ? request : request.With("X-Amz-Target", $"Some.Action{random.Next(9)}");
    }

    private static string Text(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => "abAB09 -_.~é&=+/%!'()*:@"[random.Next(24)]));

    private static FlowValue Describe(OutgoingRequest request, string region, string service) =>
        FlowValue.Object([
            ("method", FlowValue.From(request.Method)),
            ("url", FlowValue.From(request.Uri.OriginalString)),
            (
                "headers",
                FlowValue.Array(
                    request
                        .Headers.Where(header => header.Key != "authorization")
                        .Select(header => FlowValue.Texts([header.Key.ToLowerInvariant(), header.Value]))
                )
            ),
            ("body", FlowValue.From(Convert.ToBase64String((request.Body ?? default).Span))),
            ("region", FlowValue.From(region)),
            ("service", FlowValue.From(service)),
            ("authorization", FlowValue.From(request.Headers["authorization"])),
        ]);

    private static AwsSigner Signer(string region, string service, AwsKey key) =>
        new(region, service, new FakeTimeProvider(Now), _ => new((key, (HttpFault?)null)));
}
