using System.Diagnostics;
using System.Text.Json.Nodes;
using Npgsql;

namespace FlowEngine.Bench.Faults;

/// <summary>Per scenario: its servers, flows, people and the truth about them; and what it showed.</summary>
internal sealed class Stage : IAsyncDisposable
{
    /// <summary>Opens the management API.</summary>
    public const string ManagementKey = "a-management-key-for-the-faults-0123456789";

    private const string RootKey = "a-root-key-for-the-faults-of-a-cluster-0123456789";

    private readonly List<Node> _nodes = [];
    private readonly List<string> _notes = [];
    private readonly Field _field;
    private long _faultAt = Stopwatch.GetTimestamp();
    private int _faults;
    private int _kills;

    private Stage(Field field, Scenario scenario, string folder, Ledger ledger, Upstream upstream)
    {
        (_field, Scenario, Folder, Ledger, Upstream) = (field, scenario, folder, ledger, upstream);
        Random = new Random(unchecked(field.Settings.Seed * 7919 + Stable(scenario.Name)));
        Tokens = new Tokens(() => _nodes.Where(node => !node.HasEnded).Select(node => node.Address));
    }

    public Scenario Scenario { get; }

    public Settings Settings => _field.Settings;

    /// <summary>Its folder: <c>flows</c> and data.</summary>
    public string Folder { get; }

    public Ledger Ledger { get; }

    public Upstream Upstream { get; }

    public Tokens Tokens { get; }

    /// <summary>Chooses the moments of the faults.</summary>
    public Random Random { get; }

    /// <summary>What it showed, in words.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Whether it showed what it must.</summary>
    public bool Holds { get; private set; } = true;

    /// <summary>How many faults there were.</summary>
    public int Faults => _faults;

    /// <summary>How many of them were kills.</summary>
    public int Kills => _kills;

    /// <summary>Whether this build knows <c>"async": "durable"</c>.</summary>
    public bool HasDurableCalls => _field.HasDurableCalls;

    public static async Task<Stage> SetAsync(Field field, Scenario scenario)
    {
        var ledger = new Ledger(scenario.Name);
        var folder = Directory.CreateDirectory(Path.Combine(field.Folder, scenario.Name)).FullName;
        var stage = new Stage(field, scenario, folder, ledger, await Upstream.StartAsync(ledger));
        stage.WriteFlows();
        return stage;
    }

    /// <summary>Whether one of several servers was lost.</summary>
    public bool HasOthers => _nodes.Count > 1 && _nodes.Exists(node => node.IsLost);

    /// <summary>What must be so.</summary>
    public void Claim(bool holds, string what)
    {
        Holds &= holds;
        _notes.Add(holds ? what : $"**NOT: {what}**");
    }

    /// <summary>What is worth knowing.</summary>
    public void Note(string what) => _notes.Add(what);

    /// <summary>How many seconds ago the last fault was.</summary>
    public double SinceFault => Stopwatch.GetElapsedTime(Volatile.Read(ref _faultAt)).TotalSeconds;

    /// <summary>A fault other than a kill.</summary>
    public void CountFault()
    {
        Interlocked.Increment(ref _faults);
        Volatile.Write(ref _faultAt, Stopwatch.GetTimestamp());
    }

    /// <summary>Kills a node.</summary>
    public async Task KillAsync(Node node)
    {
        CountFault();
        Interlocked.Increment(ref _kills);
        await node.KillAsync();
    }

    /// <summary>A server on its embedded database.</summary>
    public Node Embedded(IReadOnlyDictionary<string, string>? environment = null, string data = "data", params string[] before) =>
        Add(new Node([.. before, .. Command(data)], environment));

    /// <summary>A server on PostgreSQL.</summary>
    public Node Stored(string database) => Add(new Node([.. Command("data"), "--database", database]));

    /// <summary>A node of a cluster.</summary>
    public Node Clustered(string name, string database) =>
        Add(new Node([.. Command(name), "--cluster", "--database", database, "--set", $"Storage:RootKey={RootKey}"]));

    /// <summary>A new database on the PostgreSQL that the scenarios share.</summary>
    public async Task<string> DatabaseAsync() =>
        await NewDatabaseAsync((await _field.PostgresAsync()).ConnectionString, Scenario.Name.Replace('-', '_'));

    /// <summary>A new database on a PostgreSQL.</summary>
    public static async Task<string> NewDatabaseAsync(string server, string name)
    {
        await using var connection = new NpgsqlConnection(server + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"create database {name}", connection);
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = 20 }.ConnectionString;
    }

    /// <summary>The path of something in the folder.</summary>
    public string PathOf(string name) => Path.Combine(Folder, name);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        await Upstream.DisposeAsync();
    }

    /// <summary>A number that is the same in every process.</summary>
    private static int Stable(string text) => text.Aggregate(17, (hash, letter) => unchecked(hash * 31 + letter));

    private Node Add(Node node)
    {
        _nodes.Add(node);
        return node;
    }

    private string[] Command(string data) =>
        [
            _field.Program,
            "serve",
            "--flows",
            PathOf("flows"),
            "--data",
            PathOf(data),
            "--set",
            "Egress:AllowPrivateNetworks=true",
            "--set",
            $"Management:Key={ManagementKey}",
            // Everybody comes from one address.
            "--set",
            "RateLimits:StartsPerMinute=0",
            "--set",
            "RateLimits:SubmitsPerMinute=0",
            "--set",
            "RateLimits:TokensPerMinute=0",
            "--set",
            "RateLimits:PagesPerMinute=0",
            "--set",
            "RateLimits:ManagementPerMinute=0",
            "--set",
            "RateLimits:OthersPerMinute=0",
        ];

    private void WriteFlows()
    {
        var flows = Directory.CreateDirectory(PathOf("flows")).FullName;
        var connectors = Directory.CreateDirectory(Path.Combine(flows, "connectors")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(Field.Repository, "bench/Faults/flows"), "*.flow.json"))
        {
            var flow = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
            if (HasDurableCalls)
                Deliver(flow);
            File.WriteAllText(Path.Combine(flows, Path.GetFileName(file)), flow.ToJsonString());
            if (Path.GetFileName(file) == "visit.flow.json")
            {
                flow["id"] = "steps";
                flow["durability"] = "step";
                File.WriteAllText(Path.Combine(flows, "steps.flow.json"), flow.ToJsonString());
            }
        }
        Write("people", "sql", new JsonObject { ["engine"] = "sqlite", ["file"] = _field.PeopleFile });
        Write("up", "http", new JsonObject { ["baseUrl"] = Upstream.Address, ["includeHeadersInContext"] = true });

        void Write(string id, string type, JsonObject configuration) =>
            File.WriteAllText(
                Path.Combine(connectors, $"{id}.connector.json"),
                new JsonObject
                {
                    ["id"] = id,
                    ["type"] = type,
                    ["configuration"] = configuration,
                }.ToJsonString()
            );
    }

    private static void Deliver(JsonObject flow)
    {
        foreach (var activity in flow["activities"]!.AsArray().OfType<JsonObject>().Where(activity => activity.ContainsKey("async")))
            activity["async"] = "durable";
    }
}
