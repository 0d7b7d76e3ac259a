using FlowEngine.AspNetCore;
using FlowEngine.AspNetCore.Engine;
using FlowEngine.Context;
using FlowEngine.Json;
using FlowEngine.Schema;
using FlowEngine.Screens;
using FlowEngine.Tests;

namespace FlowEngine.Server.Tests.Docs;

/// <summary>
/// tests/Shared/designer-schema.json is what <c>GET /api/schema</c> says, without the JSON Schemas: the console's own tests read it, so
/// that they know the
/// types that the server has.
/// </summary>
public sealed class DesignerSchemaFileTests
{
    private static readonly string Path = System.IO.Path.Combine(Repository.Root, "tests", "Shared", "designer-schema.json");

    [Fact]
    public async Task File_IsWhatTheServerSays()
    {
        await using var connectors = new FlowEngineOptions().Modules().NewConnectors();
        DesignerSchema.Of(FlowEngineHost.ActivitiesOf(), ComponentCatalog.BuiltIn, connectors.Types).TryGetObject(out var schema);
        var said = new FlowObjectBuilder();
        foreach (var (name, value) in schema!)
        {
            if (name is not ("flow" or "connector"))
                said.Set(name, value);
        }
        var text = JsonIndenting.ToText(FlowValue.From(said.Build()));
        if (Environment.GetEnvironmentVariable("FLOWENGINE_UPDATE_DOCS") == "1")
            await File.WriteAllTextAsync(Path, text, TestContext.Current.CancellationToken);

        Assert.Equal(text, await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken));
    }
}
