using System.Net;
using System.Text;
using FlowEngine.Context;

namespace FlowEngine.Server.Tests.Serve;

/// <summary>Whatever comes in, problem details go out, and never a 5xx.</summary>
public sealed class HostileInputTests(DemoServer demo) : IClassFixture<DemoServer>
{
    private static readonly string[] Paths = ["/v1/flow/start", "/v1/flow/next", "/v1/mgmt/flow/run", "/v1/auth/code/exchange"];

    private static readonly string[] Bodies =
    [
        "", " ", "{", "[]", "null", "1", "\"x\"", "{}", "{\"flowId\":1}", "{\"flowId\":null}", "{\"flowId\":{}}", "{\"flowId\":\"\"}", "{\"flowId\":\"no-such-flow\"}",
        "{\"flowId\":\"../../etc/passwd\"}", "{\"flowId\":\"login\\u0000\"}", "{\"flowId\":\"login\",\"options\":[]}", "{\"flowId\":\"login\",\"options\":{\"client\":3}}",
        "{\"flowId\":\"login\",\"version\":\"x\"}", "{\"flowId\":\"login\",\"input\":\"x\",\"interactionId\":\"submit\"}", "{\"flowId\":\"\\ud800\"}",
        "{\"executionId\":\"x\",\"stepId\":\"y\",\"interactionId\":\"submit\",\"input\":{}}", "{\"executionId\":7,\"interactionId\":\"submit\"}",
        "{\"executionId\":\"../x\",\"stepId\":\"y\",\"interactionId\":\"submit\"}", "{\"executionId\":\"\\u0000\",\"stepId\":\"y\",\"interactionId\":\"submit\"}",
        "{\"executionId\":\"x\",\"stepId\":[],\"interactionId\":\"submit\"}", "{\"code\":\"x\",\"redirectUri\":\"y\"}", "{\"code\":{},\"redirectUri\":1}",
    ];

    [Fact]
    public async Task Bodies_AreRefusedWithProblemDetails()
    {
        var huge = $$"""{ "flowId": "{{new string('a', 400_000)}}" }""";
        var deep = "{\"flowId\":" + new string('[', 5000) + new string(']', 5000) + "}";
        var count = 0;
        foreach (var path in Paths)
        {
            foreach (var body in Bodies.Append(huge).Append(deep))
            {
                using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
                content.Headers.ContentType = new("application/json");
                using var answer = await demo.Server.Http.PostAsync(path, content);
                await AssertProblemAsync(answer, $"{path} {body[..Math.Min(body.Length, 80)]}");
                count++;
            }
        }
        Assert.True(count >= 100);
    }

    [Fact]
    public async Task InvalidUtf8AndOtherTypes_AreRefused()
    {
        using var broken = new ByteArrayContent([(byte)'{', (byte)'"', 0xff, 0xfe, (byte)'"', (byte)':', (byte)'"', 0xc3, (byte)'"', (byte)'}']);
        broken.Headers.ContentType = new("application/json");
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("flowId", "login")]);

        using var first = await demo.Server.Http.PostAsync("/v1/flow/start", broken);
        using var second = await demo.Server.Http.PostAsync("/v1/flow/start", form);

        await AssertProblemAsync(first, "invalid UTF-8");
        await AssertProblemAsync(second, "a form");
    }

    [Theory]
    [InlineData("default:")]
    [InlineData("default:x.y.z")]
    [InlineData("x")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.")]
    public async Task Tokens_AreRefused(string token)
    {
        foreach (var path in new[] { "/v1/auth/refresh", "/v1/auth/logout", "/v1/mgmt/flow/run" })
        {
            var (status, body, _) = await demo.Server.PostAsync(path, "{}", token);
            Assert.Equal(HttpStatusCode.Unauthorized, status);
            Assert.NotEqual("", body.Get("errorCode").ToText());
        }
    }

    [Fact]
    public async Task ASessionTokenOrATamperedOne_DoesNotRefresh()
    {
        var tokens = (await demo.Server.SignInAsync("ada@example.com")).Get("authInfo");
        var refresh = tokens.Get("refreshJwt").ToText();

        foreach (var token in new[] { tokens.Get("sessionJwt").ToText(), refresh[..^8] + "AAAAAAAA", refresh.Replace('.', '-') })
            Assert.Equal(HttpStatusCode.Unauthorized, (await demo.Server.PostAsync("/v1/auth/refresh", "{}", token)).Status);
    }

    [Theory]
    [InlineData("GET", "/v1/flow/start")]
    [InlineData("POST", "/v1/flow/nothing")]
    [InlineData("GET", "/v2/keys/other")]
    [InlineData("GET", "/v2/keys/..%2f..%2fetc%2fpasswd")]
    [InlineData("DELETE", "/.well-known/jwks.json")]
    public async Task OtherAddresses_AreProblems(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await demo.Server.Http.SendAsync(request);

        await AssertProblemAsync(answer, path);
    }

    private static async Task AssertProblemAsync(HttpResponseMessage answer, string what)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode is >= 400 and < 500, $"{what}: {answer.StatusCode} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = FlowValue.Parse(text);
        Assert.True(problem.Get("errorCode").ToText().Length > 0 && problem.Get("errorDescription").ToText().Length > 0 && problem.Get("errorMessage").ToText().Length > 0, text);
        Assert.Equal((int)answer.StatusCode, problem.Get("status").TryGetInteger(out var status) ? status : 0);
    }
}
