using FlowEngine.Context;
using FlowEngine.Storage;
using FlowEngine.TestServers;

namespace FlowEngine.Storage.Tests;

public sealed class ConnectorStoreTests(PostgresFixture postgres)
{
    private static CancellationToken Stop => TestStorage.Stop;

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Find_AddedConnector_IsTheSameWithItsSecretsMarked(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var definition = SampleConnector.Definition("env-like but literal: \\\"ü");

        await test.Storage.Connectors.AddAsync("profile-api", definition, "ada", null, Stop);
        var found = (await test.Storage.Connectors.FindAsync("profile-api", Stop))!;

        Assert.Equal(definition, found.Definition);
        var configuration = found.Definition.Get("configuration");
        Assert.True(configuration.Get("authentication").Get("basic").Get("password").IsSensitive);
        Assert.False(configuration.Get("authentication").Get("basic").Get("username").IsSensitive);
        Assert.Equal("ada", found.Author);
        Assert.Equal(found.Revision, Assert.Single(await test.Storage.Connectors.ListAsync(Stop)).Revision);
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Stored_Definition_HidesLiteralsAndKeepsReferences(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        await test.Storage.Connectors.AddAsync(
            "profile-api",
            SampleConnector.Definition("literal-secret", "file:/run/hmac"),
            "ada",
            null,
            Stop
        );

        var stored = await test.Storage.Database.FirstAsync<string>("select definition from connectors", null, Stop);

        Assert.DoesNotContain("literal-secret", stored, StringComparison.Ordinal);
        Assert.Contains("file:/run/hmac", stored, StringComparison.Ordinal);
        Assert.Contains("https://api.example.com", stored, StringComparison.Ordinal);
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Save_WithMasks_KeepsTheSecretsThatWereNotChanged(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var connectors = test.Storage.Connectors;
        var revision = (await connectors.AddAsync("profile-api", SampleConnector.Definition("one"), "ada", null, Stop))!.Value;
        var shown = connectors.Mask((await connectors.FindAsync("profile-api", Stop))!.Definition);
        Assert.Equal("***", shown.Get("configuration").Get("authentication").Get("basic").Get("password").ToText());
        Assert.Equal("env:PROFILE_HMAC", shown.Get("configuration").Get("hmacSecret").ToText());

        var edited = Json(
            FlowValue
                .From(shown)
                .ToJson()
                .Replace("https://api.example.com", "https://new.example.com", StringComparison.Ordinal)
                .Replace("\"token\":\"***\"", "\"token\":\"fresh\"", StringComparison.Ordinal)
        );
        var saved = await connectors.SaveAsync("profile-api", edited, revision, "bob", null, Stop);

        var found = (await connectors.FindAsync("profile-api", Stop))!;
        var authentication = found.Definition.Get("configuration").Get("authentication");
        Assert.Equal(
            ("one", "fresh"),
            (authentication.Get("basic").Get("password").ToText(), authentication.Get("apiKey").Get("token").ToText())
        );
        Assert.Equal("https://new.example.com", found.Definition.Get("configuration").Get("baseUrl").ToText());
        Assert.Equal((saved, "bob"), (found.Revision, found.Author));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Save_WithAnOldRevision_IsRefused(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var connectors = test.Storage.Connectors;
        var first = (await connectors.AddAsync("profile-api", SampleConnector.Definition("one"), "ada", null, Stop))!.Value;

        Assert.Null(await connectors.AddAsync("profile-api", SampleConnector.Definition("two"), "ada", null, Stop));
        Assert.NotNull(await connectors.SaveAsync("profile-api", SampleConnector.Definition("two"), first, "ada", null, Stop));
        Assert.Null(await connectors.SaveAsync("profile-api", SampleConnector.Definition("three"), first, "ada", null, Stop));
        Assert.True(await connectors.DeleteAsync("profile-api", null, Stop));
        Assert.False(await connectors.DeleteAsync("profile-api", null, Stop));
        Assert.Null(await connectors.FindAsync("profile-api", Stop));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task UnknownType_EveryTextOfItsConfiguration_IsTakenForASecret(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var definition = Json(
            """{ "id": "x", "type": "of-a-plugin", "configuration": { "token": "plugin-secret","""
                + """ "list": [ { "a": "nested-secret" } ], "n": 1 } }"""
        );
        await test.Storage.Connectors.AddAsync("x", definition, "ada", null, Stop);

        var stored = await test.Storage.Database.FirstAsync<string>("select definition from connectors", null, Stop);

        Assert.DoesNotContain("-secret", stored, StringComparison.Ordinal);
        Assert.Equal(definition, (await test.Storage.Connectors.FindAsync("x", Stop))!.Definition);
    }

    private static FlowObject Json(string json) =>
        FlowValue.Parse(json).TryGetObject(out var definition) ? definition : throw new ArgumentException("No object.", nameof(json));
}
