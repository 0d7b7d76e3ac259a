using FlowEngine.Attempts;
using FlowEngine.Settings;
using FlowEngine.Storage.Engines;
using FlowEngine.Storage.Engines.Postgres;
using FlowEngine.Storage.Engines.Sqlite;
using FlowEngine.Storage.Protection;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace FlowEngine.Storage;

/// <summary>
/// Per process, thread-safe: everything that is stored. <see cref="OpenAsync"/> brings the schema up to date and makes sure that root key
/// and key ring are there; any number of processes may do so at once. Commands
/// use it as it is, the server gives it to its services with <see cref="AddTo"/>.
/// </summary>
internal sealed class ServerStorage : IAsyncDisposable
{
    private readonly ServiceProvider _protection;
    private readonly KeyRing _ring;
    private readonly StorageSetup _options;

    private ServerStorage(
        StorageDatabase database,
        RootKey rootKey,
        StorageSetup options,
        Func<string, SettingsDescriptor?> connectorSettings,
        TimeProvider time
    )
    {
        Database = database;
        RootKey = rootKey;
        _ring = new KeyRing(database, rootKey, time);
        var services = new ServiceCollection();
        services.AddLogging();
        _ring.Configure(services);
        _protection = services.BuildServiceProvider();
        Protection = _protection.GetRequiredService<IDataProtectionProvider>();
        Vaults = new Vaults(KeyRing.Application, Protection, _protection.GetRequiredService<IKeyManager>(), time);

        Settings = new SettingStore(database, time);
        ManagementKey = new ManagementKey(Settings);
        Flows = new FlowStore(database, time);
        Connectors = new ConnectorStore(database, Vaults, connectorSettings, time);
        Environment = new EnvironmentStore(database, Settings, Flows, Connectors, time);
        Seals = new RunSeals(Vaults, rootKey);
        Runs = new RunStore(database, Seals, time);
        Search = new RunSearch(database, Seals);
        FormerRows = new FormerRows(database, Seals, options);
        SigningKeys = new SigningKeyStore(database, Vaults);
        RefreshFamilies = new RefreshFamilies(database, time);
        Calls = new CallStore(database, Seals, options.Calls, time);
        StartKeys = new StartKeys(database, rootKey, time);
        Codes = new OneTimeCodes(database, Vaults, time);
        Users = new UserStore(database, time);
        ConsoleSessions = new ConsoleSessionStore(database, time);
        SetupTokens = new SetupTokens(database, time);
        Audit = new AuditLog(database, time);
        Attempts = new StoredAttempts(database, rootKey);
        Counts = new CountStore(database, options.Counts, time);
        Cleaner = new StorageCleaner(database, options, Counts, time);
        _options = options;
    }

    /// <summary>The database.</summary>
    public StorageDatabase Database { get; }

    /// <summary>The key that encrypts the key ring.</summary>
    public RootKey RootKey { get; }

    /// <summary>The key ring, which encrypts everything else.</summary>
    public IDataProtectionProvider Protection { get; }

    /// <summary>Where what is stored is sealed, with the key ring.</summary>
    public Vaults Vaults { get; }

    /// <summary>What runs are sealed with.</summary>
    public RunSeals Seals { get; }

    /// <summary>What releases before stored in plain.</summary>
    public FormerRows FormerRows { get; }

    /// <summary>Small facts.</summary>
    public SettingStore Settings { get; }

    /// <summary>The management key.</summary>
    public ManagementKey ManagementKey { get; }

    /// <summary>Flows.</summary>
    public FlowStore Flows { get; }

    /// <summary>Changes of many flows and connectors at once.</summary>
    public EnvironmentStore Environment { get; }

    /// <summary>Connectors.</summary>
    public ConnectorStore Connectors { get; }

    /// <summary>Runs, by id.</summary>
    public RunStore Runs { get; }

    /// <summary>Runs in lists, and their traces.</summary>
    public RunSearch Search { get; }

    /// <summary>Keys that sign tokens.</summary>
    public SigningKeyStore SigningKeys { get; }

    /// <summary>Refresh tokens.</summary>
    public RefreshFamilies RefreshFamilies { get; }

    /// <summary>Calls that wait to be delivered.</summary>
    public CallStore Calls { get; }

