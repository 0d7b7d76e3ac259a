using System.Text.Json;

namespace FlowEngine.Browser.Tests.Console.Serving;

/// <summary>Per test: a flow that nobody else uses, gone when the test ends.</summary>
internal sealed class OwnFlow : IAsyncDisposable
{
    private readonly string _id;
    private readonly long _revision;

    private OwnFlow(ConsoleServer server, string id, long revision) => (Server, _id, _revision) = (server, id, revision);

    public ConsoleServer Server { get; }

    public static async Task<OwnFlow> AddAsync(ConsoleServer server, string definition)
    {
        var flow = JsonSerializer.Deserialize<JsonElement>(definition);
        var added = await server.CallAsync(HttpMethod.Post, "/api/flows", new { definition = flow });
        return new OwnFlow(server, flow.GetProperty("id").GetString()!, added.GetProperty("revision").GetInt64());
    }

    public Task<JsonElement> DetailAsync() => Server.CallAsync(HttpMethod.Get, $"/api/flows/{_id}");

    public Task<JsonElement> PublishAsync() =>
        Server.CallAsync(HttpMethod.Post, $"/api/flows/{_id}/publish", new { revision = _revision, note = "" });

    /// <summary>Waits until the draft has all of some texts, and none of others.</summary>
    public async Task WaitForDraftAsync(string[] wanted, string[]? gone = null)
    {
        var draft = "";
        for (var i = 0; i < 600; i++)
        {
            var detail = (await DetailAsync()).GetProperty("draft");
            draft = detail.ValueKind == JsonValueKind.Object ? detail.GetProperty("definition").GetRawText() : "";
            if (
                wanted.All(text => draft.Contains(text, StringComparison.Ordinal))
                && !(gone ?? []).Any(text => draft.Contains(text, StringComparison.Ordinal))
            )
                return;
            await Task.Delay(100);
        }
        Assert.Fail("The draft never became what was expected: " + draft);
    }

    public async ValueTask DisposeAsync() => await Server.CallAsync(HttpMethod.Delete, $"/api/flows/{_id}");
}
