using FlowEngine.HttpConnector;
using FlowEngine.Settings;
using FlowEngine.Storage;
using FlowEngine.TestServers;
using Microsoft.Extensions.Time.Testing;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace FlowEngine.TestServers;

/// <summary>A database engine.</summary>
public enum StoreEngine
{
    Sqlite,
    Postgres,
}

/// <summary>Both engines: whatever a store does, it does on each.</summary>
public sealed class BothEngines : TheoryData<StoreEngine>
{
    public BothEngines()
        : base(StoreEngine.Sqlite, StoreEngine.Postgres) { }
}

/// <summary>Per test: a storage in a database and folder of its own.</summary>
internal sealed class TestStorage : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flowengine-storage-");
    private readonly List<ServerStorage> _opened = [];

    private TestStorage(StorageSetup options) => Options = options with { DataFolder = _folder.FullName };

    public FakeTimeProvider Time { get; } = new(Start);

    public StorageSetup Options { get; private set; }

    public string Folder => _folder.FullName;

    public ServerStorage Storage => _opened[0];

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>What the audit log is told where a test has another question.</summary>
    public static AuditNote Note { get; } = new("tests", AuditAction.FlowDraft, "tests");

    /// <summary>An empty database, not opened yet.</summary>
    public static async Task<TestStorage> EmptyAsync(StoreEngine engine, PostgresFixture postgres) =>
        new(
            new StorageSetup
            {
                DataFolder = "",
                Postgres = engine == StoreEngine.Postgres ? await postgres.CreateDatabaseAsync() + ";Maximum Pool Size=6" : null,
            }
        );

    /// <summary>A new storage, opened.</summary>
    public static async Task<TestStorage> CreateAsync(
        StoreEngine engine,
        PostgresFixture postgres,
        Func<StorageSetup, StorageSetup>? change = null
    )
    {
        var test = await EmptyAsync(engine, postgres);
        test.Options = change?.Invoke(test.Options) ?? test.Options;
        await test.OpenAsync();
        return test;
    }

    /// <summary>Opens the same database once more, as another node or the next start would.</summary>
    public async Task<ServerStorage> OpenAsync(StorageSetup? options = null)
    {
        var storage = await ServerStorage.OpenAsync(options ?? Options, SettingsOf, Time, Stop);
        lock (_opened)
            _opened.Add(storage);
        return storage;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var storage in _opened)
            await storage.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static SettingsDescriptor? SettingsOf(string type) =>
        HttpModule.ConnectorTypes(new HttpModuleOptions()).FirstOrDefault(known => known.Name == type)?.Settings;
}