    /// <summary>Starts that may be sent again.</summary>
    public StartKeys StartKeys { get; }

    /// <summary>One-time codes.</summary>
    public OneTimeCodes Codes { get; }

    /// <summary>People of the console.</summary>
    public UserStore Users { get; }

    /// <summary>The console's sessions.</summary>
    public ConsoleSessionStore ConsoleSessions { get; }

    /// <summary>The tokens of setup links.</summary>
    public SetupTokens SetupTokens { get; }

    /// <summary>The audit log.</summary>
    public AuditLog Audit { get; }

    /// <summary>Tries of activities that have a limit.</summary>
    public StoredAttempts Attempts { get; }

    /// <summary>How often what happened.</summary>
    public CountStore Counts { get; }

    /// <summary>Removes what is over.</summary>
    public StorageCleaner Cleaner { get; }

    /// <summary>Opens the storage.</summary>
    /// <param name="options">Where it is.</param>
    /// <param name="connectorSettings">The settings of a connector type, which
    /// tell its secret fields; null for a type that is not known.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops waiting for another process that migrates.</param>
    /// <exception cref="StorageException">The database does not answer, belongs to a later release, or has another root key.</exception>
    /// <exception cref="ArgumentException">The connection string cannot be read.</exception>
    public static async Task<ServerStorage> OpenAsync(
        StorageSetup options,
        Func<string, SettingsDescriptor?> connectorSettings,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (options.Postgres is null || options.Storage.RootKey is not { IsEmpty: false })
            DataFolder.Secure(options.DataFolder);
        StorageDatabase database = options.Postgres is { } connection
            ? new PostgresDatabase(connection)
            : new SqliteDatabase(options.SqliteFile);
        ServerStorage? storage = null;
        try
        {
            await database
                .StartAsync(
                    async () =>
                    {
                        var settings = new SettingStore(database, time);
                        var rootKey = await RootKey
                            .OpenAsync(
                                options,
                                async (own, token) =>
                                    own is null
                                        ? await settings.FindAsync(RootKey.CheckSetting, token).ConfigureAwait(false)
                                        : await settings.FindOrAddAsync(RootKey.CheckSetting, own, token).ConfigureAwait(false),
                                cancellationToken
                            )
                            .ConfigureAwait(false);
                        storage = new ServerStorage(database, rootKey, options, connectorSettings, time);
                        // The first key of the ring is made under the start lock, or nodes that start together would make one each.
                        storage.Protection.CreateProtector("start").Protect([]);
                        storage.Vaults.Load();
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
            return storage!;
        }
        catch
        {
            if (storage is not null)
                await storage.DisposeAsync().ConfigureAwait(false);
            else
                await database.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Gives the stores to a host, and its anti-forgery and cookies the same key
    /// ring. The host disposes none of them: whoever opened the storage does.</summary>
    public void AddTo(IServiceCollection services)
    {
        _ring.Configure(services);
        services.AddSingleton(Protection);
        services.AddSingleton(this);
        services.AddSingleton(Database);
        services.AddSingleton(Settings);
        services.AddSingleton(ManagementKey);
        services.AddSingleton(Flows);
        services.AddSingleton(Connectors);
        services.AddSingleton(Environment);
        services.AddSingleton(Runs);
        services.AddSingleton(Search);
        services.AddSingleton(SigningKeys);
        services.AddSingleton(RefreshFamilies);
        services.AddSingleton(StartKeys);
        services.AddSingleton(Calls);
        services.AddSingleton(_options.Calls);
        services.AddSingleton(Codes);
        services.AddSingleton(Codes);
        services.AddSingleton(Users);
        services.AddSingleton(ConsoleSessions);
        services.AddSingleton(SetupTokens);
        services.AddSingleton(Audit);
        services.AddSingleton<AttemptCounter>(Attempts);
        services.AddSingleton(Counts);
        services.AddSingleton(Cleaner);
        services.AddSingleton(FormerRows);
        services.AddHostedService<CleaningService>();
        services.AddSingleton(_options);
        services.AddSingleton<StorageCheck>();
        services.AddHostedService(provider => provider.GetRequiredService<StorageCheck>());
        services.AddHostedService<RoomWatch>();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _protection.DisposeAsync().ConfigureAwait(false);
        await Database.DisposeAsync().ConfigureAwait(false);
    }
}
