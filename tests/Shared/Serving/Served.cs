using System.Net;
using System.Text;
using FlowEngine.Context;

namespace FlowEngine.TestServers;

/// <summary>A server that listens on a port of its own, and what programs say to it: <see cref="ServeProcess"/> in a process, for what a
/// process is, prints or survives; <see cref="ApiServer"/> in that of the test for all else, which has compiled its code already.</summary>
internal abstract class Served : IAsyncDisposable
{
    public Workspace Workspace { get; } = new();

    public string Data => Path.Combine(Workspace.Folder, "data");

    public abstract string Address { get; }

    public abstract HttpClient Http { get; }

    public async Task<(HttpStatusCode Status, FlowValue Body, string Text)> PostAsync(string path, string json, string? bearer = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        if (bearer is not null)
            request.Headers.Authorization = new("Bearer", bearer);
        using var answer = await Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, FlowValue.Parse(text), text);
    }

    public async Task<FlowValue> BeginAsync(string flow = "login")
    {
        var (status, body, text) = await PostAsync("/v1/flow/start", $$"""{ "flowId": "{{flow}}", "options": { "client": {} } }""");
        Assert.True(status == HttpStatusCode.OK, text);
        return body;
    }

    public Task<(HttpStatusCode Status, FlowValue Body, string Text)> SubmitAsync(
        FlowValue at,
        string email,
        string interaction = "submit"
    ) =>
        PostAsync(
            "/v1/flow/next",
            $$"""{ "executionId": "{{at.Get("executionId").ToText()}}", "stepId": "{{at.Get("stepId").ToText()}}","""
                + $$""" "interactionId": "{{interaction}}", "input": { "email": "{{email}}" } }"""
        );

    public async Task<FlowValue> SignInAsync(string email) => (await SubmitAsync(await BeginAsync(), email)).Body;

    /// <summary>The management key that the first start made.</summary>
    public async Task<string> ManagementKeyAsync() => (await File.ReadAllTextAsync(Path.Combine(Data, "management.key"))).Trim();

    public virtual ValueTask DisposeAsync()
    {
        Http.Dispose();
        Workspace.Dispose();
        return ValueTask.CompletedTask;
    }
}
