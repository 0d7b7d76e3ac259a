using FlowEngine.AspNetCore.Engine;
using FlowEngine.AspNetCore.Engine.Extensions;
using FlowEngine.AspNetCore.Hosting;
using FlowEngine.AspNetCore.Runs.Cluster;
using FlowEngine.AspNetCore.Tokens;
using FlowEngine.AspNetCore.Web.Console;
using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Screens;
using FlowEngine.Context;
using FlowEngine.Database;
using FlowEngine.Database.Files;
using FlowEngine.Errors;
using FlowEngine.Extensions;
using FlowEngine.HttpConnector;
using FlowEngine.Settings;
using FlowEngine.Storage;

namespace FlowEngine.AspNetCore;

/// <summary>
/// Bound once at start, then read only: what FlowEngine serves in a program, and where it keeps what it stores. The program's configuration
/// sets them first, section <c>FlowEngine</c>, then what <c>AddFlowEngine</c> is given.
/// </summary>
public sealed class FlowEngineOptions
{
    /// <summary>The section of the program's configuration.</summary>
    public const string Section = "FlowEngine";

    private ExtensionSet? _extensions;

    /// <summary>The folder of the flows, with <c>connectors/</c> in it. A file in it that changed becomes a new published version when the
    /// program starts. A relative one counts from the current folder. Default <c>flows</c>.</summary>
    public string Flows { get; set; } = "flows";

    /// <summary>The folder of the embedded database, the keys, and the link that sets up the console. It belongs to this program alone, and
    /// is made when it is not there. A relative one counts from the current folder. Default <c>data</c>.</summary>
    public string Data { get; set; } = "data";

    /// <summary>The connection string of a PostgreSQL database, or where it stands: <c>env:NAME</c>, <c>file:PATH</c>. Default null:
    /// SQLite in
    /// <see cref="Data"/>.</summary>
    public string? Database { get; set; }

    /// <summary>Whether other nodes share <see cref="Database"/>, and the runs with it. They need the same setting <c>Storage:RootKey</c>.
    /// Default false.</summary>
    public bool IsCluster { get; set; }

    /// <summary>The project: part of the issuer, the audience of tokens, and what clients send before a key or token. Default
    /// <c>default</c>.</summary>
    [Setting("The project: part of the issuer, the audience of tokens, and what clients send before a key or token.")]
    public string ProjectId { get; set; } = "default";

    /// <summary>How tokens are issued.</summary>
    [Setting("How tokens are issued.")]
    public TokenOptions Tokens { get; set; } = new();

    /// <summary>The management key.</summary>
    [Setting("The management key.")]
    public ManagementOptions Management { get; set; } = new();

    /// <summary>How things are stored.</summary>
    [Setting("How things are stored.")]
    public StorageOptions Storage { get; set; } = new();

    /// <summary>Where the other nodes reach this one.</summary>
    [Setting("Where the other nodes reach this one.")]
    public NodeOptions Cluster { get; set; } = new();

    /// <summary>How the program stops.</summary>
    [Setting("How the program stops.")]
    public ShutdownOptions Shutdown { get; set; } = new();

    /// <summary>How long traces are kept, and how many.</summary>
    [Setting("How long traces are kept, and how many.")]
    public TraceOptions Trace { get; set; } = new();

    /// <summary>How long runs are kept.</summary>
    [Setting("How long runs are kept.")]
    public RunOptions Runs { get; set; } = new();

    /// <summary>How many calls may wait to be delivered, and for how long.</summary>
    [Setting("How many calls may wait to be delivered, and for how long.")]
    public CallOptions Calls { get; set; } = new();

    /// <summary>How long the console's numbers are kept.</summary>
    [Setting("How long the console's numbers are kept.")]
    public CountOptions Counts { get; set; } = new();

    /// <summary>Which reverse proxies are believed.</summary>
    [Setting("Which reverse proxies are believed.")]
    public ProxyOptions Proxies { get; set; } = new();

    /// <summary>How often one client may ask for what.</summary>
    [Setting("How often one client may ask for what.")]
    public RateLimitOptions RateLimits { get; set; } = new();

    /// <summary>Whose pages may call the API.</summary>
    [Setting("Whose pages may call the API.")]
    public CrossOriginOptions Cors { get; set; } = new();

