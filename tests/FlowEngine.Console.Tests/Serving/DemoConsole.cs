using FlowEngine.Browser.Tests.Console.Serving;

[assembly: AssemblyFixture(typeof(DemoConsole))]

namespace FlowEngine.Browser.Tests.Console.Serving;

/// <summary>Per process: one server with the demo for all tests that do
/// not change what others see, begun when it is first needed.</summary>
public sealed class DemoConsole : IAsyncDisposable
{
    private Task<ConsoleServer>? _server;

    internal Task<ConsoleServer> ServerAsync() => _server ??= StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await (await _server).DisposeAsync();
    }

    private static async Task<ConsoleServer> StartAsync()
    {
        var server = await ConsoleServer.DemoAsync();
        foreach (var name in new[] { "ada", "ghost", "busy", "broken" })
            await server.SignInAsync($"{name}@example.com");
        return server;
    }
}
