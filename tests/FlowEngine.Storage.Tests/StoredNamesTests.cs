using FlowEngine.TestServers;

namespace FlowEngine.Storage.Tests;

/// <summary>
/// Names of our own code that databases in the field hold. They stay as they are wherever the code moves: a renamed migration would run a
/// second time, a key whose decryptor is not found would make everything unreadable.
/// </summary>
public sealed class StoredNamesTests(PostgresFixture postgres)
{
    private static readonly string[] Released =
    [
        "0001-start",
        "0002-cluster",
        "0003-rows",
        "0004-attempts",
        "0005-sealed-traces",
        "0006-console-sessions",
        "0007-budget",
        "0008-runs-tell",
        "0009-untouched",
        "0010-again",
        "0011-calls",
        "0012-cooldowns",
        "0013-counts",
    ];

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task Journal_HoldsTheNamesOfTheReleasesBefore(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);

        var journal = await test.Storage.Database.ListAsync<string>(
            "select scriptname from schemaversions order by scriptname",
            null,
            TestStorage.Stop
        );

        var released = Released
            .Where(name => engine == StoreEngine.Postgres || name != "0003-rows")
            .Select(name => $"Storage/Migrations/{engine}/{name}.sql")
            .ToList();
        Assert.Equal(released, journal.Take(released.Count));
    }

    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task KeyRing_NamesTheDecryptorOfTheReleasesBefore_AndIsRead(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var @sealed = test.Storage.Vaults.Of("test").Seal("kept");

        var key = await test.Storage.Database.FirstAsync<string>("select xml from key_ring", null, TestStorage.Stop);
        var next = await test.OpenAsync();

        Assert.Contains(
            "decryptorType=\"FlowEngine.Server.Storage.Protection.KeyRingDecryptor, FlowEngine.Server\"",
            key,
            StringComparison.Ordinal
        );
        Assert.Equal("kept", next.Vaults.Of("test").Open(@sealed));
    }

    /// <summary>Releases before wrote the assembly's version too.</summary>
    [Theory]
    [ClassData(typeof(BothEngines))]
    public async Task KeyRing_WithTheVersionOfARelease_IsRead(StoreEngine engine)
    {
        await using var test = await TestStorage.CreateAsync(engine, postgres);
        var @sealed = test.Storage.Vaults.Of("test").Seal("kept");

        await test.Storage.Database.WriteAsync(
            "update key_ring set xml = replace(xml, 'KeyRingDecryptor, FlowEngine.Server', "
                + "'KeyRingDecryptor, FlowEngine.Server, Version=0.1.0.0, Culture=neutral, PublicKeyToken=null')",
            null,
            TestStorage.Stop
        );
        var next = await test.OpenAsync();

        Assert.Equal("kept", next.Vaults.Of("test").Open(@sealed));
    }
}
