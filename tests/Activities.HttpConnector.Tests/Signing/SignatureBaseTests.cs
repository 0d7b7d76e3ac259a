using System.Security.Cryptography;
using System.Text;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Signing;
using FlowEngine.HttpConnector.Wire;
using static FlowEngine.HttpConnector.Tests.Transports;

namespace FlowEngine.HttpConnector.Tests.Signing;

/// <summary>The signature base: RFC 9421 appendix B, and what is easily got wrong.</summary>
public sealed class SignatureBaseTests
{
    private const string Digest = "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:";

    private const string B22 =
        "LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE5qH7KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0"
        + "nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTlaqwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ9"
        + "9PZfB4jY3I5rSV2DSBVkSFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==";

    private const string B23 =
        "bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DF"
        + "ll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8"
        + "Eim5f8ui9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==";

    /// <summary>B.2.2 and B.2.3: signatures that the RFC made, over bases that we made.</summary>
    [Theory]
    [InlineData(
        "@authority, content-digest, @query-param;name=\"Pet\"",
        """("@authority" "content-digest" "@query-param";name="Pet");created=1618884473;keyid="test-key-rsa-pss";tag="header-example" """,
        B22
    )]
    [InlineData(
        "date, @method, @path, @query, @authority, content-type, content-digest, content-length",
        """("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-rsa-pss" """,
        B23
    )]
    public void Rsa_SignaturesOfTheRfc_VerifyOverOurBase(string components, string parameters, string signature)
    {
        using var key = RSA.Create();
        key.ImportFromPem(SigningKeyTests.Read(SigningKeyVectors.RsaPss).PublicKeyPem);

        var message = Encoding.ASCII.GetBytes(Base(TestRequest(), components, parameters.Trim()));

        Assert.True(key.VerifyData(message, Convert.FromBase64String(signature), HashAlgorithmName.SHA512, RSASignaturePadding.Pss));
        Assert.True(
            key.VerifyData(
                message,
                SigningKeyTests.Read(SigningKeyVectors.RsaPss).Sign(message),
                HashAlgorithmName.SHA512,
                RSASignaturePadding.Pss
            )
        );
    }

    /// <summary>B.2.4 signs a response, which connectors do not: its base as the RFC prints it, and what verifies is our key.</summary>
    [Fact]
    public void Ecdsa_SignatureOfTheRfc_VerifiesByOurKey()
    {
        const string ResponseBase =
            "\"@status\": 200\n\"content-type\": application/json\n\"content-digest\": "
            + "sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:\n"
            + "\"content-length\": 23\n\"@signature-params\": (\"@status\" \"content-type\" \"content-digest\" \"content-length\")"
            + ";created=1618884473;keyid=\"test-key-ecc-p256\"";
        using var key = ECDsa.Create();
        key.ImportFromPem(SigningKeyTests.Read(SigningKeyVectors.P256).PublicKeyPem);

        Assert.True(
            key.VerifyData(
                Encoding.ASCII.GetBytes(ResponseBase),
                Convert.FromBase64String("wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw=="),
                HashAlgorithmName.SHA256
            )
        );
    }

