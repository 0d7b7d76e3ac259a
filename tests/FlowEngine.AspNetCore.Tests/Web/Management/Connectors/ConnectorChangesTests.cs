using FlowEngine.AspNetCore.Web.Management.Connectors;
using FlowEngine.Context;
using FlowEngine.TestServers;

namespace FlowEngine.AspNetCore.Tests.Web.Management.Connectors;

public sealed class ConnectorChangesTests(PostgresFixture postgres)
{
    [Fact]
    public async Task DetailOf_SettingsOfOneNameBesideAndInside_AreToldApart()
    {
        var changes = await ChangesAsync(
            """{ "id": "a", "type": "http", "name": "Old", "configuration": { "name": 1, "same": true } }""",
            """{ "id": "a", "type": "http", "name": "New", "configuration": { "name": 2, "same": true } }"""
        );

        Assert.Equal(
            """{"changes":[{"setting":"name","before":"Old","after":"New"},{"setting":"name","before":1,"after":2}]}""",
            changes.ToJson()
        );
    }

    [Fact]
    public async Task DetailOf_ASecret_IsMaskedAndToldToHaveChanged()
    {
        var changes = await ChangesAsync(
            FlowValue.From(SampleConnector.Definition("hunter2")).ToJson(),
            FlowValue.From(SampleConnector.Definition("hunter3")).ToJson()
        );

        Assert.DoesNotContain("hunter", changes.ToJson());
        Assert.Contains("authentication.basic.password", changes.ToJson());
    }

    [Fact]
    public async Task DetailOf_MoreThanAreTold_AreCounted()
    {
        var members = Enumerable.Range(0, ConnectorChanges.Most + 7).Select(i => $"\"setting{i}\": {i}");
        var changes = await ChangesAsync(
            """{ "id": "a", "type": "http", "configuration": {} }""",
            $$"""{ "id": "a", "type": "http", "configuration": { {{string.Join(", ", members)}} } }"""
        );

        Assert.True(changes.TryGetObject(out var detail));
        Assert.True(detail.Get("changes").TryGetArray(out var told));
        Assert.Equal(ConnectorChanges.Most, told.Count);
        Assert.Equal(FlowValue.From(7), detail.Get("untold"));
    }

    private async Task<FlowValue> ChangesAsync(string before, string after)
    {
        await using var storage = await TestStorage.CreateAsync(StoreEngine.Sqlite, postgres);
        return FlowValue.Parse(ConnectorChanges.DetailOf(storage.Storage.Connectors, Of(before), Of(after)));

        static FlowObject Of(string json) =>
            FlowValue.Parse(json).TryGetObject(out var definition) ? definition : throw new ArgumentException("No object.", nameof(json));
    }
}
