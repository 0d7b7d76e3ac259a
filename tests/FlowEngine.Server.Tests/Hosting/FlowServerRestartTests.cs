using System.Net;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Hosting;

/// <summary>What survives the server.</summary>
[Trait("Category", "cluster")]
public sealed class FlowServerRestartTests
{
    [Fact]
    public async Task Kill_InTheMiddleOfALogin_TheLoginGoesOn()
    {
        await using var server = await ServeProcess.DemoAsync();
        var before = (await server.SignInAsync("ada@example.com")).Get("authInfo").Get("refreshJwt").ToText();
        var at = await server.BeginAsync();
        var (_, missing, _) = await server.SubmitAsync(at, "ghost@example.com");

        await server.KillAsync();
        await server.StartAsync();

        var (_, repeated, _) = await server.SubmitAsync(at, "ghost@example.com");
        Assert.Equal(missing.ToJson(), repeated.ToJson());
        var (_, back, _) = await server.SubmitAsync(missing, "x@example.com");
        Assert.Equal("sign-in", back.Get("screen").Get("id").ToText());
        var (_, done, first) = await server.SubmitAsync(back, "ada@example.com");
        Assert.Equal("completed", done.Get("status").ToText());

        await server.KillAsync();
        await server.StartAsync();

        Assert.Equal(first, (await server.SubmitAsync(back, "ada@example.com")).Text);
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync("/v1/auth/refresh", "{}", before)).Status);
        Assert.Contains("0 of them in a new version", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminate_EndsWithZero()
    {
        await using var server = await ServeProcess.DemoAsync();
        await server.BeginAsync();

        Assert.Equal(0, await server.TerminateAsync());
    }

    [Fact]
    public async Task Publish_InTheMiddleOfALogin_LeavesItOnItsVersion()
    {
        const string Flow = """
            { "id": "hello", "start": "ask", "durability": "step", "redirectUris": [ "https://app.example/callback" ],
              "activities": [ { "id": "ask", "type": "Screen", "screen": "ask" },
                { "id": "user", "type": "SetUser", "user": { "userId": "{{form.email}}" } },
                { "id": "done", "type": "End", "outputs": { "version": "one" } } ],
              "connections": [ { "source": "ask", "port": "submit", "target": "user" },
                { "source": "user", "port": "Done", "target": "done" } ],
              "screens": [ { "id": "ask", "title": "Hello", "components": [ { "type": "EmailInput", "name": "email", "label": "Email" },
                { "type": "Button", "id": "submit", "text": "Go" } ] } ] }
            """;
        await using var server = await ServeProcess.StartAsync(workspace =>
        {
            var file = workspace.Write("flows/hello.flow.json", Flow);
            return ["--flows", Path.GetDirectoryName(file)!, "--set", "Management:Key=0123456789abcdef0123456789abcdef"];
        });
        var at = await server.BeginAsync("hello");
        server.Workspace.Write("flows/hello.flow.json", Flow.Replace("\"one\"", "\"two\"", StringComparison.Ordinal));

        await server.KillAsync();
        await server.StartAsync();

        Assert.Equal("one", (await server.SubmitAsync(at, "ada@example.com")).Body.Get("output").Get("version").ToText());
        Assert.Equal(
            "two",
            (await server.SubmitAsync(await server.BeginAsync("hello"), "ada@example.com")).Body.Get("output").Get("version").ToText()
        );
        Assert.False(File.Exists(Path.Combine(server.Data, "management.key")));

        // The same login in a browser: its result comes by a code that is good once.
        using var visitor = new Visitor(server.Address);
        var verifier = new string('v', 43);
        var challenge = System.Buffers.Text.Base64Url.EncodeToString(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(verifier))
        );
        await visitor.GetAsync(
            $"/login/hello?redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&state=s1&code_challenge={challenge}&code_challenge_method=S256"
        );
        // Where it leads is stored with the run: another process goes on with it.
        await server.KillAsync();
        await server.StartAsync();
        var location = new Uri(await visitor.PostAsync("submit", ("email", "ada@example.com")));
        // Sent twice, it is the same code: one for each run.
        Assert.Equal(location.OriginalString, await visitor.PostAsync("submit", ("email", "ada@example.com")));
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(location.Query);
        Assert.Equal("s1", query["state"]);
        var exchange =
            $$"""{ "code": "{{query["code"]}}", "redirectUri": "https://app.example/callback", "codeVerifier": "{{verifier}}" }""";
        var (_, grant, _) = await server.PostAsync("/v1/auth/code/exchange", exchange);
        Assert.Equal("ada@example.com", grant.Get("authInfo").Get("user").Get("userId").ToText());
        Assert.Equal(HttpStatusCode.BadRequest, (await server.PostAsync("/v1/auth/code/exchange", exchange)).Status);
    }
}
