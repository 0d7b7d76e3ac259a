using System.Text.RegularExpressions;
using FlowEngine.Activities;
using FlowEngine.Compilation;
using FlowEngine.Connectors;
using FlowEngine.Context;
using FlowEngine.Database.Network;
using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Templates;
using FlowEngine.Tests;
using Npgsql;

namespace FlowEngine.Database.Tests;

/// <summary>Compiles and runs flows of one Database activity against one connector.</summary>
internal sealed partial class DatabaseFlow : IAsyncDisposable
{
    /// <summary>What an operator allows who develops on this machine.</summary>
    public static readonly DatabaseModuleOptions Open = new() { Egress = new DatabaseEgress { AllowPrivateNetworks = true } };

    private const string Writing = """, "readOnly": false""";

    private readonly ConnectorSet _connectors;
    private readonly ActivityCatalog _activities = new(DatabaseModule.ActivityTypes);

    public DatabaseFlow(
        string configuration,
        string? file = null,
        DatabaseModuleOptions? options = null,
        ConnectorOrigin origin = ConnectorOrigin.Operator
    )
    {
        _connectors = new ConnectorSet(DatabaseModule.ConnectorTypes(options ?? Open));
        var json = FlowValue.Parse($$"""{ "id": "db", "type": "sql", "configuration": {{configuration}} }""");
        var definition = ConnectorDefinition.Read(json, file, new DiagnosticBag())!;
        _connectors.Set(definition with { Origin = origin });
    }

    /// <summary>A flow on the PostgreSQL database of a connection string.</summary>
    public static DatabaseFlow Postgres(string connectionString, string more = "") => new(PostgresConfiguration(connectionString, more));

