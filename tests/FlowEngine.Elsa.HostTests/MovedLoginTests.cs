using Elsa.Workflows;
using FlowEngine.Context;
using FlowEngine.ElsaActivities.Hosting;
using FlowEngine.ElsaActivities.Tests;
using FlowEngine.ElsaFormat;
using FlowEngine.Execution;

namespace FlowEngine.ElsaActivities.HostTests;

/// <summary>A login that waits is saved as the text of Elsa's workflow state, and goes on in another host. The sample flow: a wrong password
/// first, then the right one.</summary>
public sealed class MovedLoginTests : IDisposable
{
    private const string Wrong = "hunter2-is-no-password";
    private const string Right = "correct horse battery staple";
    private const string Hash = "$argon2id$v=19$m=19456,t=2,p=1$ZGVtby1zYWx0LW9mLWFkYQ$V3dRBuWdy90zVOYogyaxguEms1a6+VBlcN2PIqQri4c";

    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("flowengine-keys-");

    [Fact]
    public async Task Login_SavedInOneHost_IsFinishedInAnother()
    {
        await using var first = await StartAsync(_keys.FullName);
        await using var second = await StartAsync(_keys.FullName);
        var began = await first.StartAsync("password");
        await began.SubmitAsync("submit", Form(Wrong));
        Assert.Equal("retry", began.Screen);

        var text = await began.SaveAsync();
        var moved = await second.LoadStateAsync(text);
        Assert.Equal("retry", moved.Screen);
        await moved.SubmitAsync("submit", Form(Right));

        Assert.Equal((WorkflowSubStatus.Finished, ""), (moved.SubStatus, string.Join('\n', moved.Incidents)));
        Assert.Equal("completed", moved.Output.Get("status").ToText());
        Assert.Equal("ada", moved.Output.Get("user").Get("userId").ToText());
        // In none of the texts that Elsa keeps of it, in either host.
        foreach (var kept in new[] { text, await moved.SaveAsync(), await first.KeptAsync(), await second.KeptAsync() })
        {
            Assert.Contains("\"password\"", kept, StringComparison.Ordinal);
            Assert.DoesNotContain(Wrong, kept, StringComparison.Ordinal);
            Assert.DoesNotContain(Right, kept, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Login_LoadedWithoutTheKeys_IsRefusedClearly()
    {
        await using var first = await StartAsync(_keys.FullName);
        await using var stranger = await StartAsync(null);
        var began = await first.StartAsync("password");
        var moved = await stranger.LoadStateAsync(await began.SaveAsync());

        await moved.SubmitAsync("submit", Form(Right));

        Assert.Equal(WorkflowSubStatus.Faulted, moved.SubStatus);
        Assert.Contains(
            "Hosts that share instances share the keys of Data Protection.",
            Assert.Single(moved.Incidents),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(Right, await stranger.KeptAsync(), StringComparison.Ordinal);
    }

    private static FlowValue Form(string password) =>
        FlowValue.Object(("email", FlowValue.From("ada@example.com")), ("password", FlowValue.From(password)));

    private static async Task<ElsaHost> StartAsync(string? keys)
    {
        var host = await ElsaHost.StartAsync(keys: keys);
        var row = FlowValue.Object(
            ("id", FlowValue.From("ada")),
            ("name", FlowValue.From("Ada Lovelace")),
            ("password_hash", FlowValue.From(Hash))
        );
        var rows = FlowValue.Object(("rows", FlowValue.Array([row])));
        host.Engine.Services = new RunServices
        {
            Trace = true,
            Replies = new ScriptedReplies(FlowValue.Object(("lookup", FlowValue.Array([rows, rows])))),
        };
        var flow = TestEngine.Read(Path.Combine(TestEngine.Flows, "password.flow.json"));
        // An input that Elsa keeps in the instance, as this workflow declares it.
        const string Kept =
            "\"inputs\":[{\"name\":\"form\",\"type\":\"Object\",\"storageDriverType\":"
            + "\"Elsa.Workflows.WorkflowInstanceStorageDriver, Elsa.Workflows.Core\"}]";
        var definition = ElsaWriter.Write(flow, 1).ToJson().Replace("\"inputs\":[]", Kept, StringComparison.Ordinal);
        Assert.Contains(Kept, definition, StringComparison.Ordinal);
        await host.ImportAsync(definition);
        return host;
    }

    public void Dispose() => _keys.Delete(recursive: true);
}
