using System.Net;
using FlowEngine.AspNetCore;
using FlowEngine.AspNetCore.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FlowEngine.TestServers;

/// <summary>Per test: a program of ASP.NET Core with a page of its own and FlowEngine in it, listening on a free port.</summary>
internal sealed class EmbeddedProgram : IAsyncDisposable
{
    /// <summary>A login that asks nobody else: whoever it is gets a token.</summary>
    public const string Login = """
        {
          "id": "login",
          "start": "ask",
          "activities": [
            { "id": "ask", "type": "Screen", "screen": "ask" },
            { "id": "user", "type": "SetUser", "user": { "userId": "{{form.email}}" } },
            { "id": "end", "type": "End" }
          ],
          "connections": [
            { "source": "ask", "port": "go", "target": "user" },
            { "source": "user", "port": "Done", "target": "end" }
          ],
          "screens": [
            {
              "id": "ask",
              "title": "Who?",
              "components": [
                { "type": "EmailInput", "name": "email", "label": "Email" },
                { "type": "Button", "id": "go", "text": "Go" }
              ]
            }
          ]
        }
        """;

    private readonly Workspace _workspace;
    private readonly HttpClientHandler _handler = new() { UseCookies = false, AllowAutoRedirect = false };

    private EmbeddedProgram(WebApplication app, Workspace workspace)
    {
        App = app;
        _workspace = workspace;
        Http = new HttpClient(_handler) { BaseAddress = new Uri(app.Urls.First()) };
    }

    public WebApplication App { get; }

    public HttpClient Http { get; }

    public string Address => App.Urls.First();

    public string Data => Path.Combine(_workspace.Folder, "data");

    public IServiceProvider Engine => App.Services.GetRequiredService<EngineService>().Services;

    /// <summary>Starts a program.</summary>
    /// <param name="path">Where FlowEngine is.</param>
    /// <param name="configure">Changes its options.</param>
    /// <param name="build">Adds to the program's services.</param>
    /// <param name="use">Adds to its middleware and routes, before FlowEngine.</param>
    /// <param name="map">Adds to FlowEngine's route.</param>
    public static async Task<EmbeddedProgram> StartAsync(
        string path,
        Action<FlowEngineOptions>? configure = null,
        Action<WebApplicationBuilder>? build = null,
        Action<WebApplication>? use = null,
        Action<IEndpointConventionBuilder>? map = null
    )
    {
        var workspace = new Workspace();
        workspace.Write("flows/login.flow.json", Login);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["FlowEngine:Flows"] = Path.Combine(workspace.Folder, "flows"),
                ["FlowEngine:Data"] = Path.Combine(workspace.Folder, "data"),
            }
        );
        builder.Services.AddFlowEngine(configure);
        build?.Invoke(builder);
        var app = builder.Build();
        use?.Invoke(app);
        var route = app.MapFlowEngine(path);
        map?.Invoke(route);
        app.MapGet("/", () => "the program's own page");
        app.MapPost(
            "/upload",
            async (HttpRequest request) => await new StreamReader(request.Body).ReadToEndAsync() is { } text ? text.Length : 0
        );
        app.MapGet("/broken", string () => throw new InvalidOperationException("the program's own mistake"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new EmbeddedProgram(app, workspace);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<string> TextAsync(string path) => Http.GetStringAsync(path, TestContext.Current.CancellationToken);

    /// <summary>Signs somebody in through the hosted screens below a path.</summary>
    /// <returns>The browser, at the last page.</returns>
    public async Task<Visitor> SignInAsync(string path, string email = "ada@example.com")
    {
        var visitor = new Visitor(Address);
        await visitor.GetAsync(path + "/login/login");
        Assert.True(visitor.Status == HttpStatusCode.OK, visitor.Html);
        await visitor.SubmitAsync("go", ("email", email));
        return visitor;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _handler.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        _workspace.Dispose();
    }
}
