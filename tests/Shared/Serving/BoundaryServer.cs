namespace FlowEngine.TestServers;

/// <summary>A server with the flow <c>steps</c>, which goes on without a screen from one call of a <see cref="BoundaryApi"/> to the
/// next, and the flow <c>items</c>, which calls it for each of 1,000 items.</summary>
internal static class BoundaryServer
{
    public static Task<ServeProcess> StartAsync(
        BoundaryApi api,
        string? database,
        IReadOnlyDictionary<string, string>? environment = null
    ) =>
        ServeProcess.StartAsync(
            workspace =>
            {
                workspace.Write(
                    "flows/connectors/up.connector.json",
                    $$"""
                    { "id": "up", "type": "http", "configuration": { "baseUrl": "{{api.Address}}",
                      "headers": [ { "key": "x-run", "value": "{{"{{flow.runId}}"}}" } ] } }
                    """
                );
                var file = workspace.Write(
                    "flows/steps.flow.json",
                    """
                    { "id": "steps", "start": "ask", "durability": "step",
                      "activities": [ { "id": "ask", "type": "Screen", "screen": "ask" },
                        { "id": "one", "type": "GenericHttp", "connector": "up", "contextKey": "one", "method": "POST",
                          "endpoint": "/one" },
                        { "id": "two", "type": "GenericHttp", "connector": "up", "contextKey": "two", "method": "POST", "endpoint": "/two",
                          "timeout": 60 },
                        { "id": "three", "type": "GenericHttp", "connector": "up", "contextKey": "three", "method": "POST",
                          "endpoint": "/three" },
                        { "id": "done", "type": "End", "outputs": { "one": "{{connectors.one.body.path}}",
                          "two": "{{connectors.two.body.path}}", "three": "{{connectors.three.body.path}}" } } ],
                      "connections": [ { "source": "ask", "port": "submit", "target": "one" },
                        { "source": "one", "port": "Success", "target": "two" },
                        { "source": "two", "port": "Success", "target": "three" },
                          { "source": "three", "port": "Success", "target": "done" } ],
                      "screens": [ { "id": "ask", "title": "Go", "components": [ { "type": "Button", "id": "submit", "text": "Go" } ] } ] }
                    """
                );
                workspace.Write(
                    "flows/items.flow.json",
                    """
                    { "id": "items", "start": "ask", "durability": "step",
                      "activities": [ { "id": "ask", "type": "Screen", "screen": "ask" },
                        { "id": "made", "type": "Scriptlet", "code": "return Array.from({ length: 1000 }, (x, i) => ({ id: i }));" },
                        { "id": "each", "type": "ForEach", "items": "{{scripts.made}}", "atMost": 1000, "concurrency": 16,
                          "contextKey": "calls",
                          "activity": { "id": "call", "type": "GenericHttp", "connector": "up", "method": "POST", "timeout": 60,
                            "endpoint": "/items/{{item.id}}" } },
                        { "id": "done", "type": "End", "outputs": { "count": "{{connectors.calls.count}}",
                          "failed": "{{connectors.calls.failed}}", "last": "{{connectors.calls.results[999].value.body.path}}" } } ],
                      "connections": [ { "source": "ask", "port": "submit", "target": "made" },
                        { "source": "made", "port": "Success", "target": "each" },
                        { "source": "each", "port": "Success", "target": "done" } ],
                      "screens": [ { "id": "ask", "title": "Go", "components": [ { "type": "Button", "id": "submit", "text": "Go" } ] } ] }
                    """
                );
                string[] where = database is null ? [] : ["--database", database];
                return ["--flows", Path.GetDirectoryName(file)!, "--set", "Egress:AllowPrivateNetworks=true", .. where];
            },
            environment
        );

    /// <summary>The call whose server was killed; after the last step its answer may have come just before.</summary>
    public static async Task LostAsync(Task call)
    {
        try
        {
            await call;
        }
        catch (HttpRequestException)
        {
            // As it should be.
        }
    }
}