    /// <summary>How large requests may be.</summary>
    [Setting("How large requests may be.")]
    public ApiOptions Api { get; set; } = new();

    /// <summary>The hosted screens.</summary>
    [Setting("The hosted screens.")]
    public HostedScreensOptions Screens { get; set; } = new();

    /// <summary>The console.</summary>
    [Setting("The console.")]
    public ConsoleOptions Console { get; set; } = new();

    /// <summary>What connectors may reach.</summary>
    [Setting("What connectors may reach.")]
    public OutboundOptions Egress { get; set; } = new();

    /// <summary>Which extensions are loaded beside those that <see cref="AddExtension"/> registers.</summary>
    [Setting("Which extensions are loaded.")]
    public ExtensionOptions Extensions { get; set; } = new();

    /// <summary>What connectors may open.</summary>
    [Setting("What connectors may open.")]
    public ConnectorOptions Connectors { get; set; } = new();

    /// <summary>How large the requests and answers of HTTP connectors may be.</summary>
    [Setting("How large the requests and answers of HTTP connectors may be.")]
    public HttpModuleOptions Http { get; set; } = new();

    /// <summary>Registers an extension: what it brings is there as if it were FlowEngine's own. Those in the folder of the setting
    /// <c>Extensions:Folder</c> come after it.</summary>
    /// <returns>The options, to go on.</returns>
    public FlowEngineOptions AddExtension<TExtension>()
        where TExtension : FlowEngineExtension, new()
    {
        Added.Add(new TExtension());
        return this;
    }

    /// <summary>The extensions that the program registers.</summary>
    internal List<FlowEngineExtension> Added { get; } = [];

    /// <summary>Applied to the content of every connector; null for nothing.</summary>
    internal Func<FlowValue, FlowValue>? Relocate { get; set; }

    /// <summary>Folders for SQLite files of connectors beside those of the settings.</summary>
    internal IReadOnlyList<string> SqliteFolders { get; set; } = [];

    /// <summary>Is told what the start found, in the place of the log; null for the log.</summary>
    internal Action<EngineStart>? Started { get; set; }

    /// <summary>What was wrong with the configuration, in the order found.</summary>
    internal DiagnosticBag Problems { get; } = new();

    /// <summary>What was given in the configuration and does not exist, with advice or null.</summary>
    internal IReadOnlyList<(string Name, string? Advice)> Unknown { get; set; } = [];

    /// <summary>Sets what a configuration says; what is wrong with it <see cref="Check"/> tells.</summary>
    internal void Bind(IConfiguration configuration) => ConfiguredSettings.Bind(this, configuration, Problems);

    /// <summary>Checks all settings, however they were set.</summary>
    /// <exception cref="SettingsException">Some cannot be used; it tells of all.</exception>
    internal void Check()
    {
        var problems = new DiagnosticBag();
        problems.AddRange(Problems.Items);
        SettingsDescriptor.Of(typeof(FlowEngineOptions)).Check(this, SourceLocation.Root(null), problems);
        ConfiguredSettings.ThrowAny(problems);
    }

    /// <summary>Where things are stored, and for how long.</summary>
    internal StorageSetup StorageSetup() =>
        new()
        {
            DataFolder = Data,
            Postgres = Database is { } database ? EngineChecks.Reveal(database) : null,
            IsCluster = IsCluster,
            Storage = Storage,
            Trace = Trace,
            Runs = Runs,
            Calls = Calls,
            Counts = Counts,
        };

    /// <summary>What flows are made of, and connectors may do. The extensions are loaded when it is first asked for.</summary>
    /// <exception cref="ExtensionException">One of them cannot be used.</exception>
    /// <param name="dataFolder">The data folder, which no connector reaches; null where there is none.</param>
    internal EngineModules Modules(string? dataFolder = null) =>
        new(
            Http with
            {
                Egress = Egress.Http(),
            },
            new DatabaseModuleOptions
            {
                Egress = Egress.Sql(),
                SqliteFiles = new SqliteFileRules([.. Connectors.SqliteFolders, .. SqliteFolders], dataFolder),
            },
            _extensions ??= ExtensionSet.Load(Added, Extensions.Folder, Egress.Http)
        );
}
