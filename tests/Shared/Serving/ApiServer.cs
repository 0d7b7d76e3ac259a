using System.Net;
using System.Net.Sockets;
using System.Text;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Hosting;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.Server.Demo;
using FlowEngine.Server.Hosting;
using FlowEngine.TestServers;

namespace FlowEngine.TestServers;

/// <summary>Who calls: a bearer token, or a session's cookie with its CSRF token.</summary>
internal sealed record Credential(string? Bearer = null, string? Cookie = null, string? Csrf = null)
{
    public static readonly Credential None = new();
}

/// <summary>What came back.</summary>
internal sealed record ApiReply(HttpStatusCode Status, FlowValue Body, string Text, HttpResponseMessage Message)
{
    public string Code => Body.Get("errorCode").ToText();

    public ApiReply Expect(HttpStatusCode status)
    {
        Assert.True(Status == status, $"{Message.RequestMessage!.Method} {Message.RequestMessage.RequestUri}: {Status} {Text}");
        return this;
    }
}

/// <summary>Per test class: the real server in this process, listening on a free port, with the demo unless told otherwise.</summary>
internal sealed class ApiServer : Served
{
    public const string Password = "correct horse battery staple";

    private readonly HttpClientHandler _handler = new() { UseCookies = false, AllowAutoRedirect = false };
    private readonly StringWriter _output = new();
    private FlowServer _server = null!;

    private ApiServer() => Http = new HttpClient(_handler) { BaseAddress = new Uri(Address) };

    public override string Address { get; } = $"http://127.0.0.1:{FreePort()}";

    public override HttpClient Http { get; }

    public Credential Key { get; private set; } = Credential.None;

    public string Output => _output.ToString();

    public string? SetupToken => Output.Split("/console/setup#token=") is [_, var rest] ? rest.Split(' ')[0] : null;

    public IServiceProvider Services => _server.Services;

    public static async Task<ApiServer> StartAsync(
        StoreEngine engine,
        PostgresFixture? postgres = null,
        string? flows = null,
        params string[] settings
    )
    {
        var server = new ApiServer();
        await server.OpenAsync(
            engine == StoreEngine.Postgres ? await postgres!.CreateDatabaseAsync() + ";Maximum Pool Size=12" : null,
            flows,
            settings
        );
        return server;
    }

    private async Task OpenAsync(string? database, string? flows, string[] settings)
    {
        var isDemo = flows is null;
        var options = new ServeOptions
        {
            FlowFolder = flows ?? SampleFlows.Folder,
            DataFolder = Data,
            Urls = Address,
            Database = database,
            IsDemo = isDemo,
            Settings = ServerSettings.Load(
                settings.Select(setting => KeyValuePair.Create(setting.Split('=')[0], setting.Split('=', 2)[1])),
                isDemo
            ),
        };
        _server = await FlowServer.StartAsync(options, _output, TestContext.Current.CancellationToken);
        Key = new Credential(Bearer: (await File.ReadAllTextAsync(Path.Combine(options.DataFolder, ManagementKeyFile.Name))).Trim());
    }

    public Task<ApiReply> GetAsync(string path, Credential? credential = null) => SendAsync("GET", path, null, credential);

    public Task<ApiReply> PostAsync(string path, FlowValue body, Credential? credential = null) =>
        SendAsync("POST", path, body.ToJson(), credential);

    public Task<ApiReply> PostAsync(string path, string body, Credential? credential = null) => SendAsync("POST", path, body, credential);

    public Task<ApiReply> PutAsync(string path, FlowValue body, Credential? credential = null) =>
        SendAsync("PUT", path, body.ToJson(), credential);

    public Task<ApiReply> DeleteAsync(string path, Credential? credential = null) => SendAsync("DELETE", path, null, credential);

    /// <summary>Calls the API; as the management key unless told otherwise.</summary>
    public async Task<ApiReply> SendAsync(
        string method,
        string path,
        string? body,
        Credential? credential = null,
        params (string Name, string Value)[] headers
    )
    {
        credential ??= Key;
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (credential.Bearer is not null)
            request.Headers.Add("Authorization", "Bearer " + credential.Bearer);
        if (credential.Cookie is not null)
            request.Headers.Add("Cookie", credential.Cookie);
        if (credential.Csrf is not null)
            request.Headers.Add(ApiAccess.CsrfHeader, credential.Csrf);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        var answer = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var isJson = answer.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true;
        return new ApiReply(answer.StatusCode, isJson ? JsonReading.Parse(text) : FlowValue.Missing, text, answer);
    }

    /// <summary>Adds a person and signs them in.</summary>
    public async Task<Credential> PersonAsync(string name, string role)
    {
        (await PostAsync("/api/users", $$"""{ "name": "{{name}}", "password": "{{Password}}", "role": "{{role}}" }""")).Expect(
            HttpStatusCode.Created
        );
        return await SignInAsync(name);
    }

    public async Task<Credential> SignInAsync(string name, string password = Password) =>
        CredentialIn(
            (await PostAsync("/api/session", $$"""{ "name": "{{name}}", "password": "{{password}}" }""", Credential.None)).Expect(
                HttpStatusCode.OK
            )
        );

    /// <summary>The session that an answer begins.</summary>
    public static Credential CredentialIn(ApiReply reply) =>
        new(
            Cookie: reply
                .Message.Headers.GetValues("Set-Cookie")
                .Single(cookie => cookie.StartsWith("flowengine-console=", StringComparison.Ordinal))
                .Split(';')[0],
            Csrf: reply.Body.Get("csrfToken").ToText()
        );

    /// <summary>Runs a login until it shows a screen or ends.</summary>
    public async Task<FlowValue> SignInThroughFlowAsync(string email, string flow = "login")
    {
        var start = (await PostAsync("/v1/flow/start", $$"""{ "flowId": "{{flow}}", "options": { "client": {} } }""", Credential.None))
            .Expect(HttpStatusCode.OK)
            .Body;
        return (
            await PostAsync(
                "/v1/flow/next",
                $$"""{ "executionId": "{{start.Get("executionId").ToText()}}", "stepId": "{{start.Get("stepId").ToText()}}","""
                    + $$""" "interactionId": "submit", "input": { "email": "{{email}}" } }""",
                Credential.None
            )
        )
            .Expect(HttpStatusCode.OK)
            .Body;
    }

    public override async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.RunAsync(new CancellationToken(true));
        await _server.DisposeAsync();
        await base.DisposeAsync();
        await _output.DisposeAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Per test class: one server with the demo, on SQLite.</summary>
public sealed class SharedApiServer : IAsyncLifetime
{
    internal ApiServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await ApiServer.StartAsync(StoreEngine.Sqlite);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