    /// <summary>B.2.5: what is signed is the same to the last bit.</summary>
    [Fact]
    public void Hmac_SignatureOfTheRfc_IsOurs()
    {
        var text = Base(
            TestRequest(),
            "date, @authority, content-type",
            """("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret" """.Trim()
        );

        Assert.Equal(
            "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=",
            Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(SigningKeyVectors.Shared), Encoding.ASCII.GetBytes(text)))
        );
    }

    /// <summary>B.2.6: Ed25519 is deterministic.</summary>
    [Fact]
    public void Ed25519_SignatureOfTheRfc_IsOurs()
    {
        var text = Base(
            TestRequest(),
            "date, @method, @path, @authority, content-type, content-length",
            """("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519" """.Trim()
        );

        Assert.Equal(
            "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==",
            Convert.ToBase64String(SigningKeyTests.Read(SigningKeyVectors.Ed25519).Sign(Encoding.ASCII.GetBytes(text)))
        );
    }

    [Theory]
    [InlineData("http://example.com:80/", "@authority", "example.com")]
    [InlineData("https://example.com:443/", "@authority", "example.com")]
    [InlineData("https://EXAMPLE.com:8443/", "@authority", "example.com:8443")]
    [InlineData("http://[::1]:8080/x", "@authority", "[::1]:8080")]
    [InlineData("http://[::1]/x", "@target-uri", "http://[::1]/x")]
    [InlineData("https://example.com", "@path", "/")]
    [InlineData("https://example.com", "@query", "?")]
    [InlineData("https://example.com/a?", "@query", "?")]
    [InlineData("https://example.com/%41/b%2fc?q=%7E+a%20b&&x", "@target-uri", "https://example.com/%41/b%2fc?q=%7E+a%20b&&x")]
    [InlineData("https://example.com/%41/b%2fc?q=%7E+a%20b&&x", "@query", "?q=%7E+a%20b&&x")]
    [InlineData("https://example.com/%41/b%2fc?q=%7E", "@path", "/%41/b%2fc")]
    [InlineData("https://example.com/a?b", "@request-target", "/a?b")]
    [InlineData("https://example.com/a", "@scheme", "https")]
    // RFC 9421, 2.2.8, and its own examples.
    [InlineData("https://x.y/p?param=value&foo=bar&baz=batman&qux=", "@query-param;name=\"qux\"", "")]
    [InlineData(
        "https://x.y/p?var=this%20is%20a%20big%0Amultiline%20value&bar=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something",
        "@query-param;name=\"var\"",
        "this%20is%20a%20big%0Amultiline%20value"
    )]
    [InlineData("https://x.y/p?bar=with+plus+whitespace", "@query-param;name=\"bar\"", "with%20plus%20whitespace")]
    [InlineData("https://x.y/p?fa%C3%A7ade%22%3A%20=something", "@query-param;name=\"fa%C3%A7ade%22%3A%20\"", "something")]
    [InlineData("https://x.y/p?a=~%2A*", "@query-param;name=\"a\"", "%7E**")]
    public void Component_OfAUrl_IsAsTheRfcSays(string url, string component, string value) =>
        Assert.Equal(value, ValueOf(Request(url), component));

    [Theory]
    [InlineData("GET", null, null)]
    [InlineData("POST", null, "0")]
    [InlineData("PUT", "{}", "2")]
    public void ContentLength_IsTheOneThatIsSent(string method, string? body, string? expected)
    {
        var request = Request("http://example.com/", method, body is null ? null : Encoding.UTF8.GetBytes(body));

        if (expected is null)
            Assert.Equal("http.signature", Fault(request, "content-length").Code);
        else
            Assert.Equal(expected, ValueOf(request, "content-length"));
    }

    /// <summary>RFC 9421, 2.1: all values, in their order; and each by itself, where a comma is a part of them (2.1.3).</summary>
    [Fact]
    public void Header_ThatIsThereTwice_HasBothValues()
    {
        var request = Request("http://example.com/");
        request.Headers.Add("X-Many", "  a, b ");
        request.Headers.Add("x-many", "c");

        Assert.Equal("a, b, c", ValueOf(request, "x-many"));
        Assert.Equal(":YSwgYg==:, :Yw==:", ValueOf(request, "x-many;bs"));
    }

    [Theory]
    [InlineData("x-absent")]
    [InlineData("@query-param;name=\"absent\"")]
    [InlineData("@query-param;name=\"twice\"")]
    [InlineData("x-name")]
    public void Component_ThatIsMissingOrCannotBeSaid_IsAFaultThatNamesIt(string component)
    {
        var request = Request("http://example.com/?twice=1&twice=2").With("x-name", "Zoë");

        var fault = Fault(request, component);

        Assert.Equal("http.signature", fault.Code);
        Assert.Contains(component.Split(';')[0], fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Zoë", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>RFC 9421 sections 2.1.1 and 2.1.2.</summary>
    [Theory]
    [InlineData("example-dict", "a=1,    b=2;x=1;y=2,   c=(a   b   c)")]
    [InlineData("example-dict;sf", "a=1, b=2;x=1;y=2, c=(a b c)")]
    [InlineData("example-dict;key=\"a\"", "1")]
    [InlineData("example-dict;key=\"b\"", "2;x=1;y=2")]
    [InlineData("example-dict;key=\"c\"", "(a b c)")]
    [InlineData("example-dict;key=c;sf", "(a b c)")]
    [InlineData("content-length;sf", "0")]
    public void Component_OfAStructuredField_IsWrittenAnew(string component, string value)
    {
        var request = new OutgoingRequest("POST", new Uri("http://example.com/"));
        request.Headers.Set("Example-Dict", " a=1,    b=2;x=1;y=2,   c=(a   b   c)");

        Assert.EndsWith($": {value}", Base(request, component, "()").Split('\n')[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("example-dict;key=\"z\"", "no such member")]
    [InlineData("x-date;sf", "no structured field")]
    [InlineData("x-none;sf", "does not have")]
    public void Component_ThatIsNoStructuredField_IsAFaultThatSaysSo(string component, string word)
    {
        var request = new OutgoingRequest("POST", new Uri("http://example.com/"));
        request.Headers.Set("example-dict", "a=1");
        request.Headers.Set("x-date", "Mon, 1 Jan 2024");
        Assert.True(SignatureComponent.TryParse(component, out var parsed, out var problem), problem);

        var fault = SignatureBase.Make(request, [parsed], "()", out _);

        Assert.Equal("http.signature", fault!.Code);
        Assert.Contains(word, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Component_ThatIsNotAscii_CanBeCoveredAsBytes() =>
        Assert.Equal(":Wm/Dqw==:", ValueOf(Request("http://example.com/").With("x-name", "Zoë"), "x-name;bs"));

    private static OutgoingRequest TestRequest() =>
        Request("https://example.com/foo?param=Value&Pet=dog", "POST", "{\"hello\": \"world\"}"u8.ToArray())
            .With("Date", "Tue, 20 Apr 2021 02:07:55 GMT")
            .With("Content-Type", "application/json")
            .With("Content-Digest", Digest);

    private static List<SignatureComponent> Parse(string components) =>
        [
            .. components
                .Split(", ")
                .Select(text =>
                    SignatureComponent.TryParse(text, out var component, out var problem)
                        ? component
                        : throw new InvalidOperationException(problem)
                ),
        ];

    private static string Base(OutgoingRequest request, string components, string parameters)
    {
        Assert.Null(SignatureBase.Make(request, Parse(components), parameters, out var text));
        return text;
    }

    private static string ValueOf(OutgoingRequest request, string component) =>
        Base(request, component, "()").Split('\n')[0][(Parse(component)[0].Identifier.Length + 2)..];

    private static HttpFault Fault(OutgoingRequest request, string component) =>
        SignatureBase.Make(request, Parse(component), "()", out _) ?? throw new InvalidOperationException("It could be made.");
}
