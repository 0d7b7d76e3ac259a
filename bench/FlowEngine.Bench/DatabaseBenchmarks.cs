using System.Globalization;
using BenchmarkDotNet.Attributes;
using Dapper;
using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Database;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.TestServers;
using Npgsql;

namespace FlowEngine.Bench;

/// <summary>A flow whose Database activity reads rows of a text, a number, a numeric and a time from a PostgreSQL of its own, against the
/// same rows read by Dapper and turned into the same values: without a flow, a check, a limit and the read-only transaction that the
/// activity has around it, so that Dapper's share is not overstated.</summary>
[MemoryDiagnoser]
#pragma warning disable CA1001 // StopAsync disposes of them: what a benchmark library calls, not a caller.
public class DatabaseBenchmarks
#pragma warning restore CA1001
{
    private LocalPostgres? _postgres;
    private NpgsqlDataSource? _source;
    private ConnectorSet? _connectors;
    private FlowPlan? _plan;

    [Params(1, 20, 1_000)]
    public int Rows { get; set; }

    private string Sql =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            select 'person' || n as name, n as number, n / 7.0 as share, timestamptz '2026-01-01T00:00:00Z' + n * interval '1 s' as at
            from generate_series(1, {Rows}) n
            """
        );

    [GlobalSetup]
    public async Task StartAsync()
    {
        _postgres = await LocalPostgres.StartNewAsync();
        var settings = new NpgsqlConnectionStringBuilder(_postgres.ConnectionString)
        {
            MaxAutoPrepare = 50,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
        };
        _source = NpgsqlDataSource.Create(settings);
        _connectors = new ConnectorSet(
            DatabaseModule.ConnectorTypes(new DatabaseModuleOptions { Egress = new() { AllowPrivateNetworks = true } })
        );
        var connector = FlowValue.Parse(
            $$"""
            { "id": "db", "type": "sql", "configuration": { "engine": "postgres", "host": "{{settings.Host}}", "port": {{settings.Port}},
              "database": "{{settings.Database}}", "username": "{{settings.Username}}", "password": "{{settings.Password}}" } }
            """
        );
        var problems = new DiagnosticBag();
        _connectors.Set(ConnectorDefinition.Read(connector, null, problems)! with { Origin = ConnectorOrigin.Operator });
        _plan = Flows.Compile(
            FlowValue.Parse(
                $$"""
                { "id": "read", "start": "q", "activities": [ { "id": "q", "type": "Database", "connector": "db", "contextKey": "db",
                  "query": {{FlowValue.From(Sql).ToJson()}}, "maxRows": 1000 }, { "id": "end", "type": "End" } ],
                  "connections": [ { "source": "q", "port": "Success", "target": "end" } ] }
                """
            ),
            new CompilationEnvironment { Activities = new ActivityCatalog(DatabaseModule.ActivityTypes), Connectors = _connectors }
        );
        var (own, others) = (await ActivityAsync(), FlowValue.From(await DapperAsync()));
        if (own.Get("rows") != others)
            throw new InvalidOperationException($"{own.Get("rows").ToJson()} is not {others.ToJson()}.");
    }

    [GlobalCleanup]
    public async Task StopAsync()
    {
        await _connectors!.DisposeAsync();
        await _source!.DisposeAsync();
        await _postgres!.DisposeAsync();
    }

    [Benchmark(Baseline = true)]
    public async Task<FlowArray> DapperAsync()
    {
        await using var connection = await _source!.OpenConnectionAsync();
        var rows = new List<FlowValue>();
        foreach (IDictionary<string, object?> row in await connection.QueryAsync(Sql))
        {
            var values = new FlowObjectBuilder(row.Count);
            foreach (var (name, value) in row)
                values.Set(name, ValueOf(value));
            rows.Add(FlowValue.From(values.Build()));
        }
        return FlowArray.From(rows);
    }

    [Benchmark]
    public async Task<FlowValue> ActivityAsync()
    {
        var run = FlowRun.Start(_plan!, new RunStart(), RunServices.Default);
        await FlowExecutor.AdvanceAsync(run);
        return run.Status == RunStatus.Completed
            ? run.Context.Get(Templates.ContextRoot.Connectors).Get("db")
            : throw new InvalidOperationException(run.Failure?.Message);
    }

    private static FlowValue ValueOf(object? value) =>
        value switch
        {
            null => FlowValue.Null,
            string text => FlowValue.From(text),
            int number => FlowValue.From(number),
            decimal number => FlowValue.From(number),
            DateTime time => FlowValue.From(time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture) + "Z"),
            _ => throw new ArgumentException($"A {value.GetType()} was not asked for.", nameof(value)),
        };
}