    public static string PostgresConfiguration(string connectionString, string more = "")
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        return $$"""
            { "engine": "postgres", "host": "{{given.Host}}", "port": {{given.Port}}, "database": "{{given.Database}}",
              "username": "{{given.Username}}",
              "password": {{FlowValue.From(given.Password ?? "").ToJson()}}{{more}} }
            """;
    }

    /// <summary>The problems of the connector itself.</summary>
    public IReadOnlyList<Diagnostic> ConnectorProblems
    {
        get
        {
            _connectors.Find("db", out var problems);
            return problems;
        }
    }

    public SqlConnectorHandle Connector => new(_connectors.Find("db", out _)!);

    /// <summary>Compiles a query; behind a screen with the inputs that it reads, if it reads any.</summary>
    public CompilationResult Compile(string query, string settings = "") =>
        CompileActivity($""" "query": {FlowValue.From(query).ToJson()}{settings}""");

    /// <summary>Compiles the statements of a transaction; behind a screen with the inputs that they read, if they read any.</summary>
    public CompilationResult Compile(IEnumerable<string> statements, string settings = Writing) =>
        CompileActivity($""" "statements": {FlowValue.Texts(statements).ToJson()}{settings}""");

    private CompilationResult CompileActivity(string settings)
    {
        var inputs = FormPath().Matches(settings).Select(match => match.Groups[1].Value).Distinct().ToList();
        var components = string.Concat(inputs.Select(name => $$"""{ "type": "TextInput", "name": "{{name}}" },"""));
        var flow = $$"""
            { "id": "f", "start": "{{(inputs.Count > 0 ? "ask" : "q")}}", {{DeclaredInputs.In(settings)}}, "activities": [
                { "id": "q", "type": "Database", "connector": "db", "contextKey": "db", {{settings}} },
                { "id": "end", "type": "End" }{{(inputs.Count > 0 ? """, { "id": "ask", "type": "Screen", "screen": "ask" }""" : "")}} ],
              "connections": [ { "source": "q", "port": "Success", "target": "end" }{{(
                inputs.Count > 0 ? """, { "source": "ask", "port": "go", "target": "q" }""" : ""
            )}} ],
              "screens": [ { "id": "ask", "components": [ {{components}} { "type": "Button", "id": "go" } ] } ] }
            """;
        return FlowCompiler.Compile(
            FlowValue.Parse(flow),
            new CompilationEnvironment { Activities = _activities, Connectors = _connectors }
        );
    }

    /// <summary>Compiles a whole flow.</summary>
    public FlowPlan CompileFlow(string flow)
    {
        var result = CompileAny(flow);
        Assert.True(result.Plan is not null, string.Join('\n', result.Diagnostics));
        return result.Plan;
    }

    /// <summary>Compiles a whole flow, which may have problems.</summary>
    public CompilationResult CompileAny(string flow) =>
        FlowCompiler.Compile(FlowValue.Parse(flow), new CompilationEnvironment { Activities = _activities, Connectors = _connectors });

    [GeneratedRegex(@"\bform\.(\w+)")]
    private static partial Regex FormPath();

    /// <summary>Compiles a flow that goes through the rows of a query.</summary>
    public CompilationResult CompileWithItem(string query, string path) =>
        FlowCompiler.Compile(
            FlowValue.Parse(
                $$$"""
                { "id": "f", "start": "q", "activities": [ { "id": "q", "type": "Database", "connector": "db", "contextKey": "db",
                    "query": {{{FlowValue.From(query).ToJson()}}} },
                    { "id": "each", "type": "ForEach", "items": "{{connectors.db.rows}}",
                      "activity": { "id": "one", "type": "Scriptlet", "code": "return x;", "arguments": { "x": "{{{path}}}" } } },
                    { "id": "end", "type": "End" } ],
                  "connections": [ { "source": "q", "port": "Success", "target": "each" },
                    { "source": "each", "port": "Success", "target": "end" } ] }
                """
            ),
            new CompilationEnvironment { Activities = _activities, Connectors = _connectors }
        );

    /// <summary>Compiles a query whose End gives back what a path leads to.</summary>
    public CompilationResult CompileWithOutput(string query, string path) =>
        FlowCompiler.Compile(
            FlowValue.Parse(
                $$"""
                { "id": "f", "start": "q", "activities": [ { "id": "q", "type": "Database", "connector": "db", "contextKey": "db",
                  "query": {{FlowValue.From(
                    query
                ).ToJson()}} },
                    { "id": "end", "type": "End", "outputs": { "x": "{{path}}" } } ],
                      "connections": [ { "source": "q", "port": "Success", "target": "end" } ] }
                """
            ),
            new CompilationEnvironment { Activities = _activities, Connectors = _connectors }
        );

    /// <summary>The codes of the problems of a query.</summary>
    public string[] Problems(string query, string settings = "") =>
        [.. Compile(query, settings).Diagnostics.Select(problem => problem.Code)];

    /// <summary>Runs a query and gives what it put into the context, error or not.</summary>
    public async Task<FlowValue> ResultAsync(
        string query,
        FlowValue client = default,
        string settings = "",
        CancellationToken cancellationToken = default
    )
    {
        var run = await RunAsync(query, client, settings, cancellationToken: cancellationToken);
        return run.Context.Get(ContextRoot.Connectors).Get("db");
    }

    public Task<FlowValue> ResultAsync(string query, string client, string settings = "") =>
        ResultAsync(query, FlowValue.Parse(client), settings);

    /// <summary>Runs a query that must succeed, and gives the JSON of its rows.</summary>
    public async Task<string> RowsAsync(string query, string client = "{}", string settings = "")
    {
        var result = await ResultAsync(query, FlowValue.Parse(client), settings);
        Assert.True(result.Get("error").IsMissing, result.Get("error").Get("message").ToText());
        return result.Get("rows").ToJson();
    }

    /// <summary>Runs a query that must fail, and gives its error.</summary>
    public async Task<(string Code, string Message)> ErrorAsync(string query, FlowValue client = default, string settings = "")
    {
        var run = await RunAsync(query, client, settings);
        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.Equal("Connector Execution", run.Failure!.Event);
        var error = run.Context.Get(ContextRoot.Connectors).Get("db").Get("error");
        Assert.Equal("Connector Execution", error.Get("event").ToText());
        Assert.Equal(run.Failure.Code, error.Get("code").ToText());
        Assert.Equal(run.Failure.Message, error.Get("message").ToText());
        return (run.Failure.Code, run.Failure.Message);
    }

    public Task<(string Code, string Message)> ErrorAsync(string query, string client, string settings = "") =>
        ErrorAsync(query, FlowValue.Parse(client), settings);

    public Task<FlowRun> RunAsync(
        string query,
        FlowValue client = default,
        string settings = "",
        RunServices? services = null,
        CancellationToken cancellationToken = default
    ) => RunAsync(Compile(query, settings), client, services, cancellationToken);

    /// <summary>Runs the statements of a transaction.</summary>
    public Task<FlowRun> TransactAsync(
        IEnumerable<string> statements,
        string client = "{}",
        string settings = "",
        RunServices? services = null
    ) => RunAsync(Compile(statements, Writing + settings), FlowValue.Parse(client), services);

    /// <summary>Runs statements that must succeed, and gives what each of them gave.</summary>
    public async Task<FlowValue> StatementsAsync(IEnumerable<string> statements, string client = "{}", string settings = "")
    {
        var result = ResultOf(await TransactAsync(statements, client, settings));
        Assert.True(result.Get("error").IsMissing, result.Get("error").Get("message").ToText());
        return result.Get("statements");
    }

    /// <summary>Runs statements that must fail, and gives the error.</summary>
    public async Task<FlowValue> StatementErrorAsync(IEnumerable<string> statements, string client = "{}", string settings = "")
    {
        var run = await TransactAsync(statements, client, settings);
        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.True(ResultOf(run).Get("statements").IsMissing);
        return ResultOf(run).Get("error");
    }

    /// <summary>What a run has under the context key.</summary>
    public static FlowValue ResultOf(FlowRun run) => run.Context.Get(ContextRoot.Connectors).Get("db");

    private async Task<FlowRun> RunAsync(
        CompilationResult compiled,
        FlowValue client,
        RunServices? services,
        CancellationToken cancellationToken = default
    )
    {
        Assert.True(compiled.Plan is not null, string.Join("\n", compiled.Diagnostics));
        var start = client.IsMissing ? new RunStart() : new RunStart { Client = client };
        var run = FlowRun.Start(compiled.Plan, start, services ?? RunServices.Default);
        await FlowExecutor.AdvanceAsync(run, cancellationToken);
        return SecretSweep.Checked(run, _connectors.SecretValues);
    }

    public ValueTask DisposeAsync() => _connectors.DisposeAsync();

    /// <summary>The connector, for its test.</summary>
    internal readonly record struct SqlConnectorHandle(Connector Connector)
    {
        public ValueTask<FlowValue> TestAsync(CancellationToken cancellationToken = default) =>
            Connector.TestAsync(FlowValue.Missing, cancellationToken);
    }
}
